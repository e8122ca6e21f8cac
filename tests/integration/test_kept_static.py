"""The app's scripts: Streamlit's own files, compressed once, and everything else as it was."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from clinics.present.assets import map_script, map_script_name
from clinics.web.app import DAY, LEAFLET, YEAR, map_files
from clinics.web.guard.kept_static import KeptStatic
from tests.folders import DATA
from tests.integration.asking import Answer, asked

FILES = Path(streamlit.__file__).parent / "static" / "static"
SCRIPT = max((FILES / "js").glob("index.*.js"), key=lambda path: path.stat().st_size)
PATH = f"/static/js/{SCRIPT.name}"
HOST = ("host", "made-up.example")
BROWSER = (HOST, ("accept-encoding", "gzip, deflate, br, zstd"))
WITHOUT_BROTLI = (HOST, ("accept-encoding", "gzip"))


class Site:
    """Streamlit's files behind ours; `read` are the paths it was asked for itself."""

    def __init__(self, **limits: Any) -> None:
        self.read: list[str] = []
        files = Starlette(routes=create_streamlit_static_assets_routes(base_url=""))

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            self.read.append(scope["path"])
            await files(scope, receive, send)

        self.files: ASGIApp = files
        self.app: ASGIApp = KeptStatic(watched, **limits)

    def ask(self, path: str, headers: object = BROWSER, method: str = "GET") -> Answer:
        return asked(self.app, path, headers=headers, method=method)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_script_is_read_and_compressed_once_and_is_the_same(site: Site) -> None:
    first, second = site.ask(PATH), site.ask(PATH)
    assert site.read == [PATH]
    assert first == second
    assert brotli.decompress(first.body) == SCRIPT.read_bytes()
    assert int(first.headers["content-length"]) == len(first.body) < SCRIPT.stat().st_size / 2
    assert first.headers["content-encoding"] == "br"
    assert first.headers["vary"] == "Accept-Encoding"


def test_a_browser_that_takes_no_brotli_gets_gzip_from_the_same_reading(site: Site) -> None:
    small, larger = site.ask(PATH), site.ask(PATH, WITHOUT_BROTLI)
    assert site.read == [PATH]
    assert larger.headers["content-encoding"] == "gzip"
    assert gzip.decompress(larger.body) == SCRIPT.read_bytes()
    assert len(small.body) < len(larger.body) * 0.95
    assert small.headers["etag"] != larger.headers["etag"]


def test_a_font_is_the_smaller_one_where_there_is_one() -> None:
    path = "/static/media/" + next((FILES / "media").glob("SourceSansVF-Up*")).name
    site = Site(fonts={path: b"smaller"})
    got = site.ask(path)
    assert got.body == b"smaller"
    assert got.headers["content-type"] == "font/woff2"
    assert got.headers["cache-control"] == "public, max-age=86400"
    known = (*BROWSER, ("if-none-match", got.headers["etag"]))
    assert site.ask(path, known).status == 304
    assert site.read == []
    assert site.ask(path, (HOST, ("origin", "https://other.example"))).body != b"smaller"
    assert len(Site().ask(path).body) > 100_000


def test_every_script_is_read_once_also_a_small_one(site: Site) -> None:
    small = min((FILES / "js").glob("*.js"), key=lambda path: path.stat().st_size)
    answers = [site.ask(f"/static/js/{small.name}") for _ in range(3)]
    assert len(site.read) == 1
    assert {brotli.decompress(answer.body) for answer in answers} == {small.read_bytes()}


def test_what_streamlit_says_of_a_file_holds(site: Site) -> None:
    plain, kept = asked(site.files, PATH), site.ask(PATH)
    for name in ("content-type", "cache-control", "last-modified"):
        assert kept.headers[name] == plain.headers[name]
    assert kept.headers["etag"] == plain.headers["etag"].strip('"').join(('"', '-br"'))


def test_who_has_the_file_is_told_so(site: Site) -> None:
    tag = site.ask(PATH).headers["etag"]
    again = site.ask(PATH, (*BROWSER, ("if-none-match", tag)))
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert "immutable" in again.headers["cache-control"]


def test_head_says_how_long_the_file_is(site: Site) -> None:
    head, whole = site.ask(PATH, method="HEAD"), site.ask(PATH)
    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize(
    "headers",
    [
        (HOST,),
        (HOST, ("accept-encoding", "br")),
        (HOST, ("accept-encoding", "gzip;q=0")),
        (*BROWSER, ("range", "bytes=0-99")),
        (*BROWSER, ("origin", "https://other.example")),
    ],
    ids=str,
)
def test_who_takes_no_gzip_or_wants_a_part_is_answered_as_before(
    site: Site, headers: object
) -> None:
    site.ask(PATH)
    before, now = asked(site.files, PATH, headers=headers), site.ask(PATH, headers)
    assert (now.status, now.headers, now.body) == (before.status, before.headers, before.body)


@pytest.mark.parametrize(
    "also",
    [
        {"origin": "https://clinics.example", "host": "clinics.example"},
        {"origin": "https://clinics.example", "host": "inside", "sec-fetch-site": "same-origin"},
    ],
)
def test_a_script_that_a_page_of_ours_asks_for_is_sent_compressed(
    site: Site, also: dict[str, str]
) -> None:
    headers = [pair for pair in BROWSER if pair[0] not in also] + list(also.items())
    assert site.ask(PATH, headers).headers["content-encoding"] == "br"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/static/js/none.js", "/static/media/none.woff2", "/plain.js", "/static/../x.js",
    ],
)  # fmt: skip
def test_anything_else_is_passed_on(site: Site, path: str) -> None:
    for _ in range(2):
        before, now = asked(site.files, path, headers=BROWSER), site.ask(path)
        assert (now.status, now.headers, now.body) == (before.status, before.headers, before.body)


def test_no_more_is_kept_than_may_be() -> None:
    full = Site(most_bytes=1)
    full.ask(PATH)
    others = sorted((FILES / "js").glob("*.js"))[:3]
    for other in [*others, *others]:
        full.ask(f"/static/js/{other.name}")
    assert len(full.read) == 7
    small = Site(largest=1_000)
    assert small.ask(PATH).body == SCRIPT.read_bytes()


def test_a_post_is_not_answered_from_it(site: Site) -> None:
    site.ask(PATH)
    assert site.ask(PATH, method="POST").status == 405


@pytest.mark.parametrize(("said", "times"), [("public", 1), ("no-cache", 3), ("private", 3)])
def test_a_component_is_kept_only_where_it_is_for_everybody(said: str, times: int) -> None:
    asked_for: list[str] = []

    async def script(request: Request) -> Response:
        asked_for.append(request.method)
        body = b"let made_up = 1;" * 200
        return Response(body, media_type="text/javascript", headers={"Cache-Control": said})

    path = "/component/made_up.map/static/js/main.0a1b2c3d.js"
    app = KeptStatic(Starlette(routes=[Route(path, script)]))
    answers = [asked(app, path, headers=BROWSER) for _ in range(2)]
    assert answers[0].headers.get("etag") == answers[1].headers.get("etag")
    assert answers[0].headers["cache-control"] == said
    assert len(asked_for) == times + (times > 1)


@pytest.mark.parametrize("path", ["/static/./js/x.js", "/static//js/x.js", "/static/js/../js/x.js"])
def test_a_file_is_kept_under_its_own_address_alone(site: Site, path: str) -> None:
    path = path.replace("x.js", SCRIPT.name)
    for _ in range(2):
        site.ask(path)
    assert site.read == [path, path]


@pytest.mark.parametrize(
    ("path", "content", "kept"),
    [
        ("/assets/leaflet/leaflet.js", (LEAFLET / "leaflet.js").read_bytes(), DAY),
        ("/assets/leaflet/leaflet.css", (LEAFLET / "leaflet.css").read_bytes(), DAY),
        ("/assets/basemap.geojson", (DATA / "basemap.geojson").read_bytes(), DAY),
        (f"/assets/{map_script_name()}", map_script(), YEAR),
    ],
)
def test_the_files_of_the_map_are_sent_once_and_then_from_the_browser(
    path: str, content: bytes, kept: str
) -> None:
    app = KeptStatic(Starlette(routes=map_files(DATA)))
    answer = asked(app, path, headers=BROWSER)
    assert brotli.decompress(answer.body) == content
    assert answer.headers["cache-control"] == kept
    plain = asked(app, path)
    assert plain.body == content
    assert plain.headers["cache-control"] == kept
    known = (*BROWSER, ("if-none-match", answer.headers["etag"]))
    assert asked(app, path, headers=known).status == 304
