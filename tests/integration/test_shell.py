"""The app's HTML file as a browser without JavaScript gets it: Streamlit's own file, mended."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.web.guard.ours import OwnRoutes
from clinics.web.guard.shell import Shell
from clinics.web.plain.assets import preview_path
from tests.integration.asking import asked
from tests.integration.plain_site import with_clinics
from tests.made_up import made_up_clinic

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
BROWSER = (
    ("host", "made-up.example"),
    ("accept-encoding", "gzip"),
    ("if-modified-since", "Mon, 01 Jan 2035 00:00:00 GMT"),
    ("range", "bytes=0-10"),
)


async def index(request: Request) -> Response:
    if request.scope["path"] == "/favicon.png":
        return PlainTextResponse("<noscript>x</noscript>", headers={"ETag": "kept"})
    return FileResponse(INDEX)


async def plain(_: Request) -> Response:
    return HTMLResponse("<noscript>ours</noscript>")


def app_of(directory: Callable[[], Directory | None], base_url: str = "") -> ASGIApp:
    own = [Route("/plain", plain)]
    middleware = [
        Middleware(
            Shell,
            OwnRoutes(own),
            "A <b> clinic finder",
            {"ptsd"},
            pages=dict.fromkeys(("", "learn", "towns", "about", "shortlist"), "A page"),
            directory=directory,
            base_url=base_url,
        ),
        Middleware(GZipMiddleware, minimum_size=1),
    ]
    return Starlette(routes=[*own, Route("/{rest:path}", index)], middleware=middleware)


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return app_of(lambda: None)


def twin(app: ASGIApp, target: str) -> str:
    found = re.findall(r'<a href="([^"]*)">Go on with the plain pages', asked(app, target).text)
    assert len(found) == 1
    return str(found[0])


def test_only_the_words_for_browsers_without_script_and_the_title_are_changed(
    app: ASGIApp,
) -> None:
    before, after = INDEX.read_text("utf-8"), asked(app, "/").body.decode()
    assert "You need to enable JavaScript" in before
    pattern = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
    expected = before.replace("<title>Streamlit<", "<title>A &lt;b&gt; clinic finder<")
    first, rest = re.split(r"<style></style><style>\s*\.first-words", after, maxsplit=1)
    after = first + rest[rest.rindex("</p>") + 4 :].lstrip("\n")
    assert pattern.sub("", after).split() == pattern.sub("", expected).split()
    assert len(pattern.findall(after)) == 1
    assert 'Call or text <a href="tel:988">988</a>' in after


def link_preview(app: ASGIApp, target: str, **options: Any) -> dict[str, str]:
    """Return what the head of a page says of it, by name; no name is there twice."""
    found = re.findall(
        r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', asked(app, target, **options).text
    )
    assert len(found) == len(dict(found))
    return dict(found)


@pytest.fixture(scope="module")
def whole(directory: Directory) -> ASGIApp:
    """The same with the directory, at an address that is set."""
    return app_of(lambda: directory, "https://clinics.example/maryland")


def test_a_shared_search_has_a_title_a_line_and_a_picture(
    whole: ASGIApp, directory: Directory
) -> None:
    page = asked(whole, "/?near=20912&condition=ptsd").text
    named = "Ketamine and Spravato clinics within 25 miles of ZIP 20912 listed as treating PTSD"
    assert re.findall("<title>(.*)</title>", page) == [f"{named} - A &lt;b&gt; clinic finder"]
    said = link_preview(whole, "/?near=20912&condition=ptsd")
    base = "https://clinics.example/maryland"
    assert said["og:title"] == named
    assert said["og:description"] == said["description"]
    assert said["og:description"].startswith("What is known about ketamine for PTSD")
    assert said["og:url"] == f"{base}/?near=20912&amp;condition=ptsd"
    assert said["og:image"] == f"{base}{preview_path(directory.site)}"
    assert said["twitter:card"] == "summary_large_image"
    assert "robots" not in said


@pytest.mark.parametrize(
    ("target", "title"),
    [
        ("/", "A &lt;b&gt; clinic finder"),
        ("/?clinic=nova-health-recovery-alexandria", "NOVA Health Recovery"),
        ("/learn?topic=ptsd", "PTSD"),
        ("/towns?town=rockville-md", "Clinics near Rockville, MD"),
        ("/shortlist?list=nova-health-recovery-alexandria,gone", "A list of 1 place to call"),
        ("/?" + "&".join(["a=b"] * 1_000), "A &lt;b&gt; clinic finder"),
    ],
)
def test_each_page_of_the_app_is_named_in_its_links(
    whole: ASGIApp, target: str, title: str
) -> None:
    said = link_preview(whole, target)
    assert said["og:title"].startswith(title)
    assert said["description"]
    assert (said.get("robots") == "noindex") == target.startswith("/shortlist")


@pytest.mark.parametrize("name", ["near", "q", "clinic", "condition", "list"])
@pytest.mark.parametrize("page", ["", "learn", "towns", "shortlist"])
def test_nothing_that_was_typed_gets_into_the_head(whole: ASGIApp, page: str, name: str) -> None:
    for text in ('"><script>alert(1)</script>', "715 Telltale Lane 20912", "{{7*7}}"):
        head, _, _ = asked(whole, f"/{page}?{urlencode({name: text})}").text.partition("</head>")
        assert not [word for word in ("alert(1)", "Telltale", "49", "{{") if word in head]


def test_without_a_setting_the_picture_is_at_the_host_that_was_asked(
    directory: Directory,
) -> None:
    app = app_of(lambda: directory, "")
    said = link_preview(app, "/", headers=[("host", "clinics.example")])
    assert said["og:image"] == f"http://clinics.example{preview_path(directory.site)}"
    assert "og:image" not in link_preview(app, "/", headers=[("host", 'x"><script>')])


def test_a_clinics_hostile_name_is_text(directory: Directory) -> None:
    hostile = made_up_clinic(1, name='"><script>alert(1)</script>')
    app = app_of(lambda: with_clinics(directory, hostile), "")
    page = asked(app, "/?clinic=made-up-clinic-1").text
    assert "<script>alert" not in page
    assert "&#34;&gt;&lt;script&gt;alert(1)" in page


def test_the_page_is_whole_whatever_the_browser_keeps_or_takes(app: ASGIApp) -> None:
    answer = asked(app, "/learn", headers=BROWSER)
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert gzip.decompress(answer.body).rstrip().endswith(b"</html>")
    for name in ("etag", "last-modified", "accept-ranges"):
        assert name not in answer.headers


def test_head_says_the_same_without_the_page(app: ASGIApp) -> None:
    head, page = asked(app, "/", method="HEAD"), asked(app, "/")
    assert head.body == b""
    assert head.headers == page.headers


@pytest.mark.parametrize(
    ("target", "plain"),
    [
        ("/", "plain"),
        ("/?near=20912&setting=telehealth&q=a", "plain?near=20912&amp;setting=telehealth&amp;q=a"),
        ("/?condition=ptsd&condition=ocd", "plain?condition=ptsd&amp;condition=ocd"),
        ("/?near=%22%3E%3Cscript%3E&utm=1&clinic=x", "plain?near=%22%3E%3Cscript%3E"),
        ("/?near=%FF%00\xff", "plain?near=%EF%BF%BD%00%C3%BF"),
        ("/towns?town=takoma-park-md", "near/takoma-park-md"),
        ("/towns?town=../../x", "plain"),
        ("/towns", "plain"),
        ("/learn?topic=PTSD", "conditions/ptsd"),
        ("/learn?topic=cost", "topics/cost"),
        ("/learn?topic=../x", "topics"),
        ("/learn", "topics"),
        ("/about?near=20912", "plain"),
        ("/shortlist?list=a,b&near=20912&x=y", "list?list=a,b&amp;near=20912"),
        ("/shortlist", "list"),
        ("/?" + "&".join(["a=b"] * 1_000), "plain"),
    ],
)  # fmt: skip
def test_the_link_leads_to_the_same_on_a_plain_page(app: ASGIApp, target: str, plain: str) -> None:
    assert twin(app, target) == plain


@pytest.mark.parametrize(
    ("target", "to"),
    [
        ("/learn/ptsd", "/learn?topic=ptsd"),
        ("/towns/takoma-park-md", "/towns?town=takoma-park-md"),
    ],
)
def test_what_people_write_with_slashes_leads_to_the_page(
    app: ASGIApp, target: str, to: str
) -> None:
    answer = asked(app, target)
    assert (answer.status, answer.headers["location"]) == (301, to)


@pytest.mark.parametrize("target", ["/a/b/c", "/nothing", "/learn/a/b", "/about/x", "//e.example/"])
def test_an_address_without_a_page_is_404_with_the_crisis_line_and_a_way_on(
    app: ASGIApp, target: str
) -> None:
    answer = asked(app, target)
    assert answer.status == 404
    assert "988" in answer.text
    assert '<a href="/">Find a clinic</a>' in answer.text


def test_our_own_pages_and_what_is_no_page_stay_as_they_are(app: ASGIApp) -> None:
    assert asked(app, "/plain").text == "<noscript>ours</noscript>"
    picture = asked(app, "/favicon.png")
    assert (picture.text, picture.headers["etag"]) == ("<noscript>x</noscript>", "kept")
    component = asked(app, "/component/map/index.html")
    assert "You need to enable JavaScript" in component.text


def test_the_file_is_in_the_language_of_the_address(directory: Directory) -> None:
    page = asked(app_of(lambda: directory), "/?near=20912&lang=es").text
    assert '<html lang="es">' in page
    assert "Llame al" in page
    assert '<a href="?lang=en&amp;near=20912" lang="en">In English</a>' in page
    first = page[page.index('<div id="first">') :]
    ours = re.findall(r'<a [^>]*href="(/[^"]*)"', first)
    assert len(ours) > 5
    assert [link for link in ours if "lang=es" not in link] == []
    assert 'action="/plain?lang=es"' in page


@pytest.mark.parametrize("path", ["/", "/learn"])
def test_a_browser_that_prefers_spanish_is_sent_on(directory: Directory, path: str) -> None:
    app = app_of(lambda: directory)
    answer = asked(app, f"{path}?near=20912", headers=[("accept-language", "es-SV,en;q=0.5")])
    assert answer.status == 302
    assert answer.headers["location"].endswith("?lang=es&near=20912")
    assert "Accept-Language" in answer.headers["vary"]
    stays = asked(app, f"{path}?lang=en", headers=[("accept-language", "es")])
    assert stays.status == 200
    assert '<html lang="en">' in stays.text


def test_a_street_address_is_not_in_the_way_to_the_other_language(directory: Directory) -> None:
    app = app_of(lambda: directory)
    page = asked(app, f"/?{urlencode({'near': '7500 Maple Avenue, Takoma Park'})}").text
    assert "En español" in page
    assert "Maple" not in re.findall(r'<a href="([^"]*)" lang="es">', page)[0]
