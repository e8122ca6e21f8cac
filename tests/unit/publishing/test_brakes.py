"""What stops a file column by column: sorted alone, dragged down, emptied, slipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from clinics.domain.columns import NAMES
from clinics.publishing.brakes import brakes
from clinics.publishing.diff import GONE, compare
from tests.made_up import Cells, made_up_clinic

Edit = Callable[[list[dict[str, str]]], None]


def thirty() -> list[dict[str, str]]:
    return [
        made_up_clinic(
            n,
            id=f"c-{n:02d}",
            name=f"{'ZYXWVUTSRQPONMLKJIHGFEDCBA'[n % 26] * 4} Clinic",
            address=f"{(n * 37) % 900} Made-up Street",
            phone=f"(301) 555-01{(n * 7) % 100:02d}",
            conditions="depression;ptsd" if n % 2 else "anxiety",
            price_per_session_usd=str(300 + (n * 83) % 190),
        )
        for n in range(30)
    ]


def table_of(clinics: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


def found(edit: Edit, ids: Sequence[str] | None = None) -> dict[str, str]:
    """Return the sentence of each brake, by column."""
    rows = thirty()
    edit(rows)
    return {b.column: b.sentence for b in brakes(table_of(thirty()), table_of(rows), ids)}


def setting(column: str, cell: Callable[[int], str], rows: range = range(30)) -> Edit:
    def edit(clinics: list[dict[str, str]]) -> None:
        for n in rows:
            clinics[n][column] = cell(n)

    return edit


def sorting(column: str) -> Edit:
    def edit(clinics: list[dict[str, str]]) -> None:
        for clinic, cell in zip(clinics, sorted(c[column] for c in clinics), strict=True):
            clinic[column] = cell

    return edit


@pytest.mark.parametrize(
    ("edit", "column", "said"),
    [
        (sorting("name"), "name", "sorted alone"),
        (sorting("phone"), "phone", "sorted alone"),
        (setting("status", lambda _: "closed"), "status", "30 would be closed"),
        (setting("status", lambda _: "closed", range(7)), "status", "7 would be closed"),
        (setting("conditions", lambda _: ""), "conditions", "30 would be empty"),
        (setting("address", lambda _: "", range(10)), "address", "10 would be empty"),
        (
            setting("price_per_session_usd", lambda n: str(500 - n), range(6)),
            "price_per_session_usd",
            "6 would go down from row to row. The cell “500” may have been dragged down",
        ),
        (setting("zip", lambda n: str(20900 + n)), "zip", "30 would go up from row to row"),
        (setting("hours", lambda n: f"Mon-Fri {n}am"), "hours", "would go up from row to row"),
        (setting("state", lambda _: "VA"), "state", "would all be “VA”"),
        (setting("accepting_new_patients", lambda _: "yes"), "accepting_new_patients", "“yes”"),
        (setting("notes", lambda _: "x", range(7)), "notes", "7 would all be “x”"),
        (setting("name", lambda n: f"{n * n} other", range(16)), "name", "16 would change"),
    ],
)
def test_a_column_that_was_ruined_stops_the_file(edit: Edit, column: str, said: str) -> None:
    sentences = found(edit)
    assert list(sentences) == [column]
    assert f"Column “{column}”: of 30 cells, " in sentences[column]
    assert said in sentences[column]


@pytest.mark.parametrize(
    "edit",
    [
        setting("last_checked", lambda _: "2026-11-28"),
        setting("source_date", lambda _: "2026"),
        setting("source", lambda _: "Another list"),
        setting("name", lambda n: f"{n * n} other", range(15)),
        setting("conditions", lambda _: "", range(9)),
        setting("status", lambda _: "closed", range(6)),
        setting("price_per_session_usd", lambda n: str(500 - n), range(4)),
        setting("phone", lambda _: "(410) 555-0100", range(4)),
        setting("main_phone", lambda n: f"(301) 555-01{(n * 7) % 100:02d}", range(2)),
        setting("name", lambda n: f"{'ZYXWVUTSRQPONMLKJIHGFEDCBA'[n % 26] * 4} House", range(9)),
        setting("accepting_new_patients", lambda _: "yes", range(6)),
    ],
    ids="checked edition source names conditions closed prices phones moved replaced yes".split(),
)
def test_what_a_keeper_does_in_a_round_is_no_brake(edit: Edit) -> None:
    assert found(edit) == {}


@pytest.mark.parametrize("with_address", [True, False])
def test_addresses_that_come_may_place_their_listings_more_exactly(with_address: bool) -> None:
    def find_them(clinics: list[dict[str, str]]) -> None:
        for number, clinic in enumerate(clinics[:12]):
            clinic["location_precision"] = "zip"
            if with_address:
                clinic["address"] = f"{7 * number % 90 + 10} Made Up Street"

    assert ("location_precision" in found(find_them)) is not with_address


def test_days_of_checks_that_were_sorted_alone_stop_it_all_the_same() -> None:
    before = [made_up_clinic(n, last_checked=f"2026-0{1 + n * 5 % 7}-11") for n in range(20)]
    days = sorted(clinic["last_checked"] for clinic in before)
    after = [{**c, "last_checked": day} for c, day in zip(before, days, strict=True)]
    (brake,) = brakes(table_of(before), table_of(after))
    assert (brake.column, "sorted alone" in brake.sentence) == ("last_checked", True)


def test_ids_that_were_sorted_alone_are_one_brake() -> None:
    rows = thirty()
    for clinic, id in zip(rows, sorted(c["id"] for c in rows)[::-1], strict=True):
        clinic["id"] = id
    sentences = found(lambda clinics: clinics.__setitem__(slice(None), rows))
    assert "The column id may have been sorted alone" in sentences["id"]
    assert "name" not in sentences


def test_a_part_of_the_directory_is_measured_by_itself() -> None:
    edit = sorting("name")

    def first_eight(clinics: list[dict[str, str]]) -> None:
        edit(part := clinics[:8])
        clinics[:8] = part

    assert "name" in found(first_eight, [f"c-{n:02d}" for n in range(8)])


def test_a_brake_has_its_numbers() -> None:
    rows = thirty()
    sorting("name")(rows)
    (brake,) = brakes(table_of(thirty()), table_of(rows))
    differ = sum(a["name"] != b["name"] for a, b in zip(thirty(), rows, strict=True))
    assert (brake.count, brake.total) == (differ, 30)


def test_nothing_stops_what_is_the_same() -> None:
    assert found(lambda _: None) == {}


# Gone


def directory(ketamine: int, others: int) -> list[dict[str, str]]:
    lists = ["ketamine"] * ketamine + ["mental-health"] * others
    return [made_up_clinic(n, category=category) for n, category in enumerate(lists)]


def test_closed_counts_as_gone() -> None:
    live = directory(100, 0)
    after = [{**c, "status": "closed"} if n < 20 else c for n, c in enumerate(live)][:-15]
    review = compare(table_of(live), table_of(after))
    assert review.breaker == (
        "Of the 100 clinics that are live now, 15 would disappear, and 20 would be closed."
    )
    assert (review.number_to_type, review.large, len(review.closed)) == (35, (GONE,), 20)


def test_one_that_was_closed_before_is_not_gone_again() -> None:
    live = [{**c, "status": "closed"} for c in directory(100, 0)]
    assert compare(table_of(live), table_of(live)).closed == ()


@pytest.mark.parametrize(("gone", "stops"), [(2, False), (3, True)])
def test_few_gone_of_a_small_directory_stop_it(gone: int, stops: bool) -> None:
    live = directory(12, 0)
    assert bool(compare(table_of(live), table_of(live[gone:])).breaker) is stops


def test_a_small_list_that_goes_stops_it_in_a_large_directory() -> None:
    live = directory(27, 208)
    review = compare(table_of(live), table_of(live[10:]))
    assert review.breaker == "Of the 235 clinics that are live now, 10 would disappear."
