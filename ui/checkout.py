"""Notice that the files of this service have changed: an update waits for a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from clinics.settings import ROOT

NOTICE = (
    "The files of this service have changed since it started. It goes on as it was, pages and data "
    "alike. Start it again to use the new ones; on Streamlit Community Cloud choose “Reboot app”."
)
_PARTS = ("app.py", "clinics", "ui", "pages", "data", ".streamlit/config.toml", "requirements.txt")
_ENDINGS = {".py", ".html", ".css", ".js", ".csv", ".md", ".toml", ".txt", ".geojson", ".svg"}


def mark_of(root: Path = ROOT) -> str:
    """Return what tells one state of the files from another: names, sizes, times of change."""
    seen = hashlib.sha256()
    for path in sorted(_files(root)):
        try:
            about = path.stat()
        except OSError:  # taken away at this moment; the next look sees what is there then
            continue
        seen.update(f"{path.relative_to(root)}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for part in _PARTS:
        path = root / part
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (file for file in found if file.suffix in _ENDINGS)


AT_START = mark_of()


def has_changed() -> bool:
    """Return True if the files are not those that this process started with."""
    return mark_of() != AT_START
