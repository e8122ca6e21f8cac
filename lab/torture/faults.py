"""Every fault that the site promises to outlive: the store, the clock, the files, the geocoder."""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from clinics.adapters.address_service import Turns
from clinics.adapters.nominatim import NominatimGeocoder
from clinics.directory import Directory, load_directory
from clinics.domain.ports import GeocodingUnavailable
from clinics.places.find import find_place
from lab.torture import file_faults, store_faults
from lab.torture.kills import DATA, DAY, new_files
from lab.torture.site import Fault, Site, broken_promises, endure
from lab.torture.trial import Outcome

ADDRESS = "7500 Made-up Avenue, Takoma Park, MD"
LATE_SECONDS = 0.5
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "refuses": (403, {}, b"no"),
    "is too busy": (429, {}, b"later"),
    "answers junk": (200, {}, b"<html>\xff\x00"),
    "answers other JSON": (200, {}, b'[{"lat": "north", "lon": [], "address": 7}]'),
    "redirects": (302, {"Location": "http://elsewhere.example/"}, b""),
    "times out": (0, {}, b""),
}


def start_after(address: str) -> str:
    """Start the service itself on a store and return the version that it says is live."""
    from tests.browser.service import running

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with running(log, settings={"CLINICS_DATABASE_URL": address}) as service:
            _, body = service.get("/healthz")
    return str(json.loads(body)["version"]["id"])


@contextlib.contextmanager
def address_service(how: str) -> Iterator[str]:
    """Give the address of a service for addresses that always does one thing of ANSWERS."""
    status, headers, body = ANSWERS[how]
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not status:
                over.wait(60)
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def what_visitors_get(how: str, bundled: Directory) -> tuple[str, str]:
    """Return the sentence for a street address, and the place found for a town meanwhile."""
    agent = "clinic-directory-trial (trial@example.org)"
    with address_service(how) as url:
        geocoder = NominatimGeocoder(url, agent, LATE_SECONDS, Turns(sleep=lambda _: None))
        try:
            said = find_place(ADDRESS, bundled.gazetteer, geocoder).note
        except GeocodingUnavailable as problem:
            said = str(problem)
        town = find_place("Takoma Park, MD", bundled.gazetteer, geocoder).place
    return said, town.name if town else ""


def run() -> Outcome:
    """Go through all faults on real stores; say for each what visitors and a keeper saw."""
    figures: dict[str, str] = {}
    broken: list[str] = []
    bundled = load_directory(DATA, DAY)
    for fault, address, kind in _all_of_the_store():
        seen = endure(fault, Site(address, bundled))
        figures[f"{fault.name}, {kind}"] = str(seen)
        broken += broken_promises(fault, seen)
    if not any(what.startswith(store_faults.FULL.name) for what in figures):
        figures[store_faults.FULL.name] = "not tried: no file system may be mounted here"
    figures["a data file broken"] = file_faults.break_every_file(broken)
    for how in ANSWERS:
        said, town = what_visitors_get(how, bundled)
        figures[f"address service {how}"] = f"a visitor with an address: “{said}”; a town: {town}"
        if not (said and town):
            broken.append(f"address service {how}: “{said}”, “{town}”")
    return Outcome("faults", figures, tuple(broken))


def _all_of_the_store() -> Iterator[tuple[Fault, str, str]]:
    """Yield each fault with the address of a new store that it may happen to, and its kind."""
    from tests.integration.unprivileged import as_nobody, open_folder
    from tests.postgres import running_server

    with tempfile.TemporaryDirectory() as folder:
        new_file = new_files(Path(folder))
        for fault in store_faults.OF_A_FILE + store_faults.OF_ANY_STORE:
            yield fault, new_file(), "SQLite"
    with store_faults.small_disk() as disk:
        if disk:
            yield store_faults.FULL, f"sqlite:///{disk}/directory.db", "SQLite"
    with open_folder() as closed, as_nobody():
        yield store_faults.READ_ONLY, f"sqlite:///{closed}/directory.db", "SQLite"
    with running_server() as server:
        for fault in store_faults.OF_ANY_STORE:
            yield fault, server.new_database(), "PostgreSQL"
        away = Fault("server gone", _away(server.stop, server.start), store_faults.NOT_ANSWERING)
        yield away, server.new_database(), "PostgreSQL"


def _away(
    stop: Callable[[], None], start: Callable[[], None]
) -> Callable[[Site], contextlib.AbstractContextManager[None]]:
    """Return what stops a server for a while."""

    @contextlib.contextmanager
    def away(_: Site) -> Iterator[None]:
        stop()
        try:
            yield
        finally:
            start()

    return away
