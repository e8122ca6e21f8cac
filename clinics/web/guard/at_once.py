"""Which requests are answered on the event loop, without the way to a thread and back.

The way costs more than a search in a small
directory takes, but on the loop nobody may wait: there the store is never asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from clinics.directory import Directory

SMALL = 1_000
"""Up to so many listings, any answer takes some milliseconds at most."""

LOOK_EVERY = 1.0
"""Seconds after which a request goes to a thread, where it looks for a newer version."""


class AtOnce:
    """Gives directories to handlers: on the event loop the one served last, else the newest.

    `served` returns it without waiting; where it returns None all goes to threads. `now` counts
    seconds.
    """

    def __init__(
        self,
        newest: Callable[[], Directory],
        served: Callable[[], Directory | None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._newest = newest
        self._served = served
        self._now = now
        self._was_read = False
        self._next_look = -float("inf")

    def directory(self) -> Directory:
        """Return the directory; in a thread this may wait, and raise BrokenDataset."""
        found = self._served() if self._was_read and _on_loop() else None
        if found is None:
            found = self._newest()
            self._was_read = True
        return found

    def may(self) -> bool:
        """Return True if the next request can be answered on the event loop."""
        if not self._was_read:
            return False
        now = self._now()
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            return False
        found = self._served()
        return found is not None and len(found.dataset.table) <= SMALL


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
