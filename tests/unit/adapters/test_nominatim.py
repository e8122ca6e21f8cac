"""The address service, played by a server on this machine: good, slow, refusing and lying."""

from __future__ import annotations

import json
import logging
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from clinics.adapters.address_service import CACHE_ENTRIES, Turns
from clinics.adapters.nominatim import NominatimGeocoder
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceNotUnderstood
from tests.unit.adapters.played import AGENT, Service, Time, fails

ADDRESS = "7500 Undisclosed Ave, Takoma Park"
HOUSE = {
    "lat": "38.9776",
    "lon": "-77.0078",
    "display_name": "7500, Undisclosed Ave, Takoma Park, Maryland, 20912, United States",
    "address": {
        "house_number": "7500",
        "road": "Undisclosed Ave",
        "city": "Takoma Park",
        "state": "Maryland",
        "postcode": "20912-4321",
    },
}


@pytest.fixture
def service(played_service: Service) -> Service:
    """A service that knows the house."""
    played_service.says([HOUSE])
    return played_service


@pytest.fixture
def geocoder(service: Service) -> NominatimGeocoder:
    still = Time()
    return NominatimGeocoder(service.url, AGENT, turns=Turns(still.clock, still.sleep))


def test_an_address_is_found_with_its_town_and_zip_but_not_its_street(
    service: Service, geocoder: NominatimGeocoder
) -> None:
    assert geocoder.locate(ADDRESS) == GeocodedAddress(
        Point(38.9776, -77.0078), "Takoma Park, Maryland", "20912"
    )
    asked = parse_qs(urlsplit(service.requests[0]).query)
    assert asked["q"] == [ADDRESS.lower()]
    assert asked["countrycodes"] == ["us"]
    assert asked["limit"] == ["1"]
    assert service.agents == [AGENT]


def test_no_address_is_none_and_not_an_outage(
    service: Service, geocoder: NominatimGeocoder
) -> None:
    service.says([])
    assert geocoder.locate(ADDRESS) is None


def test_a_point_in_peru_is_passed_on_for_the_core_to_judge(
    service: Service, geocoder: NominatimGeocoder
) -> None:
    service.says([{"lat": "-12.05", "lon": "-77.04", "display_name": "Lima"}])
    assert geocoder.locate(ADDRESS) == GeocodedAddress(Point(-12.05, -77.04), exact=False)


def test_a_street_without_the_house_is_not_exact(
    service: Service, geocoder: NominatimGeocoder
) -> None:
    address = {name: text for name, text in HOUSE["address"].items() if name != "house_number"}
    service.says([{**HOUSE, "address": address}])
    assert geocoder.locate(ADDRESS) == GeocodedAddress(
        Point(38.9776, -77.0078), "Takoma Park, Maryland", "20912", exact=False
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 407, 429, 500, 502, 503, 504, 418])
def test_a_refusing_service_is_unavailable(
    service: Service, geocoder: NominatimGeocoder, status: int
) -> None:
    service.says({"error": ADDRESS}, status)
    fails(lambda: geocoder.locate(ADDRESS))


@pytest.mark.filterwarnings("ignore:Latitude normalization")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Busy</html>",
        b"\xff\xfe\x00",
        b"null!",
        b"[" * 100_000,
        b'"text"',
        b"7",
        b"[7]",
        b"[[]]",
        b'{"error": "Busy"}',
        b'[{"display_name": "A", "lat": "38.9"}]',
        b'[{"display_name": "A", "lat": "north", "lon": "west"}]',
        b'[{"display_name": "A", "lat": NaN, "lon": -77}]',
        b'[{"display_name": "A", "lat": "inf", "lon": "-77"}]',
        b'[{"display_name": "A", "lat": "91", "lon": "-77"}]',
        b'[{"display_name": "A", "lat": "38.9", "lon": "-77", "address": "a string"}]',
        b'[{"display_name": "A", "lat": "38.9", "lon": "-77"}' + b" " * 1_000_001 + b"]",
    ],
    ids=lambda body: repr(body[:60]),
)
def test_a_service_that_talks_nonsense_is_unavailable(
    service: Service, geocoder: NominatimGeocoder, body: bytes
) -> None:
    service.body = body
    fails(lambda: geocoder.locate(ADDRESS))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    service: Service, geocoder: NominatimGeocoder, status: int
) -> None:
    service.status = status
    service.headers = {"Location": f"{service.url}/elsewhere"}
    fails(lambda: geocoder.locate(ADDRESS))
    assert len(service.requests) == 1


def test_a_service_that_is_not_there_is_unavailable() -> None:
    fails(lambda: NominatimGeocoder("http://127.0.0.1:1", AGENT, turns=Turns()).locate(ADDRESS))


@pytest.mark.parametrize("drip", [False, True])
def test_a_slow_service_is_given_up_after_the_limit_even_if_it_keeps_talking(
    service: Service, drip: bool
) -> None:
    service.delay, service.drip = (0.0, True) if drip else (20.0, False)
    geocoder = NominatimGeocoder(service.url, AGENT, timeout_seconds=0.3, turns=Turns())
    began = time.monotonic()
    fails(lambda: geocoder.locate(ADDRESS))
    assert 0.2 < time.monotonic() - began < 1.5


def test_requests_that_hang_do_not_pile_up(service: Service) -> None:
    service.drip = True
    still = Time()
    geocoder = NominatimGeocoder(service.url, AGENT, 0.1, Turns(still.clock, still.sleep))
    for number in range(8):
        fails(lambda: geocoder.locate(f"{number} Undisclosed Ave"))  # noqa: B023 - called at once
    assert len(service.requests) == 4


def test_the_whole_process_asks_at_most_once_a_second(service: Service) -> None:
    still = Time()
    turns = Turns(still.clock, still.sleep)
    one = NominatimGeocoder(service.url, AGENT, turns=turns)
    two = NominatimGeocoder(service.url, AGENT, turns=turns)
    one.locate("1 First St")
    still.now += 0.25
    two.locate("2 Second St")
    still.now += 5
    one.locate("3 Third St")
    assert still.sleeps == [0.75]


def test_geocoders_share_one_turn_unless_told_otherwise(service: Service) -> None:
    one, two = NominatimGeocoder(service.url, AGENT), NominatimGeocoder(service.url, AGENT)
    assert one._turns is two._turns


def test_whoever_would_wait_too_long_for_a_turn_is_told_at_once(service: Service) -> None:
    turns = Turns(longest_wait_seconds=0.05)
    geocoder = NominatimGeocoder(service.url, AGENT, turns=turns)
    with turns.turn():
        fails(lambda: geocoder.locate(ADDRESS))
    assert service.requests == []
    assert geocoder.locate(ADDRESS) is not None


def test_the_same_address_asked_by_several_at_once_is_requested_once(service: Service) -> None:
    service.delay = 0.1
    geocoder = NominatimGeocoder(service.url, AGENT, turns=Turns())
    found: list[GeocodedAddress | None] = []
    askers = [
        threading.Thread(target=lambda: found.append(geocoder.locate(ADDRESS))) for _ in range(5)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(found) == 5
    assert len(set(found)) == 1
    assert len(service.requests) == 1


@pytest.mark.parametrize("answer", [[HOUSE], []])
def test_answers_are_remembered_also_not_found(
    service: Service, geocoder: NominatimGeocoder, answer: list[object]
) -> None:
    service.says(answer)
    first = geocoder.locate(ADDRESS)
    assert geocoder.locate("  7500 UNDISCLOSED ave,  takoma park ") == first
    assert len(service.requests) == 1


def test_outages_are_not_remembered(service: Service, geocoder: NominatimGeocoder) -> None:
    service.status = 503
    fails(lambda: geocoder.locate(ADDRESS))
    service.status = 200
    assert geocoder.locate(ADDRESS) is not None


def test_the_memory_is_bounded_and_holds_no_address(geocoder: NominatimGeocoder) -> None:
    cache = geocoder._cache
    for number in range(CACHE_ENTRIES + 10):
        cache.put(f"{number} undisclosed ave", None)
    assert len(cache._answers) == CACHE_ENTRIES
    assert cache.get("9 undisclosed ave") == (False, None)
    assert cache.get("10 undisclosed ave") == (True, None)
    assert geocoder.locate(ADDRESS) is not None
    assert "undisclosed" not in repr(cache._answers).casefold()


@pytest.mark.parametrize("status", [200, 403, 429, 500, 302])
def test_nothing_that_is_logged_or_printed_holds_the_address(
    service: Service,
    geocoder: NominatimGeocoder,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("geopy", "urllib3", "requests", "http.client", "urllib"):
        caplog.set_level(logging.DEBUG, logger=name)
    service.status = status
    service.body = json.dumps([HOUSE]).encode()
    for _ in range(2):
        try:
            geocoder.locate(ADDRESS)
        except GeocodingUnavailable:
            logging.getLogger("anybody").exception("Trouble.")
    printed = capfd.readouterr()
    everything = (caplog.text + printed.out + printed.err).casefold()
    assert "undisclosed" not in everything
    assert "7500" not in everything


@pytest.mark.parametrize("address", ["", "   ", "7" * 201])
def test_an_address_of_absurd_length_is_not_sent(
    service: Service, geocoder: NominatimGeocoder, address: str
) -> None:
    with pytest.raises(PlaceNotUnderstood):
        geocoder.locate(address)
    assert service.requests == []


def test_an_endpoint_may_have_a_path(service: Service) -> None:
    NominatimGeocoder(f"{service.url}/nominatim/", AGENT, turns=Turns()).locate(ADDRESS)
    assert service.requests[0].startswith("/nominatim/search?")


@pytest.mark.parametrize("url", ["", "nominatim.example.org", "ftp://example.org", "https://"])
def test_an_endpoint_that_is_no_web_address_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="needs a web address that begins with https://"):
        NominatimGeocoder(url, AGENT)


@pytest.mark.parametrize("agent", ["", " ", "my-application"])
def test_a_user_agent_that_names_nobody_is_refused_at_the_start(agent: str) -> None:
    with pytest.raises(ValueError, match="needs a user agent that names this site"):
        NominatimGeocoder("https://nominatim.openstreetmap.org", agent)
