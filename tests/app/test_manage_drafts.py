"""Files that wait for somebody: gone on with as they were left, and forgotten one by one."""

from __future__ import annotations

from clinics.adapters.memory import MemoryStore
from clinics.publishing.plans import Plan
from tests.app.keeper import Desk, clinic, sheet, ten
from tests.made_up import made_up_csv
from ui import resources

NEW_PHONE = {"phone": "(301) 555-0199"}


def test_a_waiting_file_is_forgotten_with_a_second_press(store: MemoryStore) -> None:
    desk = Desk().upload(sheet(b=NEW_PHONE), "first.csv").click("Use another file")
    desk.upload(sheet(c=NEW_PHONE), "second.csv").click("Use another file")
    assert "Files that wait for somebody (2)" in desk.groups
    first = next(one for one in store.unpublished() if one.filename == "first.csv")
    desk.press(f"forget_{first.sha256}")
    assert desk.outcome == ["Forget “first.csv”? It cannot be brought back."]
    assert len(store.unpublished()) == 2
    desk.click("No, keep it").press(f"forget_{first.sha256}").click("Yes, forget it")
    assert desk.outcome == ["“first.csv” is forgotten."]
    assert [one.filename for one in store.unpublished()] == ["second.csv"]
    assert "Files that wait for somebody (1)" in desk.groups


def test_what_was_said_of_a_file_when_it_was_left_holds_when_it_is_gone_on_with(
    store: MemoryStore,
) -> None:
    more = made_up_csv([*ten(), clinic(11)])
    resources.open_publisher().stage(more, "more.csv", Plan(mode="add"))
    desk = Desk()
    assert "only new and changed listings" in desk.text
    desk.click("Go on with it")
    assert desk.app.radio[0].value == "add"
    assert desk.metrics["New"] == "1"
