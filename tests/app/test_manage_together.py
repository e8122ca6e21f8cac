"""Several keepers at once, a preview nobody else sees, and a store that goes down in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinics.adapters.memory import MemoryStore
from tests.app.keeper import Desk, clinic, publish_elsewhere, sheet
from tests.app.visit import Visit
from ui import keys, resources, state

PHONE = {"phone": "(301) 555-0199"}
OTHER = {"phone": "(301) 555-0188"}
DOWN = "The store of versions is not answering."


def store_is(store: MemoryStore, *, down: bool) -> None:
    """Take the store away or give it back, and let the live directory notice."""
    store.fail = down
    resources.live().look_now()


# Two keepers


@pytest.mark.parametrize("noticed", [False, True])
def test_who_reviewed_an_older_version_gets_a_sentence_and_a_fresh_review(
    store: MemoryStore, noticed: bool
) -> None:
    ana = Desk("Ana").upload(sheet(b=PHONE))
    publish_elsewhere(c=OTHER)
    if noticed:
        resources.live().look_now()
    ana.publish()
    assert ana.outcome[-1].startswith("Version 1 was published while you were reviewing.")
    assert [v.number for v in store.versions()] == [1, 0]
    assert ana.metrics["Changed"] == "2", "the review is a fresh one, with what it would undo"
    assert ana.table("Will be")["Will be"].to_list() == ["(301) 555-0199", "(301) 555-0103"]


def test_after_the_fresh_review_it_can_be_published(store: MemoryStore) -> None:
    ana, bo = Desk("Ana").upload(sheet(b=PHONE)), Desk("Bo").upload(sheet(b=PHONE, c=OTHER))
    bo.tick("I have looked").publish()
    ana.publish().publish()
    assert ana.outcome == ["Version 2 is live: 1 changed."]
    assert [v.who for v in store.versions()] == ["Ana", "Bo", ""]


def test_an_answer_to_the_old_review_is_no_answer_to_the_fresh_one(store: MemoryStore) -> None:
    ana = Desk("Ana").upload(sheet(a={"zip": "10001"})).tick("I have looked")
    publish_elsewhere(c=OTHER)
    ana.publish()
    assert ana._by_label(ana.app.checkbox, "I have looked").value is False


# A preview


def test_a_preview_is_seen_on_every_page_in_this_session_only(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE, c={"id": "only-in-preview", "name": "Preview Clinic"}))
    desk.preview().change_link(near="20912")
    assert "(301) 555-0199" in desk.cards
    assert "only-in-preview" in desk.ids
    other = Visit({"near": "20912"})
    assert "(301) 555-0199" not in other.cards
    assert "Preview." not in other.text
    for page in ("learn.py", "towns.py", "about.py", "manage.py", "find.py"):
        desk.go_to(page)
        assert "**Preview.** You see the directory with the file you are checking." in desk.text
    assert "only-in-preview" in desk.change_link(near="20912").ids
    assert store.versions() == ()


def test_a_clinic_that_is_only_in_the_preview_can_be_chosen(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(c={"id": "only-in-preview", "name": "Preview Clinic"}))
    desk.preview().change_link(near="20912", clinic="only-in-preview")
    assert desk.selected == ["only-in-preview"]
    desk.click("End the preview")
    assert "only-in-preview" not in desk.ids
    assert "Preview." not in desk.text


def test_the_review_waits_behind_the_preview(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).note("Kept")
    desk._run()
    desk.preview().click("Back to the review")
    desk.go_to("manage.py")
    assert desk.metrics["Changed"] == "1"
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]
    assert store.versions()[0].note == "Kept"
    assert "Preview." not in desk.text, "publishing ends it"


def test_another_use_of_the_file_or_another_file_ends_the_preview(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).preview()
    desk.go_to("manage.py")
    desk.app.radio[0].set_value("add")
    assert "Preview." not in desk._run().text
    desk.preview().go_to("manage.py").click("Use another file")
    assert "Preview." not in desk.text


def test_a_preview_is_compared_anew_when_somebody_publishes(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE))
    Desk("Bo").upload(sheet(j={"notes": "Ring twice"})).publish()
    desk.preview().go_to("manage.py")
    assert desk.metrics["Changed"] == "2"


def test_a_preview_that_cannot_go_on_says_so_once(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE))
    desk.preview()
    resources.door().leave(desk.app.session_state[keys.KEEPER])
    ended = "The preview has ended; you see what everybody sees."
    assert any(said.startswith(ended) for said in desk._run().outcome)
    assert not any(said.startswith(ended) for said in desk._run().outcome)


def test_of_a_listing_that_is_only_in_a_preview_nothing_can_be_corrected(
    store: MemoryStore,
) -> None:
    desk = Desk().upload(sheet(c={"id": "only-in-preview", "name": "Preview Clinic"}))
    desk.preview().change_link(near="20912")
    desk.app.query_params[state.CORRECTING] = "only-in-preview"
    desk._run()
    desk.app.selectbox(key=state.WRONG_KIND).select("phone")
    desk.app.text_area(key=state.WRONG_TEXT).set_value("It is (301) 555-0123.")
    desk.click("Send this correction")
    assert store.corrections() == ()


# A store that goes down


def test_visitors_keep_the_last_version_and_keepers_get_a_sentence(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).publish()
    store_is(store, down=True)
    visitor = Visit({"near": "20912"})
    assert "(301) 555-0199" in visitor.cards
    assert len(visitor.ids) == 10
    for part in ("upload", "worklist", "corrections", "history"):
        desk.app.session_state[keys.PART] = part
        assert any(DOWN in said for said in desk._run().outcome)
    assert any(DOWN in said for said in Desk().outcome)
    store_is(store, down=False)
    assert desk._run().outcome == []
    assert desk.open("upload").upload(sheet()).publish().outcome == [
        "Version 2 is live: 1 changed."
    ]


def test_a_store_that_goes_down_before_a_click_loses_nothing(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).note("Kept")
    desk._run()
    store_is(store, down=True)
    desk.publish()
    assert any(DOWN in said for said in desk.outcome)
    store_is(store, down=False)
    desk._run()
    assert desk.metrics["Changed"] == "1"
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]
    assert store.versions()[0].note == "Kept"


def test_an_upload_while_it_is_down_is_told_so_and_can_be_done_again(store: MemoryStore) -> None:
    desk = Desk()
    upload = store.stage
    store.stage = lambda *_: setattr(store, "fail", True) or upload(*_)  # type: ignore[method-assign]
    desk.upload(sheet(b=PHONE))
    assert any(DOWN in said for said in desk.outcome)
    store.stage = upload  # type: ignore[method-assign]
    store_is(store, down=False)
    desk._run()
    assert desk.upload(sheet(b=PHONE)).publish().outcome == ["Version 1 is live: 1 changed."]


def test_what_was_typed_into_a_form_outlives_the_store(store: MemoryStore) -> None:
    desk = Desk().mend("made-up-clinic-3")
    desk.field("notes").set_value("Ring twice")
    store_is(store, down=True)
    desk.click("Check and review this change")
    store_is(store, down=False)
    desk._run()
    assert desk.field("notes").value == "Ring twice"
    assert desk.fill().publish().outcome == ["Version 1 is live: 1 changed."]


def test_a_file_that_was_forgotten_is_asked_for_again(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).preview()
    store._uploads.clear()
    resources._candidate.clear()
    resources._previewed.clear()
    assert "Preview." not in desk.change_link(near="20912").text
    desk.go_to("manage.py")
    assert "This file is not kept any more" in desk.outcome[0]
    assert desk._run().app.file_uploader


def test_a_version_that_cannot_be_read_is_a_sentence(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=PHONE)).publish()
    record, draft = store._versions[1]
    store._versions[2] = (record, replace(draft, table=b"broken"))
    desk.upload(sheet())
    assert any("Version 2 cannot be read." in said for said in desk.outcome)
    assert "(301) 555-0199" in Visit({"near": "20912"}).cards


def test_a_new_clinic_is_found_by_every_session_at_once(store: MemoryStore) -> None:
    visitor = Visit({"near": "20912"})
    rows = clinic(3, id="a-new-one", name="A New One")
    Desk().upload(sheet(c=rows)).tick("I have looked").publish()
    assert "a-new-one" in visitor._run().ids
