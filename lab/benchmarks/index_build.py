"""Making a directory ready to be searched: how long it takes, and memory beyond the table."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence

import pyarrow as pa

from lab.benchmarks.made_up_clinics import dataset_of, made_up
from lab.benchmarks.measure import Json, grown_bytes
from lab.benchmarks.search_peers import PEERS

TARGET_S, TARGET_BYTES = 3.0, 200


def seconds(build: object, argument: object, times: int) -> tuple[float, float]:
    """Return the least seconds of some runs by the clock, and the least of computing."""
    clock, computing = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        build(argument)  # type: ignore[operator]
        clock.append(time.perf_counter() - began)
        computing.append(time.process_time() - worked)
    return min(clock), min(computing)


def own_bytes(number: int) -> float:
    """Return the bytes a clinic that our dataset needs beyond the table.

    Python's allocations and NumPy's by tracemalloc, Arrow's by its own count.
    """
    clinics = made_up(number, "clustered")
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes()
    dataset = dataset_of(clinics)
    after = tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes()
    tracemalloc.stop()
    return (after - before) / len(dataset)


def run(sizes: Sequence[int], *, times: int = 3, with_peers: bool = True) -> list[Json]:
    """Measure every size; the peers make what they search in."""
    results: list[Json] = []
    for number in sizes:
        clinics = made_up(number, "clustered")
        took, worked = seconds(dataset_of, clinics, times)
        figures: Json = {
            "ours": {"seconds": took, "computing_seconds": worked, "bytes": own_bytes(number)}
        }
        for name, make in PEERS.items() if with_peers else ():
            took, worked = seconds(make, clinics.table, 1)
            figures[name] = {
                "seconds": took,
                "computing_seconds": worked,
                "bytes": grown_bytes(lambda make=make, c=clinics: make(c.table)) / number,
            }
        results.append({"clinics": number, "shape": "clustered", "built": figures})
    return results
