"""How a store of an earlier version of this program comes to the tables of this one.

Owns one file a step under `versions`; `clinics.adapters.upgrade` takes the steps. A step that was
released is never edited, and names its tables itself: `schema` says how they are now.
"""
