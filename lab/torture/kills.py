"""Publishers that are killed with SIGKILL at random moments, and what their stores hold afterwards.

A
nursery has everything loaded and forks each publisher, so that a kill costs no second start.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from clinics.adapters.sql_store import SqlStore
from clinics.directory import Directory, load_directory, rules_of
from clinics.domain.ports import CorrectionStatus, NewCorrection
from clinics.intake.rules import Rules
from clinics.publishing import snapshot
from clinics.publishing.access import Keeper
from clinics.publishing.live import LiveDirectory
from clinics.publishing.publisher import Publisher
from lab.torture.trial import Outcome
from tests.folders import DATA

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 22)
KEEPER = Keeper("A made-up keeper", "token", "made-up pass")
MOMENTS = 200
LOOK = "A look for a lock"
NEW_STORE_EVERY = 8
WAIT_SECONDS = 60.0
Steps = dict[str, float]


def file_of(round_: int, bundled: Directory) -> bytes:
    """Return the file that this round publishes: every listing has another note."""
    return snapshot.as_csv(bundled.dataset.table.assign(notes=f"Round {round_} of the trial."))


def publish(
    address: str, round_: int, bundled: Directory, rules: Rules, say: Callable[[str], None]
) -> None:
    """Go the whole way of a file in a store, saying where it is; corrections are settled too."""
    say("began")
    store = SqlStore(address)
    live = LiveDirectory(bundled, store)
    publisher = Publisher(store, live.current, bundled, lambda: rules, lambda _: True)
    told = store.add_correction(NewCorrection("made-up", "phone", f"Round {round_}"))
    upload = publisher.stage(file_of(round_, bundled), f"round-{round_}.csv")
    say("staged")
    found = publisher.candidate(upload.sha256)
    answers = {
        "typed": found.review.number_to_type,
        "acknowledged": True,
        "allowed": found.review.to_allow,
    }
    say("checked")
    number = publisher.publish(found, KEEPER, f"Round {round_}", settles=(told,), **answers)
    say(f"published {number}")


def nursery(data: Path) -> None:
    """Fork a publisher for each line "address round" that comes in, and say when it is gone."""
    bundled = load_directory(data, DAY)
    rules = rules_of(bundled, data, DAY)
    _say("ready")
    for line in sys.stdin:
        address, round_ = line.rsplit(" ", 1)
        child = os.fork()
        if child == 0:
            try:
                publish(address, int(round_), bundled, rules, _say)
                _say("done")
                signal.pause()  # until it is killed, so that nothing else gets its number
            finally:
                os._exit(1)
        _say(f"child {child}")
        os.waitpid(child, 0)
        _say("gone")


def _say(word: str) -> None:
    os.write(1, f"{time.monotonic()} {word}\n".encode())


class Publishers:
    """The nursery's other end: publishes rounds, whole or killed after a delay."""

    def __init__(self, scratch: Path, data: Path = DATA) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lab.torture.kills", str(data)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT,
            env=os.environ | {"TMPDIR": str(scratch)},
        )  # fmt: skip
        self._until("ready")

    def end(self) -> None:
        """Close the nursery, and wait until it is gone."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, address: str, round_: int, after: str = "done", delay: float = 0.0) -> Steps:
        """Publish a round and kill its process this many seconds `after` a step; return its steps.

        Times are seconds by one clock; "killed" is among them.
        """
        assert self._process.stdin
        self._process.stdin.write(f"{address} {round_}\n")
        steps = self._until("child")
        child = next(int(word.split()[1]) for word in steps if word.startswith("child"))
        if after not in steps:
            steps |= self._until(after)
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        steps["killed"] = time.monotonic()
        return steps | self._until("gone")

    def _until(self, word: str) -> Steps:
        assert self._process.stdout
        steps: Steps = {}
        for line in self._process.stdout:
            moment, said = line.rstrip("\n").split(" ", 1)
            steps[said] = float(moment)
            if said.startswith(word):
                return steps
            if said == "gone":
                raise AssertionError(f"A publisher ended by itself, after {list(steps)}.")
        raise AssertionError("The nursery of publishers ended.")


@contextlib.contextmanager
def publishers(scratch: Path, data: Path = DATA) -> Iterator[Publishers]:
    """Give publishers whose temporary files would be in `scratch`."""
    made = Publishers(scratch, data)
    try:
        yield made
    finally:
        made.end()


@dataclass
class Ledger:
    """A store, and the round that made each of its versions from 1 on."""

    address: str
    rounds: list[int] = field(default_factory=list)

    @property
    def file(self) -> Path | None:
        """Return the file of a store in SQLite."""
        found = self.address.partition("sqlite:///")[2]
        return Path(found) if found else None


@dataclass
class Tally:
    """What was seen: where the kills fell, what was live afterwards, and every broken promise."""

    where: Counter[str] = field(default_factory=Counter)
    live: Counter[str] = field(default_factory=Counter)
    largest_log: int = 0
    whole: int = 0
    broken: list[str] = field(default_factory=list)


def faults_of(ledger: Ledger, round_: int, bundled: Directory) -> Iterator[str]:
    """Look at a store afresh and yield every promise that it breaks; note the round if it is in."""
    store = SqlStore(ledger.address)
    live, known = store.live_number(), len(ledger.rounds)
    if live not in (known, known + 1):
        yield f"version {live} is live after {known}"
        return
    if live > known:
        ledger.rounds.append(round_)
    records = store.versions(limit=1000)
    if [one.number for one in records] != (list(range(live, -1, -1)) if live else []):
        yield "the history has gaps"
    for record in records[:2]:
        expected = file_of(ledger.rounds[record.number - 1], bundled) if record.number else None
        yield from _faults_of_version(store, record.number, expected, bundled)
    accepted = store.corrections(CorrectionStatus.ACCEPTED)
    settled = [(one.version, one.text) for one in accepted]
    if settled != [(n, f"Round {made}") for n, made in enumerate(ledger.rounds, 1)]:
        yield "corrections and versions disagree"
    seen = LiveDirectory(bundled, store)
    if seen.current().dataset.version.id != str(live) or seen.trouble:
        yield f"visitors see version {seen.served.dataset.version.id}: {seen.trouble}"
    store.add_correction(NewCorrection("made-up", "phone", LOOK))  # waits where a lock was left
    store.close()


def _faults_of_version(
    store: SqlStore, number: int, expected: bytes | None, bundled: Directory
) -> Iterator[str]:
    if store.table(number) != (expected or snapshot.as_csv(bundled.dataset.table)):
        yield f"version {number} does not hold what was published"
    record, clinics = store.version(number), len(bundled.dataset)
    if record is None or record.clinics != clinics:
        yield f"version {number} does not say how many listings it has"
    elif expected is not None:
        if record.changed != clinics or store.upload_bytes(record.upload_sha256) != expected:
            yield f"version {number} has not what it was made from"
        if json.loads(store.report(number))["rows"] != clinics:
            yield f"version {number} has not its report"


def moments_of(number: int, usual: Steps, seed: int) -> list[tuple[str, float]]:
    """Return the step and the seconds after it at which to kill, in random order.

    Half of them are spread evenly over the whole of a publish, half over its writing alone, which
    is but a small part of it; and a little beyond the end, as no two take equally long.
    """
    dice, moments = random.Random(seed), []
    ends = usual["done"]
    spans = [("began", 1.2 * (ends - usual["began"])), ("checked", 2 * (ends - usual["checked"]))]
    for half, (after, seconds) in enumerate(spans):
        share = number // 2 + (number % 2 if half else 0)
        moments += [(after, seconds * (i + dice.random()) / share) for i in range(share)]
    dice.shuffle(moments)
    return moments


def where_of(steps: Steps) -> str:
    """Say what a publisher was doing when it was killed."""
    if any(step.startswith("published") for step in steps):
        return "after it was done"
    last = [step for step in ("began", "staged", "checked") if step in steps][-1]
    return {"began": "opening, staging", "staged": "checking", "checked": "writing"}[last]


def publish_and_kill(
    new_store: Callable[[], str], moments: int, scratch: Path, *, seed: int = 0, data: Path = DATA
) -> Tally:
    """Kill a publisher at so many moments, each time looking whether its store kept its promises.

    `new_store` returns the address of a database with nothing in it; every few kills one begins
    anew, so that the making of its tables and the first version are cut off too.
    """
    with publishers(scratch, data) as nurse:
        bundled, tally = load_directory(data, DAY), Tally()
        first = new_store()
        usual = [nurse.run(first, round_) for round_ in (-1, 0)][-1]  # the first is the slower
        ledger = Ledger(new_store())
        for round_, (after, delay) in enumerate(moments_of(moments, usual, seed), 1):
            if round_ % NEW_STORE_EVERY == 0:
                _finish(nurse, ledger, -round_, bundled, tally)
                ledger = Ledger(new_store())
            before = len(ledger.rounds)
            tally.where[where_of(nurse.run(ledger.address, round_, after, delay))] += 1
            _look(ledger, round_, bundled, tally)
            tally.live["the new" if len(ledger.rounds) > before else "the old"] += 1
        _finish(nurse, ledger, -moments - 1, bundled, tally)
    left = sorted(path.name for path in scratch.iterdir())
    tally.broken += [f"temporary files are left: {left}"] if left else []
    return tally


def _look(ledger: Ledger, round_: int, bundled: Directory, tally: Tally) -> None:
    if ledger.file:
        log = ledger.file.with_name(f"{ledger.file.name}-wal")
        tally.largest_log = max(tally.largest_log, log.stat().st_size if log.exists() else 0)
    else:
        _wait_until_alone(ledger.address)
    tally.broken += [f"round {round_}: {fault}" for fault in faults_of(ledger, round_, bundled)]
    if ledger.file:
        left = {path.name for path in ledger.file.parent.iterdir()} - {ledger.file.name}
        tally.broken += [f"round {round_}: files are left: {sorted(left)}"] if left else []


def _finish(
    nurse: Publishers, ledger: Ledger, round_: int, bundled: Directory, tally: Tally
) -> None:
    """Publish once more, whole: it must become the next version; then look at all of the store."""
    due = len(ledger.rounds) + 1
    if f"published {due}" not in nurse.run(ledger.address, round_):
        tally.broken.append(f"round {round_}: the next publish did not become version {due}")
    _look(ledger, round_, bundled, tally)
    tally.whole += 1
    store = SqlStore(ledger.address)
    for number, made in enumerate(ledger.rounds, 1):
        if store.table(number) != file_of(made, bundled):
            tally.broken.append(f"round {round_}: version {number} was changed later")
    store.close()
    if ledger.file:
        with contextlib.closing(sqlite3.connect(ledger.file)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                tally.broken.append(f"round {round_}: the file is damaged")


def _wait_until_alone(address: str) -> None:
    """Wait until the server has noticed that the killed process is gone, and let go its locks."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    until = time.monotonic() + WAIT_SECONDS
    with psycopg.connect(address, autocommit=True) as connection:
        while connection.execute(f"{others} pg_backend_pid()").fetchone() != (0,):
            if time.monotonic() > until:
                raise AssertionError("PostgreSQL keeps the connection of a process that is gone.")
            time.sleep(0.005)


def new_files(folder: Path) -> Callable[[], str]:
    """Return what gives addresses of new stores in SQLite, each in a folder of its own."""
    numbers = iter(range(1_000_000))
    return lambda: f"sqlite:///{folder / str(next(numbers)) / 'directory.db'}"


def run() -> Outcome:
    """Kill at 200 moments on SQLite and at 200 on PostgreSQL, and then start the service."""
    from tests.postgres import running_server

    figures: dict[str, str] = {}
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        stores = {"SQLite": new_files(Path(folder)), "PostgreSQL": server.new_database}
        for name, new_store in stores.items():
            addresses: list[str] = []

            def noted(make: Callable[[], str] = new_store, kept: list[str] = addresses) -> str:
                kept.append(make())
                return kept[-1]

            scratch = Path(folder) / f"scratch of {name}"
            scratch.mkdir()
            tally = publish_and_kill(noted, MOMENTS, scratch)
            live, says = kill_and_start(addresses[-1], scratch)
            if says != live:
                tally.broken.append(f"the service started with version {says}, not {live}")
            figures |= {f"{name}: {what}": figure for what, figure in _figures(tally).items()}
            figures[f"{name}: started after a kill, the service showed"] = (
                f"version {says}, as the store"
            )
            broken += [f"{name}, {fault}" for fault in tally.broken]
    return Outcome("kills", figures, tuple(broken))


def kill_and_start(address: str, scratch: Path) -> tuple[str, str]:
    """Kill a publisher while it writes, and start the service itself at once.

    Returns the live version as the store has it, and as the service says it.
    """
    from lab.torture.faults import start_after

    with publishers(scratch) as nurse:
        nurse.run(address, 0, "checked", 0.02)
    says = start_after(address)
    return str(SqlStore(address).live_number()), says


def _figures(tally: Tally) -> dict[str, str]:
    counted = {"killed while": tally.where, "live afterwards": tally.live}
    figures = {what: _in_words(count) for what, count in counted.items()}
    figures["publishes that went through in between"] = str(tally.whole)
    if tally.largest_log:
        figures["largest log beside the file"] = f"{tally.largest_log:,} bytes"
    return figures


def _in_words(count: Counter[str]) -> str:
    return ", ".join(f"{what} {number}" for what, number in count.most_common())


if __name__ == "__main__":
    nursery(Path(sys.argv[1]))
