"""What waits for a keeper: the worklist and its one button, and the queue of corrections."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import Change, CorrectionStatus, NewCorrection
from tests.app.keeper import HOSTILE, Desk, clinic, publish_elsewhere, sheet, ten
from tests.app.visit import Visit
from tests.made_up import made_up_csv
from ui import keys, resources

ID = "made-up-clinic-3"


def correct(store: MemoryStore, text: str = "It is (301) 555-0199.", **cells: str) -> int:
    return store.add_correction(
        NewCorrection(**{"clinic_id": ID, "kind": "phone", **cells}, text=text)
    )  # type: ignore[arg-type]


def names(desk: Desk) -> list[str]:
    """The listings of the worklist in their order."""
    said = [line.value for line in desk.app.markdown]
    return [line.split("**")[1] for line in said if line.endswith(", MD") and "**" in line]


def reject(desk: Desk, correction: int, reason: str) -> Desk:
    desk.app.text_input(key=keys.REASON.format(correction)).set_value(reason)
    return desk.press(f"reject_{correction}")


# The worklist


def test_what_needs_most_comes_first_and_says_why(store: MemoryStore) -> None:
    today = resources.today().isoformat()
    fresh = {letter: {"last_checked": today} for letter in "abefghij"}
    Desk().upload(sheet(**fresh, d={"phone": "", "last_checked": today})).publish()
    correct(store)
    desk = Desk(part="worklist")
    assert names(desk) == ["DDDDD Clinic", "EEEEE Clinic"]
    assert "2 of 10 listings need something." in desk.text
    needed = "A correction is waiting; never confirmed by us, and its source has no date."
    assert needed in desk.text
    assert "No telephone" in desk.text


def test_checked_today_is_one_button_and_one_version(store: MemoryStore) -> None:
    desk = Desk(part="worklist").press(f"confirm_{ID}")
    assert desk.outcome == ["1 listing is marked as checked today (version 1)."]
    assert "DDDDD Clinic" not in names(desk)
    dataset = resources.newest().dataset
    assert dataset.find(ID).last_checked == resources.today()
    assert [v.kind for v in store.versions()] == [Change.EDIT, Change.BUNDLED]
    cards = Visit({"near": "20912"}).cards
    assert cards.count("Confirmed by us on") == 2  # in its line, and in its folded part
    assert "1 of these 10 was confirmed by us in the last 90 days." in cards


def test_the_same_button_a_second_time_makes_no_second_version(store: MemoryStore) -> None:
    desk, late = Desk(part="worklist"), Desk("Bo", part="worklist")
    desk.press(f"confirm_{ID}")
    assert late.press(f"confirm_{ID}").outcome == [
        "1 listing is marked as checked today (version 1)."
    ]
    assert len(store.versions()) == 2


def test_a_listing_that_went_meanwhile_is_said(store: MemoryStore) -> None:
    desk = Desk(part="worklist")
    publish_elsewhere(c={"id": "another-id"})
    desk.press(f"confirm_{ID}")
    assert f"The listing “{ID}” is not in the directory any more." in desk.outcome[0]


def test_mend_opens_the_form_of_that_listing(store: MemoryStore) -> None:
    desk = Desk(part="worklist").press(f"mend_{ID}")
    assert desk.part_open == "listings"
    assert desk.field("id").value == ID


def test_a_long_worklist_has_pages(store: MemoryStore) -> None:
    assert not Desk(part="worklist").app.get("pagination")
    Desk().upload(made_up_csv([*ten(), clinic(11), clinic(12)])).publish()
    desk = Desk(part="worklist")
    assert len(names(desk)) == 10
    desk.go_to_page(2)
    assert names(desk) == ["LLLLL Clinic", "MMMMM Clinic"]


def test_when_nothing_needs_anybody_it_says_so(store: MemoryStore) -> None:
    today = resources.today().isoformat()
    Desk().upload(sheet(**{letter: {"last_checked": today} for letter in "abcdefghij"})).publish()
    assert "Nothing needs you" in Desk(part="worklist").text


# Corrections


def test_a_correction_stands_beside_what_the_listing_says(store: MemoryStore) -> None:
    correct(store, source="https://made-up.example/contact")
    desk = Desk(part="corrections")
    assert "DDDDD Clinic, Takoma Park" in desk.text
    assert [text.value for text in desk.app.text] == [
        "It is (301) 555-0199.", "From: https://made-up.example/contact"
    ]  # fmt: skip
    assert "The listing says now: telephone: (301) 555-0103" in desk.text
    assert "No correction has been handled yet; 1 is waiting." in desk.text
    assert "Corrections (1)" in [o.content for o in desk.app.button_group[0].proto.options]


def test_a_correction_is_worked_into_the_listing_and_accepted_with_its_version(
    store: MemoryStore,
) -> None:
    first, second = correct(store), correct(store, "It has closed.", kind="closed")
    desk = Desk(part="corrections").press(f"accept_{first}")
    assert desk.part_open == "listings"
    assert [box.value for box in desk.app.info][-1] == ("Somebody wrote: “It is (301) 555-0199.”")
    desk.fill(phone="(301) 555-0199")
    assert store.corrections()[0].status is CorrectionStatus.WAITING, "not before it is live"
    desk.publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    assert store.versions()[0].kind is Change.CORRECTION
    done, waiting = store.corrections()
    assert (done.status, done.version, done.who) == (CorrectionStatus.ACCEPTED, 1, "Ana")
    assert (waiting.id, waiting.status) == (second, CorrectionStatus.WAITING)
    about = Visit().go_to("about.py").text
    assert "1 correction was handled, within a day; 1 is waiting." in about
    assert "No correction" not in desk.open("corrections").text


def test_a_clinic_that_asks_to_be_removed_is_taken_out(store: MemoryStore) -> None:
    id = correct(store, "Please take us out.", kind="removal")
    desk = Desk(part="corrections").press(f"accept_{id}")
    desk._by_label(desk.app.checkbox, "Take this listing out").check()
    desk.fill().publish()
    assert desk.outcome == ["Version 1 is live: 1 taken out."]
    assert store.corrections()[0].status is CorrectionStatus.ACCEPTED


def test_closing_the_form_leaves_the_correction_waiting(store: MemoryStore) -> None:
    id = correct(store)
    desk = Desk(part="corrections").press(f"accept_{id}")
    desk.click("Close without a change")
    desk.mend(ID).fill(notes="Something else").publish()
    assert store.versions()[0].kind is Change.EDIT
    assert store.corrections()[0].status is CorrectionStatus.WAITING


def test_each_correction_is_settled_by_its_own_change(store: MemoryStore) -> None:
    first, second = correct(store), correct(store, "Another one", clinic_id="made-up-clinic-5")
    desk = Desk(part="corrections").press(f"accept_{first}").fill(phone="(301) 555-0199")
    desk.open("corrections").press(f"accept_{second}")
    desk.open("upload").publish()
    statuses = {c.id: c.status for c in store.corrections()}
    assert statuses == {first: CorrectionStatus.ACCEPTED, second: CorrectionStatus.WAITING}


def test_a_rejection_needs_a_reason_and_keeps_it(store: MemoryStore) -> None:
    id = correct(store)
    desk = reject(Desk(part="corrections"), id, "  ")
    assert desk.outcome == ["A reason is needed, in a few words. It stays with the correction."]
    assert store.corrections()[0].status is CorrectionStatus.WAITING
    reject(desk, id, HOSTILE)
    assert desk.outcome == ["The correction is rejected."]
    assert "Everybody sees a new version" not in desk.text
    kept = store.corrections()[0]
    assert (kept.status, kept.reason, kept.who) == (CorrectionStatus.REJECTED, HOSTILE, "Ana")
    assert "1 correction was handled, within a day; none is waiting." in desk.text
    assert "No correction is waiting." in desk.text
    assert store.versions() == ()


def test_a_correction_that_somebody_else_handled_is_said(store: MemoryStore) -> None:
    id = correct(store)
    desk = Desk(part="corrections")
    store.reject_correction(id, "Bo", "Wrong")
    assert reject(desk, id, "Wrong too").outcome == ["It was handled meanwhile."]
    assert store.corrections()[0].who == "Bo"


def test_of_a_listing_that_went_a_correction_can_only_be_rejected(store: MemoryStore) -> None:
    id = correct(store, clinic_id="gone-long-ago")
    desk = Desk(part="corrections")
    assert "This listing is not in the directory any more." in desk.text
    assert "Work it into the listing" not in desk.buttons
    assert reject(desk, id, "It is gone").outcome == ["The correction is rejected."]


@pytest.mark.parametrize("kind", ["phone", ":red[kind]"])
def test_hostile_corrections_are_shown_as_they_were_typed(store: MemoryStore, kind: str) -> None:
    correct(store, f"=1+1\n# {HOSTILE}", kind=kind, source=HOSTILE)
    desk = Desk(part="corrections")
    assert [text.value for text in desk.app.text] == [f"=1+1\n# {HOSTILE}", f"From: {HOSTILE}"]
    desk.click("Work it into the listing")
    for markup in (":material/", "<b>", "[click]", ":red["):
        assert not desk.is_drawn(markup)


def test_many_corrections_have_pages_and_the_oldest_comes_first(store: MemoryStore) -> None:
    for number in range(12):
        correct(store, f"Correction {number}")
    desk = Desk(part="corrections")
    assert desk.app.text[0].value == "Correction 0"
    assert len(desk.app.text) == 10
    desk.go_to_page(2)
    assert [text.value for text in desk.app.text] == ["Correction 10", "Correction 11"]


def test_figures_are_those_of_the_about_page(store: MemoryStore) -> None:
    row = "| Telephone | 10 (100%) |"
    assert row in Desk(part="figures").text
    assert row in Visit().go_to("about.py").text
