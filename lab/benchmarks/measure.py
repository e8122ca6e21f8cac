"""Timing, memory, and what machine it was."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).resolve().parent / "results"
Json = dict[str, object]

BLOCK = 5
"""So many questions a contender answers in one turn; another empties the processor's caches."""


@dataclass
class Times:
    """How long one contender took each time, in milliseconds."""

    milliseconds: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """Return the median in milliseconds."""
        return float(np.percentile(self.milliseconds, 50))

    @property
    def p95(self) -> float:
        """Return the 95th percentile in milliseconds."""
        return float(np.percentile(self.milliseconds, 95))

    def as_json(self) -> Json:
        """Return the figures to keep."""
        return {"n": len(self.milliseconds), "p50_ms": self.p50, "p95_ms": self.p95}


def timed(call: Callable[[int], object], question: int) -> tuple[float, object]:
    """Return the milliseconds an answer took, and the answer."""
    began = time.perf_counter()
    answer = call(question)
    return (time.perf_counter() - began) * 1000, answer


def rounds(
    contenders: Mapping[str, Callable[[int], object]],
    number: int,
    budget_s: float,
    look: Callable[[int, Mapping[str, object]], None] = lambda _question, _answers: None,
) -> dict[str, Times]:
    """Time every contender in turn, a few questions each, so that noise hits all alike.

    Question -1 comes first and is not counted. A contender drops out after the question at which
    it has used its seconds. `look` is given the answers to each question.
    """
    times = {name: Times() for name in contenders}
    spent = dict.fromkeys(contenders, 0.0)
    blocks = [range(i, min(i + BLOCK, number)) for i in range(0, number, BLOCK)]
    for questions in [range(-1, 0), *blocks]:
        answers: dict[int, dict[str, object]] = {question: {} for question in questions}
        for name, call in contenders.items():
            for question in questions:
                if spent[name] > budget_s * 1000 and times[name].milliseconds:
                    break
                took, answers[question][name] = timed(call, question)
                spent[name] += took
                if question >= 0:
                    times[name].milliseconds.append(took)
        for question in questions:
            look(question, answers[question])
    return times


def resident_bytes(field_name: str = "VmRSS", process: int | str = "self") -> int:
    """Return the memory a process has (VmRSS) or had at most (VmHWM); 0 where unknown."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next(line for line in status.splitlines() if line.startswith(field_name + ":"))
    return int(line.split()[1]) * 1024


def grown_bytes(build: Callable[[], object]) -> int:
    """Return by how much the resident memory of a child process grows by building something."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        before = resident_bytes()
        kept = build()
        os.write(write, str(resident_bytes() - before).encode())
        del kept
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        grown = answer.read()
    os.waitpid(child, 0)
    return int(grown or 0)


def machine() -> Json:
    """Say when and on what this runs, and how busy it is."""
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions of installed packages; "" for one that is not there."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def write(name: str, result: Json) -> None:
    """Write one result under `benchmarks/results/`."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(_rounded(result), indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
