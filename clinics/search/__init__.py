"""A query and the listings -> results and counts."""

from clinics.search.dataset import Dataset, Version
from clinics.search.query import Query, parse_query
from clinics.search.search import Hit, Results, search

__all__ = ["Dataset", "Hit", "Query", "Results", "Version", "parse_query", "search"]
