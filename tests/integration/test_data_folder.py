"""A data folder at fault: all is said at once at the start, and what starts answers everything."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from clinics.cli.main import main
from clinics.directory import BrokenDataset, load_directory, rules_of
from clinics.intake.check import check
from tests.conftest import TODAY
from tests.folders import DATA
from tests.integration import api
from tests.integration.plain_site import site_of

Change = Callable[[list[dict[str, str]]], list[dict[str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    shutil.copytree(DATA, made)
    return made


def change(file: Path, how: Change) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = list(rows[0])
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(how(rows))


def put(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BrokenDataset) as caught:
        load_directory(folder, TODAY)
    return caught.value.faults


def test_all_that_is_wrong_is_said_at_once_with_its_file_and_row(folder: Path) -> None:
    put(folder / "conditions.csv", ",approved,Ketamine", ",aproved,Ketamine")
    put(folder / "conditions.csv", ",insufficient,", ",unknown,")
    put(folder / "towns.csv", ",39.", ",north ")
    put(folder / "prices.csv", "iv-ketamine,400", "iv-ketamine,four")
    put(folder / "site.toml", "[service_area]", "[servce_area]")
    (folder / "questions.csv").unlink()
    said = faults(folder)
    assert len(said) == len(set(said)) > 20
    text = "\n".join(said)
    for part in (
        "conditions.csv, row 2: “approval” can be approved, off-label, unapproved, other; it is",
        "conditions.csv, row 7: “grade” can be strong, moderate, limited, insufficient; it is",
        "towns.csv, row 78: “latitude” needs decimal degrees such as 38.9832; it is “north 3331”.",
        "prices.csv, row 2: “low_usd” needs a number; it is “four”.",
        "site.toml cannot be used: it can have the sections service_area, federal_upload and "
        "approval_words, not [servce_area].",
        "The file questions.csv cannot be read: no such file or directory.",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("site.toml", "[39.05, -77.0]", "[-77.0, 39.05]",
         "site.toml cannot be used: latitude comes first, then longitude; -77 and 39.05 are "
         "swapped."),
        ("site.toml", "heading =", "headline =",
         "site.toml cannot be used: it needs “heading”."),
        ("site.toml", "miles_from_town =", "miles =",
         "site.toml cannot be used: [service_area] can have miles_from_town and states, not "
         "“miles”."),
        ("site.toml", 'category = "mental-health"', 'category = "other"',
         "site.toml: [federal_upload] needs “category”, an id of categories.csv, because there "
         "is a federal_codes.csv; it is “other”."),
        ("federal_codes.csv", "PTSD,conditions,ptsd", "PTSD,conditions,pstd",
         "federal_codes.csv, code PTSD: there is no “pstd” in “conditions”."),
        ("federal_codes.csv", "PTSD,conditions,", "PTSD,condition,",
         "there is no column “condition”."),
        ("schedule.csv", "esketamine,series", "spray,series",
         "schedule.csv, row 6: there is no “spray” in treatments.csv."),
        ("synonyms.csv", "payment,", "pay,", "in “pay”."),
        ("payments.csv", "medicaid,", "Medic aid,", "small letters, digits and hyphens; it is"),
        ("explainer/cost.md", "conditions = []", 'conditions = ["gout"]',
         "explainer/cost.md: there is no “gout” in conditions.csv."),
    ],
)  # fmt: skip
def test_one_fault_is_one_sentence(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    put(folder / file, old, new)
    assert any(sentence in said for said in faults(folder))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("area = ", "area = 3 # ", "“area” needs a text in quotes; it is “3”."),
        ('heading = "', 'heading = "" # ', "“heading” needs a text in quotes; it is “”."),
        ("approvals_as_of = 2", 'approvals_as_of = "soon" # 2',
         "“approvals_as_of” needs a day without quotes, such as 2026-11-20; it is “soon”."),
        ("America/New_York", "Mars",
         "“time_zone” needs the name of a time zone, such as \"America/New_York\"; it is “Mars”."),
        ("[39.05, -77.0]", "[39.05]",
         "“map_center” needs two numbers, latitude and longitude, such as [39.05, -77.0]; it is "
         "“[39.05]”."),
        ("[39.05, -77.0]", "[39.05, 77.0]", "a longitude here begins with a minus; it is 77."),
        ('states = ["MD", "DC", "VA"]', 'states = "MD"',
         "“[service_area] states” needs a list of postal codes, such as [\"MD\", \"DC\"]; it is "
         "“MD”."),
        ('"DC", "VA"]', '"Virginia"]',
         "“[service_area] states” needs a list of postal codes, such as [\"MD\", \"DC\"]; it is "
         "“['MD', 'Virginia']”."),
        ("miles_from_town = ", 'miles_from_town = "far" # ',
         "“[service_area] miles_from_town” needs a number of miles above 0; it is “far”."),
        ("miles_from_town = ", "# ", "[service_area] needs “miles_from_town”."),
        ('date = ""', 'date = "soon"',
         "“[federal_upload] date” needs a day such as 2024-07-03; it is “soon”."),
        ("https://findtreatment.gov/", "javascript:x",
         "“[federal_upload] source_url” needs an http or https address; it is “javascript:x”."),
        ('therapy = ["ketamine"]', 'therapy = ["ketamine", 3]',
         "“[approval_words] therapy” needs a list such as [\"one\", \"two\"]; it is "
         "“['ketamine', 3]”."),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_said_with_what_it_needs(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    put(folder / "site.toml", old, new)
    assert faults(folder) == (f"site.toml cannot be used: {sentence}",)


def test_all_values_of_the_site_that_cannot_be_are_said_at_once(folder: Path) -> None:
    put(folder / "site.toml", "America/New_York", "Mars")
    put(folder / "site.toml", "[39.05, -77.0]", "[-77.0, 39.05]")
    put(folder / "site.toml", "heading =", "headline =")
    assert len(faults(folder)) == 4  # a name that is missing, and one that means nothing


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("towns.csv", ",-77", ",77", "a longitude here begins with a minus; it is 77."),
        ("towns.csv", ",DC,", ",D.C.,", "“state” needs a postal code such as MD; it is “D.C.”."),
        ("towns.csv", "20001;", "201;", "a ZIP has five digits; one is “201”."),
        ("barriers.csv", ";", ";x y;", "latitude and longitude, such as 38.99 -76.38; it is “x y”"),
        ("schedule.csv", "series,Twice", "serie,Twice",
         "“phase” can be consultation, series, follow-up; it is “serie”."),
        ("schedule.csv", "Twice a week,1,4", "Twice a week,5,4",
         "“end_week” is 4, before “start_week”, which is 5."),
        ("prices.csv", "iv-ketamine,400,800", "iv-ketamine,400,80000",
         "“high_usd” can be at most 10,000; it is 80,000."),
        ("languages.csv", "English", "English, spoken",
         "languages.csv, row 2: it has more cells than columns; a cell with a comma needs quotes."),
        ("source_words.csv", "\n", ",,,extra\n", "source_words.csv, row 2: it has more cells"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_said_with_its_row(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    path = folder / file
    head, rows = path.read_text(encoding="utf-8").split("\n", 1)
    assert old in rows
    path.write_text(f"{head}\n{rows.replace(old, new)}", encoding="utf-8")
    said = [one for one in faults(folder) if sentence in one]
    assert said
    assert all(re.match(rf"{file}, row \d+: ", one) for one in said)


def test_a_file_in_another_encoding_is_said_in_plain_words(folder: Path) -> None:
    (folder / "payments.csv").write_bytes("id,label,gloss\ncash,Café,\n".encode("cp1252"))
    assert "The file payments.csv cannot be read: it needs to be saved in UTF-8." in faults(folder)


@pytest.mark.parametrize("name", ["Baltimore", "BALTIMORE", "baltimore."])
def test_two_towns_with_one_page_are_said(folder: Path, name: str) -> None:
    with (folder / "towns.csv").open("a", encoding="utf-8") as file:
        file.write(f"{name},MD,Baltimore city,39.3,-76.6,21201,\n")
    (said,) = faults(folder)
    assert re.fullmatch(rf"towns\.csv, row \d+: the name “{name}, MD” is missing or twice\.", said)


def test_what_is_left_out_is_said_with_the_errors(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder / "prices.csv", "iv-ketamine,400", "iv-ketamine,four")
    put(folder / "clinics.csv", "depression", "depresion")
    (folder / "explainer" / "ocd.md").write_text("nothing", encoding="utf-8")
    (folder / "basemap.geojson").write_text("{", encoding="utf-8")
    assert main(["check-site", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "error prices.csv, row 2: “low_usd” needs a number; it is “four”.\n" in said
    assert "error The clinic file clinics.csv cannot be used." in said, "the explainer says no ids"
    assert "note A topic is left out. ocd.md, line 1: " in said
    assert "note basemap.geojson cannot be used: " in said
    unread = "note Not checked before these are mended: the ids that one file has of another.\n"
    assert unread in said


def test_a_town_outside_its_state_and_no_topics_are_odd(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "towns.csv").open("a", encoding="utf-8") as file:
        file.write("Farville,MD,Far County,25.1,-80.6,,\n")
    shutil.rmtree(folder / "explainer")
    assert main(["check-site", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "note towns.csv: the position of Farville, MD is not in Maryland.\n" in said
    assert "note explainer: it has no topic, so " in said


def test_a_word_for_two_options_is_odd(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (folder / "synonyms.csv").open("a", encoding="utf-8") as file:
        file.write("payment,medicare,public plan\npayment,medicaid,Public-Plan\n")
    assert main(["check-site", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "note “public plan” stands for both “medicaid” and “medicare” in “payment”.\n" in said


def test_clinics_are_checked_also_where_other_files_do_not_fit(folder: Path) -> None:
    put(folder / "explainer" / "ocd.md", 'conditions = ["ocd"]', 'conditions = ["gone"]')
    put(folder / "clinics.csv", "depression", "depresion")
    said = faults(folder)
    assert "explainer/ocd.md: there is no “gone” in conditions.csv." in said
    assert any(one.startswith("The clinic file clinics.csv cannot be used.") for one in said)


def test_codes_for_one_missing_option_are_one_sentence(folder: Path) -> None:
    change(folder / "treatments.csv", lambda rows: [r for r in rows if r["id"] != "medication"])
    (said,) = (one for one in faults(folder) if one.startswith("federal_codes.csv"))
    assert re.fullmatch(
        r"federal_codes\.csv, code ANTPYCH and \d+ others: there is no “medication” in "
        r"“treatments”\.",
        said,
    )


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("prices.csv", "explainer/cost.md has the tool “estimate”"),
        ("schedule.csv", "explainer/sessions.md has the tool “timeline”"),
    ],
)
def test_a_tool_needs_a_row_of_its_table(folder: Path, file: str, why: str) -> None:
    change(folder / file, lambda _: [])
    assert f"{file} needs a row: {why}." in faults(folder)


def one_condition(folder: Path) -> None:
    def only(row: dict[str, str]) -> dict[str, str]:
        stated = set(row["conditions"].split(";"))
        return {**row, "conditions": "depression" if "depression" in stated else ""}

    change(folder / "conditions.csv", lambda rows: [r for r in rows if r["id"] == "depression"])
    change(folder / "clinics.csv", lambda rows: [*map(only, rows)])
    codes = folder / "federal_codes.csv"
    change(codes, lambda rows: [r for r in rows if r["column"] != "conditions"])
    for topic in (folder / "explainer").glob("*.md"):
        text = topic.read_text(encoding="utf-8")
        if "conditions = []" not in text and topic.stem != "depression":
            topic.unlink()


def towns_without_zips(folder: Path) -> None:
    change(folder / "towns.csv", lambda rows: [{**row, "zips": ""} for row in rows])


def no_main_town(folder: Path) -> None:
    change(folder / "towns.csv", lambda rows: [{**row, "main": ""} for row in rows])


def one_category(folder: Path) -> None:
    change(folder / "categories.csv", lambda rows: rows[:1])
    change(folder / "clinics.csv", lambda rows: [r for r in rows if r["category"] == "ketamine"])
    change(folder / "synonyms.csv", lambda rows: [r for r in rows if r["column"] != "category"])
    (folder / "federal_codes.csv").unlink()


def no_clinics(folder: Path) -> None:
    change(folder / "clinics.csv", lambda rows: rows[:1])


@pytest.mark.parametrize(
    "make", [one_condition, towns_without_zips, no_main_town, one_category, no_clinics]
)
def test_what_starts_answers_everything(folder: Path, make: Callable[[Path], None]) -> None:
    make(folder)
    directory = load_directory(folder, TODAY)
    ask, app = site_of(directory), api.shipped(directory)
    for path in ("/plain", "/towns", "/topics", "/sitemap.xml", "/near/baltimore-md"):
        assert ask(path).status in (200, 404), path
    for path in ("/openapi.json", "/clinics", "/conditions", "/categories"):
        assert api.get(app, path).status == 200, path
    assert api.asked(app, "/api").status == 200
    described = json.loads(api.get(app, "/openapi.json").body)
    for path in described["paths"].values():
        for example in path["get"].get("x-examples", ()):
            assert api.asked(app, example["request"]).status == example["status"], example


def test_without_federal_codes_a_federal_file_is_only_not_recognized(folder: Path) -> None:
    (folder / "federal_codes.csv").unlink()
    directory = load_directory(folder, TODAY)
    header = b"name1,street1,city,state,zip,phone,service_code_info\n"
    row = b"Made-up,1 Main St,Rockville,MD,20850,301-555-0100,MH\n"
    report = check(header + row, rules_of(directory, folder, TODAY)).report
    assert not report.publishable
    assert {"federal_recognized"}.isdisjoint(notice.code for notice in report.notices)


def test_the_command_says_the_same_and_what_is_odd(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "site.es.toml").unlink()  # or what is not translated is said, too
    assert main(["check-site", str(folder)]) == 0
    alone = "note towns.csv has no Mount Airy, MD, where 1 listing is.\n"
    assert capsys.readouterr().out == f"{alone}0 errors, 1 note in {folder}\n"
    put(folder / "towns.csv", ",yes", ",")
    put(folder / "site.toml", '"VA"]', '"VA", "DE"]')
    assert main(["check-site", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "note towns.csv: no town is “main”, so each needs its state.\n" in said
    assert "note site.toml: DE is in the service area; towns.csv has no town of it.\n" in said
    put(folder / "towns.csv", ",39.", ",north ")
    assert main(["check-site", str(folder)]) == 1
    said = capsys.readouterr().out
    *lines, unread, _ = said.splitlines()
    assert lines == [f"error {fault}" for fault in faults(folder)]
    assert unread == "note Not checked before these are mended: clinics.csv."
    assert main(["check-site", str(folder / "none")]) == 2


def test_the_command_says_what_is_not_translated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "payments.es.csv").write_text("id,label\nmedicaid,Medicaid\n", "utf-8")
    (folder / "explainer" / "es" / "risks.md").unlink()
    assert main(["check-site", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "note payments.es.csv lacks medicaid gloss, medicare label, medicare gloss and" in said
    assert re.search(r"note explainer/es lacks .*\brisks\.md", said)
    assert "conditions.es.csv lacks" not in said


def test_a_cell_that_is_not_translated_is_said_in_english(folder: Path) -> None:
    (folder / "payments.es.csv").write_text("id,label\nself-pay,Pago propio\n", "utf-8")
    (folder / "treatments.es.csv").unlink()
    words = load_directory(folder).translations["es"].vocabulary
    assert words.label("payment", "self-pay") == "Pago propio"
    assert words.label("payment", "private-insurance") == "Private insurance"
    infusion = words.treatment("iv-ketamine")
    assert infusion
    assert infusion.approval_short == "Not approved for this use as of November 2026"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("site.es.toml", "map_center = [1, 2]\n", "site.es.toml can have title"),
        ("payments.es.csv", "id,label,by_state\nmedicaid,M,yes\n", "payments.es.csv cannot be"),
        ("payments.es.csv", "label\nM\n", "payments.es.csv cannot be used: it needs id"),
        ("payments.es.csv", "id,label\na,b\na,c\n", "“a” is there twice"),
    ],
)
def test_a_broken_translation_is_said_with_its_file(
    folder: Path, name: str, text: str, says: str
) -> None:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(BrokenDataset, match=says):
        load_directory(folder)
