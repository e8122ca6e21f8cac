"""Write the tables of the documentation that the code knows; run as `python -m scripts.build_docs`.

A table stands between `<!-- generated: NAME -->` and `<!-- end -->`, where NAME is one of TABLES.
The code gives the rows and their order; a cell that only a person can write stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

from starlette.routing import Mount, Route

from clinics.domain.columns import BY_NAME, COLUMNS
from clinics.domain.vocabulary import load_vocabulary
from clinics.intake.notices import KINDS
from clinics.search.query import BANDS, LEGENDS, NEEDS, PARAMETERS, Parameter, Query
from clinics.settings import ROOT, Settings
from clinics.web.app import routes as all_routes
from scripts.federal_differences import differences

Row = tuple[str | None, ...]
"""The cells of a row; None is one that a person writes."""

PAGES = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "data" / "README.md", ROOT / "README.md")
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


def columns() -> Iterator[Row]:
    """Yield name, meaning, whether it is required, values and an example of each column."""
    vocabulary = load_vocabulary(ROOT / "data")
    for c in COLUMNS:
        required = "yes" if c.required else "no"
        yield f"`{c.name}`", c.meaning, required, c.allowed, f"`{vocabulary.example(c)}`"


def parameters() -> Iterator[Row]:
    """Yield name, values, default and meaning of each search parameter."""
    for parameter in PARAMETERS.values():
        name = parameter.name
        yield f"`{name}`", _values(parameter), _default(name), parameter.meaning


def searches() -> Iterator[Row]:
    """Yield the parameters of a search by what they are for."""
    by_use = {
        "where and how far": ("near", "within"),
        "what for": ("condition", "match", "unstated"),
        "what kind of clinic": ("category", *LEGENDS, "setting", *NEEDS, "q"),
        "how it is shown": ("sort", "clinic"),
    }
    for use, names in by_use.items():
        yield use, _coded(names)


def _values(parameter: Parameter) -> str:
    if parameter.text:
        return parameter.text
    if not parameter.column:
        bands = ("any" if band is None else f"{band:g}" for band in BANDS)
        return _coded(parameter.choices or bands)
    options = BY_NAME[parameter.column].options
    if isinstance(options, str):
        ids = f"ids of `data/{options}`"
    else:
        ids = _coded(option.id for option in options)
    return f"{ids}, repeatable" if parameter.repeatable else ids


def _default(name: str) -> str:
    default = getattr(Query(), name)
    if name == "category":
        return "the first of `data/categories.csv`"
    if default in ("", ()):
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _coded(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


TABLES: Mapping[str, Callable[[], Iterator[Row]]] = {
    "notices": notices,
    "settings": settings,
    "routes": routes,
    "columns": columns,
    "parameters": parameters,
    "searches": searches,
    "federal": differences,
}

OF_DATA = frozenset({"columns", "federal"})
"""What stands on the page of the data, and is as that is."""


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
