"""Mending a file on the page: what is sure with one click, other cells by hand, and undone."""

from __future__ import annotations

from clinics.adapters.memory import MemoryStore
from tests.app.keeper import HOSTILE, Desk, sheet
from ui import keys, resources

FAULTY = sheet(
    a={"last_checked": "11/14/2026", "source_date": "11/14/2026"},
    b={"phone": "Tel: 301/555-0199"},
    c={"state": "Maryland"},
    d={"phone": "555"},
    e={"notes": HOSTILE},
)


def test_one_click_mends_what_is_sure_and_lists_it(store: MemoryStore) -> None:
    desk = Desk().upload(FAULTY)
    assert "Mend what is sure (4 cells)" in desk.buttons
    desk.click("Mend what is sure")
    assert desk.outcome[0] == "You need to fix 1 telephone number."
    assert "4 cells were mended on this page." in desk.outcome
    rows = [list(row) for row in desk.table("Is now").itertuples(index=False)]
    assert rows == [
        [2, "source_date", "11/14/2026", "2026-11-14"],
        [2, "last_checked", "11/14/2026", "2026-11-14"],
        [3, "phone", "Tel: 301/555-0199", "(301) 555-0199"],
        [4, "state", "Maryland", "MD"],
    ]
    assert "Your file, mended (CSV)" in desk.downloads
    sha256 = desk.app.session_state[keys.STAGED]
    given_back = resources.open_publisher().bytes_of(sha256).decode("utf-8-sig")
    assert "(301) 555-0199" in given_back
    assert HOSTILE in given_back
    assert not any(label.startswith("Mend what is sure") for label in desk.buttons)


def test_it_can_be_undone(store: MemoryStore) -> None:
    desk = Desk().upload(FAULTY)
    before, said = desk.app.session_state[keys.STAGED], desk.outcome
    desk.click("Mend what is sure").click("Undo what was mended")
    assert desk.app.session_state[keys.STAGED] == before
    assert desk.outcome == said


def test_a_cell_is_mended_on_the_page_and_the_file_published(store: MemoryStore) -> None:
    desk = Desk().upload(FAULTY)
    desk.click("Mend what is sure")
    grid = desk.app.data_editor[0]
    assert list(grid.value.iloc[0])[:3] == [5, "phone", "555"]
    desk.press("mend_typed")
    assert "Nothing is typed yet." in desk.outcome
    desk.app.session_state[grid.key] = {
        "edited_rows": {0: {"Write instead": "(301) 555-0155"}},
        "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    desk.press("mend_typed")
    assert desk.outcome[0].startswith("Nothing needs to be fixed.")
    assert "1 cell was mended on this page." in desk.outcome
    desk.tick("I have looked").publish()
    assert desk.outcome[0].startswith("Version 1 is live: ")
    assert b"(301) 555-0155" in (store.table(1) or b"")


def test_how_the_file_is_used_goes_with_it(store: MemoryStore) -> None:
    desk = Desk().upload(FAULTY)
    desk.app.radio[0].set_value("add")
    desk._run()
    desk.click("Mend what is sure")
    assert desk.app.radio[0].value == "add"


def test_a_file_of_which_a_row_would_be_lost_is_left_alone(store: MemoryStore) -> None:
    broken = sheet(c={"state": "Maryland"}) + b'"A"x,b\r\n'
    desk = Desk().upload(broken).click("Mend what is sure")
    assert (
        "Row 12 has a double quote out of place. Mend that in your spreadsheet first, and upload "
        "the file again."
    ) in desk.outcome


def test_it_is_offered_for_notes_alone_and_changes_nothing_but_the_file(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b={"city": "TAKOMA PARK", "phone": "301/555-0199"}))
    assert desk.outcome[0] == "Nothing needs to be fixed."
    desk.click("Mend what is sure (2 cells)")
    assert "2 cells were mended on this page." in desk.outcome
    assert not [group for group in desk.groups if group.startswith("Good to know")]
    assert desk.metrics["Changed"] == "1"
    desk.click("Undo what was mended")
    assert "Mend what is sure (2 cells)" in desk.buttons
