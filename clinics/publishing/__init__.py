"""Staged -> reviewed -> live: versions, keepers, corrections, the worklist."""

from clinics.publishing.access import Door, Keeper
from clinics.publishing.candidate import Candidate
from clinics.publishing.diff import Review, compare
from clinics.publishing.live import LiveDirectory
from clinics.publishing.merge import merged
from clinics.publishing.publisher import Publisher

__all__ = [
    "Candidate",
    "Door",
    "Keeper",
    "LiveDirectory",
    "Publisher",
    "Review",
    "compare",
    "merged",
]
