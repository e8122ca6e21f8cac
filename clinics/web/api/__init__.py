"""The API: searches, clinics, words and places as data."""
