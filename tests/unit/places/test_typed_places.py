"""What people type for where they are, by all that is bundled: a table, and what always holds."""

from __future__ import annotations

import csv
import random
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.adapters.memory import DictGeocoder
from clinics.domain.model import PlaceKind, Point
from clinics.domain.ports import GeocodedAddress, PlaceError, PlaceNotFound, PlaceNotUnderstood
from clinics.places.distance import sphere_miles
from clinics.places.find import PlaceAnswer, find_place
from clinics.places.named import NameKind, load_places
from clinics.places.spelling import Spellings, most_slips, slips
from clinics.places.zips import fold, zip_table
from tests.folders import DATA
from tests.typed_places import MISSPELLED, TYPED, bundled, offered


def asked(text: str) -> PlaceAnswer:
    return find_place(text, bundled(), None)


def test_the_table_is_as_long_as_it_should_be() -> None:
    named = [place for place in load_places(DATA) if place.kind is not NameKind.ZIP]
    assert len(TYPED) >= 400
    assert sum(map(len, MISSPELLED.values())) >= 100
    assert len(named) >= 150
    assert all(place.source.startswith("https://") for place in load_places(DATA))


@pytest.mark.parametrize(("text", "label"), TYPED.items())
def test_what_is_typed_is_understood(text: str, label: str) -> None:
    found = asked(text).place
    assert found is not None
    assert found.param == label


@pytest.mark.parametrize(
    ("text", "label"), [(text, label) for label, texts in MISSPELLED.items() for text in texts]
)
def test_a_misspelled_town_is_taken_or_offered_first(text: str, label: str) -> None:
    assert offered(text)[:1] == (label,)


def test_a_town_elsewhere_is_not_taken_while_one_of_ours_is_spelled_nearly_so() -> None:
    """Each town of the country whose name is a slip or two from one of ours."""
    gazetteer, table = bundled(), zip_table()
    own = {town.label: fold(town.name) for town in gazetteer._own}
    everywhere = Spellings(table.cities)
    near = {
        key
        for name in own.values()
        for count, key in everywhere.near(name, 2)
        if count <= most_slips(key)
    }
    assert len(near) > 150
    for key in near:
        name = next(iter(table.cities[key].values()))[0]
        try:
            answer = asked(name)
        except PlaceError:
            continue
        assert answer.place is None or gazetteer.is_inside(answer.place), name


def test_one_that_sounds_like_ours_is_offered_with_how_far_the_other_is() -> None:
    answer = asked("Tacoma")
    assert answer.place is None
    choices = [choice.param for choice in answer.choices]
    assert choices == ["Takoma Park, MD", "Takoma, Washington, DC", "Tacoma, WA"]
    assert answer.note == (
        "Tacoma, Washington is about 2,300 miles from Takoma Park. Did you mean Takoma Park, MD?"
    )


def test_a_state_that_was_written_is_kept_and_it_is_said_how_far_it_is() -> None:
    assert asked("Canton, OH").note == (
        "Canton, OH is about 140 miles from Oakland, MD, the nearest town of this directory."
    )
    assert "2,200 miles" in asked("98402").note
    assert asked("Bethesda, MD").note == asked("20912").note == ""


def test_an_s_too_many_is_said_in_a_line() -> None:
    answer = asked("Silver Springs")
    assert answer.note == "We read “Silver Springs” as Silver Spring, MD."
    assert answer.alternatives[0].param == "Silver Springs, FL"
    assert asked("Silver Springs MD").note == answer.note


def test_ours_has_one_quiet_line_for_the_others() -> None:
    assert asked("Rockville").question == "Not this Rockville?"
    assert asked("Canton").question == "Not this Canton?"
    assert asked("Takoma Park").question == ""


def test_a_county_is_said_to_be_wide_and_offers_its_towns() -> None:
    answer = asked("Howard Co")
    assert answer.place is not None
    assert answer.place.kind is PlaceKind.COUNTY
    assert answer.place.measured_from == "the middle of Howard County, MD"
    assert answer.note == "Howard County, MD is wide, and distances are from its middle."
    assert answer.question == "A town in Howard County:"
    assert [town.param for town in answer.alternatives][:2] == ["Ellicott City, MD", "Columbia, MD"]


def test_a_name_without_a_point_of_its_own_says_what_is_measured_from() -> None:
    by_zip, by_town = asked("Canton").place, asked("Walter Reed").place
    assert by_zip is not None
    assert by_town is not None
    assert by_zip.measured_from == "the center of ZIP 21224, for Canton, Baltimore, MD"
    assert by_town.measured_from == (
        "the center of Bethesda, MD, for Walter Reed National Military Medical Center, Bethesda, MD"
    )


@pytest.mark.parametrize(
    "text", ["near me", "Here", "cerca de mí", "my location", "附近", "home", "cerca de mi casa"]
)
def test_here_has_a_button(text: str) -> None:
    with pytest.raises(PlaceNotUnderstood) as caught:
        asked(text)
    assert caught.value.what == (
        "There is a button for that beside the box on the search page: Use my location."
    )


@pytest.mark.parametrize("text", ["東京", "Такома Парк", "ሲልቨር ስፕሪንግ", "실버스프링"])
def test_a_name_in_another_script_is_told_what_is_understood(text: str) -> None:
    with pytest.raises(PlaceNotUnderstood) as caught:
        asked(text)
    assert caught.value.what == (
        "Names are understood in Latin letters, such as Baltimore, MD or Silver Spring, MD. "
        "ZIP codes are understood in any digits."
    )


def test_a_state_that_is_also_one_of_our_towns_names_the_town() -> None:
    with pytest.raises(PlaceNotUnderstood) as caught:
        asked("California")
    assert caught.value.suggestions == ("California, MD",)


@pytest.mark.parametrize("text", ["Montgomery College", "VA Hospital", "va medical center"])
def test_several_of_one_name_and_rank_are_asked_about(text: str) -> None:
    answer = asked(text)
    assert answer.place is None
    nearer = [place for place in answer.choices if bundled().is_inside(place)]
    assert list(answer.choices[:3]) == nearer


@pytest.mark.parametrize("text", ["11400 Rockville Pike", "10110 Rockville Pike"])
def test_a_house_on_a_road_that_names_a_neighborhood_is_an_address(text: str) -> None:
    """10110 is a ZIP code too, of New York."""
    house = Point(39.04, -77.11)
    geocoder = DictGeocoder({text: GeocodedAddress(house, zip="20852")})
    found = find_place(text, bundled(), geocoder).place
    assert found is not None
    assert (found.kind, found.point, found.param) == (PlaceKind.ADDRESS, house, "20852")


SHORE = "Shore Medical Center at Cambridge"
BY_THE_BAY = Point(38.57, -76.07)


@pytest.mark.parametrize(
    "text", [SHORE, "Someone's Memorial Hospital", "Somebody University", "Nowhere Hosp, Cambridge"]
)
def test_a_hospital_that_no_file_has_is_asked_of_the_address_service(text: str) -> None:
    geocoder = DictGeocoder({text: GeocodedAddress(BY_THE_BAY, "Cambridge, Maryland", "21613")})
    answer = find_place(text, bundled(), geocoder)
    assert answer.place is not None
    assert (answer.place.point, answer.place.param) == (BY_THE_BAY, "21613")
    assert text not in str(answer)


@pytest.mark.parametrize(
    "geocoder",
    [
        None,
        DictGeocoder(),
        DictGeocoder(fail=True),
        DictGeocoder({SHORE: GeocodedAddress(Point(34.05, -118.24), zip="90012")}),
    ],
    ids=["no service", "not found", "down", "in California"],
)
def test_a_hospital_that_is_not_found_here_is_a_name_we_do_not_know(
    geocoder: DictGeocoder | None,
) -> None:
    with pytest.raises(PlaceNotFound, match="We know no place called") as caught:
        find_place(SHORE, bundled(), geocoder)
    assert caught.value.__context__ is None


def test_a_hospital_elsewhere_is_taken_with_its_state_and_it_is_said_how_far_it_is() -> None:
    text = "Good Samaritan Hospital, California"
    geocoder = DictGeocoder({text: GeocodedAddress(Point(34.05, -118.24), zip="90012")})
    answer = find_place(text, bundled(), geocoder)
    assert answer.place is not None
    assert answer.note.startswith("An address in ZIP 90012 is about 2,200 miles from Oakland, MD")


@pytest.mark.parametrize(
    "text",
    ["hospital", "johns hopkins hospital", "Holy Cros Hospital", "my therapist", "Collegeville"],
)
def test_what_is_known_nearly_known_or_no_such_name_is_asked_of_nobody(text: str) -> None:
    geocoder = DictGeocoder(fail=True)
    with suppress(PlaceError):
        find_place(text, bundled(), geocoder)
    assert geocoder.calls == 0


def test_every_zip_of_the_area_is_within_three_miles_of_the_middle_the_census_gives() -> None:
    with (DATA.parent / "zip_centers.csv").open(encoding="utf-8", newline="") as file:
        centers = {row["zip"]: Point(float(row["latitude"]), float(row["longitude"]))
                   for row in csv.DictReader(file)}  # fmt: skip
    assert len(centers) > 600
    far = {}
    for code, center in centers.items():
        place = bundled().zip(code)
        assert place is not None
        miles = sphere_miles(place.point, center)
        if miles > 3:
            far[code] = miles
    assert far == {}


def test_a_zip_of_boxes_or_of_one_site_is_with_its_town_unless_a_source_says_where() -> None:
    explained = {place.zip for place in load_places(DATA)}
    checked = 0
    for code, row in zip_table().rows.items():
        if row.state in ("MD", "DC") and not row.delivers and code not in explained:
            place, towns = bundled().zip(code), bundled().towns_named(row.city, row.state)
            assert place is not None
            assert sphere_miles(place.point, towns[0].point) <= 5, code
            checked += 1
    assert checked > 300
    walter_reed = bundled().zip("20889")
    assert walter_reed is not None
    assert walter_reed.measured_from == "the center of Bethesda, MD, for ZIP 20889"


def test_every_suggestion_while_typing_is_itself_understood() -> None:
    labels = bundled().offered()
    assert len(labels) > 1000
    for label in labels:
        place = asked(label).place
        assert place is not None, label
        assert place.param in (label, label[:5]), label


def test_19_of_20_answers_take_under_5_milliseconds_without_a_service() -> None:
    offered("Takoma Prak")  # what is made once, at the first slip
    took = []
    for text in (*TYPED, *(text for texts in MISSPELLED.values() for text in texts)):
        start = time.process_time()
        offered(text)
        took.append(time.process_time() - start)
    assert sorted(took)[len(took) * 95 // 100] < 0.005


def test_what_is_suggested_has_ours_first_and_no_postal_shorthand() -> None:
    offered = bundled().offered()
    assert list(offered)[:2] == ["Baltimore, MD", "Silver Spring, MD"]
    assert {"Takoma Park, MD", "Takoma, Washington, DC", "Upper Marlboro, MD"} <= set(offered)
    assert {"20910 Silver Spring", "20912 Takoma Park", "Howard County, MD"} <= set(offered)
    assert "Bmore" in offered["Baltimore, MD"]
    words = {word for label in offered for word in label.replace(",", "").split()}
    assert words.isdisjoint({"Upr", "Uppr", "Hvre", "Hts", "Spgs", "Bch", "Pk", "Vlg", "Ft"})


LABELS = [label for label in bundled().offered() if not label[0].isdigit()]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LABELS), st.randoms(use_true_random=False), st.booleans())
def test_whatever_is_offered_is_itself_understood(
    label: str, chance: random.Random, with_state: bool
) -> None:
    text = label if with_state else label.partition(",")[0]
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(text))
        before, here, after = text[:at], text[at], text[at + 1 :]
        swapped = before[:-1] + here + before[-1:] + after
        text = chance.choice([before + after, before + "e" + here + after, swapped]) or "x"
    for offer in offered(text):
        place = asked(offer).place
        assert place is not None
        assert place.param == offer


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("abc", "abc", 0), ("abcd", "abdc", 1), ("abc", "ab", 1), ("abc", "xyz", 3), ("", "ab", 2)],
)
def test_slips_are_letters_wrong_missing_added_or_swapped(one: str, other: str, count: int) -> None:
    assert slips(one, other, 3) == slips(other, one, 3) == count
    assert slips(one, other, 0) == min(count, 1)


def test_the_quick_comparison_leaves_nothing_out() -> None:
    names = [fold(label.partition(",")[0]) for label in LABELS[:400]]
    spellings = Spellings(dict.fromkeys(names))
    for key in names[::20]:
        slow = {name for name in names if slips(key, name, 2) <= 2}
        assert {name for _, name in spellings.near(key, 2)} == slow


def test_nothing_is_found_when_it_cannot_be() -> None:
    with pytest.raises(PlaceNotFound) as caught:
        asked("Xyzzyville")
    assert caught.value.suggestions == ()
