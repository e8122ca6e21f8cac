"""What somebody without access can do to the real service, over its websocket and HTTP.

One service for all tests, as it is published: a token is set, so only a keeper may check a file.
A keeper works in it throughout, and others try what that keeper's tab did.
"""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from clinics.adapters.sql_store import SqlStore
from clinics.domain.ports import CorrectionStatus, NewCorrection
from tests.browser.keeper import file_of, rows_of
from tests.browser.service import Service, running
from tests.folders import DATA
from tests.integration.wire import Browser, Tab, ask, chosen, pressed
from ui.manage.page import PARTS

TOKEN = "made-up-token-3f9c1d77aa"
WRONG = "made-up-guess-8be2"
KEEPER = "Ada Keeper"
STAGED_PHONE = "(240) 555-0177"
REPORTED = "The number on the door is another one, says Quillfeather."
HIDDEN = ("Quillfeather", "555-0177", "555)-0177", "2405550177", KEEPER)
"""What only keepers may see: the queue, a file that is being checked, who they are."""

SETTINGS = {
    "CLINICS_PUBLISH_TOKEN_SHA256": hashlib.sha256(TOKEN.encode()).hexdigest(),
    "STREAMLIT_LOGGER_LEVEL": "debug",
}
SHORT_WAITS = "import clinics.publishing.slowdown as s; s.FIRST_WAIT = s.CROWD_WAIT = 1.0"
SIGN_IN = {"Your name", "Publishing token", "Sign in"}


@dataclass
class Place:
    """The service, what it keeps, a keeper at work, and every session there was."""

    service: Service
    store: SqlStore
    keeper: Tab
    tabs: list[Tab]
    folder: Path

    def kept(self) -> tuple[object, ...]:
        """All that somebody without access must not change."""
        return (
            self.store.versions(),
            self.store.corrections(),
            self.store.unpublished_bytes(),
        )


def changed_phone(number: str) -> bytes:
    rows = rows_of((DATA / "clinics.csv").read_bytes())
    rows[0]["phone"] = number
    return file_of(rows)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    log = tmp_path_factory.mktemp("access") / "service.txt"
    with ExitStack() as stack:
        service = stack.enter_context(running(log, before=SHORT_WAITS, settings=SETTINGS))
        store = SqlStore(f"sqlite:///{log.with_suffix('.db')}")
        stack.callback(store.close)
        first = rows_of((DATA / "clinics.csv").read_bytes())[0]["id"]
        store.add_correction(NewCorrection(first, "phone", REPORTED))
        keeper = stack.enter_context(Browser(service).tab("manage"))
        work(keeper)
        yield Place(service, store, keeper, [keeper], log.parent)


def work(keeper: Tab) -> None:
    """Do everything a keeper does, and end in the preview of a file that is not published."""
    keeper.sign_in(TOKEN, KEEPER)
    keeper.upload(changed_phone("(240) 555-0100"))
    keeper.press("Publish: ")
    keeper.open("History").choose("Version", "Version 0:").press("Restore version 0")
    for part in PARTS.values():
        keeper.open(part.label)
    keeper.open("Upload a file").upload(changed_phone(STAGED_PHONE))
    keeper.press("Preview: ")


@pytest.fixture
def another(place: Place) -> Iterator[Callable[..., Tab]]:
    """Opens tabs of other browsers, or of the one that is given."""
    with ExitStack() as stack:

        def open_tab(page: str = "manage", browser: Browser | None = None, **how: Any) -> Tab:
            browser = browser or Browser(place.service)
            tab = stack.enter_context(browser.tab(page, **how))
            place.tabs.append(tab)
            return tab

        yield open_tab


def nothing_hidden_in(tab: Tab) -> bool:
    heard = "\n".join(map(str, tab.received))
    return not [word for word in HIDDEN if word in heard]


def is_outside(tab: Tab) -> bool:
    """Return True if the page is the one that asks to sign in, and offers nothing else."""
    offered = {getattr(widget, "label", "") for widget in tab.widgets if hasattr(widget, "id")}
    return offered == SIGN_IN and nothing_hidden_in(tab)


# What a keeper can do, so that what follows is not true of an app that does nothing


def test_a_keeper_published_restored_and_looks_at_a_preview_over_the_same_wire(
    place: Place,
) -> None:
    latest = [(one.number, one.who) for one in place.store.versions()]
    assert latest[:2] == [(2, KEEPER), (1, KEEPER)]
    assert "You see the directory with the file you are checking." in place.keeper.text
    heard = "\n".join(map(str, place.keeper.received))
    assert REPORTED in heard
    assert STAGED_PHONE in heard


# Pages and replayed messages


@pytest.mark.parametrize("part", PARTS)
def test_no_address_of_a_part_shows_it_without_signing_in(
    another: Callable[..., Tab], part: str
) -> None:
    assert is_outside(another(query=f"part={part}&keeper=1&token={part}"))


def test_all_a_keeper_sent_changes_nothing_when_somebody_else_sends_it(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab, before = another(), place.kept()
    replayed = 0
    for request in [each for each in place.keeper.sent if each.HasField("rerun_script")]:
        states = request.rerun_script.widget_states.widgets
        copy = BackMsg()
        copy.CopyFrom(request)
        del copy.rerun_script.widget_states.widgets[:]
        kept = [state for state in states if TOKEN not in state.string_value]
        copy.rerun_script.widget_states.widgets.extend(kept)
        tab.send(copy)
        tab.settle()
        replayed += 1
    assert replayed > 10
    assert is_outside(tab)
    assert place.kept() == before


def test_no_button_or_box_that_a_keeper_ever_saw_works_for_somebody_else(
    place: Place, another: Callable[..., Tab]
) -> None:
    before = place.kept()
    ids = sorted(place.keeper.ids_seen - another().ids_seen)
    for action in ("publish", "restore_0", "confirm_", "mend_", "accept_", "reject_1", "preview"):
        assert [id for id in ids if f"-{action}" in id], action
    for part in PARTS:
        tab = another(query=f"part={part}")
        tab.run(*map(pressed, ids))
        tab.run(*(WidgetState(id=id, bool_value=True) for id in ids))
        tab.run(*(WidgetState(id=id, string_value="corrections") for id in ids))
        assert is_outside(tab)
    assert place.kept() == before


def test_made_up_parts_of_a_page_are_not_run(place: Place, another: Callable[..., Tab]) -> None:
    tab, before = another(), len(place.keeper.received)
    manage = tab.page.script_hash
    for fragment in {uuid.uuid4().hex, "manage", *place.keeper.fragments_seen}:
        request = BackMsg()
        request.rerun_script.fragment_id = fragment
        request.rerun_script.page_script_hash = manage
        tab.send(request)
    tab.run(page_script_hash=manage, is_auto_rerun=True)
    assert is_outside(tab)
    assert len(place.keeper.received) == before


def test_a_second_tab_of_the_keepers_browser_has_to_sign_in_itself(
    place: Place, another: Callable[..., Tab]
) -> None:
    assert is_outside(another(browser=place.keeper.browser))


# Previews


def test_a_preview_is_seen_in_its_own_tab_only(place: Place, another: Callable[..., Tab]) -> None:
    search = {"page": "", "query": "near=20912&within=any"}
    colleague = another()
    colleague.sign_in(TOKEN, "Bo Keeper").run(page_script_hash="", page_name="")
    for tab in (another(**search), another(browser=place.keeper.browser, **search), colleague):
        assert STAGED_PHONE not in "\n".join(map(str, tab.received))
        assert "You see the directory with the file you are checking." not in tab.text
    for path in ("/api/v1/clinics?near=20912&within=any", "/data/clinics.csv", "/plain?near=20912"):
        assert b"555-0177" not in ask(place.service, "GET", path).body
    assert STAGED_PHONE in "\n".join(map(str, place.keeper.run().received))


# Session ids


def test_a_session_id_that_was_made_up_begins_a_session_of_ones_own(
    another: Callable[..., Tab],
) -> None:
    for made_up in (str(uuid.uuid4()), "0", "x" * 2_000):
        tab = another(resumes=made_up)
        assert tab.session_id not in ("", made_up)
        assert is_outside(tab)


def test_a_keepers_session_id_is_of_use_in_the_keepers_browser_only(
    place: Place, another: Callable[..., Tab]
) -> None:
    before, browser = place.kept(), Browser(place.service)
    colleague = another(browser=browser).sign_in(TOKEN, "Bo Keeper")
    colleague.upload(changed_phone(STAGED_PHONE))
    colleague.socket.close()
    again = another(browser=browser, resumes=colleague.session_id)
    assert again.session_id == colleague.session_id
    assert again.has("Sign out")
    assert STAGED_PHONE in again.run(*colleague.filled.values()).text
    publish = pressed(again.named("Publish: 1 changed").id)
    thief = another(resumes=again.session_id, states=[*colleague.filled.values(), publish])
    assert thief.session_id == again.session_id
    assert is_outside(thief)
    assert is_outside(thief.run(*colleague.filled.values(), publish))
    assert place.kept() == before


# Uploads


def test_an_upload_needs_its_token_in_header_and_cookie(place: Place) -> None:
    keeper = place.keeper
    urls = keeper.place_for_file()
    other = Browser(place.service).cookie
    for proof in (
        {"header": ""}, {"cookie": ""}, {"header": "", "cookie": ""}, {"header": other},
        {"header": "2|00000000||1"}, {"header": "made up", "cookie": "made up"},
    ):  # fmt: skip
        assert keeper.browser.put(urls.upload_url, b"x", **proof).status == 403, proof
        assert keeper.browser.delete(urls.delete_url, **proof).status == 403, proof
    assert keeper.browser.put(urls.upload_url, b"x").status == 204
    assert keeper.browser.delete(urls.delete_url).status == 204


def test_somebody_who_may_not_check_a_file_cannot_send_one(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab = another()
    own = tab.place_for_file().upload_url
    keepers = place.keeper.place_for_file().upload_url
    made_up = f"/_stcore/upload_file/{uuid.uuid4()}/{uuid.uuid4()}"
    statuses = [tab.browser.put(url, b"x" * 1_000).status for url in (own, keepers, made_up)]
    assert [status for status in statuses if status < 400] == []


def test_a_file_that_one_keeper_sent_is_none_of_anothers(
    place: Place, another: Callable[..., Tab]
) -> None:
    before = place.kept()
    theirs = place.keeper.place_for_file()
    assert place.keeper.browser.put(theirs.upload_url, changed_phone(STAGED_PHONE)).status == 204
    colleague = another().sign_in(TOKEN, "Bo Keeper")
    colleague.run(chosen(colleague.named("Clinic file").id, theirs, 10))
    assert colleague.has("Clinic file")
    assert STAGED_PHONE not in "\n".join(map(str, colleague.received))
    stranger = another()
    stranger.run(chosen(colleague.named("Clinic file").id, theirs, 10))
    assert is_outside(stranger)
    for url in (theirs.upload_url, f"/media/{theirs.file_id}", f"/media/{theirs.file_id}.csv"):
        assert b"555-0177" not in ask(place.service, "GET", url).body
    assert place.kept() == before


# Files that are made when they are asked for


def url_of(tab: Tab, file_id: str, session_id: str = "") -> str:
    """Ask for such a file; return where it is then, or "" where it was refused."""
    answer = tab.operation("deferred_file", session_id, file_id=file_id)
    said = answer.backend_operation_response
    assert bool(said.error_msg) != bool(said.deferred_file.url)
    assert "Traceback" not in said.error_msg
    return said.deferred_file.url


def test_a_file_of_the_history_is_not_made_for_a_made_up_id_nor_in_anothers_name(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab = another()
    colleague = another().sign_in(TOKEN, "Bo Keeper").open("History")
    id = colleague.named("What was found").deferred_file_id
    assert url_of(tab, uuid.uuid4().hex) == url_of(tab, "../clinics") == ""
    assert url_of(tab, id, colleague.session_id) == url_of(tab, id, str(uuid.uuid4())) == ""
    assert url_of(colleague, id).startswith("/media/")


def test_a_file_of_the_history_is_not_made_once_its_keeper_has_left(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab = another()
    colleague = another().sign_in(TOKEN, "Bo Keeper").open("History")
    colleague.choose("Version", "Version 1:")
    id = colleague.named("The file as it was").deferred_file_id
    assert url_of(colleague, id)
    colleague.press("Sign out")
    assert url_of(tab, id) == url_of(colleague, id) == ""


# Messages that are for developers


@pytest.mark.parametrize(
    "message",
    [
        {"clear_cache": True}, {"debug_shutdown_runtime": True}, {"set_run_on_save": True},
        {"debug_disconnect_websocket": True}, {"load_git_info": True}, {"stop_script": True},
    ],
    ids=str,
)  # fmt: skip
def test_a_message_for_developers_does_nothing_to_anybody(
    place: Place, another: Callable[..., Tab], message: dict[str, bool]
) -> None:
    tab = another()
    colleague = another().sign_in(TOKEN, "Bo Keeper")
    tab.send(BackMsg(**message))
    assert is_outside(tab.run())
    assert colleague.run().has("Sign out")
    assert not re.search("git (repo|information)", place.service.printed)
    assert ask(place.service, "GET", "/livez").status == 200


def test_nothing_is_installed_and_no_program_is_let_in(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab = another()
    for operation in ("install_skills", "dismiss_skills_nudge"):
        assert tab.operation(operation).backend_operation_response.error_msg
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        assert ask(place.service, "POST", path, b"{}").status >= 400


def test_a_page_of_another_site_gets_no_session(place: Place) -> None:
    for origin in ("https://made-up.example", "null"):
        with pytest.raises(InvalidStatus), Browser(place.service, origin=origin).tab("manage"):
            pass


# Tokens


def test_a_token_is_nowhere_but_where_it_was_typed(
    place: Place, another: Callable[..., Tab]
) -> None:
    guesser = another(browser=Browser(place.service, "192.0.2.200"))
    assert "This is not the publishing token" in guesser.sign_in(WRONG).text
    colleague = another().sign_in(TOKEN, "Bo Keeper")
    assert colleague.has("Sign out")
    guesser.run()
    heard = [str(m) for tab in place.tabs for m in tab.received]
    served = [
        ask(place.service, "GET", path).body.decode("utf-8", "replace")
        for path in ("/", "/manage", "/healthz", "/_stcore/metrics", "/_stcore/health",
                     "/_stcore/host-config", "/api", f"/plain?near={WRONG[:4]}")
    ]  # fmt: skip
    addresses = [tab.page.query_string for tab in place.tabs]
    database = [path.read_bytes().decode("latin-1") for path in place.folder.iterdir()]
    for text in (*heard, *served, *addresses, *database, place.service.printed):
        assert TOKEN not in text
        assert WRONG not in text


# Guessing: last, as it slows everybody down


def test_who_guesses_waits_and_nothing_they_do_shortens_it(
    place: Place, another: Callable[..., Tab]
) -> None:
    tab = another(browser=Browser(place.service, "192.0.2.7"))
    for _ in range(5):
        tab.sign_in(WRONG)
    assert waits(tab.sign_in(TOKEN))
    tab.send(BackMsg(clear_cache=True))
    again = another(browser=Browser(place.service, "192.0.2.7"))
    assert waits(again.sign_in(TOKEN))
    assert another(browser=Browser(place.service, "192.0.2.8")).sign_in(TOKEN).has("Sign out")
    assert comes_in(again)


def test_many_who_guess_together_slow_everybody_and_keep_nobody_out(
    place: Place, another: Callable[..., Tab]
) -> None:
    for number in range(13):
        with Browser(place.service, f"198.51.100.{number}").tab("manage") as tab:
            for _ in range(4):
                tab.sign_in(WRONG)
    keeper = another(browser=Browser(place.service, "203.0.113.1"))
    assert waits(keeper.sign_in(TOKEN))
    for number in range(20, 24):
        with Browser(place.service, f"198.51.100.{number}").tab("manage") as tab:
            assert waits(tab.sign_in(WRONG))
    assert comes_in(keeper)
    assert place.store.corrections(CorrectionStatus.WAITING)


def waits(tab: Tab) -> bool:
    return bool(re.search(r"Wait \d+ second", tab.text)) and not tab.has("Sign out")


def comes_in(tab: Tab) -> bool:
    """Try the right token until it is heard; what is typed before does not count."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if tab.sign_in(TOKEN).has("Sign out"):
            return True
        time.sleep(0.1)
    return False
