"""Servers to measure, each a process of its own under the options of `.streamlit/config.toml`."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from clinics.directory import Directory, load_directory
from clinics.domain.model import Place
from clinics.places.find import find_place
from lab.benchmarks.made_up_clinics import DATA, made_up
from lab.benchmarks.measure import resident_bytes
from lab.benchmarks.streamlit_client import open_tab

ROOT = Path(__file__).resolve().parents[2]
OURS, HELLO, TUTORIAL = "ours", "hello-world", "the tutorial way"
SCRIPTS = {
    OURS: "app.py",
    HELLO: "lab/benchmarks/peers/hello_app.py",
    TUTORIAL: "lab/benchmarks/peers/tutorial_app.py",
}
STATES = ("MD", "DC", "VA")
NEAR = "20912"
START_S = 60.0


def write_data(number: int, folder: Path) -> Path:
    """Write a data folder with so many made-up clinics in the towns of the directory's area."""
    shutil.copytree(DATA, folder)
    made_up(number, "clustered", STATES).table.to_csv(folder / "clinics.csv", index=False)
    return folder


@contextmanager
def data_folder(number: int) -> Iterator[Path]:
    """Give a data folder for as long as it is needed."""
    with tempfile.TemporaryDirectory() as parent:
        yield write_data(number, Path(parent) / "data")


@cache
def directory_of(folder: Path) -> Directory:
    """Return the directory as the site reads it, to know what its answers must be."""
    return load_directory(folder)


def home_of(folder: Path) -> Place:
    """Return the place that all searches are from."""
    place = find_place(NEAR, directory_of(folder).gazetteer, None).place
    if place is None:
        raise LookupError(f"{NEAR} is no place.")
    return place


@dataclass
class Server:
    """A running server; `resident` is how many bytes of memory it has."""

    who: str
    port: int
    process: subprocess.Popen[bytes]
    began: float
    log: IO[bytes]

    def said(self) -> str:
        """Return the end of what it printed."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-2000:]

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def resident(self) -> int:
        """Return the resident memory of the process."""
        return resident_bytes(process=self.process.pid)

    def answers(self) -> bool:
        """Return True if it answers at all."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait(self) -> float:
        """Wait for the first answer; return seconds since the process was started."""
        return wait_until(self.answers, self) - self.began


def wait_until(is_true: Callable[[], bool], server: Server) -> float:
    """Wait until something is true of a server; return when that was. Raises RuntimeError."""
    while time.perf_counter() - server.began < START_S:
        if is_true():
            return time.perf_counter()
        if server.process.poll() is not None:
            break
        time.sleep(0.005)
    raise RuntimeError(f"The server of {server.who} did not start. It said: {server.said()}")


@contextmanager
def running(who: str, folder: Path, *, waits: bool = True) -> Iterator[Server]:
    """Start a server on a data folder, wait for its first answer, and stop it afterwards."""
    port = _free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    options += ["--browser.serverAddress", "localhost"]
    place = home_of(folder).point
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLINICS_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles all modules at each start
    environment |= {
        "CLINICS_DATA_DIR": str(folder),
        "CLINICS_GEOCODER_URL": "none",
        "CLINICS_DATABASE_URL": "none",
        "CLINICS_TILES": "none",
        "BENCHMARK_LAT": str(place.lat),
        "BENCHMARK_LON": str(place.lon),
        "PYTHONPATH": str(ROOT),
    }
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody holds it any more
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", SCRIPTS[who], *options],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    server = Server(who, port, process, began, log)
    try:
        if waits:
            server.wait()
            with ThreadPoolExecutor(1) as other:  # a browser has a loop of its own in this one
                other.submit(asyncio.run, _first_visit(server)).result()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _first_visit(server: Server) -> None:
    """Visit once: a peer sets its socket as ours has it in its first run, for those after it."""
    tab, _, _ = await open_tab(server.port, "")
    await tab.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
