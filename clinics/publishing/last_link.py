"""The link that a file was fetched from last, kept for all keepers until one of them forgets it.

Whoever has a link reads the sheet, so only its host is ever shown, and nothing of it is logged.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clinics.domain.ports import Store

_KEY = "last link"


@dataclass(frozen=True, slots=True)
class LastLink:
    """A link, what the file behind it was called, and who had it fetched when."""

    address: str = field(repr=False)
    filename: str
    who: str
    fetched: dt.datetime

    @property
    def shown(self) -> str:
        """Return its host, and that there is more."""
        return f"{urlsplit(self.address).hostname}/…"


def remember(store: Store, link: LastLink) -> None:
    """Keep a link in place of the one before; raises StoreUnavailable."""
    kept = (link.address, link.filename, link.who, link.fetched.isoformat())
    store.remember(_KEY, json.dumps(kept))


def last_link(store: Store) -> LastLink | None:
    """Return the link that was fetched last, or None; raises StoreUnavailable."""
    try:
        address, filename, who, fetched = json.loads(store.remembered(_KEY))
        return LastLink(address, filename, who, dt.datetime.fromisoformat(fetched))
    except (ValueError, TypeError):
        return None


def forget(store: Store) -> None:
    """Keep no link any more; raises StoreUnavailable."""
    store.remember(_KEY, "")
