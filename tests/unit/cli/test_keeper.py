"""The commands of keepers: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clinics import bootstrap
from clinics.adapters.memory import MemoryStore
from clinics.cli import main as command_line
from clinics.cli import text
from clinics.cli.keeper import KEEPER_COMMANDS
from clinics.directory import Directory
from clinics.domain.ports import StoreUnavailable
from clinics.intake.column_names import Matching
from clinics.publishing import last_link, plans, snapshot
from clinics.publishing.publisher import layout_of
from clinics.settings import ROOT
from tests.linked_site import linked_site
from tests.made_up import made_up_clinic, made_up_csv
from tests.unit.publishing.test_publisher import clinic, facilities, ten

OK, NO, USAGE = 0, 1, 2
DOWN = str(StoreUnavailable())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """One store for all commands of a test."""
    kept = MemoryStore()
    monkeypatch.setattr(bootstrap, "chosen_store", lambda _: kept)
    return kept


@pytest.fixture
def run(store: MemoryStore, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command and return its exit code, what it printed, and what it complained of."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = command_line.main([str(argument) for argument in arguments])
        printed = capsysbinary.readouterr()
        return code, printed.out.decode(), printed.err.decode()

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*clinics: dict[str, str], name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(made_up_csv(clinics))
        return path

    return write


@pytest.fixture
def published(run: Run, file: Callable[..., Path]) -> Path:
    """Ten clinics are live, as version 1; this is their file."""
    path = file(*ten(), name="ten.csv")
    assert run("publish", path, "--note", "Ten", "--allow-large-change")[0] == OK
    return path


# from a link


def test_a_shared_sheet_is_checked_and_published_like_a_file(
    run: Run, published: Path, monkeypatch: pytest.MonkeyPatch, store: MemoryStore
) -> None:
    first, *others = ten()
    sheet = made_up_csv([first | {"phone": "(301) 555-0199"}, *others])
    with linked_site(sheet) as site:
        monkeypatch.setattr(bootstrap, "chosen_links", lambda _: site.links())
        link = site.url("/list.csv?key=secret")
        code, printed, _ = run("validate", "--from", link)
        assert (code, "0 new, 1 changed" in printed) == (OK, True)
        code, printed, complaint = run("publish", "--from", link, "--note", "From the sheet")
        assert (code, printed) == (
            OK, "Version 2 is live, with 10 clinics: 0 new, 1 changed, 0 gone, 9 the same.\n"
        )  # fmt: skip
        assert "secret" not in complaint
        last = last_link.last_link(store)
        assert last is not None
        assert (last.address, last.filename, last.who) == (link, "list.csv", "command line")
        code, printed, complaint = run("publish", "--from", site.url("/login?key=s"), "--note", "x")
        assert (code, printed) == (NO, "")
        assert complaint.startswith("made-up.example answers with a web page and not with a file.")
        sparse = made_up_csv([first])
        site.sheet = sparse
        code, _, complaint = run("publish", "--from", link, "--note", "x")
        assert code == NO, "the brakes are on"
        assert "9 others disappear" in complaint


def test_a_file_or_a_link_is_needed_and_not_both(run: Run, published: Path) -> None:
    sentence = "Give either a FILE or --from with an address.\n"
    for arguments in ((), (published, "--from", "https://made-up.example/a.csv")):
        assert run("validate", *arguments) == (USAGE, "", sentence)


def test_a_link_into_the_own_network_is_refused(run: Run, published: Path) -> None:
    code, printed, complaint = run("validate", "--from", "http://127.0.0.1/list.csv")
    assert (code, printed) == (NO, "")
    assert "is not on the open internet" in complaint


def test_a_file_is_left_for_a_keeper(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    code, printed, _ = run("stage", published)
    assert (code, "A version was made from this very file" in printed) == (OK, True)
    code, printed, _ = run("stage", file(clinic(1)))
    assert (code, store.live_number()) == (OK, 1)
    assert "waits for a keeper" in printed
    assert re.search(r"/manage\?upload=[0-9a-f]{64}\n", printed)


def test_a_file_is_left_with_what_it_is(
    run: Run, file: Callable[..., Path], store: MemoryStore
) -> None:
    left = file(clinic(1))
    for option, mode in ((), ""), (("--add",), "add"), (("--whole",), "replace"):
        assert run("stage", left, *option)[0] == OK
        (upload,) = store.unpublished()
        assert plans.from_text(upload.plan).mode == mode, "the last word counts"
    code, _, complaint = run("stage", left, "--add", "--whole")
    assert (code, "not allowed with" in complaint) == (USAGE, True)


def test_waiting_files_are_listed_and_one_is_forgotten(
    run: Run, file: Callable[..., Path], store: MemoryStore
) -> None:
    assert run("drafts") == (OK, "No file waits for a keeper.\n", "")
    for name in ("one.csv", "two.csv"):
        assert run("stage", file(clinic(1, notes=name), name=name), "--add")[0] == OK
    code, printed, _ = run("drafts")
    assert code == OK
    lines = printed.splitlines()
    assert len(lines) == 2
    line = next(line for line in lines if "one.csv" in line)
    assert line.endswith(" · one.csv · publish · only new and changed listings")
    id = line.split(" ")[0]
    code, _, complaint = run("drafts", "--forget", id)
    assert (code, len(store.unpublished())) == (NO, 2)
    assert complaint == (
        "one.csv would be forgotten, and cannot be brought back. If that is right, add --yes.\n"
    )
    assert run("drafts", "--forget", id, "--yes") == (OK, "one.csv is forgotten.\n", "")
    assert [upload.filename for upload in store.unpublished()] == ["two.csv"]
    code, _, complaint = run("drafts", "--forget", id, "--yes")
    assert (code, complaint.startswith("No waiting file has that id.")) == (NO, True)


# validate


def test_who_looks_on_sees_how_far_the_check_of_a_large_file_is(
    run: Run, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinics.intake.progress.LARGE", 1)
    assert run("validate", published)[2] == "", "nobody looks on"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, printed, line = run("validate", published)
    assert (code, "Checking" in printed) == (OK, False)
    assert re.findall(r"\r([^\r]*): (\d+)% ", line)[0] == ("Taking the file apart", "0")
    assert line.endswith(" \r")


def test_a_file_without_errors_can_be_published(run: Run, published: Path) -> None:
    code, printed, complaint = run("validate", published)
    assert (code, complaint) == (OK, "")
    assert "Compared with version 1: 0 new, 0 changed, 0 gone, 10 the same.\n" in printed
    assert printed.endswith("\nThis file can be published.\n")


def test_a_file_with_errors_cannot_and_the_to_do_stands_on_top(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    path = file(*ten(), clinic(11, zip="209"), clinic(12, phone="555"), clinic(13, phone="556"))
    code, printed, complaint = run("validate", path)
    assert (code, complaint) == (NO, "")
    first = printed.splitlines()[0]
    assert "2 telephone numbers" in first
    assert "1 ZIP code" in first
    assert "Error phone_malformed: 2 found. Write one number with its area code.\n" in printed
    assert "  Row 13, column “phone”: it needs ten digits" in printed
    assert "Compared with version 1: 0 new, 0 changed, 0 gone, 10 the same." in printed
    assert printed.endswith("\nThis file cannot be published.\n")


def test_each_finding_has_the_advice_of_the_page(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    _, printed, _ = run("validate", file(*ten(), clinic(11, phone="555-0106")))
    assert "ten digits, such as (301) 555-0123" in printed
    assert " now. Add the area code.\n" in printed


def test_what_is_sure_is_mended_into_another_file(
    run: Run, published: Path, file: Callable[..., Path], tmp_path: Path
) -> None:
    path, out = file(*ten(), clinic(11, state="Maryland", phone="555")), tmp_path / "out.csv"
    code, _, said = run("validate", path, "--mend", out)
    assert (code, said) == (
        NO, "1 cell mended in out.csv:\n  Row 12, column “state”: “Maryland” is now “MD”\n"
    )  # fmt: skip
    _, printed, said = run("validate", out, "--mend", tmp_path / "again.csv")
    assert printed.splitlines()[0] == "You need to fix 1 telephone number."
    assert said == "Nothing is sure to be mended; again.csv is not written.\n"
    assert not (tmp_path / "again.csv").exists()


def test_validate_changes_nothing(run: Run, store: MemoryStore, file: Callable[..., Path]) -> None:
    run("validate", file(*ten()))
    assert store.versions() == ()
    assert run("validate", file(*ten()), "--add")[0] == OK


def test_a_file_that_only_adds_makes_nothing_disappear(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    path = file(clinic(11))
    assert "1 new, 0 changed, 10 gone, 0 the same" in run("validate", path, "--whole")[1]
    assert "1 new, 0 changed, 0 gone, 10 the same" in run("validate", path, "--add")[1]


def test_of_one_fault_found_very_often_fifty_are_printed_and_all_are_counted(
    run: Run, file: Callable[..., Path]
) -> None:
    _, printed, _ = run("validate", file(*(clinic(n, zip="209") for n in range(1, 61))))
    assert "Error zip_malformed: 60 found." in printed
    assert printed.count("column “zip”: it needs five digits") == 50
    assert "\n  and 10 more\n" in printed


def test_validate_answers_a_program_in_json(run: Run, file: Callable[..., Path]) -> None:
    code, printed, _ = run("validate", file(*ten(), clinic(11, zip="209")), "--format", "json")
    answer = json.loads(printed)
    assert code == NO
    assert (answer["publishable"], answer["rows"]) == (False, 11)
    assert answer["totals"]["zip_malformed"] == 1
    found = next(n for n in answer["notices"] if n["code"] == "zip_malformed")
    assert (found["severity"], found["row"], found["column"]) == ("error", 12, "zip")
    assert (found["value"], bool(found["message"])) == ("209", True)


def test_the_json_says_what_stops_a_file_and_how_to_answer(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    closed = [row | {"status": "closed"} for row in ten()]
    code, printed, _ = run("validate", file(*closed), "--format", "json")
    answer = json.loads(printed)
    assert (code, answer["publishable"]) == (OK, True)
    assert answer["compared_with"] == {
        "version": 1, "made_from": 1, "new": 0, "changed": 10, "gone": 0, "same": 0
    }  # fmt: skip
    large, column = answer["stops"]
    assert (large["what"], large["answer"]) == ("large change", "--allow gone")
    assert (column["what"], column["column"], column["cells"], column["of"]) == (
        "column", "status", 10, 10
    )  # fmt: skip
    assert column["message"].startswith("Column “status”")
    assert column["reason"] == "The cell “closed” may have been dragged down."
    assert column["answer"] == "--allow status"
    _, printed, _ = run("validate", file(clinic(1, notes="New")), "--format", "json")
    (mode,) = json.loads(printed)["stops"]
    assert (mode["what"], mode["answer"]) == ("mode", "--add or --whole")
    assert "9 others disappear" in mode["message"]


def test_the_json_has_the_conflicts_and_what_is_sure_to_mend(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    first, *others = ten()
    live = file(first | {"notes": "Live"}, *others)
    assert run("publish", live, "--note", "Two")[0] == OK
    mine = first | {"notes": "File", "state": "Maryland"}
    old = file(mine, *others, name="clinics-version-1.csv")
    _, printed, _ = run("validate", old, "--format", "json")
    answer = json.loads(printed)
    assert answer["compared_with"]["made_from"] == 1
    assert answer["conflicts"] == [
        {"id": first["id"], "name": first["name"], "column": "notes", "base": "", "live": "Live",
         "file": "File", "choice": ""}
    ]  # fmt: skip
    (stop,) = answer["stops"]
    assert (stop["what"], stop["answer"]) == (
        "conflicts", "--conflicts file or --conflicts live"
    )  # fmt: skip
    assert answer["sure"] == [{"row": 2, "column": "state", "old": "Maryland", "new": "MD"}]


def test_a_file_with_errors_that_is_undecided_is_asked_and_not_told_its_errors_twice(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    _, printed, _ = run("validate", file(clinic(1), clinic(11, zip="209")))
    assert text.WHICH_OF_TWO in printed


def test_a_file_can_be_piped_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(made_up_csv([clinic(1, zip="209")])))
    monkeypatch.setattr(sys, "stdin", piped)
    code, printed, _ = run("validate", "-", "--add")
    assert code == NO
    assert "zip_malformed" in printed


def test_bytes_that_are_no_text_are_an_answer_not_a_traceback(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(bytes(range(256)) * 50)
    code, printed, complaint = run("validate", path)
    assert (code, complaint) == (NO, "")
    assert "Error file_" in printed


def test_validate_goes_on_with_the_bundled_file_while_the_store_is_down(
    run: Run, store: MemoryStore, file: Callable[..., Path]
) -> None:
    store.fail = True
    code, printed, complaint = run("validate", file(*ten()), "--add")
    assert (code, complaint) == (OK, f"{DOWN}\n")
    assert "Compared with version 0: 10 new" in printed


# publish


def test_a_file_that_is_published_is_live(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    path = file(*ten()[:9], clinic(11))
    code, printed, complaint = run("publish", path, "--note", "A move", "--who", "Anna")
    assert (code, complaint) == (OK, "")
    assert printed == "Version 2 is live, with 10 clinics: 1 new, 0 changed, 1 gone, 9 the same.\n"
    record = store.version(2)
    assert record
    assert (record.who, record.note) == ("Anna", "A move")
    assert store.upload(record.upload_sha256).filename == "list.csv"  # type: ignore[union-attr]


def test_who_published_is_the_command_line_unless_a_name_is_given(
    published: Path, store: MemoryStore
) -> None:
    record = store.version(1)
    assert record
    assert record.who == "command line"


def test_publishing_what_is_live_already_is_fine_and_makes_no_version(
    run: Run, published: Path, store: MemoryStore
) -> None:
    code, printed, complaint = run("publish", published, "--note", "Again")
    assert (code, complaint) == (OK, "")
    assert printed == "This file is the same as what is live, so there is nothing to publish.\n"
    assert store.live_number() == 1


def test_a_file_with_an_error_is_not_published_and_its_error_is_printed(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    code, printed, complaint = run("publish", file(*ten(), clinic(11, zip="209")), "--note", "x")
    assert (code, printed, store.live_number()) == (NO, "", 1)
    assert "Error zip_malformed: 1 found." in complaint
    assert complaint.endswith(
        "The file has 1 error, so nothing of it is published. Mend it and upload it again, or "
        "choose to publish the good rows only.\n"
    )


def test_warnings_are_printed_and_the_file_is_published(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    code, printed, complaint = run("publish", file(*ten(), clinic(11, source="")), "--note", "x")
    assert (code, printed[:17]) == (OK, "Version 2 is live")
    assert "Warning source_missing: 1 found." in complaint


def test_the_good_rows_only_are_published_when_asked_and_the_others_named(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    path = file(*ten(), clinic(11, zip="209"), clinic(12))
    code, printed, complaint = run("publish", path, "--note", "x", "--good-rows-only")
    assert code == OK
    assert printed == "Version 2 is live, with 11 clinics: 1 new, 0 changed, 0 gone, 10 the same.\n"
    assert complaint.endswith("\nLeft out: row 12.\n")


def test_a_large_change_must_be_allowed(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    path = file(*ten()[4:])
    code, printed, complaint = run("publish", path, "--note", "x")
    assert (code, printed, store.live_number()) == (NO, "", 1)
    assert complaint.endswith(
        "Of the 10 clinics that are live now, 4 would disappear. Nothing was changed. If that is "
        "right, add --allow-large-change. If the file has only new and changed listings, add "
        "--add.\n"
    )
    assert run("publish", path, "--note", "x", "--allow-large-change")[0] == OK


def test_a_file_of_few_known_ids_is_asked_what_it_is(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    path = file(clinic(11))
    question = "it would make 10 others disappear; if it has only new and changed listings, all"
    assert question in run("validate", path)[1]
    code, printed, complaint = run("publish", path, "--note", "x")
    assert (code, printed, store.live_number()) == (NO, "", 1)
    assert question in complaint
    assert complaint.endswith(" Add --add, or --whole.\n")
    code, _, complaint = run("publish", path, "--note", "x", "--whole")
    assert (code, "10 would disappear" in complaint) == (NO, True)
    assert run("publish", path, "--note", "x", "--add")[0] == OK


def test_where_the_file_and_others_changed_a_cell_it_must_be_said_which_counts(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    theirs, mine = ten(), ten()
    theirs[2]["hours"], mine[2]["hours"], mine[3]["hours"] = "9-5", "8-4", "7-3"
    assert run("publish", file(*theirs), "--note", "x")[0] == OK
    path = file(*mine, name="clinics-v1.csv")
    cell = "DDDDD Clinic (made-up-clinic-3), hours: it was “”, is “9-5” live, and “8-4” in the file"
    assert cell in run("validate", path)[1]
    code, printed, complaint = run("publish", path, "--note", "x")
    assert (code, printed, store.live_number()) == (NO, "", 2)
    assert cell in complaint
    assert complaint.endswith(" Add --conflicts file, or --conflicts live.\n")
    _, printed, _ = run("publish", path, "--note", "x", "--conflicts", "live")
    assert printed == "Version 3 is live, with 10 clinics: 0 new, 1 changed, 0 gone, 9 the same.\n"


def test_the_day_of_a_federal_edition_is_asked(
    run: Run, published: Path, store: MemoryStore, tmp_path: Path
) -> None:
    path = tmp_path / "federal.csv"
    path.write_bytes(facilities("301-555-0101"))
    code, printed, complaint = run("publish", path, "--note", "x", "--add")
    assert (code, printed, store.live_number()) == (NO, "", 1)
    assert complaint.endswith(" Add --edition DATE, or --edition unknown.\n")
    assert run("publish", path, "--note", "x", "--add", "--edition", "May")[0] == USAGE
    _, printed, _ = run("publish", path, "--note", "x", "--add", "--edition", "2026-05")
    assert printed == "Version 2 is live, with 11 clinics: 1 new, 0 changed, 0 gone, 10 the same.\n"
    assert run("publish", path, "--note", "x", "--add")[1].startswith("This file is the same")


def test_a_column_that_was_ruined_must_be_allowed_by_its_name(
    run: Run, published: Path, store: MemoryStore, file: Callable[..., Path]
) -> None:
    closed = file(*ten(status="closed", hours="9-5"))
    printed = run("validate", closed)[1]
    assert "Of the 10 clinics that are live now, 10 would be closed.\nColumn “hours”: of" in printed
    assert printed.endswith("\nThis file can be published once that is answered.\n")
    code, printed, complaint = run("publish", closed, "--note", "x", "--allow-large-change")
    assert (code, printed, store.live_number()) == (NO, "", 1)
    assert "Column “status”: of 10 cells, 10 would be closed, and not be shown" in complaint
    assert "Column “hours”: of 10 cells, 10 would all be “9-5”." in complaint
    assert complaint.endswith("If that is right, add --allow gone,hours,status.\n")
    assert run("publish", closed, "--note", "x", "--allow", "status")[0] == NO
    assert run("publish", closed, "--note", "x", "--allow", "gone,Status, hours")[0] == OK


def test_only_a_column_can_be_allowed(run: Run, published: Path) -> None:
    code, _, complaint = run("publish", published, "--note", "x", "--allow", "nmae")
    assert (code, "there is no column “nmae”" in complaint) == (USAGE, True)


def test_adding_leaves_what_the_file_has_not(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    _, printed, _ = run("publish", file(clinic(11)), "--note", "x", "--add")
    assert printed == "Version 2 is live, with 11 clinics: 1 new, 0 changed, 0 gone, 10 the same.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "FILE", "--note", "x", "--allow-large-change"),
        ("history",),
        ("restore", "1"),
        ("export",),
    ],
)
def test_while_the_store_is_down_a_command_says_so_in_one_sentence(
    run: Run, store: MemoryStore, file: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    path = file(*ten())
    store.fail = True
    found = run(*(path if argument == "FILE" else argument for argument in arguments))
    assert found == (NO, "", f"{DOWN}\n")


@pytest.mark.parametrize(
    "arguments", [("publish", "FILE", "--note", "x"), ("history",), ("restore", "1")]
)
def test_without_a_store_there_are_no_versions(
    run: Run,
    file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.setattr(bootstrap, "chosen_store", lambda _: None)
    path = file(*ten())
    found = run(*(path if argument == "FILE" else argument for argument in arguments))
    sentence = "There is no store of versions, because CLINICS_DATABASE_URL is none.\n"
    assert found == (NO, "", sentence)


# history, restore, export


def test_the_history_begins_empty(run: Run) -> None:
    assert run("history") == (
        OK,
        "Nothing was published yet. Visitors see version 0, the file that came with this.\n",
        "",
    )


def test_the_history_says_who_when_and_what_newest_first(run: Run, published: Path) -> None:
    run("restore", "0", "--note", "Too early", "--who", "Anna")
    code, printed, _ = run("history")
    newest, first, base = printed.splitlines()
    assert code == OK
    assert re.fullmatch(
        r"   2  \d{4}-\d\d-\d\d \d\d:\d\d  restore of version 0 · Anna · 235 clinics · "
        r"235 new, 0 changed, 10 gone · Too early",
        newest,
    )
    assert first.endswith("publish · command line · 10 clinics · 10 new, 0 changed, 235 gone · Ten")
    assert base.endswith(
        "bundled · 235 clinics · 0 new, 0 changed, 0 gone · The file that came with the service."
    )


def test_the_history_for_a_program_is_json(run: Run, published: Path) -> None:
    newest, base = json.loads(run("history", "--format", "json")[1])["versions"]
    assert (newest["number"], newest["kind"], newest["clinics"]) == (1, "publish", 10)
    assert newest["published"].endswith("+00:00")
    assert (base["number"], base["kind"], base["clinics"]) == (0, "bundled", 235)


def test_the_history_as_csv_has_every_cell_that_changed(run: Run, published: Path) -> None:
    code, printed, _ = run("history", "--format", "csv")
    head, *rows = printed.splitlines()
    assert code == OK
    assert head.removeprefix("\ufeff").startswith("id,clinic_id,field,previous_value,")
    assert len(rows) == 10 + 235, "listings that came and that went"
    assert all(",keeper," in row for row in rows)


@pytest.mark.slow
def test_a_long_history_is_printed_whole(run: Run, published: Path) -> None:
    for number in range(52):  # more than the fifty that the store gives at once
        assert run("restore", str(number % 2))[0] == OK
    assert len(run("history")[1].splitlines()) == 54


def test_an_older_version_is_restored(run: Run, published: Path, store: MemoryStore) -> None:
    assert run("restore", "0") == (
        OK,
        "Version 2 is live. It is the same as version 0.\n",
        "",
    )
    assert store.table(2) == store.table(0)


def test_a_version_that_does_not_exist_is_not_restored(run: Run, published: Path) -> None:
    sentence = "There is no version 9. Choose one from the history.\n"
    assert run("restore", "9") == (NO, "", sentence)


def test_an_export_is_a_file_that_can_be_published_again_unchanged(
    run: Run, published: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    assert run("export", "-o", out) == (OK, "", "")
    assert snapshot.from_csv(out.read_bytes())["id"].tolist() == [row["id"] for row in ten()]
    assert run("publish", out, "--note", "x")[1].startswith("This file is the same as what is live")


def test_an_export_as_a_workbook_can_be_published_again_unchanged(
    run: Run, published: Path, tmp_path: Path
) -> None:
    out = tmp_path / "clinics.xlsx"
    assert run("export", "--format", "xlsx", "-o", out) == (OK, "", "")
    assert run("publish", out, "--note", "again")[1].startswith("This file is the same")
    assert run("validate", out, "--sheet", "Clinics, version 1")[0] == OK


def test_an_export_of_the_bundled_file_is_that_file(run: Run, directory: Directory) -> None:
    code, printed, _ = run("export", "--version", "0")
    assert code == OK
    assert snapshot.from_csv(printed.encode()).equals(directory.dataset.table)


def test_every_version_can_be_exported(run: Run, published: Path) -> None:
    counts = [
        json.loads(run("export", "--version", number, "--format", "json")[1])["version"]["clinics"]
        for number in (0, 1)
    ]
    assert counts == [235, 10]
    assert run("export", "--version", "9") == (NO, "", "There is no version 9.\n")


def test_the_other_shapes_of_an_export(run: Run, published: Path) -> None:
    whole = json.loads(run("export", "--format", "json")[1])
    assert (whole["version"]["id"], len(whole["clinics"])) == ("1", 10)
    assert whole["clinics"][0]["phone"] == "(301) 555-0101"
    features = json.loads(run("export", "--format", "geojson")[1])["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-77.01, 38.98]}
    lines = run("export", "--format", "table")[1].splitlines()
    assert lines[0] == "BBBBB Clinic · Takoma Park, MD · (301) 555-0101 · made-up-clinic-1"
    assert len(lines) == 10


def test_a_closed_clinic_is_in_an_export(run: Run, file: Callable[..., Path]) -> None:
    path = file(clinic(1, status="closed"))
    run("publish", path, "--note", "x", "--allow-large-change")
    assert len(json.loads(run("export", "--format", "json")[1])["clinics"]) == 1


# search


def test_a_search_finds_what_was_published(run: Run, published: Path) -> None:
    code, printed, complaint = run("search", "--near", "20912", "--format", "json")
    answer = json.loads(printed)
    assert (code, complaint) == (OK, "")
    assert (answer["version"]["id"], answer["total"]) == ("1", 10)


def test_a_search_understands_a_word_for_an_option(run: Run) -> None:
    _, printed, _ = run(
        "search", "--condition", "Suicidal", "--payment", "tricare", "--format", "json"
    )
    asked = json.loads(printed)["query"]
    assert (asked["condition"], asked["payment"]) == (["suicidal-thoughts"], ["military"])
    code, printed, complaint = run("search", "--condition", "ptds")
    assert (code, printed) == (2, "")
    assert "Did you mean “PTSD”?" in complaint


def test_a_search_goes_on_with_the_bundled_file_while_the_store_is_down(
    run: Run, published: Path, store: MemoryStore
) -> None:
    store.fail = True
    code, printed, complaint = run("search", "--near", "20912", "--format", "json")
    assert (code, json.loads(printed)["version"]["id"]) == (OK, "0")
    assert complaint == f"{DOWN} This is version 0.\n"


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("validate", "nowhere.csv"), "nowhere.csv cannot be read: no such file or directory."),
        (("validate", "."), ". cannot be read: is a directory."),
        (("publish", "nowhere.csv", "--note", "x"), "nowhere.csv cannot be read: no such file or "
         "directory."),
        (("publish", "nowhere.csv"), "The following arguments are required: --note. See python -m "
         "clinics publish --help."),
        (("restore", "one"), "Argument VERSION: it needs a whole number, and has “one”. See "
         "python -m clinics restore --help."),
        (("restore",), "The following arguments are required: VERSION. See python -m clinics "
         "restore --help."),
        (("restore", "1", "--who", " "), "--who cannot be used. Your name is needed, in 1 to 80 "
         "characters on one line: the history of versions says who published what."),
        (("export", "-o", "nowhere/out.csv"), "nowhere/out.csv cannot be written: no such file or "
         "directory."),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    assert run(*arguments) == (USAGE, "", f"{sentence}\n")


def test_a_note_that_is_too_long_is_refused(run: Run, file: Callable[..., Path]) -> None:
    code, printed, complaint = run("publish", file(clinic(1)), "--note", "x" * 301, "--add")
    assert (code, printed) == (NO, "")
    assert complaint == "The note has 301 characters; at most 300 are kept. Shorten it.\n"


# Documentation


@pytest.mark.parametrize("name", KEEPER_COMMANDS)
def test_every_option_of_a_command_is_documented(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command_line.main([name, "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    page = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if re.match(rf"\| `{name}[ `]", line)]
    assert options
    assert [option for option in sorted(options) if f"`{option}`" not in row] == []


# As a program of its own, with a database


def command(database: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    settings = {"CLINICS_DATABASE_URL": f"sqlite:///{database}", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "clinics", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_one_process_publishes_and_another_finds_it(
    tmp_path: Path, file: Callable[..., Path]
) -> None:
    database = tmp_path / "directory.db"
    path = file(*ten())
    done = command(database, "publish", path, "--note", "Ten", "--allow-large-change")
    assert (done.returncode, done.stdout) == (
        OK,
        "Version 1 is live, with 10 clinics: 10 new, 0 changed, 235 gone, 0 the same.\n",
    )
    found = command(database, "search", "--near", "20912", "--format", "json")
    assert (found.returncode, found.stderr) == (OK, "")
    assert json.loads(found.stdout)["version"]["id"] == "1"


@pytest.mark.slow
def test_a_file_with_an_error_ends_the_process_with_exit_code_1(
    tmp_path: Path, file: Callable[..., Path]
) -> None:
    path = file(made_up_clinic(1, zip="209"))
    done = command(tmp_path / "directory.db", "publish", path, "--note", "x")
    assert (done.returncode, done.stdout) == (NO, "")
    assert "Traceback" not in done.stderr


# columns under other names


def foreign(file: Callable[..., Path]) -> Path:
    """The ten clinics in a file with other names of columns."""
    path = file(*ten(), name="foreign.csv")
    text = path.read_text(encoding="utf-8")
    header, rest = text.split("\n", 1)
    header = header.replace("name", "Who, exactly").replace(",phone", ",Call us")
    path.write_text(header.replace("Who, exactly", '"Who, exactly"') + "\n" + rest)
    return path


def test_an_unknown_column_is_reported_with_what_it_may_be(
    run: Run, published: Path, file: Callable[..., Path]
) -> None:
    code, printed, _ = run("validate", foreign(file))
    assert code == NO
    assert "The column “Call us” is not one we know, so it is left out. If it is “phone”" in printed
    assert "The column “name” is missing. It is needed." in printed
    assert 'If these columns are what they seem, add --columns "Call us=phone"' in printed


def test_columns_are_what_the_command_says_and_nothing_else_is_kept(
    run: Run, published: Path, file: Callable[..., Path], store: MemoryStore
) -> None:
    path = foreign(file)
    code, printed, _ = run("validate", path, "--columns", "Who exactly=name, CALL US = Phone")
    assert code == OK
    assert "Columns were read as you said: “Who, exactly” as name, “Call us” as phone." in printed
    assert "add --columns" not in printed
    says = ("--columns", "who_exactly=name,call_us=")
    code, printed, _ = run("publish", path, "--note", "Without", *says)
    assert (code, "the same" in printed) == (OK, True), "a column that is left out stays as it is"
    assert store._remembered == {}


def test_what_a_keeper_said_on_the_page_holds_on_the_command_line(
    run: Run, published: Path, file: Callable[..., Path], store: MemoryStore
) -> None:
    path = foreign(file)
    header = path.read_text(encoding="utf-8").splitlines()[0]
    names = next(csv.reader([header]))
    said = Matching((("who_exactly", "name"), ("call_us", "phone")), dt.date(2026, 3, 14))
    store.remember(layout_of(names), plans.matching_text(said))
    for command in (("validate", path), ("publish", path, "--note", "Again")):
        code, printed, complaint = run(*command)
        assert code == OK
        assert "Columns were read as you said on 14 Mar 2026: " in printed + complaint


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("Tel", "it needs Tel=phone, and has “Tel”"),
        ("Tel=telephone", "there is no column “telephone”"),
        ("=phone", "it needs Tel=phone"),
        ("Ring us=phone", "--columns names “ring_us”, and the file has no such column."),
    ],
)
def test_what_is_wrong_about_columns_is_said(
    run: Run, published: Path, file: Callable[..., Path], said: str, complaint: str
) -> None:
    code, printed, error = run("validate", foreign(file), "--columns", said)
    assert (code, printed) == (USAGE, "")
    assert complaint in error


def test_a_file_left_for_a_keeper_keeps_what_was_said_of_its_columns(
    run: Run, published: Path, file: Callable[..., Path], store: MemoryStore
) -> None:
    assert run("stage", foreign(file), "--columns", "Call us=phone,Who exactly=name")[0] == OK
    (upload, *_) = store.unpublished()
    matching = plans.from_text(upload.plan).matching
    assert matching is not None
    assert matching.said == {"call_us": "phone", "who_exactly": "name"}
