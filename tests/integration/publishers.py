"""Drafts that nobody wrote, and processes that publish them: to race, or to be killed.

It imports nothing heavy,
since each process begins by importing it.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from clinics.adapters.sql_store import SqlStore
from clinics.domain.ports import Change, Draft, LiveMoved, NewCorrection

KEEPER = "A made-up keeper"
LARGE = 120_000  # bytes that do not compress, so that a version is many pages of a database


def draft(key: str, **values: Any) -> Draft:
    """Return a draft; only what matters to a test has to be said."""
    usual: dict[str, Any] = {
        "kind": Change.PUBLISH,
        "who": KEEPER,
        "note": "",
        "table": f"id,name\n{key},Clinic {key}\n".encode(),
        "clinics": 1,
    }
    return Draft(key=key, **{**usual, **values})


BASE = draft("bundled", kind=Change.BUNDLED, who="", table=b"id,name\n")


def large_table(number: int) -> bytes:
    """Return the table that a process publishes as this version: the same every time."""
    return random.Random(number).randbytes(LARGE)


def publish_without_end(address: str, line: Connection) -> None:
    """Publish one version after another, each settling a correction, and say so, until killed."""
    store = SqlStore(address)
    live = store.live_number()
    line.send(live)
    while True:
        number = live + 1
        told = store.add_correction(NewCorrection("c1", "phone", str(number)))
        new = draft(f"version {number}", table=large_table(number), settles=(told,))
        live = store.publish(new, expected_live=live, base=BASE)
        line.send(live)


def publish_once(address: str, line: Connection, key: str) -> None:
    """Open a store when told to, publish one version, and send its number or "moved"."""
    store = SqlStore(address)
    line.send("ready")
    line.recv()
    try:
        line.send(store.publish(draft(key), expected_live=0, base=BASE))
    except LiveMoved as moved:
        line.send(f"moved to {moved.live}")


def look(address: str, line: Connection) -> None:
    """Open a store when told to, and send the number of the live version or what went wrong."""
    store = SqlStore(address)
    line.send("ready")
    line.recv()
    try:
        line.send(store.live_number())
    except Exception as problem:
        line.send(f"{problem!r} from {problem.__cause__!r}")


@contextmanager
def process(work: Callable[..., None], address: str, *rest: object) -> Iterator[Any]:
    """Give a process that works, with the line to it as `.line`; it is killed in the end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    line, its_line = context.Pipe()
    started = context.Process(target=work, args=(address, its_line, *rest), daemon=True)
    with _plain_main():
        started.start()
    its_line.close()
    started.line = line  # type: ignore[attr-defined]
    try:
        yield started
    finally:
        started.kill()
        started.join()
        line.close()


@contextmanager
def _plain_main() -> Iterator[None]:
    """Hide the main module: a process begins by importing it, and AppTest puts a page there."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = before
