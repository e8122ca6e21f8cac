"""Asking a web server with many connections at once, by `wrk`."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.benchmarks.measure import Json

CONNECTIONS = 64
SCRIPT = Path(__file__).resolve().parent / "questions.lua"
MISSING = (
    "Pages and the API were left out: they need `wrk` (on Debian `apt-get install wrk`), and it is "
    "not here."
)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one round: how many requests in how many seconds, and how long they took."""

    requests: int
    seconds: float
    bytes: int
    p50_ms: float
    p99_ms: float

    @property
    def a_second(self) -> float:
        """Return the answers a second."""
        return self.requests / self.seconds

    def as_json(self) -> Json:
        """Return the figures to keep."""
        return {**asdict(self), "a_second": self.a_second}


def is_here() -> bool:
    """Return True if `wrk` is installed."""
    return shutil.which("wrk") is not None


def ask(url: str, paths: Sequence[str], seconds: float, folder: Path) -> Load:
    """Ask for the paths in turn, again from the first after the last, on 64 connections.

    Raises RuntimeError where anything but a good answer came.
    """
    listed = folder / "paths.txt"
    listed.write_text("".join(f"{path}\n" for path in paths), encoding="ascii")
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    done = subprocess.run(
        ["wrk", *options, "-s", str(SCRIPT), url, "--", str(listed)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"wrk failed.\n{done.stderr[-2000:]}")
    return read(done.stdout)


def read(printed: str) -> Load:
    """Read what wrk printed with our script; raises RuntimeError for answers that were none."""
    said = json.loads(printed.strip().splitlines()[-1])
    lost, refused = said.pop("not_answered"), said.pop("refused")
    if lost or refused:
        raise RuntimeError(f"{lost} requests were not answered and {refused} were refused.")
    return Load(**said)
