"""Who gets to which part of the page Manage, and that no action trusts the page it stands on."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from clinics.adapters.memory import MemoryStore
from clinics.bootstrap import store_trouble
from clinics.domain.ports import NewCorrection, StoreUnavailable
from tests.app.keeper import HOSTILE, Desk, publish_elsewhere, sheet
from ui import access, keys, resources
from ui.manage.page import PARTS

CHANGED = sheet(b={"phone": "(301) 555-0199"})
NOT_SIGNED_IN = "You are not signed in, or your sign-in has ended. Nothing was changed."


def actions() -> None:
    """Buttons that call what the page's own buttons call, without the page around them."""
    import streamlit as st

    from ui import keys, resources
    from ui.manage import act

    staged = resources.Staged(st.session_state.get(keys.STAGED, ""))
    st.button("stage", on_click=act.stage, args=(b"name\nx", "x.csv"))
    st.button("publish", on_click=act.publish, args=(staged, 0))
    st.button("restore", on_click=act.restore, args=(0, 1))
    st.button("confirm", on_click=act.confirm, args=(["made-up-clinic-1"],))
    st.button("reject", on_click=act.reject, args=(1,))
    st.text(str(st.session_state.get(keys.OUTCOME)))


def outcome_of(label: str, **kept: Any) -> str:
    """What is said when an action is called in a session that is nobody's."""
    app = AppTest.from_function(actions, default_timeout=20)
    for key, value in kept.items():
        app.session_state[key] = value
    app.run()
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return str(app.text[0].value)


def test_without_signing_in_no_part_is_drawn(store: MemoryStore) -> None:
    for part in PARTS:
        desk = Desk(name="", part=part)
        assert desk.buttons == ["Sign in"]
        assert not desk.app.file_uploader
        assert not desk.downloads
        assert not desk.app.button_group


def test_without_a_store_the_page_says_what_to_do_instead() -> None:
    desk = Desk(name="")
    assert "This service keeps no versions, so nothing can be published here." in desk.text
    assert desk.buttons == []


def keeps_in(monkeypatch: pytest.MonkeyPatch, file: str, lasts: str = "auto") -> None:
    monkeypatch.setenv("CLINICS_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("CLINICS_STORE_LASTS", lasts)
    resources.settings.clear()


def test_on_a_disk_that_does_not_last_a_keeper_is_warned_and_can_publish(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps_in(monkeypatch, "var/made-up/directory.db", "no")
    desk = Desk()
    assert desk.outcome == [store_trouble(resources.settings()).sentence]
    desk.upload(CHANGED).publish()
    assert "Version 1 is live: 1 changed." in desk.outcome


def test_in_a_folder_that_cannot_be_written_to_publishing_is_refused_with_the_reason(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk().upload(CHANGED)
    publish_elsewhere(a={"phone": "(301) 555-0198"})
    store.add_correction(NewCorrection("made-up-clinic-1", "phone", "It is wrong."))
    before = store.versions(), store.corrections()
    keeps_in(monkeypatch, "/dev/null/directory.db")
    refused = store_trouble(resources.settings()).sentence
    assert refused.startswith("Nothing can be published here")
    assert desk.publish().outcome.count(refused) == 1
    kept = {keys.KEEPER: desk.app.session_state[keys.KEEPER], keys.REASON.format(1): "Because"}
    for label in ("stage", "restore", "confirm", "reject"):
        assert refused in outcome_of(label, **kept)
    assert (store.versions(), store.corrections()) == before


def test_the_log_says_once_at_the_start_that_the_store_does_not_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeps_in(monkeypatch, "var/made-up/directory.db", "no")
    for _ in range(2):
        resources.store()
    said = [record.getMessage() for record in caplog.records]  # others log as well, now and then
    assert said.count(store_trouble(resources.settings()).sentence) == 1


def test_a_wrong_token_is_one_sentence_and_opens_nothing(store: MemoryStore) -> None:
    desk = Desk(name="").sign_in(token="wrong")
    assert desk.outcome[0].startswith("This is not the publishing token of this site.")
    assert desk.buttons == ["Sign in"]
    assert not desk.app.file_uploader


def test_every_part_opens_for_a_keeper_and_the_address_names_it(store: MemoryStore) -> None:
    desk = Desk(HOSTILE[:40])
    assert f"Signed in as **{HOSTILE[:40]}**." in desk.text
    for part in PARTS:
        assert desk.open(part).part_open == part
    assert Desk(part="history").part_open == "history"
    assert Desk(part="no-such-part").part_open == "upload"


def test_signing_out_closes_everything_and_a_file_waits_for_its_keeper(store: MemoryStore) -> None:
    desk = Desk().upload(CHANGED)
    desk.click("Sign out")
    assert desk.buttons == ["Sign in"]
    assert desk.metrics == {}
    assert desk.sign_in().metrics["Changed"] == "1"


def test_a_pass_that_has_ended_stops_the_button_that_is_still_there(store: MemoryStore) -> None:
    desk = Desk().upload(CHANGED)
    resources.door().leave(desk.app.session_state[keys.KEEPER])
    desk.publish()
    assert desk.outcome[0].startswith(NOT_SIGNED_IN)
    assert store.versions() == ()
    assert desk.sign_in().publish().outcome == ["Version 1 is live: 1 changed."]


def test_a_file_that_is_made_when_it_is_asked_for_is_not_made_once_the_sign_in_has_ended(
    store: MemoryStore,
) -> None:
    keeper = Desk().app.session_state[keys.KEEPER]
    made = access.while_signed_in(keeper, lambda: b"a file")
    assert made() == b"a file"
    resources.door().leave(keeper)
    with pytest.raises(access.NotAllowed):
        made()


# The store is gone


def test_a_store_that_is_gone_is_said_once_and_can_be_tried_again(store: MemoryStore) -> None:
    desk = Desk().upload(CHANGED)
    store.fail = True
    for act in (desk.publish, partial(desk.click, "Try again")):
        act()
        assert desk.outcome == [StoreUnavailable.default]
        assert desk.buttons == ["Sign out", "Try again"]
    store.fail = False
    assert desk.click("Try again").metrics["Changed"] == "1"
    assert StoreUnavailable.default not in desk.outcome
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]


def test_a_store_that_was_never_there_is_said_once_in_every_part(store: MemoryStore) -> None:
    store.fail = True
    for part in PARTS:
        assert Desk(part=part).outcome == [StoreUnavailable.default]


def test_where_checking_is_open_it_is_said_once_too_and_a_keeper_can_sign_in(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    store.fail = True
    desk = Desk(name="")
    assert desk.outcome == [StoreUnavailable.default]
    assert desk.buttons == ["Sign in", "Try again"]
    assert desk.sign_in().buttons == ["Sign out", "Try again"]


def test_a_folder_that_cannot_be_written_to_is_said_once_where_nothing_is_in_it(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps_in(monkeypatch, "/dev/null/directory.db")
    store.fail = True
    assert Desk().outcome == [store_trouble(resources.settings()).sentence]


# Anybody may check, where the settings say so


def test_where_checking_is_open_a_file_is_checked_and_previewed_but_not_published(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    desk = Desk(name="").upload(CHANGED)
    assert desk.metrics["Changed"] == "1"
    assert "To publish this file, sign in above. It stays here meanwhile." in desk.text
    assert not any(label.startswith("Publish") for label in desk.buttons)
    desk.preview()
    assert "(301) 555-0199" in desk.change_link(near="20912").cards
    assert desk.go_to("manage.py").sign_in().publish().outcome == ["Version 1 is live: 1 changed."]


def test_where_checking_is_closed_a_preview_ends_with_the_pass(store: MemoryStore) -> None:
    desk = Desk().upload(CHANGED)
    desk.preview()
    resources.door().leave(desk.app.session_state[keys.KEEPER])
    assert "0199" not in desk.change_link(near="20912").cards
    assert "Preview." not in desk.text


def test_trouble_is_said_to_a_visitor_who_checks_a_file_too(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    monkeypatch.setenv("CLINICS_MAX_UPLOAD_MB", "0.001")
    desk = Desk(name="").upload(CHANGED)
    assert "at most 0.001 MB can be taken" in desk.outcome[0]


# Actions ask for themselves


@pytest.mark.parametrize("checking", ["yes", "no"])
def test_no_action_gets_past_a_page_that_was_left_out(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, checking: str
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", checking)
    publish_elsewhere(a={"phone": "(301) 555-0198"})
    store.add_correction(NewCorrection("made-up-clinic-1", "phone", "It is wrong."))
    upload = store.stage(CHANGED, "x.csv")
    before = store.versions(), store.corrections()
    assert NOT_SIGNED_IN in outcome_of("publish", **{keys.STAGED: upload.sha256})
    assert NOT_SIGNED_IN in outcome_of("restore")
    assert NOT_SIGNED_IN in outcome_of("confirm")
    assert NOT_SIGNED_IN in outcome_of("reject", **{keys.REASON.format(1): "Because"})
    assert (store.versions(), store.corrections()) == before
    only_keepers = "On this site only a keeper may check a file."
    assert (only_keepers in outcome_of("stage")) == (checking == "no")
