"""A sheet without ids is matched with what is live by name, town and address."""

from __future__ import annotations

import pandas as pd

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.intake.check import check
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules


def without_ids(table: pd.DataFrame) -> bytes:
    return table[list(NAMES)].drop(columns="id").to_csv(index=False).encode()


def test_every_listing_of_the_directory_is_known_without_its_id(directory: Directory) -> None:
    table = directory.dataset.table
    checked = check(without_ids(table), made_up_rules(directory), live=table)
    assert checked.table["id"].tolist() == table["id"].tolist()
    assert checked.report.totals["ids_matched"] == 1


def test_two_live_listings_of_one_name_and_town_are_told_apart_by_address(
    directory: Directory,
) -> None:
    here = {"name": "Made-up Clinic", "city": "Takoma Park"}
    rows = [
        made_up_clinic(1, **here, id="one", address="1 Made-up Street"),
        made_up_clinic(2, **here, id="two", address="2 Made-up Street, Suite 5"),
    ]
    live = check(made_up_csv(rows), made_up_rules(directory)).table
    for address, id in (
        ("2 made-up St", "two"),
        ("", "made-up-clinic"),
        ("3 Other", "made-up-clinic"),
    ):
        row = made_up_clinic(3, **here, id="", address=address)
        checked = check(made_up_csv([row]), made_up_rules(directory), live=live)
        found = checked.table["id"].tolist()
        assert found == [id], address


def test_two_rows_that_match_one_listing_are_not_given_its_id(directory: Directory) -> None:
    rows = [made_up_clinic(1, name="Made-up Clinic", id="one", address="")]
    live = check(made_up_csv(rows), made_up_rules(directory)).table
    twice = [made_up_clinic(n, name="Made-up Clinic", id="", address=f"{n} Street") for n in (1, 2)]
    checked = check(made_up_csv(twice), made_up_rules(directory), live=live)
    assert "one" not in checked.table["id"].tolist()
