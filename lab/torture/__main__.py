"""Run the long trials, write down figures: `make torture`, `python -m lab.torture kills`."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
import time
from pathlib import Path

from lab.torture import faults, fuzz, kills, load
from lab.torture.trial import Outcome, Trial

TRIALS: dict[str, Trial] = {
    "kills": kills.run,
    "faults": faults.run,
    "fuzz": fuzz.run,
    "load": load.run,
}
RELIABILITY = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
_BEGIN, _END = "<!-- {} -->\n", "<!-- end of {} -->"


def table(outcome: Outcome, seconds: float) -> str:
    """Return the figures of a trial in Markdown, with their date and the machine's size."""
    day = datetime.datetime.now(tz=datetime.UTC).date()
    system = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    kept = "Every promise was kept." if not outcome.broken else "**Broken promises:**"
    took = f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    lines = [f"{day}, {took}, {system}. {kept}", ""]
    lines += [f"- {sentence}" for sentence in outcome.broken]
    lines += ["", "| what | figure |", "| --- | --- |"]
    lines += [f"| {what} | {figure} |" for what, figure in outcome.figures.items()]
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


def noted(page: str, name: str, text: str) -> str:
    """Return the page with this text between the marks of a trial; raises ValueError."""
    begin, end = _BEGIN.format(name), _END.format(name)
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"docs/reliability.md has no place for the figures of {name}.")
    return before + begin + text + end + after


def main() -> int:
    """Run the trials that were asked for, one after the other; return how many broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m lab.torture", description=__doc__)
    parser.add_argument("trial", nargs="*", choices=[*TRIALS, []], help="all, where none is named")
    bad = 0
    for name in parser.parse_args().trial or TRIALS:
        print(f"{name}: begins", file=sys.stderr, flush=True)
        began = time.monotonic()
        outcome = TRIALS[name]()
        text = table(outcome, time.monotonic() - began)
        print(f"## {name}\n\n{text}", flush=True)
        page = RELIABILITY.read_text(encoding="utf-8")
        RELIABILITY.write_text(noted(page, name, text), encoding="utf-8")
        bad += bool(outcome.broken)
    return bad


if __name__ == "__main__":
    sys.exit(main())
