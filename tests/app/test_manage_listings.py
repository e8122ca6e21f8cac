"""Mending listings without a spreadsheet: the form of one, a new one, the grid of several."""

from __future__ import annotations

from typing import Any

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import Change, NewCorrection
from clinics.publishing import snapshot
from tests.app.keeper import HOSTILE, Desk, publish_elsewhere, sheet
from tests.app.visit import Visit
from ui import keys, resources

ID = "made-up-clinic-3"
OTHER = {"phone": "(301) 555-0188"}


def live(id: str = ID) -> dict[str, str]:
    """The cells of a listing as they are live."""
    table = resources.newest().dataset.table
    return dict(table[table["id"] == id].iloc[0])


def type_into_grid(desk: Desk, edits: dict[int, dict[str, Any]]) -> Desk:
    """Type into cells of the grid, by the place of their row."""
    key = desk.app.data_editor[0].key
    desk.app.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    return desk.press("grid_done")


def search(text: str) -> Desk:
    desk = Desk(part="listings")
    desk._by_label(desk.app.text_input, "Name, town or id").set_value(text)
    desk._run()
    return desk


# One


def test_a_telephone_is_mended_in_the_form(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    assert desk.app.header[0].value == "DDDDD Clinic"
    desk.fill(phone="301-555-0199")
    assert desk.part_open == "upload"
    assert desk.table("Will be")["Column"].to_list() == ["phone", "field_sources"]
    said = f"phone=keeper@{resources.today()}"
    assert desk.table("Will be")["Will be"].to_list() == ["(301) 555-0199", said]
    assert not desk.app.radio, "it is not asked what this file is"
    desk.note("By telephone").publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    assert (store.versions()[0].kind, store.versions()[0].note) == (Change.EDIT, "By telephone")
    assert "(301) 555-0199" in Visit({"near": "20912"}).cards


def test_columns_with_lists_are_chosen_from(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    desk.fill(conditions=["ptsd", "depression"], payment=["medicare"], accepting_new_patients="yes")
    desk.publish()
    found = live()
    assert set(found["conditions"].split(";")) == {"ptsd", "depression"}
    assert (found["payment"], found["accepting_new_patients"]) == ("medicare", "yes")


def test_another_address_drops_the_exact_position(store: MemoryStore) -> None:
    assert live()["location_precision"] == "street"
    desk = Desk().mend(ID).fill(address="7000 Carroll Avenue")
    columns = desk.table("Will be")["Column"].to_list()
    assert columns == [
        "address", "latitude", "longitude", "location_precision", "field_sources",
    ]  # fmt: skip
    desk.publish()
    assert live()["location_precision"] == "zip"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"phone": "555"}, "ten digits"),
        ({"website": "javascript:alert(1)"}, "a web address"),
        ({"last_checked": "2999-01-01"}, "2999"),
        ({"name": ""}, "name"),
    ],
)
def test_a_bad_cell_is_said_beside_the_form_and_nothing_typed_is_lost(
    store: MemoryStore, cells: dict[str, str], said: str
) -> None:
    desk = Desk().mend(ID).fill(notes="Ring twice", **cells)
    assert said in desk.outcome[0]
    assert "Nothing is lost and nothing was changed." in desk.text
    assert desk.field("notes").value == "Ring twice"
    for column, value in cells.items():
        assert desk.field(column).value == value
    desk.fill(**{column: live()[column] for column in cells}).publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    assert live()["notes"] == "Ring twice"


def test_nothing_changed_is_said_and_closing_changes_nothing(store: MemoryStore) -> None:
    desk = Desk().mend(ID).fill()
    assert desk.outcome == ["Nothing is changed yet."]
    desk.field("notes").set_value("Thrown away")
    desk.click("Close without a change")
    assert store.versions() == ()
    assert desk.mend(ID).field("notes").value == ""


def test_a_new_listing_is_added(store: MemoryStore) -> None:
    desk = Desk(part="listings")
    desk.click("Add a new listing")
    desk.fill(
        name=HOSTILE, city="Takoma Park", state="MD", zip="20912", source="Its own pages",
        source_url="https://made-up.example/", category="ketamine",
    )  # fmt: skip
    assert desk.metrics["New"] == "1"
    assert desk.table("Clinic")["Clinic"].to_list() == [f"{HOSTILE}, Takoma Park"]
    desk.tick("I have looked").publish()
    assert desk.outcome == ["Version 1 is live: 1 new."]
    new = resources.newest().dataset.table.iloc[-1]
    assert (new["name"], new["location_precision"]) == (HOSTILE, "zip")
    assert new["id"]


def test_a_listing_is_taken_out(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    desk._by_label(desk.app.checkbox, "Take this listing out").check()
    desk.fill()
    assert desk.metrics["Would disappear"] == "1"
    assert desk.publish().outcome == ["Version 1 is live: 1 taken out."]
    assert ID not in Visit({"near": "20912"}).ids


def test_a_hostile_name_is_shown_as_it_was_typed(store: MemoryStore) -> None:
    Desk().upload(sheet(c={"name": HOSTILE})).tick("I have looked").publish()
    desk = search(ID)
    assert f"Mend {HOSTILE}, Takoma Park, MD" in desk.buttons
    desk.press(f"open_{ID}")
    assert HOSTILE in desk.text
    assert not desk.is_drawn(":material/")


def test_searching_for_what_is_not_there(store: MemoryStore) -> None:
    assert "No listing has these words." in search("nowhere at all").text


# While others publish


def test_a_change_made_from_an_older_version_is_refused_with_a_sentence(
    store: MemoryStore,
) -> None:
    desk = Desk().mend(ID).fill(notes="Ring twice")
    publish_elsewhere(e=OTHER)
    desk.publish()
    meanwhile = "Version 1 was published while you were reviewing. Nothing was changed."
    assert any(said.startswith(meanwhile) for said in desk.outcome), desk.outcome
    refused = "Version 1 was published after you began, and this would undo it."
    assert any(said.startswith(refused) for said in desk._run().outcome)
    assert not any(label.startswith("Publish") for label in desk.buttons)
    desk.click("Use another file")
    desk.mend(ID).fill(notes="Ring twice").publish()
    assert desk.outcome == ["Version 2 is live: 1 changed."]
    assert live("made-up-clinic-5")["phone"] == OTHER["phone"]


def test_a_form_that_was_open_meanwhile_changes_only_what_was_typed(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    publish_elsewhere(c=OTHER, e={"notes": "Theirs"})
    resources.live().look_now()
    desk.fill(notes="Ring twice")
    assert desk.table("Will be")["Column"].to_list() == ["notes"]
    desk.publish()
    assert desk.outcome == ["Version 2 is live: 1 changed."]
    assert (live()["phone"], live()["notes"]) == (OTHER["phone"], "Ring twice")


def test_a_listing_that_went_meanwhile_closes_its_form(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    Desk("Bo").upload(sheet(c={"id": "another-id"})).tick("I have looked").publish()
    assert desk._run().outcome == ["This listing is not in the directory any more."]
    assert "Name, town or id" in [box.label for box in desk._run().app.text_input]


def test_a_file_uploaded_after_a_form_was_opened_settles_no_correction(store: MemoryStore) -> None:
    store.add_correction(NewCorrection(ID, "phone", "It is (301) 555-0199."))
    desk = Desk(part="corrections")
    desk.click("Work it into the listing")
    desk.open("upload").upload(sheet(e={"notes": "Ring twice"})).publish()
    assert store.versions()[0].kind is Change.PUBLISH
    assert store.corrections()[0].status == "waiting"


# Several


def test_several_listings_are_mended_in_the_grid(store: MemoryStore) -> None:
    desk = search("clinic")
    assert desk.app.data_editor[0].value.index.to_list()[:2] == [
        "made-up-clinic-1", "made-up-clinic-2"
    ]  # fmt: skip
    type_into_grid(desk, {0: {"website": "https://made-up.example/a"}, 1: {"phone": None}})
    assert desk.part_open == "upload"
    assert "Changes of 2 listings" in desk.text
    today = resources.today()
    assert desk.table("Will be")["Will be"].to_list() == [
        "https://made-up.example/a", f"website=keeper@{today}",
        "(empty)", f"phone=keeper@{today}",
    ]  # fmt: skip
    assert desk.publish().outcome == ["Version 1 is live: 2 changed."]
    assert live("made-up-clinic-2")["phone"] == ""
    fresh = desk.open("listings").app.data_editor
    assert not fresh or fresh[0].value["website"].iloc[0] == "https://made-up.example/a"


def test_a_bad_cell_in_the_grid_is_said_and_what_was_typed_stays(store: MemoryStore) -> None:
    desk = type_into_grid(search("clinic"), {0: {"phone": "555"}, 2: {"address": "9 New Street"}})
    assert "ten digits" in desk.outcome[0]
    kept = desk.app.session_state[desk.app.data_editor[0].key]
    assert kept["edited_rows"] == {0: {"phone": "555"}, 2: {"address": "9 New Street"}}
    assert type_into_grid(search("clinic"), {}).outcome == ["Nothing is changed yet."]


def test_what_is_typed_into_a_grid_stays_with_its_listing(store: MemoryStore) -> None:
    desk = search("clinic")
    key = desk.app.data_editor[0].key
    edits = {"edited_rows": {4: {"website": "https://made-up.example/5"}}}
    desk.app.session_state[key] = {**edits, "added_rows": [], "deleted_rows": []}
    desk._run()
    Desk("Bo").upload(tables_without("made-up-clinic-1")).publish()
    type_into_grid(desk, edits["edited_rows"]).publish()
    assert live("made-up-clinic-5")["website"] == "https://made-up.example/5"
    assert live("made-up-clinic-6")["website"] == ""


def tables_without(id: str) -> bytes:
    """The live directory without one listing, and with another, as a file."""
    table = resources.newest().dataset.table
    kept = table[table["id"] != id]
    return snapshot.as_csv(kept.assign(notes=kept["notes"].where(kept["id"] != ID, "Ring twice")))


def test_the_form_of_every_column_is_in_the_page(store: MemoryStore) -> None:
    desk = Desk().mend(ID)
    for column in resources.newest().dataset.table.columns:
        desk.field(column)
    assert desk.field("id").proto.disabled
    assert keys.EDITING in desk.app.session_state
