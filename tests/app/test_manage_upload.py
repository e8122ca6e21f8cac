"""From a file to a new version: upload, check, review, publish, and what stands in the way."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter
from streamlit.delta_generator import DeltaGenerator

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import Change, CorrectionStatus, NewCorrection, StoreUnavailable
from clinics.publishing.plans import Plan
from tests.app.keeper import HOSTILE, Desk, clinic, publish_elsewhere, sheet, ten
from tests.app.visit import Visit
from tests.made_up import made_up_csv
from ui import resources
from ui.manage import act, upload

NEW_PHONE = {"phone": "(301) 555-0199"}
BAD = sheet(
    a={"phone": "555"}, b={"phone": "ask us"}, c={"city": ""}, d={"notes": HOSTILE}, e=NEW_PHONE
)


def test_a_good_file_goes_live_and_every_session_sees_it(store: MemoryStore) -> None:
    visitor = Visit({"near": "20912"})
    desk = Desk().upload(sheet(b=NEW_PHONE), ":red[list] <b>.csv")
    assert ":red[list] <b>.csv" in desk.text
    assert "10 rows." in desk.text
    assert desk.outcome == ["Nothing needs to be fixed."]
    assert desk.metrics == {
        "New": "0", "Changed": "1", "Would disappear": "0", "The same": "9", "Left out": "0"
    }  # fmt: skip
    assert list(desk.table("Will be").iloc[0]) == [
        "CCCCC Clinic, Takoma Park", "phone", "(301) 555-0102", "(301) 555-0199"
    ]  # fmt: skip
    desk.note(HOSTILE).publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]
    assert "Everybody sees a new version within a few seconds." in desk.text
    assert desk.app.file_uploader, "the next file can be chosen"
    assert desk._run().outcome == [], "it is said once"
    (first, _) = store.versions()
    assert (first.who, first.note, first.kind) == ("Ana", HOSTILE, Change.PUBLISH)
    assert "(301) 555-0199" not in visitor.cards
    assert "(301) 555-0199" in visitor._run().cards


def test_how_far_the_check_of_a_large_file_is_stands_in_a_bar_until_it_is_done(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[float, str]] = []
    monkeypatch.setattr(upload, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(
        DeltaGenerator, "progress", lambda _, share, text: drawn.append((share, text))
    )
    desk = Desk().upload(sheet(b=NEW_PHONE))
    shares = [share for share, _ in drawn]
    assert shares == sorted(shares)
    assert drawn[0] == (0.0, "Taking the file apart: 0% done")
    assert drawn[-1] == (0.8, "Comparing with what is live: 80% done")
    assert "80% done" not in desk.text
    drawn.clear()
    desk._run()
    assert desk.outcome == ["Nothing needs to be fixed."]
    assert drawn == [], "it is checked already"


def test_a_bar_that_was_drawn_is_taken_away_and_does_not_come_back(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PATIENCE_SECONDS", 0)
    desk = Desk().upload(sheet(b=NEW_PHONE))
    for _ in range(2):
        assert not desk.app.get("progress")
        assert desk.outcome == ["Nothing needs to be fixed."]
        desk._run()


def test_nobody_reads_a_bar_that_is_gone_at_once(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(upload, "PATIENCE_SECONDS", 60)
    monkeypatch.setattr(DeltaGenerator, "progress", lambda *said: drawn.append(said))
    assert Desk().upload(sheet(b=NEW_PHONE)).outcome == ["Nothing needs to be fixed."]
    assert drawn == []


def test_the_limits_are_said_and_templates_offered_before_anything_is_uploaded(
    store: MemoryStore,
) -> None:
    desk = Desk()
    assert "at most 5 MB and 50,000 rows" in desk.text
    assert desk.downloads == [
        "The directory as it is now (Excel)", "The directory as it is now (CSV)",
        "An empty sheet with all columns (CSV)",
    ]  # fmt: skip
    assert "website" in list(desk.table("How it is written")["Column"])


def test_the_file_box_takes_every_file_that_the_limit_allows(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_MAX_UPLOAD_MB", "5.4")
    assert Desk().app.file_uploader[0].proto.max_upload_size_mb == 6


def test_what_is_wrong_is_said_at_once_with_true_numbers(store: MemoryStore) -> None:
    desk = Desk().upload(BAD)
    assert desk.outcome[0] == "You need to fix 2 telephone numbers and add 1 town."
    assert [(g.split(":")[0], g[-3:]) for g in desk.groups] == [
        ("Mend cells here (3)", "(3)"),
        ("To be mended", "(1)"), ("To be mended", "(2)"), ("To look at", "(1)"),
    ]  # fmt: skip
    tables = [d.value for d in desk.app.dataframe if "Write instead" not in d.value]
    phones = next(table for table in tables if "555" in list(table.get("Found", ())))
    assert [list(row)[:4] for row in phones.itertuples(index=False)] == [
        [2, "phone", "555", "ten digits, such as (301) 555-0123"],
        [3, "phone", "ask us", "ten digits, such as (301) 555-0123"],
    ]
    assert desk.downloads == [
        "Everything that was found (CSV)", "Your file with a column “problems” (CSV)"
    ]  # fmt: skip
    assert desk.outcome[-1].startswith("The file has 3 errors, so nothing of it is published.")
    assert not any(label.startswith("Publish") for label in desk.buttons)


def test_of_many_faults_of_one_kind_fifty_are_shown_and_all_counted(store: MemoryStore) -> None:
    rows = [clinic(n, id=f"c-{n}", phone="555", name=f"Clinic {n}") for n in range(60)]
    desk = Desk().upload(made_up_csv(rows))
    assert desk.outcome[0] == "You need to fix 60 telephone numbers."
    assert "To be mended: Telephone numbers (60)" in desk.groups
    assert [len(table.value) for table in desk.app.dataframe] == [60, 50], "to type into, to read"
    assert "The first 50 of 60; the download has more." in desk.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file has no rows."),
        (b"PK\x03\x04 something packed", "Unpack it"),
        (b"one,two\n1,2\n", "name"),
        (b"\x00\xff\x00\xfe" * 50, "file"),
    ],
)
def test_a_file_that_is_no_list_is_told_so(store: MemoryStore, data: bytes, sentence: str) -> None:
    desk = Desk().upload(data)
    assert desk.outcome[0].startswith("You need to ")
    assert sentence in "\n".join([*desk.outcome, desk.text])
    assert "There is nothing to compare: no row of the file can be used." in desk.text
    assert "Preview: browse the directory with this file" not in desk.buttons
    desk.click("Use another file")
    assert desk.upload(sheet(b=NEW_PHONE)).publish().outcome == ["Version 1 is live: 1 changed."]


def test_good_rows_only_is_never_chosen_beforehand_and_names_what_it_leaves_out(
    store: MemoryStore,
) -> None:
    desk = Desk().upload(BAD)
    box = desk.app.checkbox[0]
    assert (box.label, box.value) == ("Use the good rows only, and leave 3 rows out", False)
    assert "Left out: row 2, 3, 4; why is said under" in desk.text
    desk.tick("Use the good rows only")
    assert desk.metrics["Left out"] == "3"
    assert desk.metrics["Would disappear"] == "0", "what is live already stays as it is"
    desk.tick("I have looked at everything").publish()
    assert desk.outcome == ["Version 1 is live: 2 changed."]
    cards = Visit({"near": "20912"}).cards
    assert "(301) 555-0101" in cards
    assert "(301) 555-0199" in cards
    assert Desk().upload(BAD).app.checkbox[0].value is False


def test_in_a_file_of_new_and_changed_listings_all_others_stay(store: MemoryStore) -> None:
    desk = Desk().upload(made_up_csv([clinic(11), clinic(2, **NEW_PHONE)]))
    assert desk.app.radio[0].value is None, "nothing is chosen beforehand"
    assert desk.metrics == {}
    assert desk.outcome[0].startswith("Say first what this file is: of its 2 listings 1 is live")
    assert not desk.app.success
    desk.app.radio[0].set_value("replace")
    desk._run()
    assert desk.metrics["Would disappear"] == "9"
    desk.click("The file has only new and changed listings: keep all others")
    assert desk.app.radio[0].value == "add"
    desk.app.radio[0].set_value("replace")
    desk._run()
    desk.app.radio[0].set_value("add")
    desk._run()
    assert desk.metrics == {
        "New": "1", "Changed": "1", "Would disappear": "0", "The same": "9", "Left out": "0"
    }  # fmt: skip
    assert desk.publish().outcome == ["Version 1 is live: 1 new, 1 changed."]


def test_a_large_change_needs_the_number_typed(store: MemoryStore) -> None:
    desk = Desk().upload(made_up_csv(ten()[:6])).tick("I have looked at everything")
    assert "Of the 10 clinics that are live now, 4 would disappear." in desk.outcome
    said = "Of the 10 clinics that are live now, 4 would disappear. If that is right, type 4; "
    desk.publish()
    assert (
        "Nothing needs to be fixed. There is 1 warning to look at. Something else stops the file: "
        "see “Publish” below."
    ) in desk.outcome
    assert not desk.app.success
    assert f"{said}nothing was typed." in desk.outcome
    assert f"{said}5 was typed." in desk.type_number(5).publish().outcome
    assert store.versions() == ()
    assert desk.type_number(4).publish().outcome == ["Version 1 is live: 4 taken out."]


def test_warnings_need_the_tick_and_another_review_needs_another(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(a={"city": "Takoma Prk"}, b=NEW_PHONE))
    assert "1 warning that nobody has looked at" in desk.publish().outcome[-1]
    desk.tick("I have looked at everything")
    desk.app.radio[0].set_value("add")
    desk._run()
    box = desk._by_label(desk.app.checkbox, "I have looked")
    assert box.value is False, "it was given to another review"
    desk.app.radio[0].set_value("replace")
    desk._run()
    assert desk.tick("I have looked").publish().outcome == ["Version 1 is live: 2 changed."]


def test_a_click_on_publish_is_none_where_another_review_is_drawn(store: MemoryStore) -> None:
    desk = Desk().upload(made_up_csv([*ten()[:9], clinic(11)]))
    drawn = {key_of_publish(desk)}
    desk.app.radio[0].set_value("add")
    desk._run()
    drawn.add(key_of_publish(desk))
    publish_elsewhere(b=NEW_PHONE)
    resources.live().look_now()
    desk._run()
    drawn.add(key_of_publish(desk))
    assert len(drawn) == 3


def key_of_publish(desk: Desk) -> str:
    (found,) = [b for b in desk.app.button if b.label.startswith("Publish")]
    return str(found.key)


def test_a_file_that_is_the_same_as_what_is_live_publishes_nothing(store: MemoryStore) -> None:
    desk = Desk().upload(sheet())
    same = "This file is the same as what is live, so there is nothing to publish."
    assert desk.outcome == ["Nothing needs to be fixed.", same]
    assert desk.metrics["The same"] == "10"
    desk.click("Use another file")
    desk.upload(sheet(b=NEW_PHONE)).publish()
    assert same in desk.upload(sheet(b=NEW_PHONE)).outcome


def test_a_double_click_on_publish_makes_one_version(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = act.publish
    monkeypatch.setattr(act, "publish", lambda *args: (once(*args), once(*args)))
    assert Desk().upload(sheet(b=NEW_PHONE)).publish().outcome == ["Version 1 is live: 1 changed."]
    assert len(store.versions()) == 2


def test_an_answer_of_the_store_that_gets_lost_makes_one_version(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = store.publish

    def lose_the_answer(*args: Any, **named: Any) -> int:
        publish(*args, **named)
        raise StoreUnavailable

    monkeypatch.setattr(store, "publish", lose_the_answer)
    desk = Desk().upload(sheet(b=NEW_PHONE)).publish()
    assert any("The store of versions is not answering." in said for said in desk.outcome)
    assert "the same as what is live" in desk.outcome[-1]
    assert len(store.versions()) == 2


def test_what_would_change_can_be_narrowed_down(store: MemoryStore) -> None:
    few = Desk().upload(sheet(b=NEW_PHONE, e={"notes": "Ring twice"}))
    assert len(few.table("Will be")) == 2
    assert not [box for box in few.app.text_input if box.label == "Find in these"]
    changes = {letter: {"hours": "Mon-Fri"} for letter in "abcdefghij"}
    desk = Desk().upload(sheet(**{**changes, "e": {"hours": "Mon", "notes": "Ring twice"}}))
    desk._by_label(desk.app.text_input, "Find in these").set_value("ring TWICE")
    desk._run()
    assert list(desk.table("Will be")["Column"]) == ["notes"]
    desk._by_label(desk.app.text_input, "Find in these").set_value("no such words")
    desk._run()
    assert len(desk.table("Will be")) == 0


def test_what_moves_is_listed_with_its_miles(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(c={"latitude": "38.99"}))
    assert "**1 moves on the map**" in desk.text
    assert list(desk.table("Miles").iloc[0]) == ["DDDDD Clinic", 0.7]


def test_hostile_cells_and_notes_are_shown_as_they_were_typed(store: MemoryStore) -> None:
    cells = {"name": HOSTILE, "notes": "=1+1", "city": "Takoma Park"}
    desk = Desk().upload(sheet(a=cells))
    assert desk.table("Will be")["Will be"].to_list() == [HOSTILE, "=1+1"]
    assert not desk.is_drawn(":material/")
    assert not desk.is_drawn("<b>")
    desk.tick("I have looked").publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]


# A session that is lost, as by a restart or a reload


def come_back(**address: str) -> Desk:
    """Open a new session at an address, before anybody signs in."""
    desk = Desk(name="")
    desk.change_link(**address)
    return desk


def test_a_keeper_whose_session_is_lost_comes_back_to_the_file(store: MemoryStore) -> None:
    named = Desk().upload(sheet(b=NEW_PHONE), "may.csv").url["upload"]
    desk = come_back(upload=str(named))
    assert desk.buttons == ["Sign in"]
    assert "Nothing was published. The file you had uploaded is still there" in desk.text
    assert "may.csv" not in desk.text
    assert desk.sign_in().metrics["Changed"] == "1"
    assert "may.csv" in desk.text
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]
    assert "upload" not in desk.url


def test_a_file_that_is_put_aside_or_live_is_not_come_back_to(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=NEW_PHONE))
    named = str(desk.url["upload"])
    desk.press("let_go")
    assert "upload" not in desk.url
    assert desk.app.file_uploader
    desk.upload(sheet(b=NEW_PHONE)).publish()
    desk = come_back(upload=named)
    assert "still there" not in desk.text
    assert desk.sign_in().app.file_uploader


@pytest.mark.parametrize("named", ["", "x", "0" * 64, "A" * 64, "0" * 63 + "\n", HOSTILE])
def test_an_address_that_names_no_file_is_passed_over(store: MemoryStore, named: str) -> None:
    desk = come_back(upload=named)
    assert "still there" not in desk.text
    assert desk.sign_in().app.file_uploader


def test_where_checking_is_open_whoever_has_the_address_comes_back_and_cannot_publish(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = str(Desk().upload(sheet(b=NEW_PHONE)).url["upload"])
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    resources.settings.clear()
    desk = come_back(upload=named)
    assert desk.metrics["Changed"] == "1"
    assert "To publish this file, sign in above." in desk.text


def test_listings_that_were_mended_are_come_back_to_with_what_they_were_made_from(
    store: MemoryStore,
) -> None:
    desk = Desk(part="listings").mend("made-up-clinic-2").fill(phone="(301) 555-0199")
    named = str(desk.url["upload"])
    desk = come_back(upload=named).sign_in()
    assert desk.metrics["Changed"] == "1"
    assert not desk.app.radio, "it is the whole directory"
    publish_elsewhere(a={"phone": "(301) 555-0198"})
    resources.live().look_now()
    assert any("was published after you began" in said for said in desk._run().outcome)


def test_a_correction_that_is_come_back_to_is_still_settled(store: MemoryStore) -> None:
    told = store.add_correction(NewCorrection("made-up-clinic-2", "phone", "It is 0199."))
    desk = Desk(part="corrections").press(f"accept_{told}").fill(phone="(301) 555-0199")
    named = str(desk.url["upload"])
    assert come_back(upload=named).sign_in().publish().outcome == ["Version 1 is live: 1 changed."]
    assert store.corrections()[0].status is CorrectionStatus.ACCEPTED
    assert store.versions()[0].kind is Change.CORRECTION


# Files that wait


def test_what_was_staged_elsewhere_waits_for_a_keeper_to_go_on_with(store: MemoryStore) -> None:
    assert not Desk().groups[0].startswith("Files that wait")
    left = resources.open_publisher().stage(sheet(b=NEW_PHONE), HOSTILE)
    resources.open_publisher().stage(b"x", "of a visitor.csv", Plan(by_keeper=False))
    store.stage(b"y", "of an older program.csv")
    desk = Desk()
    assert "Files that wait for somebody (1)" in desk.groups
    assert not desk.is_drawn("<b>")
    desk.press(f"go_on_{left.sha256}")
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]
    assert not any(label.startswith("Files that wait") for label in desk.groups)


def test_a_file_that_went_meanwhile_is_said(store: MemoryStore) -> None:
    left = resources.open_publisher().stage(sheet(b=NEW_PHONE), "left.csv")
    desk = Desk()
    store.forget_uploads(left.received + dt.timedelta(days=1))
    desk.press(f"go_on_{left.sha256}")
    assert "This file is not kept any more" in desk.outcome[0]


def test_of_a_workbook_with_two_lists_the_keeper_chooses_the_sheet(store: MemoryStore) -> None:
    lists = {"Old": [clinic(n) for n in range(3)], "New": ten(b=NEW_PHONE)}
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in lists.items():
        page = book.add_worksheet(name)
        page.write_row(0, 0, list(rows[0]))
        for place, row in enumerate(rows, start=1):
            page.write_row(place, 0, list(row.values()))
    book.close()
    desk = Desk().upload(file.getvalue(), "clinics.xlsx")
    assert desk.outcome[0] == "You need to choose one sheet."
    box = next(radio for radio in desk.app.radio if radio.label == "Which sheet is meant?")
    assert list(box.options) == ["Old", "New"]
    assert box.value is None
    box.set_value("New")
    desk._run()
    assert desk.metrics["Changed"] == "1"
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]


# What stops a file column by column


def test_a_ruined_column_is_named_and_needs_its_own_tick(store: MemoryStore) -> None:
    rows = [{**c, "hours": "9-5", "status": "temporarily-closed"} for c in ten()]
    desk = Desk().upload(made_up_csv(rows))
    assert any(
        said.startswith("Column “hours”: of 10 cells, 10 would all") for said in desk.outcome
    )
    desk.publish()
    assert any("allow the column “" in said for said in desk.outcome)
    desk.tick("The column hours is right: 10 cells may change so").publish()
    assert any("allow the column “status”" in said for said in desk.outcome)
    assert store.versions() == ()
    desk.tick("The column status is right")
    assert desk.publish().outcome == ["Version 1 is live: 10 changed."]


# Made from an older version


def test_where_others_changed_the_same_cell_a_keeper_chooses(store: MemoryStore) -> None:
    publish_elsewhere(b=NEW_PHONE)
    publish_elsewhere(b={"phone": "(301) 555-0155"}, c={"hours": "9-5"})
    resources.live().look_now()
    mine = sheet(b={"phone": "(301) 555-0188", "hours": "7-3"})
    desk = Desk().upload(mine, "clinics-version-1.csv")
    assert desk.outcome[-1].startswith("1 cell was changed in the file, and otherwise live since")
    assert not any(label.startswith("Publish") for label in desk.buttons)
    assert not desk.app.success
    box = desk._by_label(desk.app.radio, "CCCCC Clinic, phone; it was “(301) 555-0199”")
    assert box.options == ["Live: (301) 555-0155", "File: (301) 555-0188"]
    box.set_value("file")
    desk._run()
    assert sorted(desk.table("Will be")["Column"]) == ["hours", "phone"]
    desk.click("Keep all as they are live")
    assert list(desk.table("Will be")["Column"]) == ["hours"]
    assert desk.publish().outcome == ["Version 3 is live: 1 changed."]


# The federal directory


def test_a_federal_file_is_asked_its_date_and_may_only_add(store: MemoryStore) -> None:
    desk = Desk().upload(
        b"name1,street1,city,state,zip,phone,service_code_info\n"
        b"Made-up Facility,9 Made-up Road,Takoma Park,MD,20912,301-555-0123,MH OP\n"
    )
    desk.app.radio[0].set_value("add")
    desk._run()
    assert desk.metrics["Would disappear"] == "0"
    assert desk.outcome[-1].startswith("The file does not say of which day this edition")
    box = desk._by_label(desk.app.text_input, "Date of this edition")
    box.set_value("May")
    desk.click("This is its date")
    assert not any(label.startswith("Publish") for label in desk.buttons)
    box = desk._by_label(desk.app.text_input, "Date of this edition")
    box.set_value("2026-05")
    desk.click("This is its date")
    assert desk.publish().outcome == ["Version 1 is live: 1 new."]


def test_a_file_of_which_it_is_not_known_what_it_is_is_asked_where_it_is_said(
    store: MemoryStore,
) -> None:
    desk = Desk().upload(made_up_csv([clinic(11), clinic(12), clinic(13)]))
    asked = "Say first what this file is: of its 3 listings none is live now."
    assert [said.startswith(asked) for said in desk.outcome] == [True, False]
    assert desk.outcome[1] == (
        "Nothing needs to be fixed. Something else stops the file: say above what it is."
    )
    assert not [button for button in desk.buttons if button.startswith("Publish")]
    desk.app.radio[0].set_value("add")
    desk._run()
    assert desk.outcome == ["Nothing needs to be fixed."]
    assert desk.publish().outcome == ["Version 1 is live: 3 new."]


def test_undo_of_a_version_waits_while_another_file_is_looked_at(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=NEW_PHONE)).publish()
    assert "Undo version 1" in desk.buttons
    desk.upload(sheet(c=NEW_PHONE))
    assert "Undo version 1" not in desk.buttons
    assert "Undo version 1" in desk.click("Use another file").buttons
