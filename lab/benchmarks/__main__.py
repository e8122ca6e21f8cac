"""Runs every benchmark, or one, and writes the results: `python -m lab.benchmarks [--quick]`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lab.benchmarks import (
    csv_check,
    facets,
    first_look,
    in_browser,
    index_build,
    lighthouse,
    one_look,
    scale,
    search_core,
    sent,
    sessions,
    start,
    summary_sessions,
    web,
)
from lab.benchmarks.made_up_clinics import SHAPES
from lab.benchmarks.measure import RESULTS, Json, machine, versions, write
from lab.benchmarks.search_peers import PACKAGES
from lab.benchmarks.summary import page

Plan = dict[str, Callable[[], object]]


def _csv(rows: int, times: int) -> list[Json]:
    with tempfile.TemporaryDirectory() as folder:
        return [csv_check.run(rows, times, Path(folder))]


def full() -> Plan:
    """Return what `make bench` measures."""
    sizes = {100: 200, 10_000: 200, 100_000: 100, 1_000_000: 100}
    return {
        "index_build": lambda: index_build.run([10_000, 100_000, 1_000_000]),
        "csv_check": lambda: _csv(100_000, 3),
        "facets": lambda: facets.run(100_000, 20, 30.0),
        "search_core": lambda: search_core.run(sizes, SHAPES, 15.0),
        "web": lambda: web.run(5.0, 3),
        "sessions": lambda: sessions.run({100: (200, 20.0, 50), 10_000: (40, 20.0, 8)}),
        "sent": lambda: sent.run([100, 10_000]),
        "start": lambda: start.run(100, 5),
        "in_browser": lambda: in_browser.run(100, 20),
        "one_look": lambda: [one_look.run(n, 3) for n in (1_000, 10_000)],
        "first_look": lambda: first_look.run(5),
        "lighthouse": lambda: lighthouse.run(3),
        "scale": lambda: scale.run(scale.SIZES, 20, 20.0),
    }


def quick() -> Plan:
    """Return what `make bench-quick` measures, in some four minutes on an idle machine."""
    return {
        "index_build": lambda: index_build.run([10_000, 100_000], times=2),
        "csv_check": lambda: _csv(100_000, 1),
        "facets": lambda: facets.run(100_000, 5, 5.0),
        "search_core": lambda: search_core.run({100: 30, 10_000: 30, 100_000: 25}, SHAPES, 1.5),
        "web": lambda: web.run(1.0, 1),
        "sessions": lambda: sessions.run({100: (20, 2.0, 10)}),
        "sent": lambda: sent.run([100], with_files=False),
        "start": lambda: start.run(100, 1),
        "in_browser": lambda: in_browser.run(100, 2),
        "one_look": lambda: [one_look.run(10_000, 1)],
        "first_look": lambda: first_look.run(1),
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m lab.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    parser.add_argument("--only", choices=full(), help="measure this alone, and no summary")
    chosen = parser.parse_args()
    is_quick, only = bool(chosen.quick), chosen.only
    prefix = "quick_" if is_quick else ""
    packages = (*PACKAGES, "pandera", "frictionless", "datasette", "uvicorn")
    about = {**machine(), "quick": is_quick, "versions": versions(packages)}
    results: dict[str, Json] = {}
    plan = quick() if is_quick else full()
    for name, measure in plan.items() if only is None else [(only, plan[only])]:
        began = time.perf_counter()
        results[name] = {"machine": about, "results": measure()}
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
        write(prefix + name, results[name])
    if only:
        print(summary_sessions.table(only, results[only]["results"]))
        return
    ended = {**about, "load_at_end": round(os.getloadavg()[0], 1)}
    text = page({**results, "machine": ended})
    (RESULTS / f"{prefix}summary.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
