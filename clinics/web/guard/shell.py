"""The app's one HTML file, mended: what a page's address asks for stands in it from the start."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Container, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.directory import Directory
from clinics.domain.language import ENGLISH, say, speaking, spoken
from clinics.present import html as render
from clinics.present.shared_link import shared_link
from clinics.web import log
from clinics.web.addresses import relative
from clinics.web.first_screen import Asker, Look, first_screen
from clinics.web.guard.kept_static import afresh
from clinics.web.guard.ours import OwnRoutes
from clinics.web.http_cache import accepts_gzip
from clinics.web.language import in_spoken, named_in, names_language, preferred, with_language
from clinics.web.plain import twins
from clinics.web.plain.assets import Preview, preview_path
from clinics.web.plain.twins import MAX_PARAMETERS
from clinics.web.refusals import NOT_FOUND, Refused, detail, response
from clinics.web.service import whole_url

_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_LATER = re.compile(
    r'<link rel="(?:stylesheet|modulepreload)"[^>]*>|<script type="module"[^>]*></script>'
)
_AHEAD = '<link rel="modulepreload" crossorigin fetchpriority="low" href="{}">'
_FONT_AHEAD = re.compile(r'<link\s+rel="preload"\s+href="([^"]+)"\s+as="font"')
_WHEN_SEEN = (
    '<template id="later">{}</template><script>(() => {{ const later = '
    'document.getElementById("later"), go = () => later.isConnected && '
    "later.replaceWith(later.content); requestAnimationFrame(() => setTimeout(go)); "
    "setTimeout(go, 1000); }})();</script>"
)
# A name of its own: what Streamlit says of the same letters later changes nothing that is drawn.
_FACE = (
    '<style>@font-face {{ font-family: "First Sans"; src: url({}) format("woff2"); '
    "font-weight: 200 900; font-display: swap; }}</style>"
)
_NAMELESS = "<title>Streamlit</title>"
_MOST_BYTES = 2_000
"""An address that says more than this is left to the app to understand."""

_ROOT = '<div id="root">'
_ENGLISH_ONLY = ("manage",)
_LANGUAGE = '<html lang="en">'
_VARY = "Accept-Encoding, Accept-Language, User-Agent"
_STREAMLIT = ("/_stcore/", "/component/", "/media/", "/static/")

_INSIDE = {"learn": "topic", "towns": "town"}
"""People write /learn/ptsd; the page takes what is inside it as a parameter."""

_ID = re.compile(r"[A-Za-z0-9-]{1,80}")

Answerer = Callable[[str, Scope], Response]


class Shell:
    """ASGI middleware that mends the one HTML file all pages of the app begin as.

    What Streamlit's file says of itself (length, age, tag) does not hold for the mended one.
    `look` is ours, and stands after Streamlit's own: the first drawing has its place already.
    `pages` are the pages of the app by their address, with their names where they are in its bar.
    """

    def __init__(
        self,
        app: ASGIApp,
        own: OwnRoutes,
        title: str = "",
        conditions: Container[str] = (),
        pages: Mapping[str, str] = MappingProxyType({}),
        look: Look = Look(),  # noqa: B008 - frozen
        directory: Callable[[], Directory | None] = lambda: None,
        base_url: str = "",
    ) -> None:
        self._app = app
        self._own = own
        self._title = title
        self._conditions = conditions
        self._pages = pages
        self._look = look
        self._directory = directory
        self._base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mend the answer to a request for a page of the app; pass any other on."""
        if self._is_page(scope):
            await self._app(afresh(scope), receive, _Mending(send, self._answer, scope))
        else:
            await self._app(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and not scope["path"].startswith(_STREAMLIT)
            and not self._own.claim(scope)
        )

    def _answer(self, html: str, scope: Scope) -> Response:
        """Return a page of the app; Streamlit has the same file for every address there is not."""
        page, _, inside = scope["path"].strip("/").partition("/")
        if page in self._pages and not inside:
            return self._in_language(html, scope)
        if page in _INSIDE and _ID.fullmatch(inside):
            to = f"/{page}?{_INSIDE[page]}={inside}"
            return RedirectResponse(relative(to, scope["path"]), 301)
        return response(scope, Refused(NOT_FOUND, detail=detail("refusal.no_page")))

    def _in_language(self, html: str, scope: Scope) -> Response:
        """Answer in the language that the address names, or send on to that of the browser."""
        directory, query = self._directory(), scope["query_string"]
        is_translated = scope["path"].strip("/") not in _ENGLISH_ONLY
        languages = directory.languages if directory and is_translated else (ENGLISH,)
        named = named_in(query)
        if not named:
            liked = preferred(Headers(scope=scope).get("accept-language"), languages)
            if liked != ENGLISH:
                here = f"{scope['path']}?{query.decode('latin-1')}"
                to = relative(with_language(here, liked), scope["path"])
                return RedirectResponse(to, 302, {"Cache-Control": "private", "Vary": _VARY})
        with speaking(named if named in languages else ENGLISH):
            return self._page(html, scope)

    def _page(self, html: str, scope: Scope) -> Response:
        body = self._mended(html, scope).encode()
        headers = {"Cache-Control": "private, no-cache", "Vary": _VARY}
        if accepts_gzip(Headers(scope=scope).get("accept-encoding")):
            body = gzip.compress(body, compresslevel=4, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return HTMLResponse(body, headers=headers)

    def _mended(self, html: str, scope: Scope) -> str:
        twin = twins.of_address(scope["path"], scope["query_string"], self._conditions)
        named = named_in(scope["query_string"])
        if named:
            twin = with_language(twin, named)
        first = names_language(self._first_screen(scope, twin), named)
        html = html.replace(_LANGUAGE, f'<html lang="{spoken()}">', 1)
        words = "" if first else render.fill("noscript.html", twin=twin)
        html = _NOSCRIPT.sub(lambda _: words, html, count=1)
        if self._title:
            html = html.replace(_NAMELESS, self._head(scope), 1)
        around = render.fill("first_words.html", twin=twin, waiting=not first)
        style = f"<style>{self._look.frame}{_words_in_style()}</style>"
        if first:
            html = html.replace(_ROOT, f"{style}{first}{_ROOT}", 1)
        else:
            around = style + around
        html = html.replace("</body>", f"{around}</body>", 1)
        return _after_first_screen(html, self._look.scripts) if first else html

    def _first_screen(self, scope: Scope, twin: str) -> str:
        """Return the first screen; "" where there is none, or it cannot be made."""
        directory = self._directory()
        if directory is None or len(scope["query_string"]) > _MOST_BYTES:
            return ""
        is_phone = "Mobi" in Headers(scope=scope).get("user-agent", "")
        asker = Asker(twin, is_phone)
        page = scope["path"].strip("/")
        try:
            words = directory.spoken()
            return first_screen(page, _params(scope), asker, words, self._look, self._pages)
        except Exception as problem:
            log.note(problem)  # the app itself may do without what is wrong here
            return ""

    def _head(self, scope: Scope) -> str:
        """Return the title of a page, and what a messenger shows of a link to it."""
        directory = self._directory()
        if directory is None:
            return render.fill("shared_link.html", title=self._title, preview=None)
        directory = directory.spoken()
        about = shared_link(scope["path"].strip("/"), _params(scope), directory)
        request, image = Request(scope), preview_path(directory.site)
        url = whole_url(self._base_url, request, in_spoken(about.address))
        site = self._title if spoken() == ENGLISH else directory.site.title
        title = about.title or site
        preview = Preview(
            site, title, about.description, url, whole_url(self._base_url, request, image)
        )
        return render.fill(
            "shared_link.html",
            title=f"{title} - {site}" if about.title else site,
            preview=preview if "://" in url else None,
            indexed=about.indexed,
        )


def _words_in_style() -> str:
    """Return the words that Streamlit has no place for but our style, in another language."""
    return "" if spoken() == ENGLISH else f':root {{ --menu: "{say("shell.menu")}"; }}'


def _after_first_screen(html: str, scripts: Sequence[str]) -> str:
    """Return the page with Streamlit's scripts and styles after it: what is above comes first.

    They are asked for when the first screen has been drawn once, which they would hold up; in a
    tab that nobody sees nothing is drawn, and they come after a second. `scripts` are loaded after
    those, while the app still waits for its first answer.

    The font that is loaded ahead stays ahead; until it is there, text is drawn in letters of the
    device that are made as wide, so that no line breaks elsewhere a moment later.
    """
    later = "".join(_LATER.findall(html)) + "".join(map(_AHEAD.format, scripts))
    html = _LATER.sub("", html).replace("</body>", f"{_WHEN_SEEN.format(later)}</body>", 1)
    font = _FONT_AHEAD.search(html)
    return html.replace("</head>", f"{_FACE.format(*font.groups())}</head>", 1) if font else html


def _params(scope: Scope) -> dict[str, list[str]]:
    """Return the parameters of an address; none where they are more than a search can have."""
    try:
        return parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return {}


class _Mending:
    """The way back: holds an HTML page until it is whole; the rest goes through as it is."""

    def __init__(self, send: Send, answer: Answerer, scope: Scope) -> None:
        self._send = send
        self._answer = answer
        self._scope = scope
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        # In a thread: the first to ask may wait until the data is read.
        answer = await run_in_threadpool(self._answer, self._body.decode("utf-8"), self._scope)
        headers = MutableHeaders(scope=start)
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        for name, value in answer.headers.items():
            headers[name] = value
        await self._send({**start, "status": answer.status_code})
        shown = b"" if self._scope["method"] == "HEAD" else answer.body
        await self._send({"type": "http.response.body", "body": shown})


def _is_html(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and html and "content-encoding" not in headers
