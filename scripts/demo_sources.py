"""A stand-in for the public sources, on this machine, to try and to test with; made-up answers.

Run as `make demo-sources`. It answers as FindTreatment.gov does, from the federal list of the data
folder with made-up changes, as the sites of the listed clinics, and as registries do
(`demo_registries`): nothing that it says is true of any clinic.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from clinics.intake.locator import load_state_numbers
from clinics.settings import HERE
from scripts import demo_registries as registries
from scripts.demo_pages import Pages, Reply, made_up_pages, made_up_phones
from scripts.sources import load_sources, read, shown

PORT = 8571
PATH = "/locator/exportsAsJson/v2"
Row = dict[str, Any]


def facilities() -> list[Row]:
    """Return the federal list as the service writes it, with a made-up change here and there."""
    sources = load_sources(shown())
    tables = sorted((sources.folder / "sources").glob("*_codes_*.csv"))
    words = {row["service_code"]: row for table in tables for row in read(table)}
    listed = sources.rows("federal", "file")
    rows = [_row(number, row, words) for number, row in enumerate(listed)]
    return [*rows, _new_place()]


def _row(number: int, row: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> Row:
    groups: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for code in row["service_code_info"].split():
        if code in words:
            category = words[code]["category_code"]
            groups.setdefault(category, []).append(words[code]["service_name"])
            names[category] = words[code]["category_name"]
    made_up_phone = f"301-555-{number:04d}"
    return {
        "_irow": number + 1,
        "name1": row["name1"],
        "name2": row["name2"] or None,
        "street1": row["street1"],
        "street2": row["street2"] or None,
        "city": row["city"],
        "state": row["state"],
        "zip": row["zip"],
        "phone": row["phone"],
        "intake1": made_up_phone if number % 20 == 7 else row["intake1"] or row["intake2"] or None,
        "hotline1": None,
        "website": f"www.made-up-{number}.example" if number % 3 == 0 else "http://",
        "latitude": row["latitude"] or None,
        "longitude": row["longitude"] or None,
        "miles": 1.5,
        "services": [
            {"f1": names[category], "f2": category, "f3": "; ".join(labels)}
            for category, labels in groups.items()
        ],
        "typeFacility": "MH",
    }


def _new_place() -> Row:
    return {
        "_irow": 999, "name1": "Made-up Ketamine Center", "name2": None,
        "street1": "12 Made Up Street", "street2": "Suite 3", "city": "Rockville", "state": "MD",
        "zip": "20850", "phone": "301-555-0198", "intake1": None, "hotline1": None,
        "website": "https://made-up.example", "latitude": "39.084000", "longitude": "-77.152781",
        "miles": 3, "typeFacility": "MH", "services": [
            {"f1": "Type of Care", "f2": "TC", "f3": "Mental health treatment services"},
            {"f1": "Treatment Approaches", "f2": "TAP", "f3": "Ketamine Infusion Therapy"},
            {"f1": "Age Groups Accepted", "f2": "AGE", "f3": "Adults"},
        ],
    }  # fmt: skip


def unrelated() -> list[Row]:
    """Return what the service answers, with 200, where it does not understand the question."""
    row = _new_place()
    return [
        {
            **row, "_irow": n, "name1": f"Unrelated Facility {n}", "city": "Athens", "state": "GA",
            "zip": "30601", "phone": "(999) 999-9999", "latitude": "-83.377",
            "longitude": "33.950", "services": None, "typeFacility": "OTP",
        }
        for n in range(1, 20)
    ]  # fmt: skip


class StandIn(ThreadingHTTPServer):
    """Answers as the sources do; `fault` names the trouble it makes instead.

    `fixed` is what the registries then say, whatever they are asked.
    """

    daemon_threads = True

    def __init__(
        self, port: int = 0, rows: list[Row] | None = None, pages: Pages | None = None
    ) -> None:
        super().__init__((HERE, port), _Answers)
        self.rows = facilities() if rows is None else rows
        self.pages = made_up_pages() if pages is None else pages
        self.phones = made_up_phones()
        self.stock = registries.Stock() if rows is not None else registries.made_up_stock()
        self.fault = ""
        self.fixed: Any = None
        self.robots = "User-agent: *\nAllow: /\n"
        self.asked: list[str] = []
        self.agents: set[str] = set()

    @property
    def address(self) -> str:
        """Return what to set CLINICS_FINDTREATMENT_URL to."""
        return f"{self.origin}/locator"

    @property
    def origin(self) -> str:
        """Return what to set CLINICS_WEBSITES to."""
        return f"http://{HERE}:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers["User-Agent"] or "")
        parts = urlsplit(self.path)
        host = (self.headers["Host"] or "").partition(":")[0]
        if host != HERE:
            self._of_site(host.removeprefix("www."), parts.path)
        elif parts.path == "/robots.txt":
            status = 200 if self.server.robots else 404
            self._send(self.server.robots.encode(), status=status, kind="text/plain")
        elif parts.path != PATH and not parts.path.startswith(registries.PATHS):
            self._send(b"not here", status=404, kind="text/plain")
        elif self.server.fault:
            FAULTS[self.server.fault](self)
        elif parts.path != PATH:
            asked = parse_qs(parts.query)
            status, body = registries.answer(parts.path, asked, self.server.stock)
            body = body if self.server.fixed is None else self.server.fixed
            self._send(json.dumps(body).encode(), status=status)
        else:
            self._answer(parse_qs(parts.query))

    def _of_site(self, host: str, path: str) -> None:
        """Answer as the site of a clinic does."""
        page = self.server.pages.get((host, path), Reply(b"not here", 404))
        if isinstance(page, str):
            FAULTS[page](self)
        else:
            self._send(page.body, page.status, page.kind, **page.headers)

    def _answer(self, asked: Mapping[str, list[str]]) -> None:
        numbers = load_state_numbers(shown())
        state = {number: state for state, number in numbers.items()}.get(
            asked.get("limitValue", [""])[0]
        )
        latitude = asked.get("sAddr", [""])[0].partition(",")[0]
        rows = [row for row in self.server.rows if row["state"] == state]
        if not latitude or float(latitude) < 0:
            rows = unrelated()
        self.send_rows(rows, int(asked["page"][0]), int(asked["pageSize"][0]))

    def send_rows(self, rows: list[Row], page: int = 1, size: int = 2000) -> None:
        here = rows[(page - 1) * size : page * size]
        found = {
            "page": page, "totalPages": -(-len(rows) // size), "recordCount": len(rows),
            "rows": here,
        }  # fmt: skip
        self._send(json.dumps(found).encode())

    def _send(
        self, body: bytes, status: int = 200, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def drip(self) -> None:
        """Write a byte now and then."""
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            for _ in range(200):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _to(address: str) -> Callable[[_Answers], None]:
    return lambda answers: answers._send(b"", status=302, Location=address)


def _status(status: int) -> Callable[[_Answers], None]:
    return lambda answers: answers._send(b"no", status=status, kind="text/plain")


FAULTS: Mapping[str, Callable[[_Answers], None]] = {
    "unrelated": lambda answers: answers.send_rows(unrelated()),
    "empty": lambda answers: answers.send_rows([]),
    "html": lambda answers: answers._send(b"<!doctype html><p>Be right back</p>", kind="text/html"),
    "truncated": lambda answers: answers._send(b'{"page": 1, "rows": [{"name1": "A'),
    "no rows": lambda answers: answers._send(b'{"page": 1, "recordCount": 3}'),
    "rows of text": lambda answers: answers._send(b'{"recordCount": 1, "rows": ["a"]}'),
    "a list": lambda answers: answers._send(b"[]"),
    "deep": lambda answers: answers._send(b"[" * 100_000),
    "3 MB": lambda answers: answers._send(b" " * 3_000_000),
    "bomb": lambda answers: answers._send(
        gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"
    ),
    "cut bomb": lambda answers: answers._send(
        gzip.compress(b'{"rows": []}')[:-6], Content_Encoding="gzip"
    ),
    "more than gzip": lambda answers: answers._send(
        gzip.compress(b'{"rows": []}') + b"x" * 3_000_000, Content_Encoding="gzip"
    ),
    "gzip of nothing": lambda answers: answers._send(
        gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 600_000, Content_Encoding="gzip"
    ),
    "drip": lambda answers: answers.drip(),
    "silence": lambda _: time.sleep(12),
    "to this machine": _to("http://127.0.0.1:22/"),
    "to metadata": _to("http://169.254.169.254/latest/meta-data"),
    "to [::1]": _to("http://[::1]/"),
    "to a file": _to("file:///etc/passwd"),
    "loop": _to(PATH),
    **{str(status): _status(status) for status in (401, 403, 404, 429, 500, 503)},
}
"""Every kind of trouble by its name."""


@contextmanager
def stand_in(rows: list[Row] | None = None, pages: Pages | None = None) -> Iterator[StandIn]:
    """Run it for as long as a test needs it."""
    server = StandIn(rows=rows, pages=pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Run it until somebody stops it."""
    server = StandIn(PORT)
    print(
        "A stand-in for the public sources, made-up throughout. In another terminal:\n"
        f"CLINICS_FINDTREATMENT_URL={server.address} CLINICS_WEBSITES={server.origin} "
        f"CLINICS_NPI_URL={server.origin}{registries.NPI_PATH} "
        f"CLINICS_CMS_URL={server.origin}{registries.CMS_PATH} "
        f"CLINICS_LISTINGS_GEOCODER_URL=census+{server.origin}{registries.CENSUS_PATH} make run\n"
        "Then sign in on the page Manage and open “Look for changes”. Ctrl-C ends it."
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
