"""What every test gets: a guard against the network, and a directory."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

from clinics.directory import Directory, load_directory
from clinics.domain.vocabulary import Vocabulary
from scripts.ensure_browser import MISSING, find_browser
from tests.folders import DATA

TODAY = dt.date(2026, 11, 22)
for _name in [name for name in os.environ if name.startswith("CLINICS_")]:
    del os.environ[_name]  # nothing that is set where the tests run changes what they show
os.environ["CLINICS_DATA_DIR"] = str(DATA)
IN_CI = os.environ.get("CI", "").casefold() in ("true", "1")

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "here")


@pytest.fixture(scope="session")
def today() -> dt.date:
    """The day on which every test happens."""
    return TODAY


@pytest.fixture(scope="session")
def directory() -> Directory:
    """The directory that tests of the code read."""
    return load_directory(DATA, TODAY)


@pytest.fixture(scope="session")
def directory_today() -> Directory:
    """That directory on the day on which the tests run."""
    return load_directory(DATA)


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch, directory_today: Directory) -> None:
    """Have all commands of all tests read the data folder once, as a process does for itself."""
    monkeypatch.setattr("clinics.cli.desk.load_directory", lambda _: directory_today)


@pytest.fixture(scope="session")
def vocabulary(directory: Directory) -> Vocabulary:
    """Its words."""
    return directory.vocabulary


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that browser tests drive; without one they do not get this far."""
    path = find_browser()
    assert path, MISSING
    return path


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without a browser a browser test fails in continuous integration and is skipped elsewhere."""
    if item.get_closest_marker("browser") and not find_browser():
        (pytest.fail if IN_CI else pytest.skip)(MISSING)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that dials out of this machine, whoever swallows the error or in what thread."""
    dialled: list[str] = []

    def guard(owner: object, name: str, host_of: int) -> None:
        real = getattr(owner, name)

        def guarded(*args: object, **kwargs: object) -> object:
            host = _host(args[host_of]) if len(args) > host_of else None
            if host is not None and not _is_here(host):
                dialled.append(host)
                pytest.fail(_sentence(host))
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, guarded)

    guard(socket.socket, "connect", 1)
    guard(socket.socket, "connect_ex", 1)
    guard(socket, "getaddrinfo", 0)
    guard(socket, "gethostbyname", 0)
    yield
    if dialled:
        pytest.fail(_sentence(dialled[0]))


def _sentence(host: str) -> str:
    return f"This test dialled out to {host}; tests run without a network."


def _host(address: object) -> str | None:
    """Return the host of a socket address; None for a socket that is a file or has no host."""
    if isinstance(address, tuple):
        address = address[0]
    if isinstance(address, bytes):
        address = address.decode(errors="replace")
    return address if isinstance(address, str) and not address.startswith(("/", "\0")) else None


def _is_here(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
