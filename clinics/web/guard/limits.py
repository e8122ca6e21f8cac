"""What one request to our own routes, and all of them together, may take; more is refused.

Streamlit's traffic passes untouched. Nothing of a request is logged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.web import refusals
from clinics.web.guard.ours import OwnRoutes
from clinics.web.refusals import (
    BUSY,
    INCOMPLETE,
    NOT_FOUND,
    TOO_LONG,
    TOO_MUCH,
    UNCLEAR,
    Detail,
    Refused,
    detail,
)
from clinics.web.service import HOST

_UNCOUNTED = ("/assets/", "/healthz", "/livez")
"""Small files that the app's pages need, and the questions of whoever watches the service."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much. Sizes are in bytes, times in seconds.

    `at_work` requests are answered at once and `queue` wait for at most `patience`. The web
    server has 28 threads for all there is; Streamlit's files need some of them.
    """

    address: int = 8_000
    body: int = 16_384
    at_work: int = 16
    queue: int = 128
    patience: float = 2.0
    work: float = 10.0
    sending: float = 60.0
    retry_after: int = 5


def _check_path(path: str) -> None:
    """Raise Refused where a path tries to leave its folder, or to be what it is not.

    Streamlit refuses the same with two words; a person is owed a page.
    """
    parts = path.replace("\\", "/").split("/")
    misled = (
        "\0" in path
        or ".." in parts
        or path.startswith(("//", "/\\", "\\"))
        or path[2:3] == ":"  # a drive
    )
    if misled and not path.startswith("/_stcore/"):
        raise Refused(UNCLEAR, detail=detail("refusal.misled"))


class Guard:
    """ASGI middleware that holds our own routes to the limits, and answers for their bugs."""

    def __init__(self, app: ASGIApp, own: OwnRoutes, limits: Limits = Limits()) -> None:
        self._app = app
        self._own = own
        self._limits = limits
        self._places = asyncio.Semaphore(limits.at_work)
        self._waiting = 0
        self._late: set[asyncio.Task[Refused | None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of ours within the limits; pass any other on."""
        try:
            if self._own.claim(scope):
                self._check(scope)
                if _sends(scope):
                    receive = _replay(await self._read(receive), receive)
                await self._answer_in_turn(scope, receive, send)
                return
            if scope["type"] == "http":
                _check_path(scope["path"])
        except Refused as refused:
            await refusals.response(scope, refused)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        """Raise Refused where a request cannot be answered, as far as its first lines show."""
        most, headers = self._limits.address, Headers(scope=scope)
        size = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
        if size > most:
            raise Refused(TOO_LONG, detail=detail("refusal.long", most=most, size=size))
        if not scope["query_string"].isascii():
            raise Refused(UNCLEAR, detail=detail("refusal.letters"))
        if not HOST.fullmatch(headers.get("host", "-")):
            raise Refused(UNCLEAR, detail=detail("refusal.host"))
        length = headers.get("content-length", "0")
        if len(length) > 9 or int(length) > self._limits.body:  # the web server saw a number
            raise self._too_large()
        _check_path(scope["path"])
        self._check_route(scope)

    def _check_route(self, scope: Scope) -> None:
        """Raise Refused where no route answers: Streamlit would, with an empty page of the app."""
        if self._own.takes(scope):
            return
        methods = self._own.methods(scope)
        if methods and scope["method"] not in methods:
            raise refusals.wrong_method(methods)
        if not methods and not scope["path"].endswith("/"):  # Streamlit leads to the same without
            raise Refused(NOT_FOUND, detail=detail("refusal.nothing"))

    def _too_large(self) -> Refused:
        said = detail("refusal.large", most=self._limits.body)
        return Refused(TOO_MUCH, detail=said, headers={"Connection": "close"})

    async def _read(self, receive: Receive) -> bytes:
        """Return what was sent with a request; raises Refused where it is too much or too slow."""
        body, more = b"", True
        try:
            async with asyncio.timeout(self._limits.work):
                while more:
                    message = await receive()
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > self._limits.body:
                        raise self._too_large()
        except TimeoutError as problem:
            said = detail("refusal.late")
            raise Refused(INCOMPLETE, detail=said, headers={"Connection": "close"}) from problem
        return body

    async def _answer_in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a route answer when it is its turn; raises Refused where it is not."""
        if scope["path"].startswith(_UNCOUNTED):
            await self._answer(scope, receive, _Answer(send))
        elif await self._got_place():
            await self._answer(scope, receive, _Answer(send, self._places))
        else:
            raise self._busy(detail("refusal.crowd"))

    async def _got_place(self) -> bool:
        if not self._places.locked():
            return await self._places.acquire()
        if self._waiting >= self._limits.queue:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        """Run a route; raises Refused where nothing came of it."""
        task = asyncio.create_task(self._run(scope, receive, answer))
        try:
            await asyncio.wait({task}, timeout=self._limits.work)
            if not task.done() and answer.begun_at is None:
                answer.is_late = True
                self._leave_alone(task)
                raise self._busy(detail("refusal.slow"))
            if answer.begun_at is not None and not task.done():
                end = answer.begun_at + self._limits.sending
                left = end - asyncio.get_running_loop().time()
                await asyncio.wait({task}, timeout=max(0.0, left))
            refused = task.result() if task.done() else None
            if refused is not None:
                raise refused
        finally:
            if task not in self._late:
                task.cancel()

    def _leave_alone(self, task: asyncio.Task[Refused | None]) -> None:
        """Let late work come to its end for a while: a thread cannot be stopped.

        Until then it keeps its place, so that no more threads are at work than there are places.
        """
        self._late.add(task)
        stop = asyncio.get_running_loop().call_later(self._limits.sending, task.cancel)
        task.add_done_callback(lambda _: stop.cancel())
        task.add_done_callback(self._late.discard)

    async def _run(self, scope: Scope, receive: Receive, answer: _Answer) -> Refused | None:
        try:
            await self._app(scope, receive, answer)
        except Exception as problem:  # returned, so that no loop logs it: it may hold a search
            refused = refusals.of_trouble(problem)
            return refused if answer.begun_at is None else None
        finally:
            answer.give_place_back()
        return None

    def _busy(self, sentence: Detail) -> Refused:
        headers = {"Retry-After": str(self._limits.retry_after)}
        return Refused(BUSY, detail=sentence, headers=headers)


class _Answer:
    """The way back to whoever asked; with its first line the place at work is free again."""

    def __init__(self, send: Send, places: asyncio.Semaphore | None = None) -> None:
        self.begun_at: float | None = None
        self.is_late = False
        self._send = send
        self._places = places

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer, unless it is too late for one."""
        if self.is_late:
            return
        if self.begun_at is None:
            self.begun_at = asyncio.get_running_loop().time()
        self.give_place_back()
        await self._send(message)

    def give_place_back(self) -> None:
        """Let the next request come to work; once."""
        if self._places:
            self._places.release()
            self._places = None


def _sends(scope: Scope) -> bool:
    """Return True if something may come along with a request."""
    if scope["method"] not in ("GET", "HEAD"):
        return True
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives what was read already, and then what comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
