"""Staged -> reviewed -> live: versions, keepers, corrections, the worklist."""
