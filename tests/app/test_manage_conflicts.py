"""Cells that were changed in the file and live: chosen one by one, page by page, or all at once."""

from __future__ import annotations

from clinics.adapters.memory import MemoryStore
from tests.app.keeper import Desk, clinic
from tests.made_up import made_up_csv

ROWS = 55


def rows(**cells: str) -> bytes:
    return made_up_csv([clinic(n, **cells) for n in range(1, ROWS + 1)])


def with_conflicts() -> Desk:
    """A file of version 1 in which each listing's notes differ, as they do live by now."""
    for number, data in enumerate((rows(), rows(notes="Live")), start=1):
        desk = Desk().upload(data)
        for start in ("I have looked", "The column notes"):
            if any(box.label.startswith(start) for box in desk.app.checkbox):
                desk.tick(start)
        assert desk.publish().outcome[0].startswith(f"Version {number} is live"), desk.outcome
    return Desk().upload(rows(notes="File"), "clinics-version-1.csv")


def test_more_than_fifty_conflicts_can_each_be_chosen(store: MemoryStore) -> None:
    desk = with_conflicts()
    assert f"{ROWS} cells, changed in the file" in desk.text
    assert f"{ROWS} still to choose." in desk.text
    for page in (1, 2, 3):
        desk.go_to_page(page)
        boxes = [box for box in desk.app.radio if ", notes; it was" in box.label]
        assert len(boxes) == (15 if page == 3 else 20)
        for n in range(len(boxes)):
            now = [box for box in desk.app.radio if ", notes; it was" in box.label]
            now[n].set_value("file" if n % 2 else "live")
        desk._run()
    assert "all are chosen." in desk.text
    desk.go_to_page(1)
    chosen = [box.value for box in desk.app.radio if ", notes; it was" in box.label]
    assert chosen == ["live", "file"] * 10, "what was chosen on one page stays on the others"
    assert desk.metrics["Changed"] == str(10 + 10 + 7)


def test_all_are_taken_at_once(store: MemoryStore) -> None:
    desk = with_conflicts().click("Take all of the file")
    assert desk.metrics["Changed"] == str(ROWS)
    desk.click("Keep all as they are live")
    assert desk.metrics["Changed"] == "0"
