"""What earlier look-ups of addresses gave, in a small file beside the result.

Owns the file: a line of JSON for each answer, under the SHA-256 of its address and never the
address itself. A line that cannot be read, as after a crash, is passed over.
"""

from __future__ import annotations

import json
from pathlib import Path

from clinics.domain.data_files import reason
from clinics.domain.model import Point
from clinics.domain.ports import FoundAddress, StoreUnavailable


class AnswerFile:
    """Keep answers in a file that grows line by line; raises StoreUnavailable when it cannot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        text = self._read()
        self._answers = dict(filter(None, map(_answer, text.splitlines())))
        self._gap = "\n" if text and not text.endswith("\n") else ""

    def address(self, key: str) -> FoundAddress | None:
        """Return what an earlier look-up gave, or None."""
        return self._answers.get(key)

    def remember_address(self, key: str, found: FoundAddress) -> None:
        """Keep an answer, on the disk before this returns."""
        point = [found.point.lat, found.point.lon] if found.point else None
        line = json.dumps({"key": key, "point": point})
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{self._gap}{line}\n")
        except OSError as problem:
            raise StoreUnavailable(
                f"Answers cannot be kept in {self._path.name}: {reason(problem)}."
            ) from problem
        self._gap = ""
        self._answers[key] = found

    def _read(self) -> str:
        try:
            return self._path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        except OSError as problem:
            raise StoreUnavailable(
                f"The answers kept in {self._path.name} cannot be read: {reason(problem)}."
            ) from problem


def _answer(line: str) -> tuple[str, FoundAddress] | None:
    try:
        kept = json.loads(line)
        point = None if kept["point"] is None else Point(*map(float, kept["point"]))
        return str(kept["key"]), FoundAddress(point)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
