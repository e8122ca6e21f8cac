"""The Census Bureau's geocoder, played by a server on this machine with its own answers."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from clinics.adapters.address_service import Turns
from clinics.adapters.census import CensusGeocoder
from clinics.adapters.nominatim import NominatimGeocoder
from clinics.cli import main as command_line
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceNotUnderstood
from clinics.domain.sources import SourceRefused
from tests.unit.adapters.played import AGENT, Service, Time, fails

ANSWERS = Path(__file__).parent / "census"
ADDRESS = "4600 Silver Hill Rd, Washington, DC 20233"
HOUSE = GeocodedAddress(Point(38.84601622386617, -76.92748724230096), "Washington, DC", "20233")


def answer(name: str) -> Any:
    return json.loads((ANSWERS / f"{name}.json").read_text())


def match(**changes: Any) -> Any:
    """An answer with one match, changed in its components or its position."""
    found = answer("match")
    one = found["result"]["addressMatches"][0]
    for name, value in changes.items():
        (one["coordinates"] if name in "xy" else one["addressComponents"])[name] = value
    return found


@pytest.fixture
def service(played_service: Service) -> Service:
    played_service.says(answer("match"))
    return played_service


@pytest.fixture
def geocoder(service: Service) -> CensusGeocoder:
    still = Time()
    turns = Turns(still.clock, still.sleep)
    return CensusGeocoder(f"{service.url}/geocoder", AGENT, turns=turns)


def test_the_probe_says_what_is_missing_of_what_is_read(
    service: Service, geocoder: CensusGeocoder
) -> None:
    assert geocoder.probe() == "1 match. Missing: nothing."
    other = match()
    del other["result"]["addressMatches"][0]["coordinates"]["x"]
    service.says(other)
    assert geocoder.probe() == "1 match. Missing: coordinates.x."


@pytest.mark.parametrize("bad", [[], {}, {"result": []}, {"result": {"addressMatches": 1}}])
def test_the_probe_says_an_answer_that_is_none(
    service: Service, geocoder: CensusGeocoder, bad: Any
) -> None:
    service.says(bad)
    with pytest.raises(SourceRefused, match="The US Census geocoder gave no answer that is one"):
        geocoder.probe()


def test_an_address_is_found_with_its_town_and_zip_but_not_its_street(
    service: Service, geocoder: CensusGeocoder
) -> None:
    assert geocoder.locate(ADDRESS) == HOUSE
    asked = urlsplit(service.requests[0])
    assert asked.path == "/geocoder/locations/onelineaddress"
    assert parse_qs(asked.query) == {
        "address": [ADDRESS.lower()],
        "benchmark": ["Public_AR_Current"],
        "format": ["json"],
    }
    assert service.agents == [AGENT]


def test_no_match_is_not_found_and_is_remembered(
    service: Service, geocoder: CensusGeocoder
) -> None:
    service.says(answer("none"))
    assert geocoder.locate("18 Made Up Street, Rockville, MD 20850") is None
    assert geocoder.locate("18 made up street, Rockville, MD 20850") is None
    assert len(service.requests) == 1


def test_two_places_for_one_address_are_none(service: Service, geocoder: CensusGeocoder) -> None:
    service.says(answer("two"))
    assert geocoder.locate("1 Broadway, New York, NY") is None


def test_both_sides_of_one_street_are_one_place(service: Service, geocoder: CensusGeocoder) -> None:
    both = match()
    both["result"]["addressMatches"] += match(y=38.8461)["result"]["addressMatches"]
    service.says(both)
    assert geocoder.locate(ADDRESS) == HOUSE


@pytest.mark.parametrize(
    ("asked", "ends", "exact"),
    [
        (ADDRESS, ("4600", "4700"), True),
        (ADDRESS, ("4798", "4600"), True),
        (ADDRESS, ("4602", "4700"), False),
        (ADDRESS, ("A1", "A9"), True),
        (ADDRESS, ("", ""), True),
        ("4600 Silver Hill Rd, Suitland 20746", ("4600", "4700"), False),
        ("4600 Silver Hill Rd, Suitland 20233", ("4600", "4700"), True),
        ("4600 Silver Hill Rd, WASHINGTON 20746", ("4600", "4700"), True),
        ("46 Silver Hill Rd, Washington, DC", ("4600", "4700"), False),
        ("Silver Hill Rd, Washington, DC", ("4600", "4700"), False),
    ],
)
def test_a_house_that_was_not_asked_for_or_is_beyond_its_street_is_not_exact(
    service: Service, geocoder: CensusGeocoder, asked: str, ends: tuple[str, str], exact: bool
) -> None:
    service.says(match(fromAddress=ends[0], toAddress=ends[1]))
    found = geocoder.locate(asked)
    assert found
    assert found.exact is exact


@pytest.mark.parametrize(
    "sentence",
    [
        "Address cannot be empty and cannot exceed 100 characters",
        "Specify House number and Street name along with City and State and/or ZIP Code",
    ],
)
def test_what_the_service_calls_no_address_is_not_found(
    service: Service, geocoder: CensusGeocoder, sentence: str
) -> None:
    service.says({"errors": [sentence], "status": "400"}, 400)
    assert geocoder.locate("7 Somewhere") is None


def test_the_recorded_refusals_are_told_apart(service: Service, geocoder: CensusGeocoder) -> None:
    service.says(answer("400_empty"), 400)
    assert geocoder.locate("7 Somewhere") is None
    service.says(answer("400_benchmark"), 400)
    fails(lambda: geocoder.locate(ADDRESS))


@pytest.mark.parametrize("status", [400, 403, 429, 500, 502, 503])
def test_a_service_that_fails_is_unavailable_and_asked_again(
    service: Service, geocoder: CensusGeocoder, status: int
) -> None:
    service.status = status
    fails(lambda: geocoder.locate(ADDRESS))
    service.status = 200
    assert geocoder.locate(ADDRESS) == HOUSE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Busy</html>",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"7",
        b"[]",
        b"{}",
        b'{"result": {}}',
        b'{"result": {"addressMatches": null}}',
        b'{"result": {"addressMatches": [7]}}',
        json.dumps(match(x="west")).encode(),
        json.dumps(match(y=91)).encode(),
        json.dumps(match(x=float("nan"))).encode(),
        json.dumps(match()).encode() + b" " * 1_000_001,
    ],
    ids=lambda body: hashlib.sha256(body).hexdigest()[:8],
)
def test_a_service_that_talks_nonsense_is_unavailable(
    service: Service, geocoder: CensusGeocoder, body: bytes
) -> None:
    service.body = body
    fails(lambda: geocoder.locate(ADDRESS))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    service: Service, geocoder: CensusGeocoder, status: int
) -> None:
    service.status = status
    service.headers = {"Location": f"{service.url}/elsewhere"}
    fails(lambda: geocoder.locate(ADDRESS))
    assert len(service.requests) == 1


@pytest.mark.parametrize("drip", [False, True])
def test_a_slow_service_is_given_up_after_the_limit(service: Service, drip: bool) -> None:
    service.delay, service.drip = (0.0, True) if drip else (20.0, False)
    geocoder = CensusGeocoder(service.url, AGENT, timeout_seconds=0.3, turns=Turns())
    fails(lambda: geocoder.locate(ADDRESS))


def test_it_is_asked_once_a_second_in_turns_of_its_own(service: Service) -> None:
    still = Time()
    turns = Turns(still.clock, still.sleep)
    geocoder = CensusGeocoder(service.url, AGENT, turns=turns)
    geocoder.locate("1 First St")
    still.now += 0.25
    geocoder.locate("2 Second St")
    assert still.sleeps == [0.75]
    one, two = CensusGeocoder(service.url, AGENT), CensusGeocoder(service.url, AGENT)
    assert one._turns is two._turns
    assert one._turns is not NominatimGeocoder(service.url, AGENT)._turns


@pytest.mark.parametrize("address", ["", "   ", "7" * 101])
def test_what_the_service_would_not_take_is_not_sent(
    service: Service, geocoder: CensusGeocoder, address: str
) -> None:
    with pytest.raises(PlaceNotUnderstood):
        geocoder.locate(address)
    assert service.requests == []


@pytest.mark.parametrize("status", [200, 302, 400, 500])
def test_nothing_that_is_logged_or_printed_holds_the_address(
    service: Service,
    geocoder: CensusGeocoder,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    service.status = status
    try:
        geocoder.locate(ADDRESS)
    except GeocodingUnavailable:
        logging.getLogger("anybody").exception("Trouble.")
    printed = capfd.readouterr()
    assert "silver hill" not in (caplog.text + printed.out + printed.err).casefold()


def test_the_command_that_fills_in_positions_asks_the_census_and_nobody_else(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_LISTINGS_GEOCODER_URL", f"census+{service.url}/geocoder")
    monkeypatch.setenv("CLINICS_GEOCODER_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CLINICS_DATABASE_URL", "none")
    file, out = tmp_path / "clinics.csv", tmp_path / "out.csv"
    row = "Made up,4600 Silver Hill Rd Suite 3,Washington,DC,20233"
    file.write_text(f"name,address,city,state,zip\n{row}\n")
    assert command_line.main(["geocode", str(file), "-o", str(out)]) == 0
    assert out.read_text().splitlines()[1] == f"{row},38.846016,-76.927487,street"
    assert len(service.requests) == 1
    assert "Suite" not in service.requests[0]


@pytest.mark.parametrize(
    ("url", "agent", "says"),
    [
        ("ftp://made-up.example", AGENT, "needs a web address"),
        ("https://made-up.example", " ", "needs a user agent"),
    ],
)
def test_an_endpoint_or_agent_that_cannot_be_used_is_refused(
    url: str, agent: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        CensusGeocoder(url, agent)
