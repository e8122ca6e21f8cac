"""The whole directory as a CSV of our own: there and back without a letter lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.publishing import snapshot
from tests.made_up import made_up_clinic, words

CELLS = st.text(max_size=12) | st.sampled_from(
    ["", " ", '"', '""', ",", "\n", "\r", "\r\n", "=1+1", "'", "Zoë", "\ufeff", "\0", "02139", "NA"]
)


def table_of(*clinics: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, CELLS)), max_size=5))
def test_every_cell_comes_back_as_it_was(rows: list[dict[str, str]]) -> None:
    table = table_of(*rows)
    back = snapshot.from_csv(snapshot.as_csv(table))
    assert back.to_dict("records") == rows
    assert back.columns.tolist() == list(NAMES)


def test_the_bundled_directory_comes_back_as_it_was(directory: Directory) -> None:
    table = directory.dataset.table
    assert snapshot.from_csv(snapshot.as_csv(table)).equals(table)


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    table = table_of(made_up_clinic(1))
    assert snapshot.from_csv(b"\xef\xbb\xbf" + snapshot.as_csv(table)).equals(table)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_table_are_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a table in our own columns"):
        snapshot.from_csv(data)


def test_a_row_that_breaks_off_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="more or fewer cells than the header"):
        snapshot.from_csv(snapshot.as_csv(table_of(made_up_clinic(1))) + b"made-up,row\r\n")


def test_the_bundled_directory_has_no_fault(directory: Directory) -> None:
    assert snapshot.fault(directory.dataset.table, directory.vocabulary) == ""
    assert snapshot.fault(table_of(), words()) == ""


def test_two_listings_of_one_id_are_a_fault() -> None:
    twice = table_of(made_up_clinic(1), made_up_clinic(1))
    assert snapshot.fault(twice, words()) == "Two of its listings have the same id."


def test_a_version_from_before_the_two_dates_claims_the_weaker_of_them() -> None:
    table = table_of(made_up_clinic(1, last_checked="2024-07-03"))
    old = table.drop(columns=["source_date", "caveat"])
    back = snapshot.from_csv(old.to_csv(index=False).encode())
    assert list(back["source_date"]) == ["2024-07-03"]
    assert (list(back["last_checked"]), list(back["caveat"])) == ([""], [""])
    assert snapshot.fault(back, words()) == ""


def test_a_stored_date_of_a_source_that_is_none_cannot_be_shown() -> None:
    table = table_of(made_up_clinic(1, source_date="July"))
    assert snapshot.fault(table, words()) == (
        "Its column “source_date” has “July”, which is no year, month or day."
    )
