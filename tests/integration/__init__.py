"""Tests with a real database: read each name as a sentence."""
