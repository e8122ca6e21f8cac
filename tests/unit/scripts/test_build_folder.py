"""`make data` makes towns and listings of another state from its own sources, with no Python."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clinics.cli.main import main
from clinics.directory import load_directory
from scripts import build_clinics, build_towns
from scripts.sources import Sources, load_sources
from tests.another_site import make
from tests.made_up import made_up_clinic, made_up_csv

BUILD = """gathered = 2026-11-20
listings = ["listings.csv"]
[federal]
file = "download.csv"
source = "A made-up edition of the federal directory"
source_url = "https://made-up.example/directory"
date = "2026-10-01"
category = "other-care"
[towns.spellings]
"Roanoake" = "Roanoke"
[towns.centers]
"Norfolk, VA" = "23510"
"""
DOWNLOAD = """A made-up listing of facilities, with a comma

name1,name2,street1,street2,city,state,zip,phone,service_code_info,latitude,longitude
Harbor Care,,1 Made-up Street,,NORFOLK,VA,23510,757-555-0100,MH * ADLT,,
State Line Care,,2 Made-up Street,,Bristol,TN,37620,423-555-0101,MH * ADLT,,
Not Shown,,- - -,,Richmond,VA,23220,804-555-0102,MH,,
Of Another State,,3 Made-up Street,,Rockville,MD,20850,301-555-0103,MH,,
"""
CODES = "code,column,value,label,unless\nADLT,ages,adults,Takes adults,\n"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Another directory, with sources of its own."""
    made = make(tmp_path / "other")
    (made / "sources").mkdir()
    own = [made_up_clinic(1, category="tms", city="Roanoake", state="VA", zip="24011",
                          latitude="", longitude="", location_precision="")]  # fmt: skip
    files = {"build.toml": BUILD, "download.csv": DOWNLOAD}
    for name, text in files.items():
        (made / "sources" / name).write_text(text, encoding="utf-8")
    (made / "sources" / "listings.csv").write_bytes(made_up_csv(own))
    (made / "federal_codes.csv").write_text(CODES, encoding="utf-8")
    capsys.readouterr()
    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_towns_and_listings_are_those_of_the_sources_and_the_states_of_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    build_towns.main()
    build_clinics.main()
    assert "clinics.csv: 3 listings, {'other-care': 2, 'tms': 1}" in capsys.readouterr().out
    towns = {(row["name"], row["state"]): row for row in rows_of(folder / "towns.csv")}
    assert list(towns) == [
        ("Bristol", "TN"), ("Bristol", "VA"), ("Norfolk", "VA"), ("Richmond", "VA"),
        ("Roanoke", "VA"),
    ]  # fmt: skip
    assert [name for name, row in towns.items() if row["main"]] == [
        ("Bristol", "VA"), ("Richmond", "VA")
    ]  # fmt: skip
    listed = {row["name"]: row for row in rows_of(folder / "clinics.csv")}
    assert set(listed) == {"Harbor Care", "State Line Care", "Made-up Clinic 1"}
    assert listed["Harbor Care"]["city"] == "Norfolk"
    assert listed["Harbor Care"]["ages"] == "adults"
    assert listed["Harbor Care"]["source"] == "A made-up edition of the federal directory"
    assert listed["Made-up Clinic 1"]["category"] == "tms"
    assert listed["Made-up Clinic 1"]["city"] == "Roanoke"
    assert main(["check-site", str(folder)]) == 0


def test_without_sources_the_towns_are_those_of_the_listings_which_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make(tmp_path / "other")
    before = (made / "clinics.csv").read_bytes()
    build_towns.main(made)
    build_clinics.main(made)
    assert "clinics.csv: kept" in capsys.readouterr().out
    assert (made / "clinics.csv").read_bytes() == before
    assert {(row["name"], row["state"]) for row in rows_of(made / "towns.csv")} == {
        ("Bristol", "VA"), ("Richmond", "VA"), ("Bristol", "TN"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("listing = []\n", "build.toml can have gathered, listings, .*, not “listing”"),
        ("gathered = \n", "build.toml cannot be read: "),
        ('listings = ["gone.csv"]\n', "gone.csv cannot be read; sources/build.toml names it"),
        ("listings = []\n", "names no list with a row that may be listed"),
    ],
)
def test_sources_that_cannot_be_used_stop_the_build_with_a_sentence(
    folder: Path, text: str, sentence: str
) -> None:
    (folder / "sources" / "build.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=sentence):
        build_clinics.main(folder)


@pytest.mark.parametrize(
    ("listed", "written"),
    [("MCLEAN", "McLean"), ("Mclean", "McLean"), ("Havre de Grace", "Havre de Grace")],
)
def test_a_town_is_written_with_proper_capitals(listed: str, written: str) -> None:
    assert Sources(Path(), {}).proper(listed) == written


def test_a_town_has_its_center_from_the_zip_that_the_sources_name(folder: Path) -> None:
    sources = load_sources(folder)
    (town,) = build_towns.build({("Norfolk", "VA"): set()}, build_towns.usable_zips(), sources)
    (row,) = (row for row in build_towns.usable_zips() if row["zip_code"] == "23510")
    assert float(town["latitude"]) == pytest.approx(float(row["lat"]), abs=0.0001)


def test_a_town_without_any_zip_stops_the_script_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="Nowhere, MD needs a ZIP we know"):
        build_towns.find_zips(("Nowhere", "MD"), set(), [])


def test_a_listing_that_only_a_later_fact_names_has_a_town(folder: Path) -> None:
    later = '[practices]\nlater = "later.csv"\nlistings = "later.csv"\n'
    build = folder / "sources" / "build.toml"
    build.write_text(BUILD.replace("[federal]", f"{later}[federal]"), encoding="utf-8")
    rows = ["use,cells,city", "yes,name=A|city=Danville|state=VA|zip=24541,", "yes,phone=1,",
            "no,name=B|city=Suffolk|state=VA,", "yes,in-notes,"]  # fmt: skip
    (folder / "sources" / "later.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = {row["city"] for row in Sources(folder, load_sources(folder).said)._later()}
    assert found == {"Danville"}


def test_two_spellings_with_one_page_are_one_town(folder: Path) -> None:
    cells = {"category": "tms", "state": "VA", "latitude": "", "longitude": ""}
    places = [("richmond.", "23220"), ("RICHMOND", "23221"), ("De Witt", "23840")]
    own = [
        made_up_clinic(number, city=city, zip=zip, location_precision="", **cells)
        for number, (city, zip) in enumerate(places)
    ]
    (folder / "sources" / "listings.csv").write_bytes(made_up_csv(own))
    build_towns.main(folder)
    towns = rows_of(folder / "towns.csv")
    names = [row["name"] for row in towns if row["state"] == "VA"]
    assert names == ["Bristol", "De Witt", "Norfolk", "Richmond"]
    build_clinics.main(folder)
    assert load_directory(folder).dataset
