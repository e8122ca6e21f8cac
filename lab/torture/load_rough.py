"""Clients that are slow, silent or senseless, against a server on this machine.

Whether others are still served is asked by
whoever sends them.
"""

from __future__ import annotations

import asyncio
import random
import resource
import struct
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from streamlit.proto.BackMsg_pb2 import BackMsg

PATH = "/_stcore/stream"
MB = 1_000_000
_TEXT, _BINARY, _CLOSE, _PING = 0x1, 0x2, 0x8, 0x9
_MASK = b"\x11\x22\x33\x44"
_KEY = "AAAAAAAAAAAAAAAAAAAAAA=="

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    packed: bool = False,
    masked: bool = True,
    says: int | None = None,
) -> bytes:
    """Return a frame of RFC 6455, section 5.2; `says` is the length it claims to have."""
    size = len(payload) if says is None else says
    bit = 0x80 if masked else 0
    head = bytes([(0x80 if fin else 0) | (0x40 if packed else 0) | opcode])
    if size < 126:
        head += bytes([bit | size])
    elif size < 65_536:
        head += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + payload
    whole = (_MASK * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")
    return head + _MASK + mixed.to_bytes(len(payload), "big")


def bomb(megabytes: int) -> bytes:
    """Return what unpacks into so many megabytes of zeros (RFC 7692): a thousandth of it."""
    packer = zlib.compressobj(9, wbits=-12)
    one = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return (one * megabytes)[:-4]


def hello(path: str = PATH, **headers: str) -> bytes:
    """Return the request that asks for a websocket; `headers` are changed or, with "", left out."""
    asked = {
        "Host": "127.0.0.1", "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": _KEY,
        "Sec_WebSocket_Protocol": "streamlit",
        "Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits=12",
        **headers,
    }  # fmt: skip
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in asked.items() if text]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def greetings() -> dict[str, bytes]:
    """Return requests for a websocket that should not get one, or a strange one."""
    return {
        "no key": hello(Sec_WebSocket_Key=""),
        "a key of 60 kB": hello(Sec_WebSocket_Key="A" * 60_000),
        "a key that is none": hello(Sec_WebSocket_Key="%%%"),
        "an old version": hello(Sec_WebSocket_Version="7"),
        "an unknown kind of talk": hello(Sec_WebSocket_Protocol="mqtt"),
        "a thousand kinds of talk": hello(Sec_WebSocket_Protocol=",".join("x" * 1000)),
        "a session of nobody": hello(Sec_WebSocket_Protocol="streamlit, x, no-such-session"),
        "unknown packing": hello(Sec_WebSocket_Extensions="bzip2; level=9"),
        "packing that cannot be": hello(
            Sec_WebSocket_Extensions="permessage-deflate; server_max_window_bits=99"
        ),
        "another site's page": hello(Origin="https://made-up.example"),
        "letters of latin-1": hello(Cookie="\xe9\xff=\xfe", Origin="http://\xff"),
        "no such path": hello("/_stcore/nowhere"),
        "another path": hello("/api/v1/clinics"),
        "a path out of the folder": hello("/_stcore/../../stream"),
        "not even HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        "a line without an end": b"GET /" + b"a" * 200_000,
        "two lengths": b"POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Content-Length: 50\r\n\r\nnear=",
        "a length below nothing": b"POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "chunks that are none": b"POST /plain HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx",
    }


def frames(large: int = 1) -> dict[str, bytes]:
    """Return what no browser sends on an open websocket; some of it so many times as large."""
    noise = random.Random(20912)
    return {
        "text": frame(_TEXT, b"hello"),
        "text that is none": frame(_TEXT, b"\xff\xfe\xfd"),
        "an unknown kind": frame(0x3, b"x"),
        "an unknown kind of control": frame(0xB, b"x"),
        "without a mask": frame(_BINARY, b"x", masked=False),
        "a control of 5 kB": frame(_PING, bytes(5_000)),
        "half a ping": frame(_PING, b"x", fin=False),
        "the rest of nothing": frame(0x0, b"x"),
        "a beginning after a beginning": frame(_BINARY, b"x", fin=False) * 2,
        "says to be endless": frame(_BINARY, b"x", says=2**63 - 1),
        "says to be of 1 GB": frame(_BINARY, bytes(1_000), says=10**9),
        "more than may be": frame(_BINARY, bytes(30 * MB)),
        "parts without end": frame(_BINARY, b"", fin=False)
        + frame(0x0, b"", fin=False) * 10_000 * large,
        "noise": frame(_BINARY, noise.randbytes(5_000)),
        "a message cut short": frame(_BINARY, b"\x5a\xff\xff\x03abc"),
        "nothing": frame(_BINARY),
        "packed noise": frame(_BINARY, b"\xff" + noise.randbytes(500), packed=True),
        "a small bomb": frame(_BINARY, bomb(5), packed=True),
        "a bomb": frame(_BINARY, bomb(50 * large), packed=True),
        "a bomb in parts": frame(_BINARY, bomb(30 * large), packed=True, fin=False)
        + frame(0x0, bomb(30 * large), fin=False),
        "a close without a reason": frame(_CLOSE, b"\x00"),
        "a close for no reason there is": frame(_CLOSE, b"\x00\x05"),
        "pings without end": frame(_PING, b"x" * 125) * 2_000 * large,
    }


def messages() -> dict[str, bytes]:
    """Return messages that Streamlit can read, and that make no sense to this app or to any."""
    found = {f"only {name}": _only(name) for name in BackMsg.DESCRIPTOR.fields_by_name}
    keepers = BackMsg()
    keepers.rerun_script.page_name = "manage"
    found["the keeper's page"] = keepers.SerializeToString()
    run = BackMsg()
    state = run.rerun_script
    state.query_string = "near=" + "%00" * 300_000
    state.page_script_hash = "no such page"
    state.fragment_id = "no such part"
    for number in range(20_000):
        state.widget_states.widgets.add(id=f"$$ID-{number}-made-up", string_value="x")
    found["20,000 boxes that are not there"] = run.SerializeToString()
    asks = BackMsg()
    asks.file_urls_request.request_id = "x"
    asks.file_urls_request.file_names.extend(["x"] * 20_000)
    found["addresses for 20,000 files"] = asks.SerializeToString()
    return {name: frame(_BINARY, data) for name, data in found.items()}


def _only(name: str) -> bytes:
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[name]
    if field.message_type:
        getattr(message, name).SetInParent()
    elif field.cpp_type == field.CPPTYPE_STRING:
        setattr(message, name, "x")
    else:
        setattr(message, name, True)
    return message.SerializeToString()


@asynccontextmanager
async def plugged(port: int, holds: int = 65_536) -> AsyncIterator[tuple[Reader, Writer]]:
    """Give a bare connection, on which about so many bytes are taken before they are read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=holds)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def told(port: int, sent: bytes, patience: float = 2.0) -> bytes:
    """Send bytes on a bare connection; return what comes before it ends or patience does."""
    async with plugged(port) as (reader, writer):
        return await _exchanged(reader, writer, sent, patience)


async def told_on_websocket(port: int, sent: bytes, patience: float = 2.0) -> bytes:
    """Send bytes on an open websocket; return what comes before it ends or patience does."""
    async with plugged(port) as (reader, writer):
        await _open(reader, writer)
        return await _exchanged(reader, writer, sent, patience)


async def _open(reader: Reader, writer: Writer) -> None:
    writer.write(hello())
    answer = await reader.readuntil(b"\r\n\r\n")
    if not answer.startswith(b"HTTP/1.1 101"):
        raise AssertionError(f"No websocket was opened: {answer[:100]!r}")


async def _exchanged(reader: Reader, writer: Writer, sent: bytes, patience: float) -> bytes:
    got = bytearray()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(patience):
            writer.write(sent)
            await writer.drain()
            while part := await reader.read(65_536):
                got += part
    return bytes(got)


def room_for(sockets: int) -> int:
    """Raise how many files this process may have open; return how many sockets there is room for.

    A server on this machine needs as many again.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + 500
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(sockets, soft - 500)


@asynccontextmanager
async def idle(port: int, number: int) -> AsyncIterator[None]:
    """Hold so many connections open on which nothing is ever said."""
    opened: list[Writer] = []
    try:
        for _ in range(number):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.append(writer)
        yield
    finally:
        for writer in opened:
            writer.close()


Slow = Coroutine[None, None, None]


def slow_ways(port: int) -> Iterator[tuple[str, Callable[[], Slow]]]:
    """Give every way of being slow, each a coroutine that goes on until it is canceled."""
    form = b"POST /plain HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n"
    page = b"GET /plain?near=20912&within=any HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    ways: dict[str, Callable[[], Slow]] = {
        "a request letter by letter": lambda: _dribble(port, hello(), b""),
        "a form letter by letter": lambda: _dribble(port, b"near=" + b"x" * 9_000, form),
        "a page byte by byte": lambda: _sip(port, page),
        "a websocket that is not read": lambda: _never_read(port),
    }
    for name, way in ways.items():
        yield name, partial(_again_and_again, way)


async def _again_and_again(way: Callable[[], Slow]) -> None:
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            await way()
        await asyncio.sleep(1)


async def _dribble(port: int, sent: bytes, first: bytes) -> None:
    async with plugged(port) as (_, writer):
        writer.write(first)
        for byte in sent:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(1)


async def _sip(port: int, sent: bytes) -> None:
    async with plugged(port, holds=1) as (reader, writer):
        writer.write(sent)
        while await reader.read(1):
            await asyncio.sleep(1)


async def _never_read(port: int) -> None:
    """Ask for run after run, and take nothing of what comes."""
    run = BackMsg()
    run.rerun_script.query_string = "near=20912&within=any"
    async with plugged(port, holds=2_000) as (reader, writer):
        await _open(reader, writer)
        while True:
            writer.write(frame(_BINARY, run.SerializeToString()))
            await writer.drain()
            await asyncio.sleep(1)
