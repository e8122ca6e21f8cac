"""The documentation says what the code does: columns, parameters, commands, generated tables."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from clinics.cli import main as command_line
from clinics.directory import Directory
from clinics.intake.check import Limits, check
from clinics.search.query import Query
from clinics.settings import ROOT
from scripts import build_docs
from tests.made_up import made_up_rules, matched_of
from tests.unit.test_architecture import FLOORS

DOCS = ROOT / "docs"
PAGES = [path for path in build_docs.PAGES if path.parent != ROOT / "data"]
GENERATED = re.compile(r"<!-- generated: (\w+) -->\n\|.*\n\|[-|]+\|\n(?:\|.*\n)*<!-- end -->")
BUILT = {"node_modules", "var", "build", "artifacts"}


def project_files(*suffixes: str) -> list[Path]:
    """List the project's own files, without hidden and built folders."""
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in suffixes
        and not any(part[0] == "." or part in BUILT for part in path.relative_to(ROOT).parts)
    )


MARKDOWN = project_files(".md")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def table(path: Path, first_header: str) -> list[list[str]]:
    """Return the rows of the first table whose first column has this name."""
    lines = iter(read(path).splitlines())
    next(line for line in lines if line.startswith(f"| {first_header} |"))
    next(lines)  # the rule under the header
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split(" | ")])
    return rows


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def unquoted(cell: str) -> str:
    return cell.removeprefix("`").removesuffix("`")


# Settings, notices, parameters


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_generated_tables_are_as_the_code_has_them(path: Path):
    assert build_docs.renewed(read(path)) == read(path), "run `python -m scripts.build_docs`"
    assert build_docs.MISSING not in read(path)


def test_every_generated_table_is_on_a_page():
    marks = [mark for path in PAGES for mark in GENERATED.findall(read(path))]
    assert sorted(marks) == sorted(build_docs.TABLES.keys() - build_docs.OF_DATA)


def test_a_row_that_the_code_has_is_added_and_one_that_it_has_not_is_taken_out():
    page = read(DOCS / "settings.md")
    row = next(line for line in page.splitlines() if line.startswith("| `CLINICS_TILES` |"))
    other = page.replace(row, "| `CLINICS_GONE` | text | empty | nothing |")
    assert build_docs.renewed(other) == page.replace(
        row, f"| `CLINICS_TILES` | {build_docs.MISSING} | `osm` | {build_docs.MISSING} |"
    )


def test_every_notice_is_documented_with_the_sentence_that_its_file_gets(directory: Directory):
    rules = made_up_rules(directory)
    for code, *_, example in table(DOCS / "notices.md", "code"):
        folder = ROOT / "tests" / "golden" / "files" / unquoted(code)
        if not folder.exists():  # against live data: no file alone has it
            continue
        limits = folder / "limits.json"
        given = Limits(**json.loads(read(limits))) if limits.exists() else Limits()
        (file,) = folder.glob("input.*")
        limited = replace(rules, limits=given)
        report = check(file.read_bytes(), limited, matched=matched_of(folder)).report
        assert example == next(n.message for n in report.notices if n.code == unquoted(code))


def test_the_readme_names_every_search_parameter():
    words = read(ROOT / "README.md")
    assert [name for name in Query.__dataclass_fields__ if f"`{name}`" not in words] == []


# Commands and routes


def help_of(*command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        command_line.main([*command, "--help"])
    return capsys.readouterr().out


def test_every_command_is_documented(capsys: pytest.CaptureFixture[str]):
    commands = re.search(r"\{([a-z,-]+)\}", help_of(capsys=capsys))
    assert commands
    words = "".join(read(path) for path in [ROOT / "README.md", *DOCS.glob("*.md")])
    assert [c for c in commands[1].split(",") if f"python -m clinics {c}" not in words] == []


def test_every_option_of_the_search_command_is_documented(capsys: pytest.CaptureFixture[str]):
    options = set(re.findall(r"--[a-z]+", help_of("search", capsys=capsys)))
    assert "--near" in options
    documented = {f"--{unquoted(row[0])}" for row in table(DOCS / "parameters.md", "name")}
    documented |= {unquoted(row[0]) for row in table(DOCS / "parameters.md", "option")}
    assert options <= documented


def test_the_architecture_has_a_row_for_each_folder_and_no_other():
    rooms = {f"clinics/{path.parent.name}/" for path in (ROOT / "clinics").glob("*/__init__.py")}
    described = [unquoted(row[0]) for row in table(DOCS / "architecture.md", "folder")]
    others = {"ui/", "pages/", "scripts/", "deploy/", "lab/", "tests/"}
    assert sorted(described) == sorted(rooms | others)


def test_the_architecture_has_the_floors_in_their_order():
    lines = read(DOCS / "architecture.md").split("```")[1].strip().splitlines()
    assert [set(line.split(", ")) for line in lines] == list(FLOORS)


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z0-9-]*)\s*:(?!=)", read(ROOT / "Makefile"), re.MULTILINE))


def test_every_make_target_is_documented():
    words = read(ROOT / "README.md") + read(DOCS / "development.md")
    missing = [t for t in sorted(make_targets()) if not re.search(rf"make {t}(?![\w-])", words)]
    assert missing == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_no_page_names_a_make_target_that_does_not_exist(path: Path):
    named = set(re.findall(r"(?:`|^)make ([a-z][a-z0-9-]*)", read(path), re.MULTILINE))
    assert named <= make_targets()


# Links and paths


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_every_relative_link_leads_to_a_file(path: Path):
    links = re.findall(r"\]\(([^)\s]+)\)", read(path))
    local = [link.partition("#")[0] for link in links if not re.match(r"https?://|tel:", link)]
    screenshots = {link for link in local if link.startswith("docs/images/")}
    broken = [link for link in set(local) - screenshots if not (path.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_every_file_that_is_named_by_its_path_is_there(path: Path):
    named = re.findall(
        r"`((?:clinics|ui|pages|scripts|lab|tests|data|docs|deploy)/[\w./-]+)`", read(path)
    )
    ours = [name for name in named if not name.startswith("data/")]
    assert [name for name in ours if not (ROOT / name).exists()] == []


def test_every_decision_is_in_the_list_that_the_readme_links():
    assert "(docs/decisions/README.md)" in read(ROOT / "README.md")
    words = read(DOCS / "decisions" / "README.md")
    decisions = sorted((DOCS / "decisions").glob("0*.md"))
    assert [path.name for path in decisions if f"({path.name})" not in words] == []


def test_no_file_names_a_folder_of_one_machine():
    private = ("/" + "work/", "/" + "tmp/", "/" + "root/")
    found = [
        name_of(path)
        for path in project_files(".md", ".py", ".csv", ".toml", ".html", ".js", ".css")
        if any(folder.encode() in path.read_bytes() for folder in private)
    ]
    assert found == []


def test_every_required_package_has_its_reason_in_the_decision_on_dependencies():
    words = read(DOCS / "decisions" / "0006-dependencies.md").casefold()
    pinned = read(ROOT / "requirements.txt") + read(ROOT / "requirements-dev.txt")
    packages = re.findall(r"^([A-Za-z0-9_-]+)==", pinned, re.MULTILINE)
    assert packages
    assert [name for name in packages if name.casefold() not in words] == []
