"""The API of a real service: schemathesis finds no fault, and answers leave at once."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinics.web.guard.sockets import send_at_once
from tests.browser.service import Service, running

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "tests" / "schemathesis.toml"
PATHS = (
    "/api/v1/clinics?near=Takoma+Park&condition=ptsd",
    "/api/v1/clinics?near=38.9772,-77.0085",
    "/api/v1/clinics?q=secretword&radius=5",
    "/api/v1/clinics/secret-clinic",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("api") / "printed.txt") as started:
        yield started


@pytest.mark.timeout(120)
def test_schemathesis_finds_no_fault(service: Service, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(RULES), "run"]
    options = ["--max-examples", "15", "--checks", "all", "--generation-deterministic"]
    done = subprocess.run(
        [*command, f"{service.url}/api/v1/openapi.json", *options, "--no-color"],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout


def test_nothing_that_was_asked_is_printed(service: Service) -> None:
    for path in PATHS:
        service.get(path)
    for word in ("secret", "takoma", "ptsd", "38.9772", "traceback"):
        assert word not in service.printed.lower()


def test_answers_on_one_connection_leave_at_once(service: Service) -> None:
    connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=10)
    took = []
    for _ in range(20):
        begun = time.perf_counter()
        connection.request("GET", PATHS[0])
        assert json.loads(connection.getresponse().read())["total"] > 0
        took.append(time.perf_counter() - begun)
    connection.close()
    assert sorted(took)[5] < 0.03  # with Nagle's algorithm nearly all take 0.04


def test_what_listens_hands_the_setting_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert send_at_once() >= 1
        with socket.create_connection(listening.getsockname()):
            taken, _ = listening.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
