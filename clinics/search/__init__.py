"""A query and the listings -> results and counts."""
