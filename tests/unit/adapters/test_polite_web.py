"""Asking as a guest does: robots.txt, pauses, one's own name, and no other host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinics.adapters.polite_web import PoliteWeb, allows, rules_for
from clinics.domain.ports import LinkRefused
from scripts.demo_sources import StandIn, stand_in
from tests.sources import polite

WILDCARD = "User-agent: *\nDisallow: /*?s=\nDisallow: /private/\nAllow: /private/contact$\n"


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([]) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/x?s=1", False), ("/x?t=1", True), ("/private/a", False),
        ("/private/contact", True), ("/private/contact/x", False), ("/contact", True),
    ],
)  # fmt: skip
def test_the_longest_line_that_fits_counts(path: str, allowed: bool) -> None:
    rules, _ = rules_for("clinicdirectory", WILDCARD)
    assert allows(rules, path) is allowed


def test_our_own_group_goes_before_that_of_all() -> None:
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: ClinicDirectory\n"
        "Allow: /a\nDisallow: /b\nCrawl-delay: 7"
    )
    rules, pause = rules_for("clinicdirectory", text)
    assert allows(rules, "/a")
    assert not allows(rules, "/b")
    assert allows(rules, "/c")
    assert pause == 7
    assert not allows(rules_for("else", text)[0], "/a")


def test_a_line_of_many_stars_takes_no_time() -> None:
    rules, _ = rules_for("x", "User-agent: *\nDisallow: /" + "*a" * 2000 + "$")
    assert allows(rules, "/" + "a" * 1900)


def test_what_is_forbidden_is_not_asked(stand: StandIn) -> None:
    stand.robots = "User-agent: *\nDisallow: /locator/"
    with pytest.raises(LinkRefused, match="does not want programs to read this"):
        polite(stand).get(f"{stand.address}/exportsAsJson/v2")
    assert stand.asked == ["/robots.txt"]


def test_without_a_robots_file_all_is_allowed_and_it_is_asked_once(stand: StandIn) -> None:
    stand.robots, stand.fault = "", "a list"
    web = polite(stand)
    web.get(f"{stand.address}/exportsAsJson/v2?a=1")
    web.get(f"{stand.address}/exportsAsJson/v2?a=2")
    assert [path.partition("?")[0] for path in stand.asked].count("/robots.txt") == 1
    assert stand.agents == {"made-up/1.0"}


class Clock:
    """A clock that goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_one_question_a_second_or_as_slowly_as_the_host_asks(stand: StandIn) -> None:
    stand.fault, clock = "a list", Clock()
    address = f"{stand.address}/exportsAsJson/v2"

    def guest() -> PoliteWeb:
        return polite(stand, pause=1.0, now=lambda: clock.now, sleep=clock.sleep)

    web = guest()
    web.get(address)
    web.get(address)
    assert clock.slept == [1.0, 1.0], "robots.txt, and two questions"
    clock.now += 0.25
    guest().get(address)
    assert clock.slept[2:] == [0.75, 1.0], "another round of the same process"
    stand.robots = "User-agent: *\nCrawl-delay: 4"
    clock.now += 60
    guest().get(address)
    assert clock.slept[4:] == [4.0]


def test_where_it_is_sent_on_to_is_asked_as_slowly(stand: StandIn) -> None:
    """Most sites send on once, from http to https or to www."""
    stand.fault, clock = "loop", Clock()
    clock.now += 1000
    web = polite(stand, pause=1.0, now=lambda: clock.now, sleep=clock.sleep)
    with pytest.raises(LinkRefused, match="sends on and on"):
        web.get(f"{stand.address}/exportsAsJson/v2")
    assert len(clock.slept) >= len(stand.asked) - 1
    assert set(clock.slept) == {1.0}


def test_a_robots_file_may_name_us_with_a_version() -> None:
    rules, _ = rules_for("clinicdirectory", "User-agent: ClinicDirectory/1.0\nDisallow: /")
    assert not allows(rules, "/")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("to this machine", "Port 22 of 127.0.0.1 is not one of the web."),
        ("to metadata", "127.0.0.1 sends on to 169.254.169.254, which is not its own."),
        ("to [::1]", "127.0.0.1 sends on to ::1, which is not its own."),
        ("to a file", "That is not the address of a file on the web."),
        ("loop", "sends on and on"),
        ("429", "does not want to be read by a program now (HTTP 429)"),
    ],
)
def test_it_is_sent_to_no_other_host(stand: StandIn, fault: str, sentence: str) -> None:
    stand.fault = fault
    with pytest.raises(LinkRefused) as refused:
        polite(stand).get(f"{stand.address}/exportsAsJson/v2")
    assert sentence in refused.value.what
