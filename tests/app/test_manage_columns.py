"""Columns whose names are not ours: asked about once, kept for the next file, and changed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from clinics.adapters.memory import MemoryStore
from clinics.publishing.plans import from_text, matching_of
from tests.app.keeper import HOSTILE, Desk, clinic, sheet
from tests.app.visit import Visit, _plain
from tests.made_up import made_up_csv
from ui import keys, resources

NAMES = {"phone": "Call us", "city": "Community", "name": "Who"}


def foreign(*extra: str, number: int = 2, **cells: str) -> bytes:
    """A file of one listing under other names, with more columns that we do not list."""
    row = clinic(number, **{"phone": "(301) 555-0199", **cells})
    cells = {name: cell for name, cell in row.items() if cell} | dict.fromkeys(extra, "Made-up")
    text = made_up_csv([cells], list(cells)).decode()
    header, rest = text.split("\n", 1)
    return f"{','.join(NAMES.get(c, c) for c in header.split(','))}\n{rest}".encode()


def boxes(desk: Visit) -> dict[str, str]:
    """What each unknown column is said to be, by its name."""
    return {_plain(box.label).partition(": ")[0]: box.value for box in desk.app.selectbox}


def say(desk: Desk, name: str, column: str) -> Desk:
    (box,) = [box for box in desk.app.selectbox if box.label.startswith(f"{name}: ")]
    box.set_value(column)
    desk._run()
    return desk


def kept(store: MemoryStore) -> dict[str, str]:
    """What the store has of the columns of the one header that anything was said of."""
    (text,) = store._remembered.values()
    found = matching_of(text)
    assert found is not None
    return dict(found.columns)


def confirmed(desk: Desk) -> Desk:
    return say(desk, "Who", "name").press("match")


def said(desk: Desk) -> str:
    return next((t for t in desk.text.splitlines() if t.startswith("Columns were read")), "")


def test_a_file_with_our_names_or_other_known_names_has_no_such_step(store: MemoryStore) -> None:
    for data in (sheet(), sheet().replace(b"phone,", b"Telephone,", 1)):
        desk = Desk().upload(data)
        assert "match" not in {button.key for button in desk.app.button}
        assert "Change how columns are read" not in desk.buttons


def test_unknown_columns_are_asked_about_before_anything_is_checked(store: MemoryStore) -> None:
    desk = Desk().upload(foreign("Color"))
    assert boxes(desk) == {"Call us": "phone", "Who": "", "Community": "", "Color": ""}
    assert "(301) 555-0199" in next(b.label for b in desk.app.selectbox if "Call us" in b.label)
    assert desk.groups == []
    assert not desk.metrics
    assert store._remembered == {}, "a proposal is no answer"


def test_what_is_confirmed_is_read_and_kept_for_the_next_file(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color"), "first.csv"), "Community", "city")
    confirmed(desk)
    assert said(desk).startswith("Columns were read as you said on ")
    assert "“Call us” as phone" in said(desk)
    assert said(desk).endswith("left out: “Color”.")
    assert (kept(store)["call_us"], kept(store)["color"]) == ("phone", "")

    again = Desk("Bo").upload(foreign("Color", number=3), "second.csv")
    assert "“Call us” as phone" in said(again), "it goes straight through"
    again.app.radio[0].set_value("add")
    again._run()
    assert again.metrics["Changed"] == "1"
    again.publish()
    assert again.outcome == ["Version 1 is live: 1 changed."]
    other = Desk("Bo").upload(foreign("Shape", number=4))
    assert "match" in {button.key for button in other.app.button}, "it has other columns"


def test_it_can_be_changed_or_left_as_it_was(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color")), "Community", "city")
    confirmed(desk).press("rematch")
    assert boxes(desk)["Call us"] == "phone"
    assert "match_not" in {button.key for button in desk.app.button}
    desk.press("match_not")
    assert "“Call us” as phone" in said(desk)
    say(desk.press("rematch"), "Call us", "main_phone").press("match")
    assert "“Call us” as main_phone" in said(desk)
    assert kept(store)["call_us"] == "main_phone"


def test_two_columns_on_one_and_a_column_that_is_missing_are_said(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color")), "Who", "")
    desk = say(desk, "Community", "")
    missing = [s for s in desk.outcome if s.startswith("The column")]
    assert len(missing) == 2
    assert all(s.endswith("If one of these holds it, choose it there.") for s in missing)
    say(desk, "Color", "phone")
    assert desk.outcome[0] == (
        "The column “phone” is there twice: as “Call us” in column H and “Color” in column "
        "N. Leave one of them out."
    )
    assert desk.app.button(key="match").disabled
    say(desk, "Color", "")
    assert not desk.app.button(key="match").disabled


def test_a_file_that_waits_keeps_what_was_said_of_it(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color"), "waits.csv"), "Community", "city")
    confirmed(desk)
    sha256 = desk.app.session_state[keys.STAGED]
    upload = store.upload(sha256)
    assert upload is not None
    assert dict(from_text(upload.plan).matching.columns)["call_us"] == "phone"  # type: ignore[union-attr]
    other = Desk("Bo").upload(foreign("Color", number=5))
    say(other.press("rematch"), "Call us", "main_phone").press("match")
    resources._candidate.clear()
    back = Desk("Cy").press(f"go_on_{sha256}")
    assert "“Call us” as phone" in said(back)


def test_a_mended_file_is_read_as_the_one_before(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color", state="Maryland", website="?!")), "Community", "city")
    confirmed(desk).click("Mend what is sure")
    assert "1 cell was mended on this page." in desk.outcome
    assert "“Call us” as phone" in said(desk)


def test_of_many_columns_some_have_a_box_and_the_others_can_be_chosen(store: MemoryStore) -> None:
    desk = Desk().upload(foreign(*(f"Column {n}x" for n in range(60))))
    assert len(desk.app.selectbox) < 20
    (more,) = [m for m in desk.app.multiselect if "other columns would be left out" in m.label]
    more.set_value([more.options[-1]])
    desk._run()
    assert "Column 59x" in boxes(desk)


def test_a_file_in_which_nothing_is_ours_is_told_so_and_can_be_matched_all_the_same(
    store: MemoryStore,
) -> None:
    desk = Desk().upload(b"one,two,three\nMade-up Clinic,Takoma Park,x\n")
    assert desk.outcome[0].startswith("You need to add a header row")
    desk.press("rematch")
    assert boxes(desk) == {"one": "", "two": "", "three": ""}
    assert desk.outcome[0].startswith("No column name that we know was found.")
    say(say(say(desk, "one", "name"), "two", "city"), "three", "state").press("match")
    assert said(desk).endswith("“one” as name, “two” as city, “three” as state.")


def test_names_and_values_from_outside_are_shown_as_they_are(store: MemoryStore) -> None:
    data = foreign("Color").decode().replace("Color", f'"{HOSTILE}"', 1).replace(
        ",Made-up\n", f',"{HOSTILE}"\n', 1
    )  # fmt: skip
    desk = Desk().upload(data.encode())
    assert any(HOSTILE in _plain(box.label) for box in desk.app.selectbox)
    assert not desk.is_drawn("<b>y</b>")
    assert not desk.is_drawn(":red[z]")


def test_what_a_visitor_says_is_not_kept(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    resources.settings.clear()
    desk = Desk(name="").upload(foreign("Color"))
    confirmed(say(desk, "Community", "city"))
    assert said(desk).startswith("Columns were read as you said: ")
    assert store._remembered == {}


def test_a_store_that_fails_meanwhile_is_said_and_the_step_stays(store: MemoryStore) -> None:
    desk = say(Desk().upload(foreign("Color")), "Community", "city")
    assert isinstance(desk.app, AppTest)
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(store, "remember", _down)
        confirmed(desk)
    assert any("The store of versions is not answering." in s for s in desk.outcome)
    assert "match" in {button.key for button in desk.app.button}


def _down(*_: object) -> None:
    from clinics.domain.ports import StoreUnavailable

    raise StoreUnavailable
