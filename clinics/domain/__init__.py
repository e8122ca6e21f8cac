"""What a clinic, a place, a word and a version are, and what is needed from outside."""
