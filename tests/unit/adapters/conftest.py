"""A server on this machine that plays an address service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.unit.adapters.played import Service


@pytest.fixture
def played_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    played = Service()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            played.requests.append(self.path)
            played.agents.append(self.headers["User-Agent"])
            over.wait(played.delay)
            self.send_response(played.status)
            for name, value in played.headers.items():
                self.send_header(name, value)
            self.end_headers()
            step = 1 if played.drip else len(played.body) or 1
            for start in range(0, len(played.body), step):
                if played.drip and over.wait(0.05):
                    return
                self.wfile.write(played.body[start : start + step])

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            pass  # a client that hangs up is part of the play

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    played.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield played
    over.set()
    server.shutdown()
    server.server_close()
