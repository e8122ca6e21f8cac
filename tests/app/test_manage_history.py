"""The history of versions: listed, compared, downloaded and restored."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import Change
from tests.app.keeper import HOSTILE, Desk, publish_elsewhere, sheet
from tests.app.visit import Visit
from ui import keys, resources
from ui.manage import history

PHONE = {"phone": "(301) 555-0199"}


@pytest.fixture
def two(store: MemoryStore) -> MemoryStore:
    """A store with version 1 by Ana, a telephone, and version 2 by Bo, a note as well."""
    Desk("Ana").upload(sheet(b=PHONE)).note(HOSTILE).publish()
    Desk("Bo").upload(sheet(b=PHONE, e={"notes": "Ring twice"})).publish()
    return store


def choose(desk: Desk, label: str, number: int) -> Desk:
    desk._by_label(desk.app.selectbox, label).set_value(number)
    desk._run()
    return desk


def test_before_anything_is_published_there_is_version_0(store: MemoryStore) -> None:
    desk = Desk(part="history")
    assert "What visitors see is version 0" in desk.text
    assert desk.downloads == ["Download version 0 (CSV)"]


def test_every_version_says_who_why_and_what(two: MemoryStore) -> None:
    text = Desk(part="history").text
    lines = [line for line in text.splitlines() if line.startswith("- Version")]
    assert [line.split(":")[0] for line in lines] == ["- Version 2", "- Version 1", "- Version 0"]
    newest, first, bundled = lines
    counts = "10 listings (1 changed)."
    assert newest.endswith(f", a file, by Bo. {counts} **Live now.**")
    assert first.endswith(f", a file, by Ana. {counts} “{HOSTILE}”")
    assert "came with the service" in bundled
    desk = Desk(part="history")
    for markup in (":material/", "<b>", "[click]", ":red["):
        assert not desk.is_drawn(markup)


def test_a_version_can_be_downloaded_with_its_file_and_its_report(two: MemoryStore) -> None:
    desk = Desk(part="history")
    assert desk.downloads == [
        "Download version 2 (CSV)", "The file as it was uploaded",
        "What was found when it was checked (JSON)", "Download changes.csv",
    ]  # fmt: skip
    assert not any(label.startswith("Restore") for label in desk.buttons), "it is live"
    choose(desk, "Version", 0)
    assert desk.downloads[0] == "Download version 0 (CSV)"
    assert "The file as it was uploaded" not in desk.downloads


def test_what_is_downloaded_uploads_again_as_the_same(two: MemoryStore) -> None:
    data = resources.open_publisher().table(2)
    assert "the same as what is live" in Desk().upload(data).outcome[-1]


def test_the_oldest_of_many_versions_can_be_restored_and_compared(
    two: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    desk = Desk(part="history")
    assert "Version 0:" not in desk.text
    assert choose(desk, "From version", 0).app.selectbox(key=keys.OLDER).value == 0
    desk.app.session_state["history_page"] = 2
    desk._run()
    assert "Restore version 0" in desk.buttons


def test_two_versions_are_compared(two: MemoryStore) -> None:
    desk = Desk(part="history")
    assert "From version 1 to version 2: 1 changed." in desk.text
    assert desk.table("After")["After"].to_list() == ["Ring twice"]
    choose(desk, "From version", 0)
    assert sorted(desk.table("After")["Column"]) == ["notes", "phone"]
    choose(desk, "To version", 0)
    assert "Choose two different versions." in desk.text
    choose(desk, "From version", 2)
    assert desk.table("After")["After"].to_list() == ["(301) 555-0102", "(empty)"]


def test_restoring_is_itself_a_version_and_can_be_undone(two: MemoryStore) -> None:
    visitor = Visit({"near": "20912"})
    desk = choose(Desk("Cy", part="history"), "Version", 0).press("restore_0")
    assert desk.outcome == ["Version 3 is live. It is the same as version 0."]
    made = two.versions()[0]
    assert (made.number, made.kind, made.restored_from) == (3, Change.RESTORE, 0)
    assert made.who == "Cy"
    assert "version 0 restored, by Cy" in desk.text
    assert "(301) 555-0199" in visitor.cards
    assert "(301) 555-0199" not in visitor._run().cards
    choose(desk, "Version", 2).press("restore_2")
    assert desk.outcome[0].startswith("Version 4 is live.")
    assert "(301) 555-0199" in visitor._run().cards


def test_what_is_the_same_as_live_is_not_restored(two: MemoryStore) -> None:
    desk = choose(Desk(part="history"), "Version", 1).press("restore_1")
    choose(desk, "Version", 1).press("restore_1")
    assert desk.outcome == ["Version 1 is the same as what is live. There is nothing to restore."]
    assert len(two.versions()) == 4


def test_a_restore_is_refused_when_another_version_went_live(two: MemoryStore) -> None:
    desk = choose(Desk(part="history"), "Version", 1)
    publish_elsewhere(c={"notes": "Theirs"})
    desk.press("restore_1")
    assert desk.outcome[0].startswith("Version 3 was published while you were reviewing.")
    assert two.live_number() == 3
    assert desk.press("restore_1").outcome[0].startswith("Version 4 is live.")


def test_the_about_page_names_the_day_of_the_data(two: MemoryStore) -> None:
    assert keys.PART not in Visit().go_to("about.py").app.session_state
    assert resources.newest().dataset.version.published is not None
    assert "10" in Visit().go_to("about.py").text


def test_every_change_is_a_download_that_names_no_keeper(two: MemoryStore) -> None:
    desk = Desk(part="history")
    assert "Download changes.csv" in desk.downloads
    changes = resources.open_publisher().changes().decode()
    assert "-phone," in changes
    assert "Ana" not in changes


def test_the_figures_show_completeness_over_time(two: MemoryStore) -> None:
    two.remember("last look npi", "2026-11-20")
    resources.last_looks.clear()
    text = Desk(part="figures").text
    assert "Last looked at the national provider registry (NPPES): 20 Nov 2026" in text
    rows = [line for line in text.splitlines() if line.startswith("- Version 2, ")]
    assert len(rows) == 1
    assert ": 10 listings; a telephone " in rows[0]
    about = Visit().go_to("about.py").text
    assert "- Last looked at the national provider registry (NPPES): 20 Nov 2026" in about
    assert "Nothing is published without that." in about
