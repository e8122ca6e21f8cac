"""The real service as a process of its own, and an address service that answers as it is told."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.folders import DATA

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0


class Service:
    """A running service: where it is, and everything it has printed."""

    def __init__(self, port: int, log: Path, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = log
        self._start = start
        self._process = start()

    @property
    def pid(self) -> int:
        """The number of its process, to look at it from outside."""
        return self._process.pid

    @property
    def printed(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body, also of an error."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()

    def restart(self) -> None:
        """Kill the process as a crash does, and start it anew at the same address."""
        self._process.kill()
        self._process.wait()
        self._process = self._start()
        self.wait()

    def stop(self) -> None:
        """Ask the process to end; kill it where it does not."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait(self) -> None:
        """Wait until /healthz answers at all."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                self.get("/healthz")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"The service did not start. It said: {self.printed}")


@contextmanager
def running(
    log: Path,
    *,
    before: str = "",
    data_dir: Path = DATA,
    geocoder_url: str = "none",
    settings: Mapping[str, str] | None = None,
    base: str = "",
    folder: Path = ROOT,
) -> Iterator[Service]:
    """Start the service, wait for it and stop it; `before` is Python to run in it first.

    `settings` are further environment variables, by name; `base` is the path it stands under and
    `folder` holds the code.
    """
    port = free_port()
    command = ["-m", "streamlit"]
    if before:
        run = "import sys; from streamlit.web.cli import main; sys.argv[0] = 'streamlit'; main()"
        command = ["-c", f"{before}\n{run}"]
    options = {"server.port": str(port), "server.address": "127.0.0.1"}
    options["browser.serverAddress"] = "localhost"
    if base:
        options["server.baseUrlPath"] = base
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLINICS_")}
    environment |= {"CLINICS_GEOCODER_URL": geocoder_url, "PYTHONUNBUFFERED": "1"}
    if geocoder_url != "none":
        environment["CLINICS_LISTINGS_GEOCODER_URL"] = f"census+{geocoder_url}"
    environment["CLINICS_DATABASE_URL"] = f"sqlite:///{log.with_suffix('.db')}"
    environment["CLINICS_DATA_DIR"] = str(data_dir)
    environment |= settings or {}

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *command, "run", "app.py", *arguments],
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    service = Service(port, log, start)
    try:
        service.wait()
        yield service
    finally:
        service.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AddressService:
    """A small Nominatim: what it answers depends on a word in the address; `asked` is what came.

    Asked as the Census Bureau's geocoder it knows no address.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked_as = parse_qs(urlsplit(self.path).query)
                is_census = "benchmark" in asked_as
                address = asked_as.get("address" if is_census else "q", [""])[0]
                asked.append(address)
                time.sleep(5 if "slow" in address else 1.5 if "unhurried" in address else 0)
                status = 503 if "refusing" in address else 200
                unknown: object = {"result": {"addressMatches": []}}
                body = json.dumps(unknown if is_census else _answer(address)).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # whoever asked did not wait

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answer(address: str) -> list[dict[str, object]]:
    if "nowhere" in address:
        return []
    lat, lon = ("-12.0464", "-77.0428") if "peru" in address else ("38.9772", "-77.0085")
    parts = {"town": "Takoma Park", "state": "Maryland", "postcode": "20912"}
    return [{"lat": lat, "lon": lon, "display_name": "found", "address": parts}]
