"""What a file would change: compared by id, and stopped when large."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings

from clinics.domain.columns import NAMES
from clinics.domain.model import Point
from clinics.places.distance import exact_miles
from clinics.publishing.diff import ClinicChange, FieldChange, Review, compare
from tests.made_up import Cells, made_up_clinic, made_up_clinics


def table_of(clinics: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


def hundred(**cells: str) -> list[dict[str, str]]:
    return [made_up_clinic(number, **cells) for number in range(100)]


# Comparing


def test_a_table_compared_with_itself_shows_nothing() -> None:
    table = table_of([made_up_clinic(1), made_up_clinic(2)])
    assert compare(table, table) == Review(unchanged=2)
    assert compare(table, table).is_empty


def test_two_empty_tables_show_nothing() -> None:
    assert compare(table_of([]), table_of([])) == Review()


def test_listings_are_matched_by_id_in_whatever_order() -> None:
    one, two, three, four = (made_up_clinic(number) for number in range(1, 5))
    found = compare(table_of([one, two, three]), table_of([three, four, two]))
    assert (found.added, found.gone, found.unchanged) == ((four["id"],), (one["id"],), 2)
    assert found.changed == ()


def test_every_cell_that_differs_is_shown_old_and_new() -> None:
    before = made_up_clinic(1, phone="(301) 555-0100", hours="Mon-Fri")
    after = made_up_clinic(1, phone="(301) 555-0199", hours="", notes="New owner")
    assert compare(table_of([before]), table_of([after])).changed == (
        ClinicChange(
            "made-up-clinic-1",
            "Made-up Clinic 1",
            "Made-up Town",
            (
                FieldChange("phone", "(301) 555-0100", "(301) 555-0199"),
                FieldChange("hours", "Mon-Fri", ""),
                FieldChange("notes", "", "New owner"),
            ),
        ),
    )


@pytest.mark.parametrize("column", [name for name in NAMES if name != "id"])
def test_a_change_in_any_column_is_seen(column: str) -> None:
    before, after = made_up_clinic(1), made_up_clinic(1)
    after[column] = "38.5" if column in ("latitude", "longitude") else "something else"
    (changed,) = compare(table_of([before]), table_of([after])).changed
    assert changed.fields == (FieldChange(column, before[column], after[column]),)


def test_one_latitude_written_in_two_ways_is_no_change() -> None:
    before, after = made_up_clinic(1, latitude="39"), made_up_clinic(1, latitude="39.000")
    assert compare(table_of([before]), table_of([after])).is_empty


def test_a_position_ten_meters_away_is_a_change_but_no_move() -> None:
    before, after = made_up_clinic(1, latitude="39"), made_up_clinic(1, latitude="39.00009")
    found = compare(table_of([before]), table_of([after]))
    assert [field.column for field in found.changed[0].fields] == ["latitude"]
    assert found.moves == ()


def test_a_position_thirty_meters_away_is_a_move() -> None:
    before, after = made_up_clinic(1, latitude="39"), made_up_clinic(1, latitude="39.00027")
    (move,) = compare(table_of([before]), table_of([after])).moves
    assert round(move.miles * 1609.344) == 30


def test_a_move_says_from_where_to_where_and_how_far() -> None:
    before = made_up_clinic(1, latitude="39", longitude="-77")
    after = made_up_clinic(1, latitude="39.5", longitude="-76")
    (move,) = compare(table_of([before]), table_of([after])).moves
    assert (move.id, move.name) == ("made-up-clinic-1", "Made-up Clinic 1")
    assert (move.before, move.after) == (Point(39, -77), Point(39.5, -76))
    assert move.miles == pytest.approx(exact_miles(Point(39, -77), 39.5, -76), abs=1e-6)


def test_what_was_left_out_is_passed_on() -> None:
    assert compare(table_of([]), table_of([]), left_out=3).left_out == 3


@settings(max_examples=25)
@given(made_up_clinics())
def test_whatever_is_compared_with_itself_is_unchanged(clinics: list[dict[str, str]]) -> None:
    assert compare(table_of(clinics), table_of(clinics)) == Review(unchanged=len(clinics))


@settings(max_examples=25)
@given(made_up_clinics(), made_up_clinics())
def test_every_id_is_in_one_place_of_a_comparison(
    before: list[dict[str, str]], after: list[dict[str, str]]
) -> None:
    after = after[len(after) // 3 :]
    found = compare(table_of(before), table_of(after))
    old, new = {c["id"]: c for c in before}, {c["id"]: c for c in after}
    assert set(found.added) == set(new) - set(old)
    assert set(found.gone) == set(old) - set(new)
    changed = {c.id for c in found.changed}
    assert changed == {id for id in set(old) & set(new) if old[id] != new[id]}
    assert found.unchanged == len(set(old) & set(new)) - len(changed)
    assert {move.id for move in found.moves} <= changed
    for clinic in found.changed:
        for field in clinic.fields:
            assert field.old == old[clinic.id][field.column]
            assert field.new == new[clinic.id][field.column]
            assert field.old != field.new


# The circuit breaker


def test_thirty_of_a_hundred_may_disappear_and_thirty_one_need_a_number() -> None:
    live = table_of(hundred())
    fine, large = compare(live, live.iloc[30:]), compare(live, live.iloc[31:])
    assert (fine.breaker, fine.number_to_type) == ("", 0)
    assert large.breaker == "Of the 100 clinics that are live now, 31 would disappear."
    assert large.number_to_type == 31


@pytest.mark.parametrize(
    ("column", "value"), [("phone", "(301) 555-0199"), ("latitude", "39.1"), ("longitude", "-76")]
)
def test_thirty_one_new_telephones_or_positions_need_a_number(column: str, value: str) -> None:
    live, after = hundred(), hundred()
    for clinic in after[:30]:
        clinic[column] = value
    assert compare(table_of(live), table_of(after)).breaker == ""
    after[30][column] = value
    found = compare(table_of(live), table_of(after))
    assert found.breaker == (
        "Of the 100 clinics that are live now, 31 would change telephone or position."
    )
    assert found.number_to_type == found.reached_otherwise == 31


def test_a_listing_with_a_new_telephone_and_a_new_position_counts_once() -> None:
    live, after = hundred(), hundred()
    for clinic in after[:20]:
        clinic["phone"] = "(301) 555-0199"
    for clinic in after[10:30]:
        clinic["latitude"] = "39.2"
    found = compare(table_of(live), table_of(after))
    assert (found.breaker, found.reached_otherwise) == ("", 30)


def test_when_both_are_large_the_number_is_of_those_that_disappear() -> None:
    after = hundred()[40:]
    for clinic in after[:35]:
        clinic["phone"] = "(301) 555-0199"
    found = compare(table_of(hundred()), table_of(after))
    assert found.breaker == (
        "Of the 100 clinics that are live now, 40 would disappear, and 35 would change telephone "
        "or position."
    )
    assert found.number_to_type == 40


def test_other_columns_and_new_listings_need_no_number() -> None:
    found = compare(table_of(hundred()[:50]), table_of(hundred(hours="Mon-Fri")))
    assert (len(found.changed), len(found.added), found.breaker) == (50, 50, "")


def test_the_first_listings_of_an_empty_directory_need_no_number() -> None:
    assert compare(table_of([]), table_of(hundred())).breaker == ""
