"""Columns under names that are not ours: what each most likely holds, for a person to confirm.

Nothing is read as it is proposed here before somebody says so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from clinics.domain.columns import BY_NAME, NAMES, CellProblem, Column
from clinics.domain.kinds import DATE, MONTH_OR_DAY
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.column_names import ALIASES, Matching, folded, is_unknown, known, places_of
from clinics.intake.forgiven import NOTHING, position_pair, reading, whole_address
from clinics.intake.hints import readings
from clinics.intake.notices import Findings, Severity
from clinics.places.zips import fold, zip_table

SHOWN = 3
"""So many values of a column are shown."""

_LOOKED_AT, _LOOKED_THROUGH = 50, 1_000
"""So many filled cells of a column tell what it holds, of so many rows."""

_MOST = 0.7
"""The share of the cells that must be what a column holds."""

_LONGEST_NAME = 200
_CLOSE = 0.84
"""A name is as close as that to one of ours, or it is another."""

_OF_SOMETHING_ELSE = frozenset(
    "fax mailing mail billing bill remit email e person owner client clients member members "
    "staff patient emergency crisis hotline after alternate alternative alt secondary other "
    "second mobile cell private authorized official parent former previous old license "
    "birth fips county parish jurisdiction neighborhood district congressional region "
    "border census tract type code description indicator flag id identifier identification "
    "key surrogate grant grantee created create modified updated enumeration deactivation "
    "reactivation rating score photo image logo map facebook twitter instagram linkedin yelp "
    "youtube username password doctor physician provider_s operator per latest contact "
    "assigned 2 3 4 ii iii".split()
)
"""Words of names that are about something else than we list, whatever the cells look like."""

_COUNTED = frozenset(
    "number no num count total population employees beds patients amount size area year "
    "order rank score value name first last language day days".split()
)
"""Words of names of what may look like a ZIP code, a position or a town by chance."""

_PLACE = "clinic facility practice center provider business organization " \
    "agency program company hospital office site location"  # fmt: skip

_WORDS: Sequence[tuple[str, str]] = (
    ("source_url", "source+url source+link source+website source+page"),
    ("source_date", "source+date data+date date+data as+of data+as"),
    ("last_checked", "checked verified confirmed reviewed+date"),
    ("npi", "npi"),
    ("phone", "phone phones telephone telephones tel ph call telefono teléfono"),
    ("website", "website websites web url www homepage webpage internet"),
    ("zip", "zip zipcode postal postcode zip+code zip+4 post+code postal+code"),
    ("latitude", "latitude lat gps coordinates"),
    ("longitude", "longitude lng lon"),
    ("address", "address street addr location direccion dirección"),
    ("city", "city town municipality locality ciudad"),
    ("state", "state province estado"),
    ("hours", "hours schedule open+times opening+times"),
    ("price_per_session_usd", "price cost fee rate charge"),
    ("accepting_new_patients", "new+patients accepting accepts+patients taking+patients"),
    ("languages", "language languages spoken idiomas"),
    ("ages", "age ages"),
    ("conditions", "condition conditions diagnoses disorders treat treated specialties"),
    ("treatments", "treatment treatments therapy therapies services modalities"),
    ("payment", "payment payments insurance insurances insurers pay"),
    ("insurance_note", "insurance insurances insurers"),
    ("facility_type", " ".join(f"type+{word} kind+{word}" for word in _PLACE.split())),
    ("status", "status"),
    ("source", "source"),
    ("notes", "notes note comments comment remarks"),
    ("name", " ".join(f"name+{word}" for word in _PLACE.split())),
)
"""Words that make a name one of ours, the narrowest first; those with `+` are all needed."""

_ALONE: Mapping[str, str] = {
    **dict.fromkeys(("agency", "program", "center", "business", "office", "hospital"), "name"),
    **dict.fromkeys(("description", "about", "info", "additional_info"), "notes"),
    **dict.fromkeys(("where", "place"), "address"),
}
"""Whole names that are common, and too general as one word of several."""

_STREET = re.compile(
    r"\d{1,6}[A-Z]?\s.*\b(?:st|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|lane|ln|way|ct|"
    r"court|pike|pl|place|hwy|highway|pkwy|parkway|circle|cir|terrace|square|sq)\b", re.IGNORECASE
)  # fmt: skip
"""What a street address begins with."""

_JOINED: Mapping[str, str] = {
    name.replace("_", ""): column
    for name, column in [*ALIASES.items(), *zip(NAMES, NAMES, strict=True)]
    if len(name) > 3
}
"""Names of columns without spaces -> ours."""

_BY_FORM = ("website", "phone", "npi", "state", "zip", "latitude", "longitude")
"""Columns that are known by their cells alone."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A column whose name is not ours: its first values, and which of ours it most likely is."""

    name: str
    values: tuple[str, ...]
    proposal: str = ""

    @property
    def key(self) -> str:
        """Return the name as a matching has it."""
        return folded(self.name)


@dataclass(frozen=True, slots=True)
class Header:
    """The names over the columns of a file, with those among them that are not ours."""

    names: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    filled: frozenset[str] = frozenset()

    @property
    def likely(self) -> Mapping[str, str]:
        """Return what is proposed, by the name in the file."""
        return {one.name: one.proposal for one in self.strangers if one.proposal}

    def unsettled(self, matching: Matching | None) -> tuple[Stranger, ...]:
        """Return those of which a matching says nothing."""
        said = matching.said if matching else {}
        return tuple(one for one in self.strangers if one.key not in said)

    def faults(self, matching: Matching) -> tuple[tuple[str, str], ...]:
        """Return code and sentence of all that a matching leaves wrong in the header."""
        findings, filled = Findings(1_000), self.filled
        address = [one for one in self.strangers if matching.said.get(one.key) == "address"]
        if any(whole_address(cell) for one in address for cell in one.values):
            filled |= {"city", "state"}
        places_of(self.names, findings, filled, matching)
        errors = (n for n in findings.notices if n.severity is Severity.ERROR)
        return tuple((n.code, n.message) for n in errors)


NO_HEADER = Header()


def header_of(
    names: Sequence[str],
    columns: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    filled: frozenset[str] = frozenset(),
) -> Header:
    """Look at the columns of a file whose names are not ours, and propose what they are.

    Each of our columns is proposed once at most. Where any name is unknown, those of two columns
    that are known as the same one are strangers, too: one of them needs to be left out. What is
    `filled` from another column is not missing.
    """
    cells = {
        name: _filled(column)
        for name, column in zip(names, columns, strict=True)
        if is_unknown(name) and folded(name) and len(name) <= _LONGEST_NAME
    }
    if not cells:
        return Header(tuple(names), (), filled)
    kept: dict[str, str] = {}
    twice: dict[str, str] = {}
    for name in names:
        column = known(name)
        if column and kept.setdefault(column, name) != name:
            twice |= {kept[column]: column, name: ""}
    proposed = twice | _proposed(cells, vocabulary, set(kept))
    samples = dict(zip(names, columns, strict=True))
    strangers = tuple(
        Stranger(name, tuple(dict.fromkeys(_filled(samples[name])))[:SHOWN], proposed[name])
        for name in dict.fromkeys(names)
        if name in proposed
    )
    return Header(tuple(names), strangers, filled)


def _filled(column: Sequence[str]) -> list[str]:
    said = (cell for cell in column[:_LOOKED_THROUGH] if cell and cell not in NOTHING)
    return list(islice(said, _LOOKED_AT))


def _proposed(
    cells: Mapping[str, Sequence[str]], vocabulary: Vocabulary, taken: set[str]
) -> dict[str, str]:
    """Return what each is, "" for nothing that we list; the surest first."""
    found = []
    for place, (name, values) in enumerate(cells.items()):
        for rank, (strength, column) in enumerate(_candidates(name, values, vocabulary)):
            found.append((-strength, place, rank, name, column))
    proposed = dict.fromkeys(cells, "")
    for *_, name, column in sorted(found):
        if not proposed[name] and column not in taken:
            proposed[name] = column
            taken.add(column)
    return proposed


def _candidates(
    name: str, values: Sequence[str], vocabulary: Vocabulary
) -> list[tuple[float, str]]:
    """Return the columns that this may be, and how sure that is; by its cells alone least."""
    key = folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    words = set(key.split("_"))
    fits = partial(_fits, values=values, vocabulary=vocabulary)
    close, is_same = _close(key)
    found: list[tuple[float, str]] = [(3, close)] if is_same and fits(close) else []
    found += [(2, column) for column in _by_words(words) if fits(column)]
    if words & _OF_SOMETHING_ELSE:
        return found
    alone = _ALONE.get(key, "")
    found += [(2.5, column) for column in (close, alone) if column and fits(column)]
    if not found and values and not words & _COUNTED and not _looks_like_a_value(name, vocabulary):
        found += [(1, column) for column in _by_form(values) if fits(column)]
    return found


def _by_words(words: set[str]) -> list[str]:
    """Return the columns of which a name has all words of a sign, and none about other things."""
    found = []
    for column, signs in _WORDS:
        needed = [set(sign.split("+")) for sign in signs.split()]
        if any(sign <= words and not words - sign & _OF_SOMETHING_ELSE for sign in needed):
            found.append(column)
    return found


def _close(key: str) -> tuple[str, bool]:
    """Return the column whose name this is but for some letters, and whether for spaces alone."""
    joined = key.replace("_", "")[:60]
    near = difflib.get_close_matches(joined, _JOINED, n=1, cutoff=_CLOSE)
    return (_JOINED[near[0]], near[0] == joined) if near else ("", False)


def _by_form(values: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that are worth a look for cells like these."""
    if _share(values, position_pair) >= _MOST:
        return ("latitude",)
    if _share(values, whole_address) >= _MOST:
        return ("address",)
    if _share(values, _STREET.match) >= _MOST:
        return ("address",)
    if len(set(values)) > 1 and _share(values, _is_known_town) >= _MOST:  # some word is a town
        return ("city",)
    if _share(values, str.isdecimal) >= _MOST:  # digits alone may be the number of anything
        return ("npi", "zip")
    return _BY_FORM


def _looks_like_a_value(name: str, vocabulary: Vocabulary) -> bool:
    """Return True for a name that is a cell itself: the file has no header."""
    return any(_reads(BY_NAME[column], name, vocabulary) for column in _BY_FORM)


def _share(values: Sequence[str], is_so: Callable[[str], object]) -> float:
    return sum(bool(is_so(cell)) for cell in values) / len(values) if values else 0.0


def _fits(column: str, values: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return True if most cells can be what this column holds; without any they all can."""
    if not values:
        return True
    test = _TESTS.get(column)
    if test is None:
        test = partial(_reads, BY_NAME[column], vocabulary=vocabulary)
    return _share(values, test) >= _MOST


def _reads(column: Column, cell: str, vocabulary: Vocabulary) -> bool:
    """Return True if this cell can be read in a column as it is, or as what it means."""
    if column.kind in (DATE, MONTH_OR_DAY) and readings(cell):
        return True
    if column.name == "zip":
        return bool(re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", cell)) and cell[:5] in zip_table().rows
    if column.name in ("latitude", "longitude"):
        return bool(position_pair(cell)) or _is_degrees(column.name, cell)
    try:
        column.parse(cell, vocabulary)
    except CellProblem:
        return bool(reading(column, cell, vocabulary, partial(vocabulary.called, column.name)))
    return True


def _is_degrees(name: str, cell: str) -> bool:
    """Return True for a position in this part of the world; whole numbers may be anything."""
    if not re.fullmatch(r"[-\u2212]?[0-9]{1,3}[.,][0-9]{2,}", cell):
        return False
    degrees = float(cell.replace(",", ".").replace("\u2212", "-"))
    return 17 < degrees < 72 if name == "latitude" else -180 < degrees < -64


def _is_words(cell: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", cell)) and not re.match(r"https?://|www\.", cell)


def _is_name(cell: str) -> bool:
    return _is_words(cell) and "@" not in cell and not whole_address(cell) and len(cell) < 150


def _is_street(cell: str) -> bool:
    return bool(_is_words(cell) and re.search(r"\d", cell)) or bool(whole_address(cell))


def _is_town(cell: str) -> bool:
    return _is_words(cell) and not re.search(r"\d", cell) and 2 < len(cell) < 40


def _is_known_town(cell: str) -> bool:
    return len(cell) < 60 and cell[:1].isupper() and fold(cell) in zip_table().cities


def _is_hours(cell: str) -> bool:
    return bool(
        re.search(r"\d\s*(?:[ap]\.?m\b|:\d\d)|\b(?:mon|tue|wed|thu|fri|sat|sun)|24/7", cell, re.I)
    )


_TESTS = {
    "name": _is_name, "address": _is_street, "city": _is_town, "hours": _is_hours,
    "notes": _is_words, "source": _is_words, "insurance_note": _is_words,
}  # fmt: skip
"""What cells of words look like; other kinds are read as the check reads them."""
