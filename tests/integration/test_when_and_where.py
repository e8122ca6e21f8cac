"""Every face says alike of when a listing is, how well its place is known, what to ask first."""

from __future__ import annotations

import html
import json
import re

import pytest

from clinics.cli.main import main
from clinics.directory import Directory
from tests.integration.plain_site import Ask, site_of, with_clinics
from tests.made_up import made_up_clinic

CAVEAT = "Call first: " + "another list gives another town, and " * 3 + "it may have moved."
FEDERAL = "SAMHSA, National Directory of Mental Health Treatment Facilities 2024"
LISTED = {
    "name": "Made-up Clinic", "city": "Silver Spring", "latitude": "39.0", "longitude": "-77.0267",
    "location_precision": "town", "caveat": CAVEAT, "notes": "It has many rooms. " * 100,
    "source": FEDERAL, "source_date": "2024-07-03", "status": "moved",
}  # fmt: skip
SOMEWHERE = "Somewhere in Silver Spring (its center is about 2 miles away)"
FROM = "From a federal list of July 2024 (a 2023 survey)"
FACES = ("/plain?near=20912", "/embed?near=20912", "/clinics/made-up-clinic-1")


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(with_clinics(directory, made_up_clinic(1, **LISTED)))


def said(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text.partition("<main")[2])).split())


@pytest.mark.parametrize("path", FACES)
def test_what_to_ask_first_is_whole_and_before_all_else_on_every_page(ask: Ask, path: str) -> None:
    text = said(ask(path).text)
    assert text.index("Call first: it has moved") < text.index(CAVEAT)
    assert text.index(CAVEAT) < text.index("No telephone number")


@pytest.mark.parametrize("path", FACES)
def test_every_page_says_of_when_the_source_is_and_that_we_did_not_confirm(
    ask: Ask, path: str
) -> None:
    text = said(ask(path).text)
    assert FROM in text
    assert text.count("was not confirmed by us in the last 90 days") == 1
    assert "checked" not in text.lower()


@pytest.mark.parametrize("path", FACES[:2])
def test_a_town_is_somewhere_and_in_whole_miles(ask: Ask, path: str) -> None:
    text = said(ask(path).text)
    assert SOMEWHERE in text
    assert "approximate" not in text


@pytest.mark.parametrize("path", ["/plain", "/embed", "/near/takoma-park-md", "/conditions/ptsd"])
def test_what_came_with_the_software_is_not_called_published(
    directory: Directory, path: str
) -> None:
    text = said(site_of(directory)(path).text)
    assert "Listings as they came with the software; the newest source is of January 2026." in text
    assert "published on" not in text


def test_across_the_bay_is_said_on_the_plain_page_and_in_the_frame(directory: Directory) -> None:
    ask = site_of(directory)
    for path in ("/plain", "/embed"):
        text = said(ask(f"{path}?near=38.41,-76.455&category=mental-health").text)
        assert "miles from the point 38.4100, -76.4550 · across the Bay: much farther by" in text


@pytest.mark.parametrize(
    ("form", "caveats"), [("table", ["Call first: it may have moved."]), ("csv", ["Call first"])]
)
def test_the_command_says_the_same(
    capsys: pytest.CaptureFixture[str], form: str, caveats: list[str]
) -> None:
    found = ["search", "--near=22314", "--within=5", f"--format={form}"]
    assert main(found) == 0
    printed = capsys.readouterr().out
    assert all(caveat in printed for caveat in caveats)


def test_the_command_says_where_when_and_across_the_bay(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["search", "--near=20912", "--within=5"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[2].startswith("None was confirmed by us in the last 90 days")
    assert SOMEWHERE in printed[3]
    search = ["search", "--near=38.41,-76.455", "--category=mental-health"]
    assert main(search) == 0
    assert "miles · across the Bay: much farther by road · Cambridge" in capsys.readouterr().out
    assert main([*search, "--format=json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    across = {clinic["city"]: clinic["across"] for clinic in answer["clinics"]}
    assert across["Cambridge"] == "across the Bay: much farther by road"
    assert across["California"] is None
    assert answer["version"]["published"] is None
    dates = {(c["source_date"], c["last_checked"]) for c in answer["clinics"]}
    assert dates == {("2024-07-03", None)}
