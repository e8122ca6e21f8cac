"""Too much is refused with a sentence, in time, and Streamlit's own traffic is not touched."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from dataclasses import replace

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from clinics.web.guard.limits import Guard, Limits
from clinics.web.guard.ours import OwnRoutes
from tests.integration.asking import Answer, ask, asked

QUICK = Limits(at_work=2, queue=1, patience=0.02, work=0.2, sending=0.1)
HTML = (("host", "made-up.example"), ("accept", "text/html"))


async def the_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Streamlit, which answers whatever is not ours."""
    await PlainTextResponse("Streamlit")(scope, receive, send)


class Handlers:
    """Routes whose slow one waits until the test lets it go on."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.thread_may_end = threading.Event()
        self.most = self.now = 0
        self.canceled = False

    async def slow(self, _: Request) -> Response:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.canceled = True
            raise
        finally:
            self.now -= 1
        return PlainTextResponse("slow")

    async def thread(self, _: Request) -> Response:
        await run_in_threadpool(self.thread_may_end.wait, 5.0)
        return PlainTextResponse("thread")

    async def endless(self, _: Request) -> Response:
        async def parts():
            yield b"first"
            await asyncio.Future()

        return StreamingResponse(parts())

    async def echo(self, request: Request) -> Response:
        return PlainTextResponse(await request.body())

    async def bug(self, request: Request) -> Response:
        raise ValueError(f"cannot search {request.query_params['near']}")

    def guard(self, limits: Limits = QUICK) -> ASGIApp:
        routes = [
            Route("/api/slow", self.slow),
            Route("/api/thread", self.thread),
            Route("/api/endless", self.endless),
            Route("/plain", self.echo, methods=["GET", "POST"]),
            Route("/plain/bug", self.bug),
            Route("/healthz", self.echo),
        ]
        router = Router(routes, default=the_app)
        return Guard(router, OwnRoutes(routes), limits)


def problem(answer: Answer) -> dict[str, object]:
    assert answer.headers["content-type"] == "application/problem+json"
    return dict(json.loads(answer.body))


# One request


def test_an_address_that_is_too_long_is_414_with_both_lengths() -> None:
    app = Handlers().guard(Limits())
    assert asked(app, "/plain?" + "q" * 7_994).status == 200
    answer = asked(app, "/api/slow?" + "q" * 8_000)
    assert answer.status == 414
    assert problem(answer)["detail"] == (
        "The address needs to be 8,000 characters or shorter; it has 8,009."
    )


def test_a_body_that_says_it_is_too_large_is_413_before_it_is_read() -> None:
    app = Handlers().guard(Limits())
    headers = [("host", "made-up.example"), ("content-length", "16385")]
    answer = asked(app, "/plain", method="POST", headers=headers, sent=[b"x"], whole=False)
    assert answer.status == 413
    assert "What is sent here needs to be 16,384 bytes or less; it is more." in answer.text


def test_a_body_that_does_not_say_its_size_is_read_only_to_the_limit() -> None:
    app = Handlers().guard(Limits())
    fits = asked(app, "/plain", method="POST", sent=[b"x" * 8_192, b"y" * 8_192])
    assert (fits.status, len(fits.body)) == (200, 16_384)
    more = asked(app, "/plain", method="POST", sent=[b"x" * 8_192] * 2 + [b"y"], whole=False)
    assert more.status == 413


def test_a_body_that_does_not_come_is_408() -> None:
    answer = asked(Handlers().guard(), "/plain", method="POST", sent=[b"near="], whole=False)
    assert answer.status == 408
    assert "the rest of it did not come in time" in answer.text


def test_an_address_of_raw_bytes_is_refused() -> None:
    answer = asked(Handlers().guard(), "/plain?near=\xff")
    assert answer.status == 400
    assert "written with % signs" in answer.text


@pytest.mark.parametrize(
    "path", ["/plain/\0", "/plain/../..", "//made-up.example/", "/..", "/C:/x", "/\\host", "/a/\0"]
)
def test_a_path_that_leads_elsewhere_is_refused_with_a_page_also_beside_our_routes(
    path: str,
) -> None:
    answer = asked(Handlers().guard(), path, headers=HTML)
    assert answer.status == 400
    assert "parts that lead nowhere" in answer.text
    assert 'Call or text <a href="tel:988">988</a>' in answer.text
    assert "made-up" not in answer.text


@pytest.mark.parametrize("path", ["/", "/learn", "/_stcore/upload_file/a/..b", "/static/x..js"])
def test_the_paths_of_the_app_pass(path: str) -> None:
    assert asked(Handlers().guard(), path).text == "Streamlit"


@pytest.mark.parametrize("host", ["", "a b", "<script>", "a/b", "a@b", "x" * 254, "h:123456", "h:"])
def test_a_host_that_is_none_is_refused_and_not_repeated(host: str) -> None:
    answer = asked(Handlers().guard(), "/plain", headers=[("host", host)])
    assert answer.status == 400
    assert "script" not in answer.text
    assert "a/b" not in answer.text


@pytest.mark.parametrize("host", ["made-up.example", "127.0.0.1:8501", "[::1]:80", "a_container"])
def test_names_and_addresses_with_a_port_are_hosts(host: str) -> None:
    assert asked(Handlers().guard(), "/plain", headers=[("host", host)]).status == 200


def test_what_is_not_there_is_404_and_no_empty_page_of_the_app() -> None:
    app = Handlers().guard()
    assert problem(asked(app, "/api/v9/nothing"))["detail"] == "There is nothing at this address."
    page = asked(app, "/plain/nothing", headers=HTML)
    assert page.status == 404
    assert 'Call or text <a href="tel:988">988</a>' in page.text


def test_another_method_is_405_and_is_told_those_that_work() -> None:
    answer = asked(Handlers().guard(), "/plain", method="DELETE")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert "can be asked with GET, HEAD, POST" in answer.text


def test_a_bug_says_an_id_and_the_log_has_nothing_of_the_search(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = asked(Handlers().guard(), "/plain/bug?near=Telltale", headers=HTML)
    assert answer.status == 500
    assert "Something went wrong on our side (error " in answer.text
    assert "988" in answer.text
    assert "ValueError at test_limits.py" in caplog.text
    assert "Telltale" not in caplog.text + answer.text


# All of them together


def test_what_takes_too_long_is_503_in_time_and_is_stopped_later() -> None:
    async def visit() -> None:
        handlers = Handlers()
        before = time.monotonic()
        answer = await ask(handlers.guard(), "/api/slow")
        assert 0.2 <= time.monotonic() - before < 1
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert problem(answer)["detail"] == ("This took too long to answer. Try again in a moment.")
        assert not handlers.canceled
        await asyncio.sleep(0.15)
        assert handlers.canceled

    asyncio.run(visit())


def test_a_thread_that_works_on_is_not_waited_for_but_still_counts() -> None:
    async def visit() -> None:
        handlers = Handlers()
        app = handlers.guard(replace(QUICK, sending=5))
        late = await asyncio.gather(*(ask(app, "/api/thread") for _ in range(2)))
        assert [answer.status for answer in late] == [503, 503]
        assert "too long" in late[0].text
        full = await ask(app, "/plain")
        assert (full.status, "Too many" in full.text) == (503, True)
        handlers.thread_may_end.set()
        await asyncio.sleep(0.02)
        assert (await ask(app, "/plain")).status == 200

    asyncio.run(visit())


def test_so_many_are_at_work_so_many_wait_and_the_next_is_told_at_once() -> None:
    async def visit() -> None:
        handlers = Handlers()
        app = handlers.guard(Limits(at_work=3, queue=2, patience=5, work=5))
        first = [asyncio.create_task(ask(app, "/api/slow")) for _ in range(5)]
        await asyncio.sleep(0.01)
        before = time.monotonic()
        sixth = await ask(app, "/api/slow")
        assert time.monotonic() - before < 0.1
        assert (sixth.status, sixth.headers["retry-after"]) == (503, "5")
        assert problem(sixth)["detail"] == (
            "Too many people are asking at this moment. Try again in a few seconds."
        )
        handlers.let_go.set()
        assert [answer.status for answer in await asyncio.gather(*first)] == [200] * 5
        assert handlers.most == 3

    asyncio.run(visit())


def test_who_waits_too_long_for_a_turn_is_told() -> None:
    async def visit() -> None:
        handlers = Handlers()
        app = handlers.guard(Limits(at_work=1, queue=2, patience=0.03, work=5))
        first = asyncio.create_task(ask(app, "/api/slow"))
        await asyncio.sleep(0.01)
        waiting = await asyncio.gather(*(ask(app, "/api/slow") for _ in range(2)))
        assert [answer.status for answer in waiting] == [503, 503]
        handlers.let_go.set()
        assert (await first).status == 200
        assert (await ask(app, "/api/slow")).status == 200

    asyncio.run(visit())


def test_streamlit_and_whoever_watches_are_answered_while_all_places_are_taken() -> None:
    async def visit() -> None:
        handlers = Handlers()
        app = handlers.guard(Limits(at_work=1, queue=0, patience=5, work=5))
        first = asyncio.create_task(ask(app, "/api/slow"))
        await asyncio.sleep(0.01)
        assert (await ask(app, "/plain")).status == 503
        assert (await ask(app, "/healthz")).status == 200
        for path in ("/", "/learn?" + "q" * 9_000, "/_stcore/health"):
            assert (await ask(app, path, headers=[("host", "<>")])).text == "Streamlit"
        handlers.let_go.set()
        await first

    asyncio.run(visit())


def test_after_bugs_refusals_and_cut_answers_every_place_is_free_again() -> None:
    async def visit() -> None:
        handlers = Handlers()
        app = handlers.guard(Limits(at_work=1, queue=0, patience=0.05, work=0.1, sending=0.02))
        for path in ("/plain/bug?near=x", "/api/endless", "/api/nothing", "/api/slow"):
            await ask(app, path)
        await asyncio.sleep(0.05)
        assert (await ask(app, "/plain")).status == 200

    asyncio.run(visit())


def test_who_takes_an_answer_too_slowly_is_cut_off() -> None:
    before = time.monotonic()
    answer = asked(Handlers().guard(), "/api/endless")
    assert answer.body == b"first"
    assert time.monotonic() - before < 1
