"""Broken data and bugs: one polite sentence, the crisis line, and nothing of the search logged."""

import logging
import shutil

import pytest
from streamlit.testing.v1 import AppTest

from clinics.web import log
from tests.folders import DATA

PRIVATE = ("Takoma", "ptsd", "20912", "Maple")


def break_header(folder):
    (folder / "clinics.csv").write_text("a;b;c\n1;2;3\n", encoding="utf-8")


def break_bytes(folder):
    (folder / "clinics.csv").write_bytes(b"\xff\xfe\x00PNG" * 100)


def empty_file(folder):
    (folder / "clinics.csv").write_text("", encoding="utf-8")


def remove_vocabulary(folder):
    (folder / "conditions.csv").unlink()


def break_site(folder):
    (folder / "site.toml").write_text("title = ", encoding="utf-8")


def point_to_nowhere(folder):
    rows = (folder / "clinics.csv").read_text(encoding="utf-8").splitlines()
    (folder / "clinics.csv").write_text("\n".join([rows[0], "x" + "," * 30]), encoding="utf-8")


@pytest.mark.parametrize(
    "harm",
    [break_header, break_bytes, empty_file, remove_vocabulary, break_site, point_to_nowhere],
)
@pytest.mark.usefixtures("fresh_directory")
def test_broken_data_gives_one_sentence_and_the_crisis_line(visit, tmp_path, monkeypatch, harm):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    harm(folder)
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    page = visit()
    assert page.app.title[0].value == "The directory cannot be shown at the moment"
    assert len(page.app.markdown) == 1
    assert any("988" in note for note in page.notes)
    assert "Traceback" not in page.text
    assert str(tmp_path) not in page.text
    assert page.part("results_list") is None


def test_a_bug_is_not_hidden_from_the_service(visit, monkeypatch):
    """The page does not catch it: the service's own handler, below, says the sentence."""

    def boom(*_, **__):
        raise ValueError("near=Takoma Park")

    monkeypatch.setattr("clinics.search.pages.search", boom)
    with pytest.raises(AssertionError):
        visit(near="Takoma Park, MD")


def fault():
    from ui import frame

    def search(near):
        raise ValueError(f"near={near} condition=ptsd {{'zip': 20912}}")

    try:
        search("7500 Maple Avenue, Takoma Park")
    except ValueError as problem:
        frame.show_error(problem)


def test_a_bug_is_shown_as_one_sentence_with_an_id_and_the_crisis_line(caplog):
    with caplog.at_level(logging.DEBUG):
        at = AppTest.from_function(fault).run()
    (shown,) = [e.value for e in at.error]
    id = shown.split("(error ")[1].split(")")[0]
    assert len(id) == 8
    assert "988" in shown
    assert "ValueError" not in shown
    (line,) = [r.getMessage() for r in caplog.records if r.name == "clinics.errors"]
    assert id in line
    assert "ValueError" in line


def test_the_logged_line_holds_neither_the_place_nor_the_condition(caplog):
    with caplog.at_level(logging.DEBUG):
        AppTest.from_function(fault).run()
    logged = " ".join(r.getMessage() + str(r.exc_text or "") for r in caplog.records)
    assert "Error" in logged
    assert not [word for word in PRIVATE if word in logged]


def test_two_bugs_have_two_ids():
    first, second = (AppTest.from_function(fault).run().error[0].value for _ in range(2))
    assert first != second


def test_the_place_of_a_bug_without_a_traceback_can_still_be_logged():
    assert log.where(KeyError("ptsd")).startswith("KeyError")
