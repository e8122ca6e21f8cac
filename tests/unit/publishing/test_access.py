"""The door: closed by default, patient with mistakes, slow with guesses, never shut for good."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import replace

import pytest

from clinics.publishing import slowdown
from clinics.publishing.access import (
    MAX_NAME,
    MAX_PASSES,
    Door,
    Keeper,
    Refused,
    SlowDown,
    command_line_keeper,
    may_check,
    one_time_token,
)
from clinics.settings import Settings

TOKEN = "a made-up token"
SHA256 = hashlib.sha256(TOKEN.encode()).hexdigest()
HOURS = 3600.0
HERE = "198.51.100.7"
ANA = "ana@made-up.example"
MORNING = 1_800_000_000.0
CLAIMS = {
    "is_logged_in": True,
    "iss": "https://id.made-up.example",
    "sub": "1",
    "nonce": "first",
    "email": "Ana@Made-Up.example",
    "email_verified": True,
    "iat": int(MORNING),
}


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def of_day(self) -> float:
        return MORNING + self.time - 1000.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(SHA256, (ANA,), clock, clock=clock.of_day)


def refusal(door: Door, token: str = TOKEN, name: str = "Ana", source: str = HERE) -> str:
    with pytest.raises(Refused) as caught:
        door.enter_with_token(token, name, source)
    return str(caught.value)


def wait(door: Door, source: str = HERE, token: str = TOKEN) -> int:
    """Try with the right token too early, and return the seconds that are asked for."""
    with pytest.raises(SlowDown) as caught:
        door.enter_with_token(token, "Ana", source)
    assert f" {caught.value.seconds} second" in str(caught.value)
    return caught.value.seconds


def fail(door: Door, times: int, source: str = HERE) -> None:
    for _ in range(times):
        refusal(door, "wrong", source=source)


# The token


def test_the_right_token_lets_in_under_the_name_that_is_given(door: Door) -> None:
    keeper = door.enter_with_token(f" {TOKEN}\n", "  Ana Lima ", HERE)
    assert (keeper.name, keeper.how) == ("Ana Lima", "token")
    assert door.is_valid(keeper)


@pytest.mark.parametrize(
    "token", ["a made-up toke", "A made-up token", SHA256, "x" * 501, "\ud800"]
)
def test_another_token_does_not(door: Door, token: str) -> None:
    assert refusal(door, token) == (
        "This is not the publishing token of this site. It needs every letter and digit as they "
        "were given."
    )


def test_no_token_at_all_is_a_slip_and_not_a_guess(door: Door) -> None:
    for _ in range(20):
        assert refusal(door, " ") == "The publishing token is needed; its box is empty."
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_where_no_token_is_set_none_is_right(clock: Clock) -> None:
    closed = Door("", (), clock)
    for token in ("", "x", hashlib.sha256(b"").hexdigest()):
        assert refusal(closed, token) == (
            "This site takes no token. Sign in with your organization's account."
        )


@pytest.mark.parametrize("name", ["", "  ", "x" * (MAX_NAME + 1), "Ana\nLima", "Ana\u202eamiL"])
def test_a_keeper_needs_a_name_on_one_line(door: Door, name: str) -> None:
    assert refusal(door, name=name) == (
        "Your name is needed, in 1 to 80 characters on one line: the history of versions says who "
        "published what."
    )


def test_the_longest_name_is_taken_and_a_wrong_one_says_nothing_of_the_token(door: Door) -> None:
    assert door.enter_with_token(TOKEN, "é" * MAX_NAME, HERE).name == "é" * MAX_NAME
    assert refusal(door, "wrong", name="") == refusal(door, TOKEN, name="")


# Passes


def test_a_pass_ends_after_eight_hours(door: Door, clock: Clock) -> None:
    keeper = door.enter_with_token(TOKEN, "Ana", HERE)
    clock.time += 8 * HOURS - 1
    assert door.is_valid(keeper)
    clock.time += 1
    assert not door.is_valid(keeper)


def test_a_pass_ends_when_its_keeper_leaves_and_no_other_does(door: Door) -> None:
    first, second = (door.enter_with_token(TOKEN, "Ana", HERE) for _ in range(2))
    door.leave(first)
    door.leave(first)
    assert not door.is_valid(first)
    assert door.is_valid(second)


def test_a_pass_that_was_not_given_here_is_worth_nothing(door: Door, clock: Clock) -> None:
    keeper = door.enter_with_token(TOKEN, "Ana", HERE)
    assert not door.is_valid(None)
    assert not door.is_valid(Keeper("Ana", "token", "made up"))
    assert not door.is_valid(replace(keeper, name="Somebody else"))
    assert not door.is_valid(replace(keeper, how="openid"))
    assert not Door(SHA256, (), clock).is_valid(keeper)
    assert not door.is_valid(command_line_keeper("Ana"))


def test_passes_are_so_many_at_most(door: Door) -> None:
    keepers = [door.enter_with_token(TOKEN, "Ana", HERE) for _ in range(MAX_PASSES + 1)]
    assert not door.is_valid(keepers[0])
    assert all(map(door.is_valid, keepers[1:]))


def test_many_threads_may_come_and_go(door: Door) -> None:
    valid: list[bool] = []

    def visit() -> None:
        for _ in range(50):
            keeper = door.enter_with_token(TOKEN, "Ana", HERE)
            valid.append(door.is_valid(keeper))
            door.leave(keeper)
            valid.append(not door.is_valid(keeper))

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert valid == [True] * 800


# Slowing down


def test_after_five_failures_a_source_waits_and_the_right_token_then_works(
    door: Door, clock: Clock
) -> None:
    fail(door, 4)
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))
    fail(door, 5)
    assert wait(door) == 5
    clock.time += 4.5
    assert wait(door) == 1
    clock.time += 0.5
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_the_wait_doubles_up_to_five_minutes(door: Door, clock: Clock) -> None:
    fail(door, 4)
    waits = []
    for _ in range(9):
        fail(door, 1)
        waits.append(wait(door))
        clock.time += waits[-1]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_what_is_tried_while_waiting_neither_counts_nor_tells(door: Door, clock: Clock) -> None:
    fail(door, 5)
    for token in ("wrong", TOKEN) * 10:
        assert wait(door, token=token) == 5
    clock.time += 5
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_one_source_does_not_slow_another(door: Door) -> None:
    fail(door, 5)
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", "198.51.100.8"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:198.51.100.7", HERE, True),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.8", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "", True),
    ],
)
def test_a_network_that_one_person_holds_is_one_source(
    door: Door, one: str, other: str, same: bool
) -> None:
    fail(door, 5, source=one)
    if same:
        assert wait(door, other) == 5
    else:
        assert door.is_valid(door.enter_with_token(TOKEN, "Ana", other))


def test_a_quiet_hour_is_forgiven(door: Door, clock: Clock) -> None:
    fail(door, 5)
    clock.time += HOURS
    fail(door, 4)
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def attack(door: Door) -> None:
    """Fail once from each of many sources within a moment."""
    for number in range(slowdown.CROWD):
        fail(door, 1, source=f"203.0.113.{number}")


def test_during_an_attack_from_many_sources_everybody_waits_ten_seconds_and_is_heard(
    door: Door, clock: Clock
) -> None:
    attack(door)
    fail(door, 1, source="203.0.113.1")
    assert [wait(door, "203.0.113.1"), wait(door)] == [10, 10]
    for second in range(9):
        clock.time += 1
        assert wait(door) == 9 - second
    clock.time += 1
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_an_attack_that_goes_on_does_not_take_the_place_of_who_waits(
    door: Door, clock: Clock
) -> None:
    attack(door)
    assert wait(door) == 10
    others = [f"192.0.2.{number}" for number in range(200)]
    for other in others:
        assert wait(door, other) == 10
    clock.time += 10
    for other in others:
        fail(door, 1, source=other)
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_a_minute_after_an_attack_nobody_waits(door: Door, clock: Clock) -> None:
    attack(door)
    clock.time += slowdown.CROWD_SECONDS
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE))


def test_memory_is_bounded_and_keeps_no_address(clock: Clock) -> None:
    slow = slowdown.Slowdown(clock)
    for number in range(slowdown.MAX_SOURCES + 100):
        slow.failed(f"source {number}")
    assert len(slow._sources) == slowdown.MAX_SOURCES
    assert len(slow._networks) == slowdown.MAX_SOURCES
    assert {len(key) for key in slow._sources} == {16}
    other = slowdown.Slowdown(clock)
    assert slow._key(HERE) != other._key(HERE)  # salted anew in each process


# Sessions behind one address


def guess(door: Door, session: str) -> None:
    with pytest.raises(Refused):
        door.enter_with_token("wrong", "Ana", HERE, session=session)


def test_new_sessions_do_not_help_who_guesses_and_a_keeper_keeps_a_place(
    door: Door, clock: Clock
) -> None:
    for number in range(slowdown.FREE_TRIES):
        guess(door, f"session {number}")
    with pytest.raises(SlowDown) as keeper:
        door.enter_with_token(TOKEN, "Ana", HERE, session="a keeper")
    assert keeper.value.seconds == 5
    with pytest.raises(SlowDown):
        door.enter_with_token("wrong", "Ana", HERE, session="yet another")
    clock.time += 5
    guess(door, "yet another")  # who pays for it alone
    with pytest.raises(SlowDown) as guesser:
        door.enter_with_token("wrong", "Ana", HERE, session="yet another")
    assert guesser.value.seconds == 10
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE, session="a keeper"))


def test_a_network_that_is_quiet_for_an_hour_starts_afresh(door: Door, clock: Clock) -> None:
    for number in range(slowdown.FREE_TRIES):
        guess(door, f"session {number}")
    clock.time += slowdown.FORGET_AFTER
    assert door.is_valid(door.enter_with_token(TOKEN, "Ana", HERE, session="a keeper"))


# OpenID Connect


def test_a_verified_address_on_the_list_is_let_in_under_that_address(door: Door) -> None:
    keeper = door.enter_with_openid(CLAIMS)
    assert (keeper.name, keeper.how) == (ANA, "openid")
    assert door.is_valid(keeper)


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"is_logged_in": False}, "You are not signed in with your organization's account."),
        ({"is_logged_in": "true"}, "You are not signed in with your organization's account."),
        ({"email": ""}, "gives no e-mail address; one is needed to know you."),
        ({"email": None}, "gives no e-mail address; one is needed to know you."),
        ({"email_verified": False}, "does not say that it has checked the address Ana@"),
        ({"email_verified": "true"}, "does not say that it has checked the address Ana@"),
        ({"email_verified": 1}, "does not say that it has checked the address Ana@"),
        ({"email_verified": None}, "does not say that it has checked the address Ana@"),
        ({"email": "bo@made-up.example"}, "bo@made-up.example is not on this site's list of"),
        ({"email": f"x{ANA}"}, "is not on this site's list of keepers."),
        ({"iat": None}, "Your sign-in has ended. Sign in again."),
        ({"iat": True}, "Your sign-in has ended. Sign in again."),
        ({"iat": int(MORNING - 8 * HOURS)}, "Your sign-in has ended. Sign in again."),
    ],
)
def test_anybody_else_is_told_why_not(door: Door, claims: dict[str, object], sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        door.enter_with_openid(CLAIMS | claims)
    assert sentence in str(caught.value)


def test_without_claims_nobody_comes_in(door: Door) -> None:
    with pytest.raises(Refused):
        door.enter_with_openid({})


def test_an_empty_list_lets_in_nobody(clock: Clock) -> None:
    closed = Door(SHA256, (), clock, clock=clock.of_day)
    with pytest.raises(Refused, match="is not on this site's list"):
        closed.enter_with_openid(CLAIMS)


def test_the_eight_hours_count_from_signing_in_and_not_from_each_new_tab(
    door: Door, clock: Clock
) -> None:
    first = door.enter_with_openid(CLAIMS)
    clock.time += 7 * HOURS
    second = door.enter_with_openid(CLAIMS)
    clock.time += 1 * HOURS
    assert not door.is_valid(first)
    assert not door.is_valid(second)


def test_signing_out_ends_the_sign_in_in_every_tab_and_a_new_one_works(door: Door) -> None:
    here, there = door.enter_with_openid(CLAIMS), door.enter_with_openid(CLAIMS)
    other = door.enter_with_openid(CLAIMS | {"nonce": "on another machine"})
    door.leave(here)
    assert not door.is_valid(there)
    assert door.is_valid(other)
    with pytest.raises(Refused, match="Your sign-in has ended"):
        door.enter_with_openid(CLAIMS)
    assert door.is_valid(door.enter_with_openid(CLAIMS | {"nonce": "second"}))


def test_a_sign_in_is_seen_for_the_first_time_once(door: Door, clock: Clock) -> None:
    stranger = CLAIMS | {"email": "bo@made-up.example", "sub": "2"}
    for claims in (CLAIMS, stranger):
        assert [door.is_first_seen(claims), door.is_first_seen(claims)] == [True, False]
    assert not door.is_first_seen({})
    clock.time += 8 * HOURS
    assert not door.is_first_seen(CLAIMS | {"nonce": "old"})


# Without a door


def test_a_token_made_for_one_start_opens_the_door_and_is_another_each_time(clock: Clock) -> None:
    (token, sha256), (other, _) = one_time_token(), one_time_token()
    assert token != other
    assert len(token) == 48
    door = Door(sha256, (), clock)
    assert door.is_valid(door.enter_with_token(token, "Ana", HERE))
    assert refusal(door, other).startswith("This is not the publishing token")


def test_a_command_names_its_keeper() -> None:
    assert command_line_keeper(" nightly job ") == Keeper("nightly job", "command line", "")
    with pytest.raises(Refused, match="Your name is needed"):
        command_line_keeper("\t")


@pytest.mark.parametrize(
    ("settings", "anybody"),
    [
        (Settings(), True),
        (Settings(publish_token_sha256=SHA256), False),
        (Settings(keepers=(ANA,)), False),
        (Settings(open_checking="no"), False),
        (Settings(publish_token_sha256=SHA256, keepers=(ANA,), open_checking="yes"), True),
    ],
)
def test_who_may_check_without_publishing(settings: Settings, anybody: bool, door: Door) -> None:
    assert may_check(settings, None) is anybody
    assert may_check(settings, door.enter_with_token(TOKEN, "Ana", HERE))


def test_a_pass_is_known_again_in_the_browser_that_it_was_given_to(door: Door) -> None:
    ana = door.enter_with_token(TOKEN, "Ana", "", "the browser in the office")
    assert door.is_from(ana, "the browser in the office")
    assert not door.is_from(ana, "another one")
    assert not door.is_from(ana, "")
    assert door.is_valid(ana)
    door.leave(ana)
    assert not door.is_from(ana, "the browser in the office")


# The log


def test_the_log_says_who_came_in_and_that_somebody_was_refused(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    door.enter_with_token(TOKEN, "Ana Lima", HERE)
    door.enter_with_openid(CLAIMS)
    refusal(door, "a wrong token", name="Nobody")
    stranger = CLAIMS | {"email": "stranger@made-up.example", "sub": "2"}
    for claims in (stranger, stranger, CLAIMS | {"email_verified": False, "sub": "3"}):
        with pytest.raises(Refused):
            door.enter_with_openid(claims)
    assert [record.getMessage() for record in caplog.records] == [
        "Ana Lima signed in by token.",
        "ana@made-up.example signed in by openid.",
        "A sign-in by token was refused: wrong token.",
        "A sign-in by openid was refused: the e-mail address is not in CLINICS_KEEPERS.",
        "A sign-in by openid was refused: the e-mail address was not verified.",
    ]
