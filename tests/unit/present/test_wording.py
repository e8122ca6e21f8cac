"""Values are said to people no more exactly than they are known, in whole and plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from clinics.domain.language import speaking
from clinics.domain.model import Clinic, Freshness, Grade, Place, PlaceKind, Point, Precision
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.present import wording
from clinics.search.dataset import Dataset, Version, clinic_from_cells
from clinics.search.query import COLUMN_OF, FILTERS, MAY_BE_UNSTATED, PARAMETERS, Query
from clinics.search.search import Hit, search
from tests.made_up import CENTER, dataset_of, made_up_clinic

TODAY = dt.date(2026, 11, 22)
ZIP = Place("ZIP 20912", Point(39, -77), PlaceKind.ZIP, "20912")


def hit(miles: float | None, precision: Precision = Precision.STREET) -> Hit:
    cells = made_up_clinic(location_precision=str(precision))
    return Hit(clinic_from_cells(cells), miles)


def clinic(days_ago: int | None) -> Clinic:
    day = "" if days_ago is None else (TODAY - dt.timedelta(days_ago)).isoformat()
    return clinic_from_cells(made_up_clinic(last_checked=day))


@pytest.mark.parametrize(
    ("miles", "street", "zip", "town"),
    [
        (None, "", "", ""),
        (0.0, "0.0 miles", "In or near Made-up Town, MD", "Somewhere in Made-up Town"),
        (0.96, "1.0 mile", "In or near Made-up Town, MD", "1 mile"),
        (1.04, "1.0 mile", "About 1 mile", "1 mile"),
        (1.3, "1.3 miles", "About 1.5 miles", "1 mile"),
        (2.4, "2.4 miles", "About 2.5 miles", "2 miles"),
        (6.21, "6.2 miles", "About 6 miles", "6 miles"),
        (9.9, "9.9 miles", "About 10 miles", "10 miles"),
        (24.96, "25.0 miles", "About 25 miles", "25 miles"),
    ],
)
def test_a_distance_is_said_as_exactly_as_the_position_is_known(
    miles: float | None, street: str, zip: str, town: str
) -> None:
    away = town[:1].isdigit()
    somewhere = f"Somewhere in Made-up Town (its center is about {town} away)" if away else town
    assert wording.distance(hit(miles)) == street
    assert wording.distance(hit(miles, Precision.ZIP)) == zip
    assert wording.distance(hit(miles, Precision.TOWN)) == somewhere


def test_rounding_never_puts_a_clinic_inside_a_radius_it_is_outside() -> None:
    assert wording.distance(hit(25.2, Precision.ZIP), beyond=25.0) == "Just over 25 miles"
    assert wording.distance(hit(5.1, Precision.ZIP), beyond=5.0) == "Just over 5 miles"
    assert wording.distance(hit(26.0, Precision.ZIP), beyond=25.0) == "About 26 miles"
    somewhere = "Somewhere in Made-up Town (its center is {} away)"
    beyond = wording.distance(hit(25.2, Precision.TOWN), beyond=25.0)
    assert beyond == somewhere.format("just over 25 miles")


def test_a_street_address_just_outside_a_radius_is_not_rounded_into_it() -> None:
    assert wording.distance(hit(25.02), beyond=25.0) == "Just over 25 miles"


def test_it_is_said_what_a_distance_is_measured_from() -> None:
    point = Place("39.0000, -77.0000", Point(39, -77), PlaceKind.COORDINATES, "39,-77")
    assert wording.measured_from(hit(3.0), ZIP) == "from the center of ZIP 20912"
    assert wording.measured_from(hit(3.0), CENTER) == "from the center of Made-up Town, MD"
    assert wording.measured_from(hit(3.0), point) == "from the point 39.0000, -77.0000"
    assert wording.measured_from(hit(0.2, Precision.ZIP), CENTER) == ""
    assert wording.measured_from(hit(3.0, Precision.TOWN), CENTER) == ""
    assert wording.measured_from(hit(None), None) == ""


def test_a_street_address_is_never_said() -> None:
    house = Place("9 Made-up Road", Point(39, -77), PlaceKind.ADDRESS, "20912")
    assert "Made-up Road" not in wording.measured_from(hit(3.0), house)


@pytest.mark.parametrize(
    ("days_ago", "freshness"),
    [
        (0, Freshness.FRESH),
        (90, Freshness.FRESH),
        (91, Freshness.AGING),
        (180, Freshness.AGING),
        (181, Freshness.OLD),
        (None, Freshness.NOT_DATED),
    ],
)
def test_the_age_of_our_check_is_graded(days_ago: int | None, freshness: Freshness) -> None:
    assert clinic(days_ago).freshness(TODAY) is freshness


FEDERAL = "SAMHSA, National Directory of Mental Health Treatment Facilities 2024"


@pytest.mark.parametrize(
    ("source", "date", "checked", "said"),
    [
        (FEDERAL, "2024-07-03", "", "From a federal list of July 2024 (a 2023 survey)"),
        ("SAMHSA, federal directory", "", "", "From a federal list, no date"),
        ("The clinic's own pages", "", "", "From the clinic's own page, no date"),
        ("The clinic's own pages", "2025-05-20", "", "From the clinic's own page of May 2025"),
        ("A public list of clinics, 2026", "2026-01", "", "From a public list of clinics, 2026"),
        ("TMS List, a public list", "2026", "", "From a public list of TMS clinics of 2026"),
        ("A page of a.example", "", "", "From a page of a.example, no date"),
        ("The Baltimore Banner", "2025-03", "", "From the Baltimore Banner of March 2025"),
        ("", "", "", "No date"),
        ("", "2024", "", "Source of 2024"),
        (
            *(FEDERAL, "2024-07-03", "2026-11-12"),
            "Confirmed by us on 12 Nov 2026. From a federal list of July 2024 (a 2023 survey)",
        ),
    ],
)
def test_it_is_said_who_says_so_of_when_and_who_confirmed_it(
    vocabulary: Vocabulary, source: str, date: str, checked: str, said: str
) -> None:
    cells = made_up_clinic(source=source, source_date=date, last_checked=checked)
    assert wording.dated(clinic_from_cells(cells), vocabulary) == said


ASK = "ask first"


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [
        ([], ""),
        ([None], f"This was not confirmed by us in the last 90 days: {ASK}."),
        ([90], "This was confirmed by us in the last 90 days."),
        ([91, None], f"None was confirmed by us in the last 90 days: {ASK}."),
        ([0, 90], "All of these were confirmed by us in the last 90 days."),
        (
            [0, 91],
            f"1 of these 2 was confirmed by us in the last 90 days. For the other: {ASK}.",
        ),
        (
            [0, 9, 91, None],
            f"2 of these 4 were confirmed by us in the last 90 days. For the others: {ASK}.",
        ),
    ],
)
def test_one_line_says_how_many_we_confirmed_lately(days_ago: list[int | None], said: str) -> None:
    assert wording.confirmed([Hit(clinic(days), 1.0) for days in days_ago], TODAY) == said


def test_what_was_never_published_is_not_said_to_be() -> None:
    rows = [made_up_clinic(1, source_date="2024-07-03"), made_up_clinic(2, source_date="2024")]
    published = dataset_of(rows)
    assert wording.edition(published) == "Listings as published on 1 Nov 2026"
    shipped = Dataset(published.table, published.vocabulary, Version("0", None, 2))
    assert wording.edition(shipped) == (
        "Listings as they came with the software; the newest source is of July 2024"
    )
    undated = dataset_of([made_up_clinic(1)]).table
    shipped = Dataset(undated, published.vocabulary, Version("0", None, 1))
    assert wording.edition(shipped) == "Listings as they came with the software"


def test_what_to_ask_first_begins_with_the_order() -> None:
    cells = made_up_clinic(status="moved", caveat="Ask first: two towns are named.")
    moved, caveat = wording.cautions(clinic_from_cells(cells))
    assert (moved[:11], caveat) == ("Call first:", cells["caveat"])
    assert wording.cautions(clinic_from_cells(made_up_clinic())) == ()


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (None, "at any distance"),
        (25.0, "within 25 miles"),
        (1.0, "within 1 mile"),
        (12.5, "within 12.5 miles"),
    ],
)
def test_a_radius_is_said(within: float | None, said: str) -> None:
    assert wording.radius(within) == said


def headline(vocabulary: Vocabulary, clinics: int, query: Query, place: Place | None) -> str:
    dataset = dataset_of(
        made_up_clinic(n, conditions="ptsd;depression", category=category)
        for n in range(clinics)
        for category in ("ketamine", "mental-health")
    )
    return wording.headline(search(dataset, query, place), vocabulary)


def test_the_headline_says_what_was_found_and_where(vocabulary: Vocabulary) -> None:
    both = ("ptsd", "depression")
    said = [
        headline(vocabulary, 3, Query(), None),
        headline(vocabulary, 1, Query(), ZIP),
        headline(vocabulary, 2, Query(within=None), ZIP),
        headline(vocabulary, 0, Query(within=5.0, condition=("ptsd",)), ZIP),
        headline(vocabulary, 2, Query(condition=both), None),
        headline(vocabulary, 2, Query(condition=both, match="all"), None),
        headline(vocabulary, 2, Query(category=("ketamine", "mental-health")), None),
        headline(vocabulary, 1, Query(category=("mental-health",)), None),
    ]
    one, many = vocabulary.categories[0].one, vocabulary.categories[0].many
    assert said == [
        f"3 {many}",
        f"1 {one} within 25 miles of ZIP 20912",
        f"2 {many} at any distance from ZIP 20912",
        f"No {one} within 5 miles of ZIP 20912 listed as treating PTSD",
        f"2 {many} listed as treating PTSD or depression",
        f"2 {many} listed as treating PTSD and depression",
        f"4 {many} and {vocabulary.categories[1].many}",
        f"1 {vocabulary.categories[1].one}",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"payment": ("military",)}, "listed as taking military insurance"),
        ({"payment": ("medicaid", "self-pay")}, "listed as taking Medicaid or self-pay"),
        ({"treatment": ("esketamine", "tms")},
         "listed as offering Spravato (esketamine) or TMS (magnetic stimulation)"),
        ({"language": ("es", "ase")}, "listed as speaking Spanish or American Sign Language"),
        ({"setting": "telehealth"}, "listed as seeing people by video or phone"),
        ({"q": "mood"}, "with “mood” in the name or town"),
        ({"phone": "yes"}, "with a telephone number"),
        ({"condition": ("ptsd",), "payment": ("military",), "phone": "yes", "q": "mood"},
         "listed as treating PTSD and taking military insurance, with a telephone number and with "
         "“mood” in the name or town"),
        ({"condition": ("ptsd", "ocd"), "match": "all", "language": ("es",),
          "setting": "in-person"},
         "listed as treating PTSD and OCD, speaking Spanish and seeing people in person"),
    ],
)  # fmt: skip
def test_the_headline_names_every_filter_in_use(
    vocabulary: Vocabulary, asked: dict[str, object], said: str
) -> None:
    query = Query(**asked)  # type: ignore[arg-type]
    one = vocabulary.categories[0].one
    assert headline(vocabulary, 0, query, None) == f"No {one} {said}"
    assert {name for name in FILTERS if name in asked} == set(query.filters)


def test_every_filter_has_its_words_in_the_table_of_parameters() -> None:
    for name in FILTERS:
        assert PARAMETERS[name].said
        assert PARAMETERS[name].lifted
    assert set(MAY_BE_UNSTATED) == set(COLUMN_OF) - {"category"}
    assert set(FILTERS) == {*MAY_BE_UNSTATED, "phone", "q"}


def test_every_filter_has_its_words_in_spanish_too() -> None:
    with speaking("es"):
        for name in FILTERS:
            parameter = PARAMETERS[name]
            for what, english in parameter.words.items():
                if english:
                    assert getattr(parameter, what) != english, (name, what)


@pytest.mark.parametrize(
    ("total", "said"), [(1, "trata TEPT y habla"), (3, "tratan TEPT y hablan")]
)
def test_in_spanish_a_filter_agrees_with_how_many_were_found(
    vocabulary: Vocabulary, total: int, said: str
) -> None:
    ptsd = replace(vocabulary.condition("ptsd"), label="TEPT")
    spanish = replace(vocabulary, conditions=(ptsd,))
    query = Query(condition=("ptsd",), language=("es",), q="mood")
    with speaking("es"):
        text = wording.filtered(query, spanish, number=total)
    assert text == f" que según la lista {said} spanish, con “mood” en el nombre o la ciudad"


@pytest.mark.parametrize(
    ("phones", "listed", "said"),
    [
        (3, 14, "3 of these 14 give a telephone number."),
        (1, 14, "1 of these 14 gives a telephone number."),
        (0, 14, "None of these 14 gives a telephone number."),
        (0, 1, "It gives no telephone number."),
        (1, 1, ""),
        (14, 14, ""),
        (0, 0, ""),
    ],
)
def test_it_is_said_how_many_give_a_telephone_number(phones: int, listed: int, said: str) -> None:
    numbers = ["(301) 555-0123"] * phones + [""] * (listed - phones)
    clinics = [made_up_clinic(n, phone=phone) for n, phone in enumerate(numbers)]
    assert wording.telephones(search(dataset_of(clinics), Query(), None, limit=2)) == said


def test_a_clinic_without_a_telephone_number_says_where_to_turn() -> None:
    page = {"website": "https://made-up.example"}
    said = [
        wording.no_telephone(clinic_from_cells(made_up_clinic(**cells)))
        for cells in ({"phone": "(301) 555-0123"}, page, {})
    ]
    assert said == [
        "",
        "No telephone number listed; see its website",
        "No telephone number and no website listed",
    ]


def test_a_single_clinic_is_listed_as_treating(vocabulary: Vocabulary) -> None:
    said = headline(vocabulary, 1, Query(condition=("ptsd",)), None)
    assert said.endswith(" listed as treating PTSD")


@pytest.mark.parametrize(
    ("label", "in_text"),
    [
        ("PTSD", "PTSD"),
        ("Chronic pain", "chronic pain"),
        ("OCD (obsessive-compulsive disorder)", "OCD (obsessive-compulsive disorder)"),
    ],
)
def test_a_label_inside_a_sentence_begins_small_unless_it_is_an_abbreviation(
    label: str, in_text: str
) -> None:
    assert wording.condition_in_text(label) == in_text


def test_words_are_joined_as_a_sentence_joins_them() -> None:
    assert joined(["a"], "or") == "a"
    assert joined(["a", "b"], "or") == "a or b"
    assert joined(["a", "b", "c"], "and") == "a, b and c"


def test_every_grade_and_precision_has_its_words() -> None:
    assert set(wording.GRADE_WORDS) == set(wording.GRADE_STEPS) == set(Grade)
    assert set(wording.APPROXIMATE) == set(Precision)
    assert all(len(steps) == 4 for steps in wording.GRADE_STEPS.values())


def test_the_crisis_line_names_988_and_911() -> None:
    assert "988" in wording.crisis()
    assert "911" in wording.crisis()


def test_a_hit_is_not_changed_by_wording_it() -> None:
    before = hit(3.0)
    wording.distance(before)
    assert before == replace(before)


@pytest.mark.parametrize(
    ("therapy", "said"),
    [
        ("ketamine", "ketamine therapy"),
        ("TMS", "TMS therapy"),
        ("light therapy", "light therapy"),
        ("electroconvulsive therapy", "electroconvulsive therapy"),
    ],
)
def test_a_therapy_is_called_one_once(therapy: str, said: str) -> None:
    assert wording.as_therapy(therapy) == said
