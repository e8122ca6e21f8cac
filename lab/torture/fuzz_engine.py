"""One process that fuzzes one target with atheris and writes down what it finds.

libFuzzer ends the
process by itself, so all figures are written as they change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["clinics"]):
    from lab.torture.fuzz_targets import LARGEST, TARGETS, Target

SLOW_S = 5.0
"""Seconds for one try; counting which lines run makes all about three times as slow."""

_SHRINK_S = 20.0
_PARTS = re.compile(rb"([,;&=\r\n\t\"])")


class Engine:
    """Tries what libFuzzer makes; a find is kept once, as small as could be made of it."""

    def __init__(self, target: Target, finds: Path, figures: Path) -> None:
        self._target, self._finds, self._figures = target, finds, figures
        self._seen: dict[str, str] = {}
        self._tries, self._slowest, self._said = 0, 0.0, 0.0

    def attempt(self, data: bytes) -> None:
        """Try once, and go on whatever comes of it."""
        began = time.process_time()
        fault = fault_of(self._target, data)
        took = time.process_time() - began
        self._tries += 1
        self._slowest = max(self._slowest, took)
        if not fault and took > SLOW_S:
            fault = "slow"
        if fault and fault not in self._seen:
            self._keep(data, fault)
        if fault or began > self._said + 1:
            self._said = began
            self._write()

    def _keep(self, data: bytes, fault: str) -> None:
        if fault != "slow":
            data = smaller(data, lambda part: fault_of(self._target, part) == fault)
        name = f"{hashlib.sha256(data).hexdigest()[:12]}.{self._target.ending}"
        self._finds.mkdir(parents=True, exist_ok=True)
        (self._finds / name).write_bytes(data)
        self._seen[fault] = name

    def _write(self) -> None:
        figures = {"tries": self._tries, "slowest_s": self._slowest, "finds": self._seen}
        self._figures.write_text(json.dumps(figures), encoding="utf-8")


def fault_of(target: Target, data: bytes) -> str:
    """Return which promise bytes break, by the line of ours it shows in; "" where none."""
    try:
        target.attempt(data)
    except Exception as problem:  # every kind of it is a find
        frames = traceback.extract_tb(problem.__traceback__)
        ours = [f for f in frames if "/clinics/" in f.filename or "/torture/" in f.filename]
        last = ours[-1] if ours else frames[-1]
        return f"{type(problem).__name__} at {Path(last.filename).name}:{last.lineno}"
    return ""


def smaller(data: bytes, breaks: Callable[[bytes], bool]) -> bytes:
    """Leave out whatever can be left out, halves first, for some seconds."""
    end, size = time.monotonic() + _SHRINK_S, max(1, len(data) // 2)
    while True:
        start = 0
        while start < len(data) and time.monotonic() < end:
            part = data[:start] + data[start + size :]
            if breaks(part):
                data = part
            else:
                start += size
        if size == 1 or time.monotonic() >= end:
            return data
        size //= 2


class Mutator:
    """Changes whole cells of a file half of the time, so that its header stays known."""

    def __init__(self, target: Target) -> None:
        whole = (part for seed in target.seeds() for part in _PARTS.split(seed))
        words = (word.encode() for word in target.words())
        self._words = sorted({part for part in (*whole, *words) if len(part) < LARGEST // 4})

    def __call__(self, data: bytes, most: int, seed: int) -> bytes:
        """Return other bytes, at most so many; the same for the same seed."""
        chance = random.Random(seed)
        parts = _PARTS.split(data)
        if chance.random() < 0.5 or len(parts) < 3:
            return bytes(atheris.Mutate(data, most))
        # Between two parts stands what parts them; the header is left alone mostly.
        first = (
            0 if chance.random() < 0.1 else min(data.split(b"\n")[0].count(b",") * 2, len(parts))
        )
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(first, len(parts) + 1)
            word = chance.choice(self._words)
            if chance.random() < 0.3 and place < len(parts):
                word = bytes(atheris.Mutate(parts[place], len(parts[place]) + 40))
            parts[place : place + chance.randint(0, 1)] = [word]
        return b"".join(parts)[:most]


def _write_seeds(target: Target, folder: Path) -> Path:
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, data in enumerate(target.seeds()):
        (seeds / f"{number:04}").write_bytes(data)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words())
    (folder / "words").write_text("".join(f'"{word}"\n' for word in quoted), encoding="ascii")
    return seeds


def main() -> None:
    """Fuzz one target for some seconds."""
    parser = argparse.ArgumentParser(prog="python -m lab.torture.fuzz_engine", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--finds", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    chosen = parser.parse_args()
    target = TARGETS[chosen.target]
    engine = Engine(target, chosen.finds, chosen.work / "figures.json")
    seeds = _write_seeds(target, chosen.work)
    (chosen.work / "corpus").mkdir()
    options = {
        "max_total_time": chosen.seconds, "max_len": LARGEST, "seed": chosen.seed,
        "timeout": 60, "rss_limit_mb": 3_000, "print_final_stats": 1,
        "dict": chosen.work / "words", "artifact_prefix": f"{chosen.work}/stopped-",
    }  # fmt: skip
    arguments = [f"-{name}={value}" for name, value in options.items()]
    corpus = [str(chosen.work / "corpus"), str(seeds)]
    atheris.Setup(
        [sys.argv[0], *arguments, *corpus], engine.attempt, custom_mutator=Mutator(target)
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
