"""Write the tables of the documentation that the code knows; run as `python -m scripts.build_docs`.

A table stands between `<!-- generated: NAME -->` and `<!-- end -->`, where NAME is one of TABLES.
The code gives the rows and their order; a cell that only a person can write stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

from starlette.routing import Mount, Route

from clinics.intake.notices import KINDS
from clinics.settings import ROOT, Settings
from clinics.web.app import routes as all_routes

Row = tuple[str | None, ...]
"""The cells of a row; None is one that a person writes."""

PAGES = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "data" / "README.md")
MISSING = "(to be written)"
_MARKED = re.compile(r"(<!-- generated: (\w+) -->\n\|.*\n\|[-|]+\|\n)((?:\|.*\n)*)(?=<!-- end -->)")


def notices() -> Iterator[Row]:
    """Yield code, severity, sentence, fix and example of each notice."""
    for kind in KINDS.values():
        yield f"`{kind.code}`", str(kind.severity), kind.wording, kind.fix, None


def settings() -> Iterator[Row]:
    """Yield name, values, default and meaning of each setting."""
    for field in fields(Settings):
        default = getattr(Settings(), field.name)
        text = default.relative_to(ROOT).as_posix() if isinstance(default, Path) else default
        yield f"`CLINICS_{field.name.upper()}`", None, f"`{text}`" if text else "empty", None


def routes() -> Iterator[Row]:
    """Yield path and answer of each HTTP route."""

    def never() -> NoReturn:
        raise AssertionError

    for route in all_routes(never, ROOT / "data"):
        if isinstance(route, (Route, Mount)):
            yield f"`{route.path}`", None


TABLES: Mapping[str, Callable[[], Iterator[Row]]] = {
    "notices": notices,
    "settings": settings,
    "routes": routes,
}


def renewed(page: str) -> str:
    """Return the text of a page with its generated tables as the code has them now."""
    return _MARKED.sub(_table, page)


def _table(marked: re.Match[str]) -> str:
    head, name, old = marked.groups()
    written = {cells[0]: cells for cells in map(_cells, old.splitlines())}
    rows = (_filled(row, written.get(row[0] or "", [])) for row in TABLES[name]())
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _filled(row: Row, written: list[str]) -> list[str]:
    """Return the row with the cells that a person wrote."""
    by_hand = written or [MISSING] * len(row)
    return [by_hand[at] if cell is None else cell for at, cell in enumerate(row)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def main() -> None:
    """Renew the tables of every page."""
    for path in PAGES:
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
