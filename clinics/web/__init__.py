"""What the service answers beside the pages of the app: an API, data for download, plain pages.

Each module here owns some routes; none knows how the app draws or which adapters are in use.
"""
