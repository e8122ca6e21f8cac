"""A site on a real store, with one visitor and one keeper, and what both see while a fault lasts.

Knows no fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from clinics.adapters.sql_store import SqlStore, utc_now
from clinics.directory import Directory, rules_of
from clinics.domain.ports import LiveMoved, StoreUnavailable
from clinics.places.find import find_place
from clinics.publishing.access import Keeper
from clinics.publishing.candidate import NoSuchUpload, NotPublishable
from clinics.publishing.live import LiveDirectory
from clinics.publishing.publisher import Publisher
from clinics.search.query import Query
from clinics.search.search import search
from lab.torture.kills import DATA, DAY, KEEPER

NEAR = "20912"
EXPECTED = (StoreUnavailable, NotPublishable, NoSuchUpload, LiveMoved)
"""What a keeper's page shows as a sentence; anything else would be a bug."""


class Site:
    """One process: what it serves and who publishes in it. `moment` is what its clock says."""

    def __init__(self, address: str, bundled: Directory) -> None:
        self.address = address
        self.bundled = bundled
        self.moment: Callable[[], dt.datetime] = utc_now
        self.store = SqlStore(address, now=lambda: self.moment())
        self.restart()
        rules = rules_of(bundled, DATA, DAY)
        self.publisher = Publisher(
            self.store, lambda: self.live.current(), bundled, lambda: rules, _admitted,
            now=lambda: self.moment(),
        )  # fmt: skip
        self._days = 0

    @property
    def folder_of_store(self) -> str:
        """Return the path of the store's file, where it is one."""
        return self.address.partition("sqlite:///")[2]

    def visit(self) -> str:
        """Search as a visitor does, and return the version that answered."""
        self.live.look_now()
        dataset = self.live.current().dataset
        place = find_place(NEAR, self.bundled.gazetteer, None).place
        assert search(dataset, Query(near=NEAR), place).hits
        return f"version {dataset.version.id}"

    def keep(self) -> str:
        """Publish a small change as a keeper does; return the version it became, or the sentence.

        Each time another change, so that it is never what is live already.
        """
        self._days += 1
        clinic = str(self.bundled.dataset.table["id"].iloc[self._days])
        edit = {clinic: {"notes": f"Change {self._days} of a trial."}}
        try:
            upload = self.publisher.stage(self.publisher.edited(edit), "edit.csv")
            found = self.publisher.candidate(upload.sha256)
            number = self.publisher.publish(found, KEEPER, "A trial", acknowledged=True)
        except EXPECTED as problem:
            return str(problem)
        return f"version {number}"

    def restart(self) -> None:
        """Forget what was served, as when the process starts again."""
        self.live = LiveDirectory(self.bundled, self.store)

    def started_anew(self) -> Site:
        """Return the same site as a process that starts now."""
        return Site(self.address, self.bundled)


def _admitted(_: Keeper) -> bool:
    return True


@dataclass(frozen=True)
class Fault:
    """Something that breaks for a while, and what it may cost.

    `harm` breaks it and mends it again. `keeper` begins what a keeper is told meanwhile, `started`
    is what visitors of a process see that starts meanwhile. Version 1 is live before.
    """

    name: str
    harm: Callable[[Site], AbstractContextManager[None]]
    keeper: str
    started: str = "version 0"
    still: str = "version 1"


@dataclass(frozen=True)
class Seen:
    """What visitors and a keeper saw during a fault and after it."""

    visitor: str
    told: str
    keeper: str
    started: str
    after: str

    def __str__(self) -> str:
        said = self.keeper if self.keeper.startswith("version") else f"“{self.keeper}”"
        told = f" (told: “{self.told}”)" if self.told not in ("", self.keeper) else ""
        return (
            f"visitors: {self.visitor}; the keeper: {said}{told}; a start meanwhile: "
            f"{self.started}; afterwards by itself: {self.after}"
        )


def endure(fault: Fault, site: Site) -> Seen:
    """Let a fault happen to a site, and return what was seen."""
    assert site.keep() == "version 1"
    assert site.visit() == "version 1"
    with fault.harm(site):
        visitor, keeper = site.visit(), site.keep()
        told = site.live.trouble
        started = site.started_anew().visit()
    site.keep()
    return Seen(visitor, told, keeper, started, site.visit())


def broken_promises(fault: Fault, seen: Seen) -> list[str]:
    """Say what was promised and not kept."""
    wanted = {
        "visitors went on with": (seen.visitor, fault.still),
        "the keeper was told": (seen.keeper, fault.keeper),
        "a start meanwhile showed": (seen.started, fault.started),
    }
    broken = [
        f"{fault.name}: {what} “{had}”, not “{due}”"
        for what, (had, due) in wanted.items()
        if not had.startswith(due)
    ]
    if seen.after in ("version 0", "version 1"):
        broken.append(f"{fault.name}: afterwards nothing could be published; {seen.after} is live")
    return broken
