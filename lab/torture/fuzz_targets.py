"""What is promised of any bytes given to the check of a file, and of any text given as a place.

A promise that
is broken is an AssertionError, and any exception that is not promised is a find too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from clinics.directory import Directory, load_directory
from clinics.domain.columns import NAMES
from clinics.domain.model import Place, PlaceKind, Point
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceError
from clinics.intake.check import Checked, check
from clinics.intake.report import groups, problems_copy, report_csv, report_json, to_do
from clinics.intake.rules import Rules
from clinics.places.find import MAX_CHOICES, PlaceAnswer, find_place
from clinics.present.export import clinic_json, dumps
from clinics.publishing import snapshot
from clinics.search.dataset import Dataset, Version
from clinics.search.query import Query, parse_query
from clinics.search.search import search
from tests.hostile_files import hostile_files
from tests.made_up import DATA, TODAY, made_up_rules
from tests.typed_places import TOWNS

LARGEST = 8_192
"""Bytes of what is tried: what breaks a reader breaks it in little, and little is quick."""

MOST_SAID = 1_500
"""Characters of one sentence to people: wordings of ours, and at most a few shortened cells."""

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden" / "files"

_CODE = re.compile(r"[a-z0-9_]+")
_ADDRESS = re.compile(r"[0-9]+ [^\W\d_]{4,}")


@dataclass(frozen=True)
class Target:
    """What is fuzzed: how it is tried, what the first tries are, and words worth putting in."""

    name: str
    ending: str
    attempt: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: Callable[[], Iterable[str]]


@cache
def _directory() -> Directory:
    return load_directory(DATA, TODAY)


@cache
def _rules() -> Rules:
    return made_up_rules(_directory())


def attempt_loading(data: bytes) -> None:
    """Check a file of any bytes; raises AssertionError where a promise is broken."""
    checked = check(data, _rules())
    _report_is_whole(data, checked)
    _table_is_usable(checked)


def _report_is_whole(data: bytes, checked: Checked) -> None:
    report = checked.report
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert to_do(report)
    assert len(report.notices) <= _rules().limits.max_notices
    assert sum(report.totals.values()) >= len(report.notices)
    for found in report.notices:
        assert found.row is None or 1 <= found.row <= lines, f"row {found.row} of {lines}"
        assert _CODE.fullmatch(found.code)
        assert 0 < len(found.message) <= MOST_SAID
        assert len(found.value) <= 200
        found.message.encode()
    assert report.publishable == (not report.errors)
    assert len(json.loads(report_json(report))["notices"]) == len(report.notices)
    assert report_csv(report)
    assert all(group.total >= len(group.notices) for group in groups(report))
    again = check(problems_copy(data, report), _rules()) if report.rows else checked
    assert again.report.rows <= max(report.rows, len(report.notices)) + 1


def _table_is_usable(checked: Checked) -> None:
    """See that what passed can be kept, shown and exported, and checked again as it is."""
    table, report = checked.table, checked.report
    assert tuple(table.columns) == NAMES
    assert len(table) == len(checked.numbers)
    assert list(checked.numbers) == sorted(set(checked.numbers))
    if not len(table):
        return
    assert len(table) <= report.rows
    assert not snapshot.fault(table, _rules().vocabulary)
    kept = snapshot.as_csv(table)
    assert snapshot.from_csv(kept).equals(table), "the store gives back another table"
    dataset = Dataset(table, _rules().vocabulary, Version("1", TODAY, len(table)))
    for row in range(len(dataset)):
        assert dumps(clinic_json(dataset.clinic(row)))
    again = check(kept, _rules())
    assert again.report.publishable, f"{again.report.notices[:1]} of what had passed"
    assert again.table.equals(table), "checked again it is another table"


def loading_seeds() -> Iterable[bytes]:
    """Return the hostile files, and the good and bad case of every notice, that are small enough.

    Some of these are in the layout of the federal directory.
    """
    golden = (path.read_bytes() for path in sorted(GOLDEN.rglob("*.csv")))
    return (data for data in (*hostile_files().values(), *golden) if len(data) <= LARGEST)


def loading_words() -> Iterable[str]:
    """Return names of columns, ids of options, and signs that a reader stumbles over."""
    vocabulary = _rules().vocabulary
    ids = (id for name in ("conditions", "status", "ages") for id in vocabulary.ids(name))
    signs = ('"', '""', '","', "\r\n", "\r", ";", "\t", "sep=;", "'=", "\ufeff", "\0", "\u2028")
    return (*NAMES, *sorted(ids), *signs, "1e309", "2026-11-01", "20912", "MD", "https://", "Ã©")


class _AnyAnswer:
    """A geocoder whose answer the text itself chooses; it remembers whether it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def locate(self, address: str) -> GeocodedAddress | None:
        """Answer with a good point, a far one, none, or trouble."""
        self.asked.append(address)
        kind = len(address) % 4
        if kind == 0:
            raise GeocodingUnavailable
        if kind == 1:
            return None
        point = Point(38.98, -77.0) if kind == 2 else Point(-12.0, 77.0)
        return GeocodedAddress(point, "20912" if len(address) % 8 > 3 else "\u0662junk")


def attempt_near(data: bytes) -> None:
    """Take any bytes for a place, and for a query string; raises AssertionError as above."""
    text = data.decode("utf-8", "surrogateescape")
    _try_place(text)
    query = _try_query(text)
    answer = _try_place(query.near) if query.near else None
    if answer and answer.place:
        found = search(_directory().dataset, query, answer.place)
        assert 0 <= len(found.hits) <= found.total


def _try_place(text: str) -> PlaceAnswer | None:
    geocoder = _AnyAnswer()
    try:
        answer = find_place(text, _directory().gazetteer, geocoder)
    except PlaceError as refused:
        _say_nothing_secret([str(refused), *refused.suggestions], geocoder)
        return None
    assert (answer.place is None) == bool(answer.choices)
    assert len(answer.choices) <= MAX_CHOICES
    said = [answer.note]
    for place in filter(None, (answer.place, *answer.choices, *answer.alternatives)):
        said += [place.name, place.param]
        _leads_back(place)
    _say_nothing_secret(said, geocoder)
    return answer


def _leads_back(place: Place) -> None:
    """See that what stands in the address bar is the same place; of an address it is its ZIP."""
    again = find_place(place.param, _directory().gazetteer, None).place
    assert again is not None, f"{place.param} leads nowhere"
    assert again.param == place.param
    assert again.point == place.point or place.kind is PlaceKind.ADDRESS


def _say_nothing_secret(said: list[str], geocoder: _AnyAnswer) -> None:
    """See that no sentence is endless, or has the number and street that a geocoder was given."""
    for sentence in said:
        assert len(sentence) <= MOST_SAID
        for address in geocoder.asked:
            for secret in _ADDRESS.findall(address):
                assert secret not in sentence, "an address is said again"


def _try_query(text: str) -> Query:
    vocabulary = _rules().vocabulary
    params = parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=None)
    for bands_only in (True, False):
        query, problems = parse_query(params, vocabulary, bands_only=bands_only)
        assert all(len(problem.message) <= MOST_SAID for problem in problems)
        printed = parse_qs(query.to_url(), keep_blank_values=True)
        again, more = parse_query(printed, vocabulary, bands_only=bands_only)
        assert replace(again, near="") == replace(query, near="")
        assert again.near == query.near
        assert not more
    return query


def near_seeds() -> Iterable[bytes]:
    """Return towns and ZIP codes as they may be typed, other forms of a place, and searches."""
    towns = [form for town in TOWNS for form in _forms_of_town(town.name, town.state)]
    others = (
        "20912", "20912-1234", "zip 20912", "MD 20912", "Takoma Park, MD 99999", "٢٠٩١٢", "2091",
        "38.98,-77.00", "38.98 77.00", "(38.98°, -77°)", "38.9 N; 77 W", "1e309,0", "nan, inf",
        "-0,0", "91,0", "1 Made-up Street, Takoma Park, MD 20912", "12 Oak Ave Apt 20912",
        "PO Box 20912", "5th & Main", "New York", "d.c.", "Columbia", "Springfield", "maryland",
        "Ｔａｋｏｍａ　Ｐａｒｋ", "Tákoma Pärk", "\u202eTakoma", "<b>1</b>", "﷽", "½ Mile",
        "near=Takoma+Park%2C+MD&within=25&condition=ptsd&condition=ocd&match=all",
        "near=20912&within=any&unstated=include&sort=name&q=clinic&setting=telehealth",
        "within=1e309&category=mental-health&clinic=x&payment=medicaid&language=es&treatment=x",
        "near=%00%ff&near=2&utm=1&=&&within=-5", "near=1+Made-up+Street%2C+20912",
    )  # fmt: skip
    return (text.encode() for text in (*towns, *others))


def _forms_of_town(name: str, state: str) -> Iterable[str]:
    return name, f"{name}, {state}", f"{name.lower()} {state.lower()}", f"{name} {state} USA"


def near_words() -> Iterable[str]:
    """Return names of parameters, states, and signs that part a text."""
    signs = (" ", ",", ", ", "-", "°", "%", "%00", "+", "&", "=", "\u00a0", "é", "ß", "İ", "ﬁ")
    return (*Query.__dataclass_fields__, *signs, "MD", "Maryland", "Saint", "St. ", "USA", "zip ")


TARGETS = {
    target.name: target
    for target in (
        Target("loading", "csv", attempt_loading, loading_seeds, loading_words),
        Target("near", "txt", attempt_near, near_seeds, near_words),
    )
}
FINDS = Path(__file__).resolve().parents[2] / "tests" / "finds"


def kept_finds(name: str) -> list[Path]:
    """Return what fuzzing found once, of one target."""
    return sorted((FINDS / name).glob("*"))
