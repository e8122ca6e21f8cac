"""The list for download and its description; another tool finds nothing wrong with the two."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
from starlette.applications import Starlette

from clinics.directory import Directory
from clinics.domain.columns import COLUMNS, NAMES
from clinics.domain.ports import StoreUnavailable
from clinics.intake.check import check
from clinics.publishing import snapshot
from clinics.web.api import data_package
from clinics.web.api.data_package import list_of
from clinics.web.service import service_of
from tests.folders import DATA
from tests.made_up import dataset_of, made_up_clinic, made_up_rules

from .api import made_up, shipped
from .asking import asked

HOSTILE = [
    made_up_clinic(1, name="=1+1", notes='-2 "x", y', phone="(301) 555-0123", zip="20912"),
    made_up_clinic(2, hours="+9-5", conditions="ptsd;ocd", last_checked="2026-11-01"),
    made_up_clinic(3, insurance_note="a\nb", price_per_session_usd="480.50", status="closed"),
    made_up_clinic(4, accepting_new_patients="no", npi="1234567893", languages="es;ase"),
]


def fetched(app: Any, folder: Path) -> dict[str, Any]:
    """Save the two files side by side, as somebody would, and return the description."""
    for name in ("clinics.csv", "changes.csv", "datapackage.json"):
        answer = asked(app, f"/data/{name}")
        assert answer.status == 200
        (folder / name).write_bytes(answer.body)
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_bytes())
    return found


def faults(folder: Path) -> list[object]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return report.flatten(["rowNumber", "fieldName", "type", "message"])


def test_another_tool_finds_nothing_wrong_with_the_list_as_it_is_shipped(
    directory: Directory, tmp_path: Path
) -> None:
    fetched(shipped(directory), tmp_path)
    assert faults(tmp_path) == []


def test_nor_with_hostile_cells(directory: Directory, tmp_path: Path) -> None:
    fetched(made_up(directory, dataset_of(HOSTILE)), tmp_path)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "Maryland"),
        ("latitude", "north"),
        ("conditions", "ptsd,ocd"),
        ("last_checked", "1.11.2026"),
        ("name", ""),
        ("location_precision", "house"),
    ],
)
def test_but_it_finds_a_cell_that_is_not_as_described(
    directory: Directory, tmp_path: Path, column: str, value: str
) -> None:
    fetched(made_up(directory, dataset_of(HOSTILE)), tmp_path)
    path = tmp_path / "clinics.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    del package["resources"][0]["hash"], package["resources"][0]["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert [fault[1] for fault in faults(tmp_path)] == [column]


def test_the_schema_describes_every_column_as_the_data_dictionary_does(
    directory: Directory, tmp_path: Path
) -> None:
    package = fetched(shipped(directory), tmp_path)
    described = package["resources"][0]["schema"]["fields"]
    assert [(f["name"], f["description"], f["example"]) for f in described] == [
        (column.name, f"{column.meaning}.", directory.vocabulary.example(column))
        for column in COLUMNS
    ]
    required = [f["name"] for f in described if f.get("constraints", {}).get("required")]
    assert sorted(required) == sorted(column.name for column in COLUMNS if column.always)


def test_the_description_says_which_version_it_is_and_where_it_is_from(
    directory: Directory, tmp_path: Path
) -> None:
    package = fetched(shipped(directory), tmp_path)
    version = directory.dataset.version
    assert package["version"] == version.id
    assert "created" not in package  # what came with the software was published on no day
    assert [license["name"] for license in package["licenses"]] == ["ODbL-1.0"]
    assert len(package["sources"]) == 3
    resource, changes = package["resources"]
    assert changes["path"] == "changes.csv"
    body = (tmp_path / "clinics.csv").read_bytes()
    assert resource["bytes"] == len(body)
    assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_the_list_is_the_whole_published_table_also_what_is_closed(directory: Directory) -> None:
    dataset = dataset_of(HOSTILE)
    text = list_of(dataset).body.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == list(dataset.table["id"])
    assert rows[0]["name"] == "'=1+1"
    assert rows[0]["longitude"] == "-77"


def test_the_list_as_it_is_shipped_can_be_uploaded_again(directory: Directory) -> None:
    body = list_of(directory.dataset).body
    assert check(body, made_up_rules(directory)).report.publishable
    assert snapshot.from_csv(body).equals(directory.dataset.table)


def test_a_folder_without_package_toml_still_describes_its_columns(
    directory: Directory, tmp_path: Path
) -> None:
    service = service_of(lambda: directory)
    app = Starlette(routes=data_package.routes(service, tmp_path))
    found = json.loads(asked(app, "/data/datapackage.json").body)
    assert found["title"] == directory.site.title
    (tmp_path / "package.toml").write_text("name = ", encoding="utf-8")
    assert asked(Starlette(routes=data_package.routes(service, tmp_path)),
                 "/data/datapackage.json").status == 503  # fmt: skip


def test_anything_else_below_is_404_and_no_parameter_is_taken(directory: Directory) -> None:
    app = shipped(directory)
    said = json.loads(asked(app, "/data/clinics.json").body)
    assert said["status"] == 404
    assert said["did_you_mean"] == [
        "/data/clinics.csv", "/data/changes.csv", "/data/datapackage.json",
    ]  # fmt: skip
    assert asked(app, "/data/clinics.csv?near=20912").status == 400
    assert asked(app, "/data/clinics.csv", method="POST").status == 405


def test_the_files_are_made_anew_for_a_new_version(directory: Directory) -> None:
    live = [replace(directory, dataset=dataset_of(HOSTILE[:n])) for n in (1, 2)]
    app = Starlette(routes=data_package.routes(service_of(lambda: live[-1]), DATA))
    before = asked(app, "/data/clinics.csv").headers["etag"]
    live.pop()
    assert asked(app, "/data/clinics.csv").headers["etag"] != before


def test_the_changes_are_made_once_a_version_and_by_one_request_at_a_time(
    directory: Directory,
) -> None:
    """To make them reads every version: who asks a lot must not keep everybody waiting."""
    asked_meanwhile: list[int] = []

    def changes() -> bytes:
        if not asked_meanwhile:
            asked_meanwhile.append(0)
            asked_meanwhile[0] = asked(app, "/data/changes.csv").status
        return data_package.no_changes()

    app = Starlette(routes=data_package.routes(service_of(lambda: directory), DATA, changes))
    found = asked(app, "/data/changes.csv")
    assert (found.status, asked_meanwhile) == (200, [503])
    assert found.body.decode().startswith("id,clinic_id,field,previous_value")
    assert asked(app, "/data/changes.csv").status == 200
    assert len(asked_meanwhile) == 1


def test_to_describe_the_files_reads_no_version(directory: Directory) -> None:
    def changes() -> bytes:
        raise StoreUnavailable("Gone.")

    app = Starlette(routes=data_package.routes(service_of(lambda: directory), DATA, changes))
    assert asked(app, "/data/changes.csv").status == 503
    found = json.loads(asked(app, "/data/datapackage.json").body)
    assert [one["name"] for one in found["resources"]] == ["clinics", "changes"]
