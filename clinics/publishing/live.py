"""What visitors see: the newest version that could be read, looked for again every two seconds."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pandas as pd

from clinics.directory import Directory
from clinics.domain.ports import Damaged, Store, StoreUnavailable, VersionRecord
from clinics.publishing import snapshot
from clinics.search.dataset import Dataset, Version

LOOK_EVERY = 2.0
PATIENCE = 1.0
"""Seconds a visitor waits for a look that takes long; then the last version is served."""

FIRST_PATIENCE = 20.0
"""Seconds the very first look may take: nobody should see the bundled file for a moment."""

_BUG = "The newest version could not be made ready; the last good version stays."
_log = logging.getLogger("clinics")


class CannotShow(Exception):
    """A version cannot be shown; `str()` of it is one sentence that says which and why."""


class LiveDirectory:
    """Serves the newest version that could be read; safe to use from many threads.

    The store is asked at most every `look_every` seconds, by one thread; the others get what was
    served last. While the store is down, or a version cannot be used, the last good one stays.
    Without a store it is always the bundled directory. `now` counts seconds.
    """

    def __init__(
        self,
        bundled: Directory,
        store: Store | None,
        *,
        look_every: float = LOOK_EVERY,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bundled = bundled
        self._store = store
        self._look_every = look_every
        self._patience = patience
        self._now = now
        self._served = bundled
        self._newest = 0
        self._next_look = -float("inf")
        self._had_first_look = store is None
        self._down = ""
        self._unusable = ""
        self._passed_over: set[str] = set()
        self._looking: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def trouble(self) -> str:
        """Say to keepers what keeps the newest version from being served; "" when nothing does."""
        return self._down or self._unusable

    @property
    def store_is_down(self) -> bool:
        """Return True if the store did not answer when it was last asked."""
        return bool(self._down)

    @property
    def served(self) -> Directory:
        """Return what visitors saw last, at once and without a look at the store."""
        return self._served

    def current(self) -> Directory:
        """Return what visitors see now; never raises."""
        if self._store is not None:
            look = self._begin_look(self._store, wait=not self._had_first_look)
            if look:
                look.join(self._patience if self._had_first_look else FIRST_PATIENCE)
        return self._served

    def look_now(self) -> None:
        """Look for a newer version at once, as after publishing; never raises."""
        if self._store is None:
            return
        if self._looking:  # it may have asked before the publishing
            self._looking.join(FIRST_PATIENCE)
        self._next_look = -float("inf")
        look = self._begin_look(self._store, wait=True)
        if look:
            look.join(FIRST_PATIENCE)

    def at(self, number: int) -> Directory:
        """Return the directory as it was in a version, for a preview.

        Raises CannotShow, and StoreUnavailable.
        """
        record = self._store.version(number) if self._store else None
        if record is None and number == 0:
            return self._bundled
        if record is None:
            raise CannotShow(f"There is no version {number}.")
        return self._built(record)

    def with_table(self, table: pd.DataFrame, version: Version) -> Directory:
        """Return the directory with another table of listings, for a preview; raises CannotShow."""
        fault = snapshot.fault(table, self._bundled.vocabulary)
        if fault:
            raise CannotShow(f"Version {version.id} cannot be shown. {fault}")
        bundled = self._bundled.dataset
        dataset = Dataset(table, self._bundled.vocabulary, version, bundled.barriers)
        return dataclasses.replace(self._bundled, dataset=dataset)

    def _begin_look(self, store: Store, *, wait: bool) -> threading.Thread | None:
        """Return a look that this caller began, or with `wait` also one that is under way."""
        with self._lock:
            if self._looking is not None and self._looking.is_alive():
                return self._looking if wait else None
            if self._now() < self._next_look:
                return None
            self._next_look = self._now() + self._look_every
            # A thread of its own: a store that hangs must not hang a visitor.
            look = threading.Thread(target=self._look, args=(store,), name="look", daemon=True)
            look.start()
            self._looking = look
            return look

    def _look(self, store: Store) -> None:
        try:
            self._find_newest(store)
        except StoreUnavailable as problem:
            if not self._down:
                _log.warning("The store is down, the last good version stays. %s", problem)
            self._down = str(problem)
        except Exception:  # a bug; it would come again every two seconds, in every log
            if self._unusable != _BUG:
                _log.exception(_BUG)
            self._unusable = _BUG
        else:
            if self._down:
                _log.warning("The store answers again; its newest version is %s.", self._newest)
            self._down = ""
        finally:
            self._had_first_look = True

    def _find_newest(self, store: Store) -> None:
        newest = store.live_number()
        if newest == self._newest:
            self._unusable = "" if self._unusable == _BUG else self._unusable
            return
        passed_over = self._serve_newest_good(newest)
        if newest == 0:  # the store was emptied, or exchanged for a new one
            self._served = self._bundled
        self._unusable = _said_to_keepers(passed_over[0]) if passed_over else ""
        if not any(isinstance(problem, Damaged) for problem in passed_over):
            self._newest = newest  # else it is looked at again: a good copy may take its place

    def _serve_newest_good(self, newest: int) -> list[CannotShow | Damaged]:
        """Serve the newest version that can be; return why newer ones were passed over."""
        passed_over: list[CannotShow | Damaged] = []
        for number in range(newest, -1, -1):
            if str(number) == self._served.dataset.version.id:
                break
            try:
                self._served = self.at(number)
                break
            except (CannotShow, Damaged) as problem:
                passed_over.append(problem)
                self._log_once(problem)
        return passed_over

    def _log_once(self, problem: Exception) -> None:
        """Log why a version is passed over, however often it is looked at."""
        if str(problem) not in self._passed_over:
            self._passed_over.add(str(problem))
            stays = "" if isinstance(problem, Damaged) else " The last good version stays."
            _log.warning("%s%s", problem, stays)

    def _built(self, record: VersionRecord) -> Directory:
        data = self._store.table(record.number) if self._store else None
        try:
            table = snapshot.from_csv(data or b"")
        except ValueError as problem:
            raise CannotShow(f"Version {record.number} cannot be shown. {problem}") from problem
        zone = ZoneInfo(self._bundled.site.time_zone)
        day = record.published.astimezone(zone).date()
        return self.with_table(table, Version(str(record.number), day, len(table)))


def _said_to_keepers(problem: CannotShow | Damaged) -> str:
    if isinstance(problem, Damaged):
        return str(problem)
    return f"{problem} Visitors go on with the last good version."
