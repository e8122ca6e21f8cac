"""Names as registries write them, and how often they find a wrong one: docs/decisions/0017."""

from __future__ import annotations

import csv
import re

import pytest

from clinics.intake.duplicates import door
from clinics.intake.likeness import ONLY_TRADE, SAME_TRADE, likeness, own_words, same_name
from clinics.publishing.same_place import LIKE, LIKELY
from tests.folders import DATA

SHORT = {"CENTER": "CTR", "CENTERS": "CTRS", "SERVICES": "SVCS", "HEALTH": "HLTH",
         "ASSOCIATES": "ASSOC", "MANAGEMENT": "MGMT", "PSYCHIATRY": "PSYCH"}  # fmt: skip
FORMS = (" LLC", ", INC.", " PC", " PLLC")


def disguised(name: str, number: int) -> str:
    """Write a name as the registry does: upper case, cut at a comma, shortened, legal form."""
    bare = name.upper().partition(",")[0].partition("(")[0].split()
    return " ".join(SHORT.get(word, word) for word in bare) + FORMS[number % 4]


def ours() -> list[dict[str, str]]:
    with (DATA / "clinics.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ALDER HLTH SVCS, LLC", "Alder Health Services"),
        ("O'NEILL & ASSOC", "ONeill and Associates"),
        ("THE MOOD CTR LLC", "Mood Center"),
        ("JOHN EXAMPLE MD", "Dr. John Example"),
    ],
)
def test_legal_forms_and_short_words_are_no_difference(name: str, other: str) -> None:
    assert same_name(name, other)
    assert likeness(name, other) in (1.0, SAME_TRADE)


@pytest.mark.parametrize(
    ("name", "other", "least", "most"),
    [
        ("Alder House", "Alder House Program for Young People", LIKE, 0.91),
        ("Alder Ketamine Centers", "Alder Center for Ketamine", LIKELY, 1.0),
        ("Behavioral Health Services", "Behavioral Health Clinic", 0.0, ONLY_TRADE),
        ("Rockville Ketamine", "Rockville Ketamine Clinic", 0.0, ONLY_TRADE),
        ("J EXAMPLE MD PC", "Alder Ketamine Wellness", 0.0, 0.0),
        ("", "Alder", 0.0, 0.0),
        ("LLC", "LLC", 0.0, 0.0),
    ],
)
def test_words_of_the_trade_and_of_towns_weigh_little(
    name: str, other: str, least: float, most: float
) -> None:
    assert least <= likeness(name, other, ("Rockville",)) <= most
    assert likeness(name, other) == pytest.approx(likeness(other, name), abs=0.15)


def test_own_words_keep_their_order() -> None:
    assert own_words("The Blue Sky Mental Health Center, LLC") == ("blue", "sky")


def test_our_own_names_in_disguise_are_kept() -> None:
    rows = ours()
    alike = [
        likeness(disguised(row["name"], n), row["name"], (row["city"],))
        for n, row in enumerate(rows)
    ]
    assert (sum(one >= LIKELY for one in alike), len(rows)) == (229, 235)


def test_a_name_of_its_town_beats_its_own_in_branches_of_one_house_only() -> None:
    """In 13 listings another one of the town is as like, each time of the same organization."""
    rows, wrong = ours(), []
    for n, row in enumerate(rows):
        name = disguised(row["name"], n)
        town = [one for one in rows if (one["city"], one["state"]) == (row["city"], row["state"])]
        others = {one["name"] for one in town} - {row["name"]}
        like = [other for other in others if likeness(name, other, (row["city"],)) >= LIKELY]
        wrong += [(row["name"], like)] if like else []
    assert len(wrong) == 13
    for name, like in wrong:
        assert {own_words(other)[:1] for other in like} == {own_words(name)[:1]}


@pytest.mark.parametrize(("is_enough", "wrong"), [("like", 31), ("same", 6)])
def test_a_like_name_at_one_number_or_door_is_not_enough(is_enough: str, wrong: int) -> None:
    """Of 235 listings that were not there, so many would be taken for one that is."""
    rows, taken = ours(), 0

    def numbers(row: dict[str, str]) -> set[str]:
        found = (re.sub(r"\D", "", row[c])[:10] for c in ("phone", "main_phone"))
        return {one for one in found if one}

    doors = [door(row["address"], row["zip"]) if row["zip"] else "" for row in rows]
    for n, row in enumerate(rows):
        name = disguised(row["name"], n)
        beside = [
            other for other, there in zip(rows, doors, strict=True)
            if other["name"] != row["name"]
            and (numbers(other) & numbers(row) or (doors[n] and there == doors[n]))
        ]  # fmt: skip
        towns = (row["city"],)
        taken += any(
            same_name(name, other["name"]) if is_enough == "same"
            else likeness(name, other["name"], (*towns, other["city"])) >= LIKE
            for other in beside
        )  # fmt: skip
    assert taken == wrong
