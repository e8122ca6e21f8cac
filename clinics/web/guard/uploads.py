"""Who may send a file: a session that was shown a box for files, in the browser that was shown it.

Streamlit takes files into
memory from anybody with a session, whether or not a page asks for one.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from itertools import cycle

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "_streamlit_xsrf"
MOST_FILES = 20
MOST_SESSIONS = 1_000

_SECTION = "/_stcore/upload_file"
_PLACE = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+")
_NOT_ASKED = (
    "This page does not ask for a file, or its sign-in has ended. Reload it, then try again."
)
_TOO_MANY = f"This page has sent {MOST_FILES} files. Reload it, then send the next one."


@dataclass(slots=True)
class _Asked:
    browser: str
    """"" while it is not asked."""
    files: int = 0
    """Ever sent: one that is deleted may still be on its way."""


class Uploads:
    """The sessions that are asked for a file. One for each process; safe to use from threads."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, _Asked] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, session: str, browser: str) -> None:
        """Let this session send files from this browser; the oldest of many may not any more."""
        with self._lock:
            self._sessions.setdefault(session, _Asked(browser)).browser = browser
            self._sessions.move_to_end(session)
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)

    def ask_no_more(self, session: str) -> None:
        """Let this session send no more files."""
        with self._lock:
            if session in self._sessions:
                self._sessions[session].browser = ""

    def refusal(self, session: str, browser: str, *, sends: bool) -> str:
        """Count a file that is sent; return why it is refused, or it may not be deleted, or ""."""
        with self._lock:
            known = self._sessions.get(session)
            if known is None or not known.browser:
                return _NOT_ASKED
            if not hmac.compare_digest(known.browser.encode(), browser.encode()):
                return _NOT_ASKED
            if sends and known.files >= MOST_FILES:
                return _TOO_MANY
            known.files += sends
            return ""


class UploadsGuard:
    """ASGI middleware that refuses a file before it is read."""

    def __init__(self, app: ASGIApp, uploads: Uploads) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it sends or deletes a file that nobody asked for."""
        refused = ""
        if scope["type"] == "http" and _SECTION in scope["path"]:
            refused = self._refusal(scope)
        answer = PlainTextResponse(refused, 403) if refused else self._app
        await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        if scope["method"] not in ("PUT", "DELETE"):
            return ""
        place = _PLACE.fullmatch(scope["path"])
        browser = browser_of(Request(scope).cookies.get(COOKIE, ""))
        session = place[1] if place else ""
        return self._uploads.refusal(session, browser, sends=scope["method"] == "PUT")


def browser_of(cookie: str) -> str:
    """Return what tells one browser from another: its cookie against forged uploads.

    The cookie is "2|mask|token|time", masked anew in each answer; "" for none, or another kind.
    """
    parts = cookie.split("|")
    try:
        mask, token = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
    except (IndexError, ValueError):
        return ""
    return bytes(byte ^ key for byte, key in zip(token, cycle(mask), strict=False)).hex()
