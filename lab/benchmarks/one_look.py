"""One look at a public source: 10,000 listings matched and proposed, and a second look after it.

The source is a stand-in in memory, so that it is our own time that counts; each run is in a process
of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

from clinics.adapters.memory import MemoryStore
from clinics.domain.sources import Listing, Record, Tell, WholeList
from clinics.publishing.looking import Looked, listings_of, look
from lab.benchmarks.made_up_clinics import TODAY, made_up
from lab.benchmarks.measure import Json, resident_bytes

TARGET_SECONDS, TARGET_MB = 5.0, 100
NEW = 20
"""Of so many records one is of a place that is not listed."""


class StandIn:
    """A source that knows nearly every listing, in capitals, and its hours."""

    id = "made-up"
    label = "A made-up registry"
    page = "https://made-up.example/"
    lists = frozenset[str]()
    is_list = True
    sends = "Nothing is sent."

    def __init__(self, listings: Sequence[Listing]) -> None:
        self._records = [_record(number, listing) for number, listing in enumerate(listings)]

    def look(self, _: Sequence[Listing], __: Tell) -> Iterator[Record | WholeList]:
        """Yield every record, state by state."""
        for state in sorted({record.cells["state"] for record in self._records}):
            yield from (one for one in self._records if one.cells["state"] == state)
            yield WholeList(state)

    def probe(self) -> str:
        """Say that all is as expected."""
        return "As expected."


def _record(number: int, listing: Listing) -> Record:
    cells = {name: listing[name] for name in ("name", "address", "city", "state", "zip", "phone")}
    cells["name"] = cells["name"].upper()
    cells["hours"] = "Mon-Fri 9am-5pm"
    as_new: dict[str, str] = {}
    if number % NEW == 0:
        cells |= {"name": f"Unlisted House {number}", "address": f"{number} Nowhere Lane",
                  "phone": f"(800) 555-{number % 10_000:04d}"}  # fmt: skip
        as_new = {"category": listing["category"]}
    return Record(f"r{number}", cells, StandIn.page, TODAY, as_new=as_new)


def measure(number: int) -> Json:
    """Look twice in this process; raises AssertionError where a listing is not found."""
    listings = listings_of(made_up(number, "clustered").table)
    source, store = StandIn(listings), MemoryStore()
    figures: dict[str, object] = {"listings": number}
    for name in ("first", "second"):
        began, worked = time.perf_counter(), time.process_time()
        found = look(source, store, listings, TODAY, _nobody)
        figures[f"{name}_seconds"] = time.perf_counter() - began
        figures[f"{name}_computing_seconds"] = time.process_time() - worked
        _hold_to(found, number, is_first=name == "first")
    figures["proposals"] = len(store.proposals())
    figures["whole_process_mb"] = resident_bytes("VmHWM") / 1e6
    figures["peak_mb"] = _peak_bytes(source, listings) / 1e6
    return figures


def _peak_bytes(source: StandIn, listings: Sequence[Listing]) -> int:
    """Return the most that a look takes beyond the listings; by allocation, which slows it."""
    tracemalloc.start()
    look(source, MemoryStore(), listings, TODAY, _nobody)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _nobody(_share: float, _doing: str) -> None:
    """Tell nobody how far it is."""


def _hold_to(found: Looked, number: int, *, is_first: bool) -> None:
    new = -(-number // NEW)
    expected = (number - new, number, number if is_first else 0)
    measured = (found.matched, len(found.found), found.fresh)
    if measured != expected:
        raise AssertionError(f"Matched, proposed and new are {measured}, and not {expected}.")


def run(number: int, times: int) -> Json:
    """Measure so many times, each in a process of its own, and keep the quickest."""
    taken = [_in_a_process(number) for _ in range(times)]
    return min(taken, key=lambda each: float(str(each["first_seconds"])))


def _in_a_process(number: int) -> Json:
    command = [sys.executable, "-m", "lab.benchmarks.one_look", str(number)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"A look failed.\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
