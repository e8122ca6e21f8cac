"""Tests: read each name as a sentence."""
