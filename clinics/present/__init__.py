"""Results in words, HTML, on the map and in files."""
