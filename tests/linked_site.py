"""A small web site on this machine that stands in for those that people share sheets on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clinics.adapters.linked_file import LinkedFiles
from clinics.adapters.public_web import is_public

HERE = "127.0.0.1"
LOGIN = (
    b"<!DOCTYPE html><html><head><title>Google Sheets: Sign-in</title></head>"
    b"<body>Sign in to continue to Sheets</body></html>"
)


class Stand(ThreadingHTTPServer):
    """Gives `sheet` at /list.csv, and every kind of trouble at other addresses."""

    daemon_threads = True

    def __init__(self, sheet: bytes) -> None:
        super().__init__((HERE, 0), _Answers)
        self.sheet = sheet
        self.asked: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "made-up.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def links(self, **more: Any) -> LinkedFiles:
        """What fetches files, for which every made-up host is this machine."""
        return LinkedFiles(
            "made-up/1.0",
            more.pop("most_bytes", 100_000),
            resolve=lambda host, _: [HERE if host.endswith(".example") else host],
            may_ask=lambda address: address == HERE or is_public(address),
            may_use_port=lambda _: True,
            **more,
        )


class _Answers(BaseHTTPRequestHandler):
    server: Stand

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.headers['Host'].partition(':')[0]}{self.path}")
        path, _, query = self.path.partition("?")
        if path == "/list.csv":
            self._send(200, self.server.sheet, "text/csv")
        elif path == "/login":
            self._send(200, LOGIN, "text/html; charset=utf-8")
        elif path == "/disguised.csv":
            self._send(200, b"\n" + LOGIN, "text/csv")
        elif path == "/named":
            self._send(200, self.server.sheet, "text/csv", **{
                "Content-Disposition": "attachment; filename*=UTF-8''Our%20list.csv"
            })  # fmt: skip
        elif path == "/to":
            self._send(307, b"", "text/plain", Location=query)
        elif path == "/loop":
            self._send(302, b"", "text/plain", Location="/loop")
        elif path.startswith("/status/"):
            self._send(int(path[8:]), b"no", "text/plain")
        elif path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.sheet) + 10))
            self.end_headers()
            self.wfile.write(self.server.sheet)
        elif path == "/drip":
            self._drip()

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def linked_site(sheet: bytes) -> Iterator[Stand]:
    """Run the site for as long as a test needs it."""
    stand = Stand(sheet)
    thread = threading.Thread(target=stand.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand
    finally:
        stand.shutdown()
        thread.join()
        stand.server_close()
