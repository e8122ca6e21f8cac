"""Coverage-guided fuzzing of the check of a file and of the place that a visitor types.

It needs `atheris`; where that is not installed it says so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lab.torture.trial import Outcome

TARGETS = ("loading", "near")
SECONDS = 300
ROOT = Path(__file__).resolve().parents[2]
MISSING = (
    "Fuzzing was left out: it needs the package atheris (requirements-torture.txt), which is not "
    "installed."
)
_COVERED = re.compile(r"#([0-9]+)\s+\S+\s+cov: ([0-9]+) ft: ([0-9]+) corp: ([0-9]+)")


def run() -> Outcome:
    """Fuzz each target for five minutes."""
    return fuzzed(dict.fromkeys(TARGETS, SECONDS))


def fuzzed(seconds: dict[str, int]) -> Outcome:
    """Fuzz targets for so many seconds each, one after the other."""
    if importlib.util.find_spec("atheris") is None:
        return Outcome("fuzz", {"fuzzing": MISSING})
    figures: dict[str, str] = {}
    broken: list[str] = []
    for target, limit in seconds.items():
        with tempfile.TemporaryDirectory() as folder:
            said, bad = _one(target, limit, Path(folder))
        figures |= said
        broken += bad
    return Outcome("fuzz", figures, tuple(broken))


def _one(target: str, seconds: int, work: Path) -> tuple[dict[str, str], list[str]]:
    finds = ROOT / "tests" / "finds" / target
    log = work / "log"
    command = [sys.executable, "-m", "lab.torture.fuzz_engine", target, "--seconds", str(seconds)]
    with log.open("wb") as output:
        done = subprocess.run(
            [*command, "--finds", str(finds), "--work", str(work)],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False,
            timeout=seconds + 300, preexec_fn=lambda: os.nice(10),
        )  # fmt: skip
    printed = log.read_text(encoding="utf-8", errors="replace")
    try:
        counted = json.loads((work / "figures.json").read_text(encoding="utf-8"))
    except OSError:
        return {}, [f"{target}: fuzzing did not begin. It said: {printed[-500:]}"]
    broken = [f"{target}: {fault} ({name})" for fault, name in counted["finds"].items()]
    for path in work.glob("stopped-*"):
        broken.append(f"{target}: one try stopped the process ({path.name})")
        shutil.copy(path, finds / path.name)
    if done.returncode and not broken:
        broken.append(f"{target}: fuzzing ended with {done.returncode}: {printed[-500:]}")
    return _figures(target, seconds, counted, printed), broken


def _figures(target: str, seconds: int, counted: dict[str, object], printed: str) -> dict[str, str]:
    covered = _COVERED.findall(printed)
    last = covered[-1] if covered else ("0", "0", "0", "0")
    first = next((c for c in covered if int(c[3]) > 1), last)
    return {
        f"{target}: tries in {seconds} s": f"{counted['tries']:,}",
        f"{target}: branches reached, at first and at last": f"{first[1]} and {last[1]}",
        f"{target}: kept as interesting": f"{int(last[3]):,}",
        f"{target}: slowest try, with counting": f"{float(str(counted['slowest_s'])):.2f} s",
        f"{target}: broken promises": str(len(dict(counted["finds"]))),  # type: ignore[call-overload]
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m lab.torture.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []])
    parser.add_argument("--seconds", type=int, default=SECONDS)
    chosen = parser.parse_args()
    outcome = fuzzed(dict.fromkeys(chosen.target or TARGETS, chosen.seconds))
    print(json.dumps({"figures": outcome.figures, "broken": outcome.broken}, indent=1))
