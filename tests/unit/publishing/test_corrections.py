"""Corrections: which are taken, which refused and how, how many, and how they are counted."""

import datetime as dt
import threading

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.columns import NAMES
from clinics.domain.ports import Change, Correction, CorrectionStatus, Draft, NewCorrection
from clinics.publishing.corrections import (
    COLUMNS_OF,
    KINDS,
    Allowance,
    CorrectionRefused,
    Limiter,
    checked,
    figures,
    hand_in,
)
from tests.made_up import dataset_of, made_up_clinic

DATASET = dataset_of([made_up_clinic(7), made_up_clinic(8)])
RIGHT = NewCorrection("made-up-clinic-7", "phone", "It is (301) 555-0123.")


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(clock)


def changed(**changes: str) -> NewCorrection:
    return NewCorrection(
        **{"clinic_id": RIGHT.clinic_id, "kind": RIGHT.kind, "text": RIGHT.text} | changes
    )


def kept(new: NewCorrection) -> NewCorrection:
    return checked(new, DATASET)


def refusal(new: NewCorrection) -> str:
    with pytest.raises(CorrectionRefused) as refused:
        checked(new, DATASET)
    return str(refused.value)


def test_a_correction_is_kept_as_waiting_with_nothing_about_who_wrote_it(store, limiter):
    id = hand_in(store, DATASET, changed(source="their door"), limiter, "192.0.2.7")
    (correction,) = store.corrections()
    assert correction.id == id
    assert correction.status is CorrectionStatus.WAITING
    assert (correction.clinic_id, correction.kind) == ("made-up-clinic-7", "phone")
    assert (correction.text, correction.source) == ("It is (301) 555-0123.", "their door")
    assert "192.0.2.7" not in repr(correction)


def test_every_kind_of_correction_is_taken_and_said_in_plain_words():
    assert {"closed", "removal", "other"} < set(KINDS)
    for kind, label in KINDS.items():
        assert kept(changed(kind=kind)).kind == kind
        assert label[0].isupper()
        assert "_" not in label


def test_a_kind_points_to_columns_that_there_are():
    assert set(COLUMNS_OF) <= set(KINDS)
    assert {column for columns in COLUMNS_OF.values() for column in columns} <= set(NAMES)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clinic_id": "gone"}, "This listing is not in the directory any more"),
        ({"clinic_id": ""}, "This listing is not in the directory any more"),
        ({"kind": ""}, "Choose what is wrong from the list."),
        ({"kind": "Phone"}, "Choose what is wrong from the list."),
        ({"text": ""}, "Write what is right, in at least 5 characters; it is empty now."),
        ({"text": " \n\t \0 "}, "Write what is right, in at least 5 characters; it is empty now."),
        ({"text": "no 9"}, "Write what is right, in at least 5 characters; it has 4 now."),
        (
            {"text": "x" * 1001},
            "What you wrote can have at most 1,000 characters; it has 1,001 now.",
        ),
        (
            {"source": "x" * 301},
            "Where you know it from can have at most 300 characters; it has 301 now.",
        ),
        (
            {"source": "javascript:alert(1)"},
            "needs a web address that begins with http:// or https://, or words; it is "
            "“javascript:alert(1)”.",
        ),
        ({"source": "JavaScript://example.org/%0aalert(1)"}, "needs a web address"),
        ({"source": "data:text/html,x"}, "needs a web address"),
        ({"source": "https://"}, "needs a web address"),
        ({"source": "https://user:secret@example.org/"}, "needs a web address"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(changes, sentence):
    assert sentence in refusal(changed(**changes))


@pytest.mark.parametrize("length", [5, 1000])
def test_a_text_of_5_to_1000_characters_is_taken(length):
    assert kept(changed(text="x" * length)).text == "x" * length


@pytest.mark.parametrize(
    "source",
    ["", "x" * 300, "https://made-up.example/hours", "http://made-up.example", "I called them",
     "Their page: https://made-up.example (seen today)", "Source: a letter"],
)  # fmt: skip
def test_a_web_address_or_words_say_where_it_is_from(source):
    assert kept(changed(source=source)).source == source


def test_control_and_invisible_characters_are_taken_out_and_line_breaks_stay():
    text = "\x00First\x1b[31m line\r\nSecond\u202e\u200b\tline\ud800\x85Third\n"
    assert kept(changed(text=text)).text == "First[31m line\nSecond line\nThird"
    assert kept(changed(source=" a \n letter\x07 ")).source == "a letter"


def test_markup_stays_the_text_that_it_is():
    text = "<img src=x onerror=alert(1)> ${7*7} [x](javascript:y) =HYPERLINK(1)"
    assert kept(changed(text=text)).text == text


def test_the_same_correction_twice_is_one_while_it_waits(store, limiter):
    first = hand_in(store, DATASET, RIGHT, limiter, "a")
    assert hand_in(store, DATASET, changed(text=f" {RIGHT.text}\0 "), limiter, "b") == first
    assert len(store.corrections()) == 1
    store.reject_correction(first, "A keeper", "It is not so.")
    assert hand_in(store, DATASET, RIGHT, limiter, "a") != first


@pytest.mark.parametrize(
    "other",
    [{"clinic_id": "made-up-clinic-8"}, {"kind": "other"}, {"text": "Not the same"},
     {"source": "their door"}],
)  # fmt: skip
def test_a_correction_that_differs_anywhere_is_another(store, limiter, other):
    first = hand_in(store, DATASET, RIGHT, limiter, "a")
    assert hand_in(store, DATASET, changed(**other), limiter, "a") != first
    assert len(store.corrections()) == 2


def test_many_at_the_same_moment_are_one(store):
    limiter = Limiter(per_session=Allowance(100, 600))
    ids: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: ids.append(hand_in(store, DATASET, RIGHT, limiter, "double click"))
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 20
    assert len(set(ids)) == len(store.corrections()) == 1


def test_five_in_ten_minutes_are_taken_from_one_source_and_the_next_waits(store, limiter, clock):
    for number in range(5):
        hand_in(store, DATASET, changed(text=f"Correction {number}"), limiter, "a")
    with pytest.raises(CorrectionRefused, match=r"Try again in 10 minutes\."):
        hand_in(store, DATASET, changed(text="Correction 5"), limiter, "a")
    hand_in(store, DATASET, changed(text="Correction 6"), limiter, "b")
    clock.seconds = 600
    hand_in(store, DATASET, changed(text="Correction 7"), limiter, "a")
    assert len(store.corrections()) == 7


def test_behind_one_address_each_session_has_its_own_five(limiter):
    for session in ("one", "two"):
        for _ in range(5):
            limiter.admit("192.0.2.1", session)
        with pytest.raises(CorrectionRefused, match=r"Try again in 10 minutes\."):
            limiter.admit("192.0.2.1", session)


@pytest.mark.parametrize("source", ["192.0.2.1", "2001:db8:1:2::{:x}", "2001:db8:1:2::{:x}%eth0"])
def test_one_network_takes_a_quarter_of_all_and_leaves_the_rest_to_others(limiter, clock, source):
    for number in range(50):
        limiter.admit(source.format(number), f"session {number}")
    with pytest.raises(CorrectionRefused, match=r"Try again in an hour\."):
        limiter.admit(source.format(50), "another session")
    limiter.admit("2001:db8:1:3::1")
    limiter.admit("192.0.2.2")
    clock.seconds = 3600
    limiter.admit(source.format(50), "another session")


def test_a_session_of_another_network_is_another_source(limiter):
    for source in ("192.0.2.1", "192.0.2.2"):
        for _ in range(5):
            limiter.admit(source, "the same")


def test_two_hundred_in_an_hour_are_taken_from_all_sources(limiter, clock):
    for number in range(200):
        limiter.admit(f"source {number}")
    with pytest.raises(CorrectionRefused, match=r"Try again in an hour\."):
        limiter.admit("another")
    clock.seconds = 3600
    limiter.admit("another")


def test_a_refused_one_does_not_count(store, limiter):
    for _ in range(20):
        with pytest.raises(CorrectionRefused):
            hand_in(store, DATASET, changed(text="no"), limiter, "a")
    hand_in(store, DATASET, RIGHT, limiter, "a")


def test_the_limiter_remembers_no_source_and_never_more_than_it_counts(clock):
    limiter = Limiter(clock, overall=Allowance(10, 1))
    for second in range(1000):
        clock.seconds = float(second)
        limiter.admit(f"192.0.2.{second}")
    assert "192.0.2" not in repr(vars(limiter))
    assert len(limiter._taken) == 10
    assert Limiter(clock)._salt != Limiter(clock)._salt


def test_many_threads_get_exactly_what_is_allowed():
    limiter = Limiter(lambda: 0.0, overall=Allowance(50, 3600))
    taken: list[int] = []

    def try_it(number: int) -> None:
        try:
            limiter.admit(f"source {number}")
        except CorrectionRefused:
            return
        taken.append(number)

    threads = [threading.Thread(target=try_it, args=(n,)) for n in range(120)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 50


def test_a_store_that_does_not_answer_becomes_a_sentence_with_the_next_step(limiter):
    with pytest.raises(CorrectionRefused) as refused:
        hand_in(MemoryStore(fail=True), DATASET, RIGHT, limiter, "a")
    assert str(refused.value) == (
        "Corrections cannot be taken at the moment. What you wrote is still here: wait a minute "
        "and send it again."
    )


RECEIVED = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


def a_correction(status: CorrectionStatus, days: float | None = None) -> Correction:
    handled = None if days is None else RECEIVED + dt.timedelta(days=days)
    return Correction(1, "made-up-clinic-7", "phone", "text", "", RECEIVED, status, handled)


def accepted(*days: float) -> list[Correction]:
    return [a_correction(CorrectionStatus.ACCEPTED, d) for d in days]


def waiting(number: int) -> list[Correction]:
    return [a_correction(CorrectionStatus.WAITING)] * number


def test_figures_count_what_became_of_each():
    rejected = [a_correction(CorrectionStatus.REJECTED, 9)]
    found = figures([*accepted(1, 3), *rejected, *waiting(2)])
    assert (found.received, found.handled, found.waiting) == (5, 3, 2)
    assert (found.accepted, found.rejected, found.median_days) == (2, 1, 3.0)


@pytest.mark.parametrize(
    ("corrections", "sentence"),
    [
        ([], "No correction has been handed in yet."),
        (waiting(1), "No correction has been handled yet; 1 is waiting."),
        (waiting(2), "No correction has been handled yet; 2 are waiting."),
        (accepted(0.2), "1 correction was handled, within a day; none is waiting."),
        (accepted(1.2), "1 correction was handled, within 2 days; none is waiting."),
        (
            [*accepted(*[1.0] * 5, 2.4, 2.6, *[30.0] * 5), *waiting(2)],
            "12 corrections were handled, half of them within 3 days; 2 are waiting.",
        ),
        (
            [*accepted(*[0.1] * 1200), *waiting(1)],
            "1,200 corrections were handled, half of them within a day; 1 is waiting.",
        ),
    ],
)
def test_the_public_sentence(corrections, sentence):
    assert figures(corrections).sentence == sentence


def test_figures_of_what_a_store_kept():
    moment = [RECEIVED]
    store = MemoryStore(now=lambda: moment[0])
    ids = [store.add_correction(changed(text=f"Correction {n}")) for n in range(3)]
    moment[0] += dt.timedelta(days=2)
    store.reject_correction(ids[0], "A keeper", "It is not so.")
    draft = Draft("key", Change.CORRECTION, "A keeper", "", b"id\n", 0, settles=(ids[1],))
    store.publish(draft, expected_live=0)
    assert figures(store.corrections()).sentence == (
        "2 corrections were handled, half of them within 2 days; 1 is waiting."
    )
