"""The servers that are compared, each a process of its own: ours, Datasette and a constant."""

from __future__ import annotations

import csv
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.benchmarks.measure import Json

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
REAL = ("latitude", "longitude", "price_per_session_usd")

_MILES = (
    "3958.76 * 2 * asin(sqrt(pow(sin(radians(latitude - :lat) / 2), 2) + cos(radians(:lat)) * "
    "cos(radians(latitude)) * pow(sin(radians(longitude - :lon) / 2), 2)))"
)
NEAR = f"""
select * from (
  select *, {_MILES} as miles from clinics
  where latitude between :lat - :radius / 69.0 and :lat + :radius / 69.0
    and longitude between :lon - :radius / 52.0 and :lon + :radius / 52.0
    and category = 'ketamine' and status <> 'closed'
    and (:condition = '' or ';' || conditions || ';' like '%;' || :condition || ';%')
)
where miles <= :radius order by miles, name limit cast(:most as integer)
"""
"""The same question as ours, except that it is given the point: it looks no ZIP code up."""


def write_database(clinics: Path, folder: Path) -> list[str]:
    """Put a clinic file into SQLite, and return how Datasette is told of it."""
    with clinics.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    columns = ", ".join(f'"{name}" {"real" if name in REAL else "text"}' for name in head)
    database, about = folder / "clinics.db", folder / "metadata.json"
    with sqlite3.connect(database) as kept:
        kept.execute(f"create table clinics ({columns}, primary key (id))")
        marks = ", ".join("?" * len(head))
        kept.executemany(f"insert into clinics values ({marks})", rows)
        kept.execute("create index by_latitude on clinics (latitude, longitude)")
    kept.close()
    queries = {"near": {"sql": NEAR}}
    about.write_text(json.dumps({"databases": {"clinics": {"queries": queries}}}))
    return ["-i", str(database), "--metadata", str(about)]


@contextmanager
def ours(folder: Path) -> Iterator[str]:
    """Start the service with the shipped clinics, and return its address."""
    port = _free_port()
    options = {"server.port": str(port), "server.address": "127.0.0.1"}
    options["browser.serverAddress"] = "localhost"
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CLINICS_")}
    kept |= {"CLINICS_GEOCODER_URL": "none"}
    kept["CLINICS_DATABASE_URL"] = f"sqlite:///{folder / 'ours.db'}"
    with _running(["streamlit", "run", "app.py", *words], port, folder / "ours.txt", kept) as url:
        yield url


@contextmanager
def datasette(options: Sequence[str], folder: Path) -> Iterator[str]:
    """Start Datasette and return its address."""
    port = _free_port()
    words = ["datasette", "serve", *options, "--host", "127.0.0.1", "--port", str(port)]
    with _running(words, port, folder / "datasette.txt", dict(os.environ)) as url:
        yield url


@contextmanager
def constant(size: int, media_type: str, folder: Path) -> Iterator[str]:
    """Start what always answers the same, and return its address."""
    port = _free_port()
    words = ["lab.benchmarks.constant_app", str(port), str(size), media_type]
    with _running(words, port, folder / "constant.txt", dict(os.environ)) as url:
        yield url


def get(url: str) -> bytes:
    """Return the body of an answer."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        body: bytes = answer.read()
    return body


def clinics(body: bytes) -> list[Json]:
    """Return the clinics of an answer as JSON, ours or Datasette's."""
    said = json.loads(body)
    found: list[Json] = said["clinics"] if isinstance(said, dict) else said
    return found


@contextmanager
def _running(
    words: Sequence[str], port: int, log: Path, environment: dict[str, str]
) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=environment,
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait(process, url, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            get(f"{url}/healthz")
            return
        except urllib.error.HTTPError:  # it answers
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"A server did not start. It said: {log.read_text('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
