"""Handing in a correction: the dialog, what it says, what is kept and what is not."""

import logging

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import CorrectionStatus
from clinics.present import wording
from clinics.publishing.corrections import KINDS, Allowance, Limiter
from tests.app.visit import _plain
from ui import resources, state

HOSTILE = "<img src=x onerror=alert(1)> :red[x] $x$ [click](javascript:alert(1))"


@pytest.fixture
def store(monkeypatch):
    kept = MemoryStore()
    monkeypatch.setattr(resources, "store", lambda: kept)
    return kept


def ask_about(page, id=None):
    """Do what a click on "Something wrong with this listing?" does, and draw the page."""
    page.app.query_params[state.CORRECTING] = id or page.ids[0]
    page.app.session_state[state.PENDING] = None  # a click would have written this address
    return page._run()


def fill(page, kind="phone", text="It is (301) 555-0123.", source=""):
    if kind:
        page.app.selectbox(key="wrong_kind").select(kind)
    page.app.text_area(key="wrong_text").set_value(text)
    page.app.text_input(key="wrong_source").set_value(source)
    return page.click("Send this correction")


def dialogs(page):
    return [block.proto.dialog.title for block in page.app.get("dialog")]


def errors(page):
    return [_plain(error.value) for error in page.app.error]


def is_thanked(page):
    return any(success.value.startswith("Thank you.") for success in page.app.success)


def test_every_card_asks_whether_something_is_wrong_with_it(visit):
    page = visit(near="20912")
    assert page.cards.count("Something wrong with this listing?") == len(page.ids)
    for id in page.ids:
        assert f'data-wrong="{id}"' in page.cards
    assert dialogs(page) == []


def test_the_card_under_the_map_asks_it_too(visit):
    page = visit(near="20912")
    page.app.query_params[state.SHOWN_AS] = "map"
    page.change_link(clinic=page.ids[0])
    assert "Something wrong with this listing?" in page.part("card_of_pin")["html"]


def test_the_guide_of_a_town_asks_it_and_takes_a_correction(visit, store):
    page = visit().go_to("towns.py")
    page.app.query_params["town"] = "takoma-park-md"
    page._run()
    assert "data-wrong" in page.part("near_list")["html"]
    ask_about(page, "blue-sky-mental-health-silver-spring")
    assert is_thanked(fill(page))


def test_the_dialog_names_the_clinic_and_asks_nothing_about_the_visitor(visit, store):
    page = ask_about(visit(near="20912"), "blue-sky-mental-health-silver-spring")
    assert dialogs(page) == ["Something wrong with Blue Sky Mental Health?"]
    assert page.app.selectbox(key="wrong_kind").options == list(KINDS.values())
    assert "No name or e-mail is asked." in page.text
    assert "write nothing about yourself or anybody's health" in page.text
    assert "A clinic can ask to be removed the same way." in page.text
    assert wording.crisis() in page.text


def test_a_correction_is_kept_and_thanked_for(visit, store):
    page = ask_about(visit(near="20912"))
    id = page.ids[0]
    fill(page, source="https://made-up.example")
    assert is_thanked(page)
    (kept,) = store.corrections(CorrectionStatus.WAITING, id)
    assert (kept.kind, kept.text) == ("phone", "It is (301) 555-0123.")
    assert kept.source == "https://made-up.example"


def test_a_clinic_can_ask_to_be_removed(visit, store):
    assert is_thanked(fill(ask_about(visit(near="20912")), "removal", "Please take us out."))
    assert store.corrections()[0].kind == "removal"


def test_nothing_of_it_is_in_the_address_or_the_log(visit, store, caplog):
    with caplog.at_level(logging.DEBUG):
        page = fill(ask_about(visit(near="20912")), text="Zebra crossing 77", source="A letter")
    url = {name: "".join(values) for name, values in page.url.items()}
    assert url == {"near": "20912", "correct": page.ids[0]}  # for whom it is open; nothing typed
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "Zebra" not in logged
    assert "letter" not in logged


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "Choose what is wrong from the list."),
        ({"text": ""}, "Write what is right, in at least 5 characters; it is empty now."),
        ({"source": "javascript:alert(1)"}, "needs a web address that begins with http://"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(visit, store, typed, sentence):
    page = fill(ask_about(visit(near="20912")), **typed)
    assert sentence in errors(page)[0]
    assert store.corrections() == ()
    text = typed.get("text", "It is (301) 555-0123.")
    assert page.app.text_area(key="wrong_text").value == text
    fill(page)
    assert is_thanked(page)
    assert errors(page) == []


def test_all_that_is_missing_is_said_at_once_and_the_first_of_it_gets_the_keyboard(visit, store):
    page = ask_about(visit(near="20912"))
    assert page.part("focus_field") == {"field": "", "attempt": 0}
    page.click("Send this correction")
    assert errors(page) == [
        "Choose what is wrong from the list.",
        "Write what is right, in at least 5 characters; it is empty now.",
    ]
    assert page.part("focus_field") == {"field": "wrong_kind", "attempt": 1}
    fill(page, text="abc")
    assert errors(page) == ["Write what is right, in at least 5 characters; it has 3 now."]
    assert page.part("focus_field") == {"field": "wrong_text", "attempt": 2}


def test_the_store_being_down_is_a_sentence_and_the_next_try_works(visit, store):
    page = ask_about(visit(near="20912"))
    store.fail = True
    assert "wait a minute and send it again" in errors(fill(page))[0]
    store.fail = False
    assert is_thanked(page.click("Send this correction"))


def test_too_many_are_told_to_wait(visit, store, monkeypatch):
    limiter = Limiter(overall=Allowance(1, 3600))
    monkeypatch.setattr(resources, "correction_limiter", lambda: limiter)
    page = fill(ask_about(visit(near="20912")))
    fill(ask_about(page.click("Close")), text="Another one")
    assert "Try again in an hour." in errors(page)[0]
    assert len(store.corrections()) == 1


def test_hostile_text_stays_text(visit, store):
    page = fill(ask_about(visit(near="20912")), text=HOSTILE, source="`code` <b>")
    assert is_thanked(page)
    assert store.corrections()[0].text == HOSTILE
    assert "onerror" not in page.text
    fill(ask_about(page.click("Close")), source="x:<img/onerror=alert(1)>")
    assert r"\<img/onerror=alert(1)\>" in page.app.error[0].value


def test_closing_forgets_what_was_typed(visit, store):
    page = fill(ask_about(visit(near="20912")))
    page.click("Close")
    assert dialogs(page) == []
    ask_about(page)
    assert page.app.text_area(key="wrong_text").value == ""
    assert page.app.selectbox(key="wrong_kind").value is None


def test_the_dialog_stays_while_the_page_runs_again_and_does_not_follow_to_another(visit, store):
    page = ask_about(visit(near="20912")).change_link(condition="ptsd")
    assert len(dialogs(page)) == 1
    page.go_to("about.py")
    assert dialogs(page.go_to("find.py")) == []


def test_a_listing_that_is_not_there_opens_nothing(visit, store):
    assert dialogs(ask_about(visit(near="20912"), "no-such-clinic")) == []


def test_without_a_store_the_dialog_says_who_else_can_be_asked(visit):
    page = ask_about(visit(near="20912"), "dr-matthew-mintz-bethesda")
    assert "Corrections cannot be taken here" in page.text
    assert "the source of this listing: [" in page.text
    assert "wrong_text" not in [area.key for area in page.app.text_area]
    assert dialogs(page.click("Close")) == []


@pytest.mark.parametrize("lasts", ["no", "auto"])
def test_where_a_correction_would_be_lost_it_is_said_at_once_whom_to_ask(
    visit, store, monkeypatch, lasts
):
    file = "/dev/null/directory.db" if lasts == "auto" else "var/made-up/directory.db"
    monkeypatch.setenv("CLINICS_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("CLINICS_STORE_LASTS", lasts)
    resources.settings.clear()
    page = ask_about(visit(near="20912"), "dr-matthew-mintz-bethesda")
    assert "Corrections cannot be taken here" in page.text
    assert "the source of this listing: [" in page.text
    assert "wrong_text" not in [area.key for area in page.app.text_area]
    assert "on its card" not in visit().go_to("about.py").text


def test_the_about_page_says_what_is_kept_and_how_corrections_are_handled(visit, store):
    fill(ask_about(visit(near="20912")))
    page = visit().go_to("about.py")
    assert "No correction has been handled yet; 1 is waiting." in page.text
    assert "Nothing is kept about who sent them." in page.text
    assert "How complete and how fresh this directory is" in page.text
    assert "| Telephone | 7 (26%) | 206 (99%) |" in page.text


def test_the_about_page_without_a_store_speaks_of_no_queue(visit):
    page = visit().go_to("about.py")
    assert "waiting" not in page.text
