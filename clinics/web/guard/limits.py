"""What one request, and all of them together, may take; whoever asks for more is told so.

Owns the limits of our own routes; Streamlit's traffic passes untouched. Nothing of a request is
logged.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.web import log
from clinics.web.guard.ours import OwnRoutes
from clinics.web.guard.refusals import refusal

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
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


_MISLED = "The address needs to be one of this site's; it has parts that lead nowhere."


def _misled(path: str) -> bool:
    """Tell whether a path tries to leave its folder, or to be what it is not.

    Streamlit refuses the same with two words; a person is owed a page.
    """
    if path.startswith("/_stcore/"):
        return False
    parts = path.replace("\\", "/").split("/")
    return (
        "\0" in path
        or ".." in parts
        or path.startswith(("//", "/\\", "\\"))
        or path[2:3] == ":"  # a drive
    )


class Guard:
    """ASGI middleware that holds our own routes to the limits, and answers for their bugs."""

    def __init__(self, app: ASGIApp, own: OwnRoutes, limits: Limits = Limits()) -> None:
        self._app = app
        self._own = own
        self._limits = limits
        self._places = asyncio.Semaphore(limits.at_work)
        self._waiting = 0
        self._late: set[asyncio.Task[Response | None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of ours within the limits; pass any other on."""
        if not self._own.claim(scope):
            misled = scope["type"] == "http" and _misled(scope["path"])
            answer = refusal(scope, 400, _MISLED) if misled else self._app
            await answer(scope, receive, send)
            return
        refused = self._refused_at_sight(scope)
        if refused is None:
            read = await self._read(scope, receive) if _sends(scope) else b""
            if isinstance(read, Response):
                refused = read
            else:
                refused = await self._answer_in_turn(scope, _replay(read, receive), send)
        if refused is not None:
            await refused(scope, receive, send)

    def _refused_at_sight(self, scope: Scope) -> Response | None:
        """Return why a request cannot be answered, as far as its first lines show."""
        limit, request = self._limits, Request(scope)
        size = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
        if size > limit.address:
            return refusal(
                scope,
                414,
                f"The address needs to be {limit.address:,} characters or shorter; it has "
                f"{size:,}.",
            )
        if not scope["query_string"].isascii():
            sentence = (
                "The address needs letters other than a to z written with % signs; it has not."
            )
            return refusal(scope, 400, sentence)
        if not _HOST.fullmatch(request.headers.get("host", "-")):
            return refusal(
                scope, 400, "The request needs to name this site in its Host header; it does not."
            )
        length = request.headers.get("content-length", "0")
        if len(length) > 9 or int(length) > limit.body:  # the web server saw that it is a number
            return self._too_large(scope)
        if _misled(scope["path"]):
            return refusal(scope, 400, _MISLED)
        return self._not_found(scope)

    def _not_found(self, scope: Scope) -> Response | None:
        if self._own.takes(scope):
            return None
        methods = self._own.methods(scope)
        if not methods and not scope["path"].endswith("/"):  # Streamlit leads to the same without
            return refusal(scope, 404, "There is nothing at this address.")
        if methods and scope["method"] not in methods:
            allowed = ", ".join(sorted(methods))
            sentence = f"This address can be asked with {allowed}; the request used another method."
            return refusal(scope, 405, sentence, {"Allow": allowed})
        return None

    def _too_large(self, scope: Scope) -> Response:
        sentence = f"What is sent here needs to be {self._limits.body:,} bytes or less; it is more."
        return refusal(scope, 413, sentence, {"Connection": "close"})

    async def _read(self, scope: Scope, receive: Receive) -> bytes | Response:
        """Return what was sent with a request, or why it is refused."""
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._limits.work):
                more = True
                while more:
                    message = await receive()
                    parts.append(message.get("body", b""))
                    more = message.get("more_body", False)
                    if sum(map(len, parts)) > self._limits.body:
                        return self._too_large(scope)
        except TimeoutError:
            sentence = "The request needs to arrive whole; the rest of it did not come in time."
            return refusal(scope, 408, sentence, {"Connection": "close"})
        return b"".join(parts)

    async def _answer_in_turn(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Let a route answer when it is its turn, or return why it is not."""
        if scope["path"].startswith(_UNCOUNTED):
            return await self._answer(scope, receive, _Answer(send))
        if not await self._got_place():
            return self._busy(
                scope, "Too many people are asking at this moment. Try again in a few seconds."
            )
        return await self._answer(scope, receive, _Answer(send, self._places))

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

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> Response | None:
        """Run a route; return what to say in its place where nothing came of it."""
        task = asyncio.create_task(self._run(scope, receive, answer))
        try:
            await asyncio.wait({task}, timeout=self._limits.work)
            if not task.done() and answer.begun_at is None:
                answer.is_late = True
                self._leave_alone(task)
                return self._busy(scope, "This took too long to answer. Try again in a moment.")
            if answer.begun_at is not None and not task.done():
                end = answer.begun_at + self._limits.sending
                left = end - asyncio.get_running_loop().time()
                await asyncio.wait({task}, timeout=max(0.0, left))
            return task.result() if task.done() else None
        finally:
            if task not in self._late:
                task.cancel()

    def _leave_alone(self, task: asyncio.Task[Response | None]) -> None:
        """Let late work come to its end for a while: a thread cannot be stopped.

        Until then it keeps its place, so that no more threads are at work than there are places.
        """
        self._late.add(task)
        stop = asyncio.get_running_loop().call_later(self._limits.sending, task.cancel)
        task.add_done_callback(lambda _: stop.cancel())
        task.add_done_callback(self._late.discard)

    async def _run(self, scope: Scope, receive: Receive, answer: _Answer) -> Response | None:
        try:
            await self._app(scope, receive, answer)
        except Exception as problem:  # a bug of ours: its text may hold what was searched
            id = log.note(problem)
            sentence = f"Something went wrong on our side (error {id}). Try again in a moment."
            return None if answer.begun_at is not None else refusal(scope, 500, sentence)
        finally:
            answer.give_place_back()
        return None

    def _busy(self, scope: Scope, sentence: str) -> Response:
        return refusal(scope, 503, sentence, {"Retry-After": str(self._limits.retry_after)})


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
    """Tell whether something may come along with a request."""
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
