"""What a browser may say over the websocket, and who may send a file, apart from a server."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    decode_xsrf_token_string,
    generate_xsrf_token_string,
)

from clinics.web.guard.uploads import (
    COOKIE,
    MOST_FILES,
    MOST_SESSIONS,
    Uploads,
    UploadsGuard,
    browser_of,
)
from clinics.web.guard.websocket import SPOKEN, Messages, fields_of
from tests.integration.asking import asked

FIELDS = {field.number: field.name for field in BackMsg.DESCRIPTOR.fields}
FOR_PAGES = {
    "rerun_script", "stop_script", "file_urls_request", "app_heartbeat",
    "backend_operation_request",
}  # fmt: skip


def heard(*frames: bytes) -> list[bytes]:
    """What reaches the app of what a browser sends."""
    waiting: list[Message] = [{"type": "websocket.receive", "bytes": frame} for frame in frames]
    waiting.append({"type": "websocket.disconnect"})
    reached: list[bytes] = []

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            reached.append(message["bytes"])

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(_: Message) -> None:
        raise AssertionError("nothing is said back")

    asyncio.run(Messages(app)({"type": "websocket"}, receive, send))
    return reached


def message(name: str) -> bytes:
    made = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[name]
    if field.message_type:
        getattr(made, name).SetInParent()
    else:
        setattr(made, name, True)
    return made.SerializeToString()


def test_the_messages_of_pages_pass_and_every_other_kind_is_left_out() -> None:
    assert {FIELDS[number] for number in SPOKEN} == FOR_PAGES
    frames = {name: message(name) for name in FIELDS.values()}
    assert heard(*frames.values()) == [frames[n] for n in frames if n in FOR_PAGES]
    run = BackMsg()
    run.rerun_script.query_string = "near=Takoma Park, MD" * 40
    assert heard(run.SerializeToString(), b"") == [run.SerializeToString(), b""]


@pytest.mark.parametrize(
    "frame",
    [
        b"\xff", b"\x28", b"\x5a\x05ab", b"\x2b\x28\x01\x2c", b"\x00\x01", b"\x2e\x01",
        b"\x80" * 30, b"\x5d\x00",
    ],
)  # fmt: skip
def test_what_cannot_be_read_reaches_the_app_as_what_it_cannot_read_either(frame: bytes) -> None:
    assert heard(frame) == [b"\xff"]


PARTS = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([message(name) for name in FIELDS.values()]),
    st.builds(lambda n: bytes([0x80 | (n << 3) & 0x7F, n >> 4, 1]), st.integers(1, 19)),
)


@given(st.lists(PARTS, max_size=4).map(b"".join))
def test_no_spelling_of_another_kind_gets_through(frame: bytes) -> None:
    for reached in heard(frame):
        try:
            kind = BackMsg.FromString(reached).WhichOneof("type")
        except Exception:  # the app cannot read it either, and closes
            continue
        assert kind in {None, *FOR_PAGES}


def test_the_fields_of_a_message_are_those_that_its_reader_finds() -> None:
    both = message("rerun_script") + message("clear_cache")
    assert fields_of(both) == {11, 5}
    assert heard(both, message("clear_cache") + message("rerun_script")) == []


# Uploads


def status(uploads: Uploads, method: str, path: str, cookie: str = "") -> int:
    async def app(scope: Scope, _: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    headers = (("host", "made-up.example"), ("cookie", f"{COOKIE}={cookie}"))
    return asked(UploadsGuard(app, uploads), path, method=method, headers=headers).status


def test_a_file_is_taken_from_the_session_and_browser_that_were_asked() -> None:
    uploads, cookie = Uploads(), generate_xsrf_token_string()
    uploads.ask("one", browser_of(cookie))
    one, two = "/_stcore/upload_file/one/f", "/_stcore/upload_file/two/f"
    assert status(uploads, "PUT", one, cookie) == 204
    token, made = decode_xsrf_token_string(cookie)
    assert status(uploads, "PUT", one, generate_xsrf_token_string(token, made)) == 204
    assert status(uploads, "DELETE", one, cookie) == 204
    assert status(uploads, "PUT", two, cookie) == 403
    assert status(uploads, "PUT", one, generate_xsrf_token_string()) == 403
    assert status(uploads, "DELETE", one, generate_xsrf_token_string()) == 403
    assert status(uploads, "PUT", f"{one}/more", cookie) == 403
    assert status(uploads, "OPTIONS", two) == 204
    assert status(uploads, "PUT", "/elsewhere", "") == 204
    uploads.ask_no_more("one")
    assert status(uploads, "PUT", one, cookie) == 403


def test_a_session_sends_so_many_files_at_most_and_asking_again_forgives_none() -> None:
    uploads = Uploads()
    uploads.ask("one", "browser")
    for _ in range(MOST_FILES):
        assert uploads.refusal("one", "browser", sends=True) == ""
    uploads.ask("one", "browser")
    assert uploads.refusal("one", "browser", sends=True).startswith("This page has sent 20 files.")
    assert uploads.refusal("one", "browser", sends=False) == ""
    uploads.ask_no_more("one")
    uploads.ask("one", "another browser")
    assert uploads.refusal("one", "another browser", sends=True).startswith("This page has sent 20")


def test_deleting_what_was_never_sent_makes_no_room() -> None:
    uploads = Uploads()
    uploads.ask("one", "browser")
    taken = 0
    for _ in range(3 * MOST_FILES):
        assert uploads.refusal("one", "browser", sends=False) == ""
        taken += not uploads.refusal("one", "browser", sends=True)
    assert taken == MOST_FILES


def test_a_browser_without_the_cookie_is_none_that_was_asked() -> None:
    uploads = Uploads()
    uploads.ask("one", "")
    assert uploads.refusal("one", "", sends=True).startswith("This page does not ask for a file")


def test_of_very_many_sessions_the_oldest_gives_way() -> None:
    uploads = Uploads()
    for number in range(MOST_SESSIONS + 1):
        uploads.ask(str(number), "browser")
    assert uploads.refusal("0", "browser", sends=True)
    assert uploads.refusal("1", "browser", sends=True) == ""


@pytest.mark.parametrize("cookie", ["", "x", "1|2", "2|zz|00|1", "2||00|1", "2|00000000||1"])
def test_a_cookie_of_another_kind_tells_nothing(cookie: str) -> None:
    assert browser_of(cookie) == ""


def test_a_browser_stays_the_same_under_every_mask() -> None:
    token = bytes(range(16))
    known = {browser_of(generate_xsrf_token_string(token, n)) for n in range(20)}
    assert known == {token.hex()}
