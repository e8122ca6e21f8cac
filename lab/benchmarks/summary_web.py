"""Results of the API and the plain pages -> rows and verdicts for the summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab.benchmarks import web
from lab.benchmarks.load import MISSING

HEAD = ("what", "asked for", "who", "answers a second", "p50 ms", "p99 ms", "bytes each")
PEERS = {web.DATASETTE: "Datasette", web.CONSTANT: "a constant under the same server"}


def said(results: list[dict[str, Any]]) -> str:
    """Return the sentence above the table; the only one where nothing could be measured."""
    if not results:
        return MISSING
    return (
        "64 connections over loopback. “The same again” may be answered from memory, by all; "
        "“another each time” is another ZIP code or condition with every request. The page asked "
        "for again is `/near/takoma-park-md`, the others are searches at `/plain`; Datasette's "
        "are pages of as many of the same rows."
    )


def rows(results: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of the table."""
    for each in results:
        figures = (f"{each['a_second']:,.0f}", f"{each['p50_ms']:.1f}", f"{each['p99_ms']:.1f}")
        yield each["kind"], each["how"], each["who"], *figures, f"{each['bytes_each']:,.0f}"


def verdicts(results: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    """Return aim, what was measured, and whether the aim is reached."""
    return [
        (f"{kind}, {how}: at least {aim:.2g} times {PEERS[peer]}", f"{ratio:.2g} times",
         ratio >= aim)
        for kind, how, peer, ratio, aim in web.ratios(results)
    ]  # fmt: skip
