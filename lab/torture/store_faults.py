"""Faults of the store, made to happen and mended again, each with what it may cost meanwhile."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import create_engine, text

from clinics.adapters import upgrade
from clinics.adapters.upgrade import bring_up_to_date
from clinics.settings import database_address
from lab.torture.site import Fault, Site

NOT_ANSWERING = "The store of versions is not answering."
NO_ROOM = "There is no room left on the disk for the store."
DISK_BYTES = 4_000_000


# --- the file of a store


@contextlib.contextmanager
def gone(site: Site) -> Iterator[None]:
    """Take the store's file away for a while."""
    file = Path(site.folder_of_store)
    kept = file.rename(file.with_name("elsewhere"))
    yield
    file.unlink(missing_ok=True)  # a process that started meanwhile has made an empty one
    for log in file.parent.glob(f"{file.name}-*"):
        log.unlink()
    kept.rename(file)


@contextlib.contextmanager
def emptied(site: Site) -> Iterator[None]:
    """Leave a file of no length where the store was, as a copy that failed does."""
    file = Path(site.folder_of_store)
    kept = file.read_bytes()
    file.write_bytes(b"")
    yield
    for log in file.parent.glob(f"{file.name}-*"):
        log.unlink()
    file.write_bytes(kept)


@contextlib.contextmanager
def read_only_folder(site: Site) -> Iterator[None]:
    """Let nobody write to the folder of the store nor to its file; needs to be no root."""
    file = Path(site.folder_of_store)
    file.chmod(0o444)
    file.parent.chmod(0o555)
    yield
    file.parent.chmod(0o755)
    file.chmod(0o644)


@contextlib.contextmanager
def held_by_another(site: Site) -> Iterator[None]:
    """Hold the file against readers and writers, as some tools for backups do."""
    with contextlib.closing(sqlite3.connect(site.folder_of_store)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN IMMEDIATE")
        yield


@contextlib.contextmanager
def full_disk(site: Site) -> Iterator[None]:
    """Fill the file system of the store with another file, to the last byte."""
    filler = Path(site.folder_of_store).with_name("filler")
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    yield
    filler.unlink()


@contextlib.contextmanager
def small_disk() -> Iterator[Path | None]:
    """Give a folder on a file system of 4 MB of its own, or None where none may be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", folder]
        try:
            mounted = subprocess.run(mount, capture_output=True).returncode == 0
        except OSError:
            mounted = False
        try:
            yield Path(folder) if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", folder], capture_output=True, check=True)


# --- what a store holds, whichever it is


def _tell(site: Site, statement: str, **values: object) -> None:
    """Change a store past the program."""
    engine = create_engine(database_address(site.address))
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


@contextlib.contextmanager
def newer_program(site: Site) -> Iterator[None]:
    """Let a newer program bring the store up to date, and the backup of before come back."""
    revision = next(iter(upgrade.known_revisions() - {"0001"}))
    _tell(site, "UPDATE alembic_version SET version_num = '9001'")
    yield
    _tell(site, "UPDATE alembic_version SET version_num = :was", was=revision)


@contextlib.contextmanager
def damaged_version(site: Site) -> Iterator[None]:
    """Publish a second version and damage its table for good."""
    assert site.keep() == "version 2"
    _tell(site, 'UPDATE versions SET "table" = :bytes WHERE number = 2', bytes=b"not what it was")
    site.restart()
    yield


@contextlib.contextmanager
def damaged_record(site: Site) -> Iterator[None]:
    """Publish a second version and damage what is said of it, for good."""
    assert site.keep() == "version 2"
    _tell(site, "UPDATE versions SET kind = 'made up' WHERE number = 2")
    site.restart()
    yield


def clock_at(moment: dt.datetime) -> Callable[[Site], contextlib.AbstractContextManager[None]]:
    """Return what sets a site's clock to another time for a while."""

    @contextlib.contextmanager
    def jump(site: Site) -> Iterator[None]:
        before, site.moment = site.moment, lambda: moment
        yield
        site.moment = before

    return jump


LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LONG_HENCE = dt.datetime(2099, 12, 31, 23, 59, tzinfo=dt.UTC)
DAMAGED = "Version 2 is damaged in the store and cannot be read."
NEWER = "The store was made by a newer version of this program"

OF_A_FILE = (
    Fault("file gone", gone, "The store's file cannot be opened."),
    Fault("file emptied", emptied, "The store is empty, though it was not before."),
    Fault("file held by another", held_by_another, NOT_ANSWERING),
)
OF_ANY_STORE = (
    Fault("schema newer than the code", newer_program, NEWER),
    Fault("row of the newest version damaged", damaged_version, "version 3", "version 3"),
    Fault("record of the newest version damaged", damaged_record, "version 3", "version 3"),
    Fault("clock back to 1970", clock_at(LONG_AGO), "version 2", "version 2"),
    Fault("clock on to 2099", clock_at(LONG_HENCE), "version 2", "version 2"),
)
READ_ONLY = Fault(
    "folder read-only", read_only_folder, "The store's file cannot be written to.", "version 1"
)
FULL = Fault("disk full", full_disk, NO_ROOM, "version 1")


def put_older_store(site: Site) -> None:
    """Put a store of the first step in the place of the one in use: its tables, and no more."""
    file = Path(site.folder_of_store)
    file.unlink()
    engine = create_engine(database_address(site.address))
    bring_up_to_date(engine, "0001")
    engine.dispose()
