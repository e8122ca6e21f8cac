"""How far something that takes a while has come: a share from 0 to 1, and what is being done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

Progress = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, which never falls, and what is done next, in words."""

DONE = "Done"
LARGE = 1_000_000
"""Bytes; a smaller file is checked before anybody has read how far it is."""

_WIDTH = 50


def no_progress(_share: float, _doing: str) -> None:
    """Tell nobody."""


def part_of(progress: Progress, begin: float, end: float) -> Progress:
    """Return what a part tells its own share to, which runs from `begin` to `end` of the whole."""

    def tell(share: float, doing: str) -> None:
        progress(begin + (end - begin) * share, doing)

    return tell


def line_on(stream: TextIO, size: int) -> Progress:
    """Return what writes one line over and over while a file of `size` bytes is worked on.

    Only for a large file, and for somebody who looks on; at the end the line is taken away.
    """
    if size < LARGE or not stream.isatty():
        return no_progress

    def tell(share: float, doing: str) -> None:
        said = f"{doing}: {share:.0%}" if share < 1 else ""
        stream.write(f"\r{said:{_WIDTH}}{'' if said else chr(13)}")
        stream.flush()

    return tell
