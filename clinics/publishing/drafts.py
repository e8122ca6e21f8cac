"""Tables -> drafts of versions, each with the key that makes twice the same once.

Owns what a version is made of; must not know who may publish or where versions are kept.
"""

from __future__ import annotations

import hashlib

import pandas as pd

from clinics.domain.records import Change, Draft
from clinics.publishing import snapshot
from clinics.publishing.access import Keeper
from clinics.publishing.diff import Review
from clinics.search.dataset import Dataset


def draft_of(
    kind: Change, live: int, keeper: Keeper, note: str, table: pd.DataFrame, review: Review
) -> Draft:
    """Return a keeper's next version, made from what was live under the number `live`."""
    data = snapshot.as_csv(table)
    return Draft(
        key=_key(live, kind, data),
        kind=kind,
        who=keeper.name,
        note=note,
        table=data,
        clinics=len(table),
        added=len(review.added),
        changed=len(review.changed),
        removed=len(review.gone),
    )


def bundled_draft(dataset: Dataset) -> Draft:
    """Return version 0: the file that came with the service."""
    table = snapshot.as_csv(dataset.table)
    note = "The file that came with the service."
    return Draft(_key(0, Change.BUNDLED, table), Change.BUNDLED, "", note, table, len(dataset))


def _key(live: int, kind: Change, table: bytes) -> str:
    """Return what makes a second click the same version as the first."""
    return hashlib.sha256(f"{live}\n{kind}\n".encode() + table).hexdigest()
