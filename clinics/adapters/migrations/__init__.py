"""How a store of an earlier version of this program comes to the tables of this one.

A step that was
released is never edited, and names its tables itself: `schema` says how they are now.
"""
