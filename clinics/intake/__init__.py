"""The bytes of a file -> rows that can be used, and notices about the others."""
