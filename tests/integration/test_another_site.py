"""The whole service over another state and another therapy: it works, and not a word leaks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from clinics.cli.main import main
from clinics.directory import Directory, load_directory, rules_of
from clinics.intake.check import check
from clinics.settings import ROOT
from clinics.web.app import routes
from clinics.web.first_screen import Asker, first_screen
from tests.another_site import LEAKED, make
from tests.integration.asking import Answer, asked
from tests.integration.plain_site import checked
from ui.look import look
from ui.site import in_bar

BASE = "https://made-up.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("another") / "data")


@pytest.fixture(scope="module")
def other(folder: Path) -> Directory:
    return load_directory(folder)


@pytest.fixture(scope="module")
def app(other: Directory, folder: Path) -> Starlette:
    return Starlette(routes=routes(lambda: other, folder, base_url=BASE))


def clean(answer: Answer) -> str:
    """Return what is said, in which nothing is of the other directory."""
    assert LEAKED.findall(answer.text) == []
    return answer.text


def pages(app: Starlette) -> Iterator[str]:
    """Every page of the map for search engines, and those that are not on it."""
    for address in re.findall(r"<loc>(.*?)</loc>", asked(app, "/sitemap.xml").text):
        yield address.removeprefix(BASE).rstrip("/") or "/plain"
    yield from ("/plain", "/plain?near=Richmond%2C+VA&condition=low-mood", "/plain?within=any")
    yield from ("/plain?within=any&category=tms&category=research", "/plain?near=Nowhereville")
    yield from ("/embed?near=24201", "/print?near=24201", "/choose?near=24201", "/near", "/api")
    yield from ("/list?list=made-up-clinic-1", "/robots.txt", "/plain?near=Somerset")


def test_every_page_is_answered_and_none_speaks_of_the_other_directory(app: Starlette) -> None:
    answered = 0
    for path in dict.fromkeys(pages(app)):
        answer = asked(app, path)
        assert answer.status == (400 if "Nowhereville" in path else 200), path
        text = clean(answer)
        if "<html" in text:
            checked(text)
            assert "988" in text, path
        answered += 1
    assert answered > 20


def test_every_answer_of_the_api_is_given(app: Starlette, other: Directory) -> None:
    for name in ("openapi.json", "clinics", "conditions", "treatments", "categories"):
        answer = asked(app, f"/api/v1/{name}")
        assert answer.status == 200, name
        clean(answer)
    described = json.loads(asked(app, "/api/v1/openapi.json").body)
    for path in described["paths"].values():
        for example in path["get"].get("x-examples", ()):
            answer = asked(app, example["request"])
            assert answer.status == example["status"], example
            clean(answer)
    for path in ("/data/clinics.csv", "/data/datapackage.json", "/assets/basemap.geojson"):
        assert asked(app, path).status == 200
        clean(asked(app, path))
    conditions = json.loads(asked(app, "/api/v1/conditions").body)["conditions"]
    assert [one["approval"] for one in conditions] == ["off-label", "unapproved"]


@pytest.mark.parametrize(
    ("asked_for", "answer"),
    [("bristol-va", 200), ("bristol-tn", 200), ("bristol", 301), ("richmond", 301)],
)
def test_a_main_town_is_found_at_its_bare_name(app: Starlette, asked_for: str, answer: int) -> None:
    found = asked(app, f"/near/{asked_for}")
    assert found.status == answer
    if answer == 301:
        assert found.headers["location"].endswith(f"/near/{asked_for}-va")


@pytest.mark.parametrize("is_phone", [True, False])
@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("", {}),
        ("", {"near": "24201", "condition": "low-mood"}),
        ("", {"within": "any", "category": "research"}),
        ("learn", {}),
        ("learn", {"topic": "example-condition"}),
        ("towns", {}),
        ("towns", {"town": "bristol-tn"}),
    ],
)
def test_the_first_screen_is_of_this_directory(
    other: Directory, page: str, params: dict[str, str], is_phone: bool
) -> None:
    given = {name: [value] for name, value in params.items()}
    html = first_screen(page, given, Asker("plain", is_phone), other, look(), in_bar())
    assert html
    assert LEAKED.findall(html) == []


def test_the_check_of_the_folder_and_of_its_texts_find_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["check-site", str(folder)]) == 0
    assert capsys.readouterr().out == f"0 errors, 0 notes in {folder}\n"
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    monkeypatch.setenv("CLINICS_DATABASE_URL", "none")
    assert main(["search", "--near", "24201", "--within", "any"]) == 0
    assert LEAKED.findall(capsys.readouterr().out) == []


@pytest.mark.parametrize(("therapy", "code"), [("TMS", "TMS"), ("EMDR", "EMDR")])
def test_a_new_site_takes_the_federal_list_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], therapy: str, code: str
) -> None:
    new = tmp_path / "new"
    given = ["--state", "OR", "--town", "Bend", "--therapy", therapy]
    assert main(["new-site", str(new), *given]) == 0
    assert "0 errors, 0 notes" in capsys.readouterr().out
    head = "name1,name2,street1,street2,city,state,zip,phone,service_code_info\n"
    row = f"Made-up Care,,1 Made-up Street,,Bend,OR,97701,541-555-0100,MH * {code} CBT ADLT ES\n"
    checked = check((head + row).encode(), rules_of(load_directory(new), new))
    assert checked.report.publishable
    (listing,) = checked.table.to_dict("records")
    assert listing["category"] == "other-care"
    assert set(listing["treatments"].split(";")) == {therapy.lower(), "talk-therapy"}


def test_each_treatment_and_condition_of_a_new_site_has_a_topic_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    assert main(["new-site", str(new), "--state", "OR", "--town", "Bend", "--therapy", "TMS"]) == 0
    monkeypatch.setenv("CLINICS_DATA_DIR", str(new))
    capsys.readouterr()
    assert main(["check-content"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 notes in 3 topics\n"


def test_a_topic_that_is_left_out_is_said_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    assert main(["new-site", str(new), "--state", "OR", "--town", "Bend", "--therapy", "TMS"]) == 0
    (new / "explainer" / "help-now.md").write_text("nothing", encoding="utf-8")
    capfd.readouterr()
    assert main(["check-site", str(new)]) == 0
    said = capfd.readouterr()
    assert (said.out + said.err).count("A topic is left out.") == 1


def test_without_the_packages_the_command_says_what_to_install() -> None:
    command = [sys.executable, "-S", "-m", "clinics", "new-site"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"The package \w+ is missing\. Run `make run` once, .*\n", done.stderr)


@pytest.mark.parametrize(
    "therapy", ["talk therapy", "medication", "other care", "example condition", "light therapy"]
)
def test_a_therapy_may_be_called_as_one_of_the_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], therapy: str
) -> None:
    new = tmp_path / "new"
    given = ["--state", "WA", "--town", "Seattle", "--therapy", therapy]
    assert main(["new-site", str(new), *given]) == 0
    assert "0 errors, 0 notes" in capsys.readouterr().out
    site = Starlette(routes=routes(lambda: load_directory(new), new, base_url=BASE))
    for path in ("/plain", "/near/seattle-wa", "/topics/the-treatment", "/api/v1/openapi.json"):
        answer = asked(site, path)
        assert answer.status == 200, path
        assert "therapy therapy" not in answer.text


@pytest.mark.parametrize(
    ("state", "typed", "names"),
    [
        ("NM", ["truth or consequences"], ["Truth or Consequences"]),
        ("NM", ["Truth Or Consequences"], ["Truth Or Consequences"]),
        ("VA", ["Richmond", "RICHMOND", " richmond "], ["Richmond"]),
        ("MO", ["St. Louis", "Saint Louis"], ["Saint Louis"]),
    ],
)
def test_a_town_is_written_once_and_as_it_was_typed(
    tmp_path: Path, state: str, typed: list[str], names: list[str]
) -> None:
    new = tmp_path / "new"
    towns = [word for name in typed for word in ("--town", name)]
    assert main(["new-site", str(new), "--state", state, *towns, "--therapy", "TMS"]) == 0
    assert [town.name for town in load_directory(new).towns] == names


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--state", "Nowhere", "--town", "X", "--therapy", "TMS"], "There is no state “Nowhere”."),
        (["--state", "VA", "--town", "Xyzzy", "--therapy", "TMS"],
         "The table of ZIP codes has no “Xyzzy” in Virginia."),
        (["--state", "VA", "--town", "Richmond", "--therapy", 'T"MS'],
         "It needs a town, and a therapy in letters, digits, spaces and hyphens."),
    ],
)  # fmt: skip
def test_a_new_site_says_what_it_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: list[str], sentence: str
) -> None:
    assert main(["new-site", str(tmp_path / "new"), *given]) == 2
    assert capsys.readouterr().err == f"{sentence}\n"
    assert not (tmp_path / "new").exists()
    assert main(["new-site", str(tmp_path), *given]) == 2
