"""FindTreatment.gov: whole lists of the state that was asked for, or a sentence and nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from clinics.domain.model import Point
from clinics.domain.sources import Record, SourceRefused, WholeList
from clinics.places.zips import in_state
from scripts.demo_sources import FAULTS, StandIn, stand_in
from tests.made_up import made_up_clinic
from tests.sources import find_treatment, nobody


def row(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "name1": f"Made-up {number}", "state": "MD", "latitude": "39.0", "longitude": "-77.0",
        **cells,
    }  # fmt: skip


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([row(n) for n in range(700)]) as made:
        yield made


def looked(stand: StandIn, listings: Any = (), **more: Any) -> tuple[list[str], str]:
    """What was yielded before something stopped it, and the sentence of that."""
    found: list[str] = []
    try:
        for one in find_treatment(stand, **more).look(listings, nobody):
            found.append(one.state if isinstance(one, WholeList) else one.id)
    except SourceRefused as refused:
        return found, str(refused)
    return found, ""


def test_every_page_of_every_state_is_read_latitude_first(stand: StandIn) -> None:
    found, trouble = looked(stand)
    assert trouble == ""
    assert len(found) == 700 + 3
    assert found[-3:] == ["MD", "DC", "VA"]
    asked = [path for path in stand.asked if path != "/robots.txt"]
    assert all("sAddr=39.0500,-77.0000&limitType=0" in path for path in asked)
    states = [path.partition("limitValue=")[2][:2] for path in asked]
    assert states == [*["18"] * 5, "27", "50"]


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"drip", "silence", "empty"}))
def test_no_bad_answer_gives_a_record(stand: StandIn, fault: str) -> None:
    stand.fault = fault
    found, trouble = looked(stand)
    assert found == []
    assert trouble.startswith("FindTreatment.gov")
    assert trouble.count(". ") <= 1
    assert trouble.endswith(".")


@pytest.mark.parametrize("fault", ["drip", "silence"])
def test_what_takes_forever_is_left(stand: StandIn, fault: str) -> None:
    stand.fault = fault
    found, trouble = looked(stand, longest_seconds=0.3)
    assert (found, trouble) == ([], "FindTreatment.gov: 127.0.0.1 takes too long to answer.")


def test_the_trap_of_rows_of_elsewhere_is_caught(stand: StandIn) -> None:
    """With the longitude first the service answers 200 with the same unrelated rows."""
    found, trouble = looked(stand, center=Point(-77.0, 39.05))
    assert found == []
    assert trouble == (
        "FindTreatment.gov answered something else than the list of MD. Nothing of it is proposed."
    )


SWAPPED = {"latitude": "-77.0", "longitude": "39.0"}


OFF_THE_GLOBE = ("-104.99", "nan", "inf", "1e308", 10**400, [1], {"a": 1})
"""No latitudes: the first is what a swapped one is like further west than here."""


@pytest.mark.parametrize(
    "strange",
    [{"state": "va"}, {"name1": None}, {"latitude": "x"}, SWAPPED,
     *({"latitude": one} for one in OFF_THE_GLOBE), {"longitude": "1e308"},
     *({"latitude": one, "longitude": "-77.0"} for one in ("", None))],
)  # fmt: skip
def test_a_few_strange_rows_are_left_out_and_many_stop_the_list(
    stand: StandIn, strange: dict[str, Any]
) -> None:
    source = find_treatment(stand, states=("MD",))
    few = [row(n, **(strange if n < 10 else {})) for n in range(700)]
    many = [row(n, **(strange if n % 20 == 0 else {})) for n in range(700)]
    assert len(source._checked(few, "MD", 0)) == 690
    with pytest.raises(SourceRefused, match="something else than the list of MD"):
        source._checked(many, "MD", 0)


def test_a_place_far_from_the_area_is_a_row_of_its_state_and_no_new_listing(
    stand: StandIn,
) -> None:
    """Virginia reaches 300 miles beyond the area: its list is believed all the same."""
    stand.rows[:] = [row(n, state="VA", latitude="36.7", longitude="-81.9") for n in range(5)]

    def read(rows: Sequence[Any], today: dt.date) -> tuple[list[Record], str]:
        cells = {"latitude": "36.7", "longitude": "-81.9"}
        new = {"category": "ketamine"}
        return [Record(str(n), cells, "", today, as_new=new) for n, _ in enumerate(rows)], ""

    for near in (True, False):
        source = find_treatment(stand, states=("VA",), read=read, is_near=lambda _, near=near: near)
        records = [one for one in source.look((), nobody) if isinstance(one, Record)]
        assert [bool(one.as_new) for one in records] == [near] * 5


def test_a_list_of_less_than_half_of_what_we_have_is_not_the_list(stand: StandIn) -> None:
    ours = [
        made_up_clinic(n, category="mental-health", state="MD", known_by="", status="")
        for n in range(20)
    ]
    stand.rows[:] = [row(n) for n in range(9)]
    assert "something else than the list of MD" in looked(stand, ours)[1]
    stand.rows[:] = [row(n) for n in range(10)]
    assert looked(stand, ours)[1] == ""


def test_states_whose_numbers_nobody_wrote_down_are_said_and_not_asked(stand: StandIn) -> None:
    source = find_treatment(stand, states=("OR",))
    for ask in (source.probe, lambda: list(source.look((), nobody))):
        with pytest.raises(SourceRefused, match=r"sources/findtreatment_states\.csv has none"):
            ask()
    assert stand.asked == []


def test_a_state_that_has_a_number_is_asked_by_it(stand: StandIn) -> None:
    numbered = {"OR": "38"}
    stand.rows[:] = [row(1, state="OR", latitude="45.5", longitude="-122.7")]
    list(find_treatment(stand, states=("OR",), numbers=numbered).look((), nobody))
    assert any("limitValue=38" in path for path in stand.asked)


@pytest.mark.parametrize(
    ("state", "latitude", "longitude", "inside"),
    [
        ("MD", 39.0, -77.0, True), ("MD", -77.0, 39.0, False), ("OR", 45.5, -122.7, True),
        ("OR", 39.0, -77.0, False), ("XX", 39.0, -77.0, False),
    ],
)  # fmt: skip
def test_a_position_is_held_against_the_zips_of_its_state(
    state: str, latitude: float, longitude: float, inside: bool
) -> None:
    assert in_state(Point(latitude, longitude), state) is inside


def test_what_was_read_whole_before_the_trouble_stays(stand: StandIn) -> None:
    found: list[object] = []

    def look() -> None:
        for one in find_treatment(stand).look((), nobody):
            found.append(one)
            if isinstance(one, WholeList):
                stand.fault = "429"

    with pytest.raises(SourceRefused, match="HTTP 429"):
        look()
    assert sum(isinstance(one, Record) for one in found) == 700


def test_the_probe_says_which_keys_are_missing_or_new(stand: StandIn) -> None:
    stand.rows[:] = [row(1, frid="x")]
    said = find_treatment(stand).probe()
    assert said.startswith("1 rows in MD. Missing: _irow, city")
    assert said.endswith("New: frid.")
