"""A backup holds everything a store keeps, fits either database, and is restored whole or not."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from clinics.adapters.backup import FORMAT, Backups
from clinics.adapters.database import Database
from clinics.adapters.schema import metadata
from clinics.adapters.sql_store import SqlStore
from clinics.adapters.upgrade import newest_revision
from clinics.cli import main as command_line
from clinics.domain.model import Point
from clinics.domain.ports import BackupRefused, Change, Damaged, FoundAddress, NewCorrection
from clinics.domain.sources import Proposed
from tests.integration.conftest import Ticks
from tests.integration.publishers import BASE, KEEPER, draft
from tests.postgres import PostgresServer

OK, NO, USAGE = 0, 1, 2
ALL = {"uploads": 2, "addresses": 2, "versions": 3, "corrections": 3, "texts": 1, "proposals": 1}
DAMAGED = r"^backup\.gz is cut short or damaged, so nothing was restored\. Use another backup\.$"


def fill(store: SqlStore) -> None:
    """Keep something of everything: odd bytes, odd letters, each state of a correction."""
    upload = store.stage(bytes(range(256)) * 100, "Clínica “Ñ”.csv")
    store.stage(b"", "nothing.csv")
    told = [store.add_correction(NewCorrection("c1", "phone", f"{n}\n\u2028é")) for n in range(3)]
    new = draft("a", upload_sha256=upload.sha256, report='{"é": 1}', settles=(told[0],))
    store.publish(new, expected_live=0, base=BASE)
    store.reject_correction(told[1], KEEPER, "It is right as it is")
    store.publish(draft("b", kind=Change.RESTORE, restored_from=0), expected_live=1)
    store.remember_address("1 made-up street", FoundAddress(Point(39.1 + 1e-13, -77.2)))
    store.remember_address("nowhere", FoundAddress(None))
    store.remember("a text", "https://made-up.example/é?a=1")
    store.propose([Proposed("a", "made-up", "c1", "phone", '{"value": "é"}')])


def everything(address: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, by the table's name."""
    database = Database(address)
    with database.reading() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(select(table)).all()]
            for name, table in metadata.tables.items()
        }
    database.close()
    return {name: sorted(rows, key=lambda row: str(row[0])) for name, rows in found.items()}


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The address of a store with something of everything."""
    address = f"sqlite:///{tmp_path / 'filled.db'}"
    store = SqlStore(address, now=Ticks())
    fill(store)
    store.close()
    return address


@pytest.fixture
def backup(filled: str, tmp_path: Path) -> Path:
    file = tmp_path / "backup.gz"
    Backups(Database(filled)).write(file)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


def test_everything_goes_from_sqlite_to_postgresql_and_back(
    filled: str, empty: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    server = postgres_server.new_database()
    there, back = tmp_path / "there.gz", tmp_path / "back.gz"
    assert Backups(Database(filled)).write(there) == ALL
    assert Backups(Database(server)).restore(there) == ALL
    assert Backups(Database(server)).write(back) == ALL
    assert Backups(Database(empty)).restore(back) == ALL
    assert everything(filled) == everything(server) == everything(empty)
    assert lines_of(there)[1:] == lines_of(back)[1:]


def test_a_restored_store_goes_on_where_the_other_was(address: str, backup: Path) -> None:
    Backups(Database(address)).restore(backup)
    store = SqlStore(address)
    assert store.add_correction(NewCorrection("c1", "phone", "A fourth")) == 4
    assert store.publish(draft("c"), expected_live=2) == 3
    assert store.publish(draft("a"), expected_live=3) == 1
    store.close()


def test_the_first_line_says_what_the_file_is(backup: Path) -> None:
    head = json.loads(lines_of(backup)[0])
    assert head["format"] == FORMAT
    assert head["version"] == 1
    assert head["schema"] == newest_revision()
    assert head["made"].startswith("20")
    assert head["rows"] == ALL
    assert len(lines_of(backup)) == 1 + sum(ALL.values())


def test_a_backup_shows_the_store_at_one_moment(address: str, tmp_path: Path) -> None:
    store = SqlStore(address)
    fill(store)
    lines = Backups(Database(address))._lines()
    found = [next(lines), next(lines)]
    store.publish(draft("late"), expected_live=2)
    store.add_correction(NewCorrection("c1", "phone", "Late"))
    found += lines
    assert json.loads(found[0])["rows"] == ALL
    assert len(found) == 1 + sum(ALL.values())
    assert "Late" not in "".join(found)
    store.close()


def test_a_store_that_holds_anything_is_left_alone(address: str, backup: Path) -> None:
    store = SqlStore(address)
    store.add_correction(NewCorrection("c1", "phone", "Mine"))
    before = everything(address)
    with pytest.raises(BackupRefused, match=r"^The store is not empty.*Name an empty database"):
        Backups(Database(address)).restore(backup)
    assert everything(address) == before
    store.close()


def lines_of(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines()


def rewritten(file: Path, change: Callable[[list[str]], object]) -> None:
    lines = lines_of(file)
    change(lines)
    file.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))


def changed(lines: list[str], old: str, new: str) -> None:
    lines[:] = [line.replace(old, new) for line in lines]


def refused(file: Path, address: str, sentence: str) -> None:
    """Hold that a file is refused with this sentence before the store is even opened."""
    with pytest.raises(BackupRefused, match=sentence):
        Backups(Database(address)).restore(file)
    assert not Path(address.removeprefix("sqlite:///")).exists()


def test_a_backup_that_was_cut_short_anywhere_is_refused(backup: Path, empty: str) -> None:
    whole = backup.read_bytes()
    for size in range(20, len(whole), max(1, len(whole) // 50)):
        backup.write_bytes(whole[:size])
        refused(backup, empty, DAMAGED)


def test_a_backup_with_a_flipped_bit_is_refused(backup: Path, empty: str) -> None:
    whole = bytearray(backup.read_bytes())
    for at in range(40, len(whole), max(1, len(whole) // 50)):
        backup.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BackupRefused):
            Backups(Database(empty)).restore(backup)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.pop(),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines.append("{}"),
        lambda lines: lines.append("not JSON"),
        lambda lines: lines.__setitem__(1, '{"strangers": {}}'),
        lambda lines: lines.__setitem__(1, '{"uploads": {"sha256": "0"}}'),
        lambda lines: changed(lines, '"size"', '"strange"'),
        lambda lines: changed(lines, '"data": "', '"data": "!'),
        lambda lines: lines.__setitem__(1, '{"uploads": []}'),
        lambda lines: lines.__setitem__(1, '{"uploads": ' + "[" * 100_000),
        lambda lines: changed(lines, '"size": ', f'"size": {2**63}'),
        lambda lines: changed(lines, '"filename": ', '"filename": ["x"], "size": '),
    ],
    ids=[
        "one row less",
        "one row twice",
        "an empty row",
        "no JSON",
        "another table",
        "columns missing",
        "another column",
        "no base64",
        "no columns",
        "brackets without an end",
        "a number too large",
        "a list for a text",
    ],
)
def test_a_backup_that_does_not_hold_what_it_says_is_refused(
    backup: Path, empty: str, change: Callable[[list[str]], object]
) -> None:
    rewritten(backup, change)
    refused(backup, empty, DAMAGED)


@pytest.mark.parametrize(
    "content",
    [b"", b"id,name\n", gzip.compress(b"id,name\n"), gzip.compress(b'{"a": 1}\n')],
    ids=["nothing", "text", "packed text", "packed JSON"],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, empty: str, content: bytes) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    refused(file, empty, r"^list\.csv is not a backup of the clinic directory, so nothing was")


@pytest.mark.parametrize("newer", [{"version": 2}, {"schema": "0999"}])
def test_a_backup_of_a_newer_program_is_refused(
    backup: Path, empty: str, newer: dict[str, object]
) -> None:
    rewritten(backup, lambda lines: lines.__setitem__(0, json.dumps(json.loads(lines[0]) | newer)))
    refused(backup, empty, r"^backup\.gz was made by a newer version.*Restore it with that version")


def test_a_backup_takes_the_place_of_another_whole_or_not_at_all(filled: str, backup: Path) -> None:
    before = backup.read_bytes()
    with sqlite3.connect(filled.removeprefix("sqlite:///")) as connection:
        connection.execute('UPDATE versions SET "table" = ? WHERE number = 1', (b"damaged",))
    with pytest.raises(Damaged, match=r"^Row 1 of the table “versions” is damaged in the store"):
        Backups(Database(filled)).write(backup)
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir() if "backup" in path.name] == ["backup.gz"]


def test_a_backup_is_for_its_owner_alone(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_restore_that_fails_midway_leaves_the_store_empty(backup: Path, address: str) -> None:
    def lose_upload(lines: list[str]) -> None:
        head = json.loads(lines[0])
        head["rows"]["uploads"] = 1
        data = base64.b64encode(bytes(range(256)) * 100).decode()
        lines[:] = [json.dumps(head), *(line for line in lines[1:] if data not in line)]

    rewritten(backup, lose_upload)
    with pytest.raises(BackupRefused, match=DAMAGED):
        Backups(Database(address)).restore(backup)
    assert not any(everything(address).values())


# The commands


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(address: str, *arguments: object) -> tuple[int, str, str]:
        monkeypatch.setenv("CLINICS_DATABASE_URL", address)
        code = command_line.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


def test_the_commands_say_what_was_written_and_read(
    run: Callable[..., tuple[int, str, str]], filled: str, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "new.gz"
    said = "2 addresses, 1 proposal, 1 text, 2 uploads, 3 versions and 3 corrections"
    assert run(filled, "backup", file) == (OK, f"{file} holds {said}.\n", "")
    assert run(empty, "restore-backup", file) == (OK, f"The store holds {said}.\n", "")
    code, out, err = run(empty, "restore-backup", file)
    assert (code, out) == (NO, "")
    assert err.startswith("The store is not empty")


def test_the_commands_refuse_in_one_sentence(
    run: Callable[..., tuple[int, str, str]], filled: str, empty: str, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere" / "file.gz"
    missing = "no such file or directory"
    assert run(filled, "backup", nowhere) == (
        USAGE, "", f"{nowhere} cannot be written: {missing}.\n",
    )  # fmt: skip
    assert run(filled, "restore-backup", nowhere) == (
        USAGE, "", f"{nowhere} cannot be read: {missing}.\n",
    )  # fmt: skip
    code, _, err = run(empty, "backup", tmp_path / "new.gz")
    assert code == NO
    assert err.startswith("There is nothing in the store, so no backup was written.")
    code, _, err = run("none", "backup", tmp_path / "new.gz")
    assert (code, err) == (
        NO, "There is no store of versions, because CLINICS_DATABASE_URL is none.\n",
    )  # fmt: skip
