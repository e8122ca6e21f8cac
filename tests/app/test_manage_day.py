"""The keeper's day: a round of checks, the way back to the queue, undo, new listings, the form."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import DictGeocoder, MemoryStore
from clinics.domain.ports import NewCorrection
from tests.app.keeper import Desk, clinic, publish_elsewhere, sheet, ten
from tests.made_up import made_up_csv
from ui import keys, resources

ID = "made-up-clinic-3"
NEW_PHONE = {"phone": "(301) 555-0199"}


def choose(desk: Desk, id: str) -> Desk:
    desk.app.checkbox(key=keys.CHOSEN.format(id)).check()
    desk._run()
    return desk


# A round of listings


def test_several_chosen_listings_are_checked_today_as_one_version(store: MemoryStore) -> None:
    desk = Desk(part="worklist")
    assert desk.app.button(key="confirm_round").disabled
    choose(choose(desk, ID), "made-up-clinic-5")
    assert "Checked today, nothing changed: 2 chosen listings" in desk.buttons
    desk.press("confirm_round")
    assert desk.outcome == ["2 listings are marked as checked today (version 1)."]
    assert len(store.versions()) == 2
    today = resources.today()
    dataset = resources.newest().dataset
    assert [dataset.find(id).last_checked for id in (ID, "made-up-clinic-5")] == [today, today]
    assert desk.app.button(key="confirm_round").disabled, "none is chosen any more"


def test_what_is_chosen_on_one_page_of_the_list_stays_on_the_next(store: MemoryStore) -> None:
    Desk().upload(made_up_csv([*ten(), clinic(11), clinic(12)])).publish()
    desk = choose(Desk(part="worklist"), ID)
    desk.go_to_page(2)
    choose(desk, "made-up-clinic-12")
    desk.press("confirm_round")
    assert desk.outcome == ["2 listings are marked as checked today (version 2)."]


# Back to where one came from


def correct(store: MemoryStore) -> int:
    return store.add_correction(NewCorrection(ID, "phone", "It is (301) 555-0199."))


def test_after_a_correction_the_queue_is_open_again(store: MemoryStore) -> None:
    first = correct(store)
    correct(store)
    desk = Desk(part="corrections").press(f"accept_{first}")
    desk.fill(**NEW_PHONE)
    if any(box.label.startswith("I have looked") for box in desk.app.checkbox):
        desk.tick("I have looked")
    desk.publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    assert desk.part_open == "corrections"
    assert "It is (301) 555-0199." in [text.value for text in desk.app.text]


def test_closing_the_form_goes_back_to_the_worklist(store: MemoryStore) -> None:
    desk = Desk(part="worklist").press(f"mend_{ID}")
    desk.click("Close without a change")
    assert desk.part_open == "worklist"


# Undo


def test_a_version_is_undone_with_one_click_and_a_confirmation(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=NEW_PHONE)).publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    desk.click("Undo version 1")
    assert desk.outcome == [
        "Go back to version 0? Visitors then see its listings again. Version 1 stays in the "
        "history."
    ]
    assert len(store.versions()) == 2, "nothing has happened yet"
    desk.click("No, keep version 1").click("Undo version 1").click("Yes, restore version 0")
    assert desk.outcome == ["Version 2 is live. It is the same as version 0."]
    assert resources.newest().dataset.find("made-up-clinic-2").phone == "(301) 555-0102"
    desk.click("Undo version 2").click("Yes, restore version 1")
    assert resources.newest().dataset.find("made-up-clinic-2").phone == "(301) 555-0199"


def test_undo_is_gone_once_somebody_else_has_published(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=NEW_PHONE)).publish()
    assert "Undo version 1" in desk.buttons
    publish_elsewhere(c=NEW_PHONE)
    desk._run()
    assert not any(label.startswith("Undo") for label in desk.buttons)


def test_a_click_that_made_no_version_undoes_none(store: MemoryStore) -> None:
    desk, late = Desk(part="worklist"), Desk("Bo", part="worklist")
    desk.press(f"confirm_{ID}")
    assert "Undo version 1" in desk.buttons
    late.press(f"confirm_{ID}")
    assert not any(label.startswith("Undo") for label in late.buttons)


# The review


def test_a_new_listing_is_shown_whole_in_the_review(store: MemoryStore) -> None:
    desk = Desk().upload(made_up_csv([*ten(), clinic(11, notes="Ring twice.")]))
    row = desk.table("Id").iloc[0]
    assert (row["phone"], row["notes"], row["zip"]) == ("(301) 555-0111", "Ring twice.", "20912")
    assert "npi" not in row, "what no new listing states is left out"


def test_the_look_up_of_addresses_stands_after_the_button_to_publish(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "listings_geocoder", lambda: DictGeocoder({}))
    rough = {"latitude": "", "longitude": "", "location_precision": ""}
    desk = Desk().upload(sheet(a=rough))
    assert desk.groups[-1].startswith("Look up exact addresses")
    headers = [header.value for header in desk.app.header]
    assert headers[-1] == "Publish"


# The form


def test_today_stands_beside_a_date(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    today = resources.today()
    boxes = [box for box in desk.app.checkbox if box.label.startswith("Today, ")]
    assert len(boxes) == 2
    boxes[-1].check()
    desk.click("Check and review this change")
    assert list(desk.table("Will be")["Will be"]) == [today.isoformat()]


def test_an_error_stands_under_its_box_and_beside_the_button(store: MemoryStore) -> None:
    desk = Desk().mend(ID).fill(phone="555", zip="209")
    assert [line for line in desk.outcome if "phone" in line]
    under = [m.value for m in desk.app.markdown if m.value.startswith(":red[**")]
    assert len(under) == 2
    assert "ten digits" in " ".join(under)
    assert desk.field("phone").value == "555"
    desk.fill(phone="(301) 555-0199", zip="20912")
    assert not [m for m in desk.app.markdown if m.value.startswith(":red[**")]
    assert desk.part_open == "upload"


# Allowed words


def test_allowed_words_are_listed_on_the_page_and_no_file_is_named(store: MemoryStore) -> None:
    desk = Desk()
    written = list(desk.table("How it is written")["How it is written"])
    assert not [cell for cell in written if ".csv" in cell]
    assert "Allowed words" in desk.groups
    box = desk.app.selectbox(key=keys.WORDS)
    language = next(label for label in box.options if label.endswith("(languages)"))
    box.set_value(language)
    desk._run()
    table = desk.table("Visitors read")
    assert ["es", "Spanish"] in table.values.tolist()


def test_allowed_words_stand_below_what_was_found_where_a_word_is_not_one(
    store: MemoryStore,
) -> None:
    desk = Desk().upload(sheet(b={"languages": "Klingon"}))
    assert "Allowed words" in desk.groups
    desk.press("let_go").upload(sheet(b={"phone": "555"}))
    assert "Allowed words" not in desk.groups
