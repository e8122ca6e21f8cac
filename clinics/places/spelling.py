"""Names that are spelled nearly so, out of a few thousand, fast enough to ask while one waits."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789", np.uint8)


def most_slips(key: str) -> int:
    """Return how many slips a name of this length may have: none below five letters, at most 2."""
    return 0 if len(key) < 5 else 1 if len(key) < 8 else 2


def slips(a: str, b: str, most: int) -> int:
    """Count letters wrong, missing, added or swapped with their neighbor; over `most`, `most` + 1.

    This is the restricted Damerau-Levenshtein distance (Commun. ACM 7, 1964, 171).
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and other == a[i - 2]:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


class Spellings:
    """Finds, among folded names, those within a few slips of one.

    Names are first compared by how often they have each letter, all at once: a slip changes at
    most two of these counts, so only a handful are left to be compared letter by letter.
    """

    def __init__(self, keys: Collection[str]) -> None:
        self._keys = list(keys)
        self._counts = _counts(self._keys)

    def near(self, key: str, most: int) -> list[tuple[int, str]]:
        """Return (slips, name) of all names within `most` slips, in order."""
        if not self._keys or most < 1:
            return []
        differ = np.abs(self._counts - _counts([key])).sum(axis=1)
        likely = (self._keys[i] for i in np.flatnonzero(differ <= 2 * most).tolist())
        found = ((slips(key, name, most), name) for name in likely)
        return sorted((count, name) for count, name in found if count <= most)


def _counts(keys: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Count the letters a to z and the digits in each name."""
    longest = max(map(len, keys), default=0) or 1
    raw = np.array([key.encode("ascii", "replace") for key in keys], f"S{longest}")
    letters = raw.view(np.uint8).reshape(len(keys), longest)
    return np.stack([(letters == each).sum(axis=1, dtype=np.int8) for each in _LETTERS], axis=1)
