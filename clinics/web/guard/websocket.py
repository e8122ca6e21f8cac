"""What a browser may say to the app over its websocket: what pages need, nothing for developers.

Streamlit obeys anybody: one message
empties what all sessions share (who is signed in, who has to wait), another asks for the state of
the folder's version control, and holds all sessions up until that is found out.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STOP, RUN, FILE_PLACES, HEARTBEAT, OPERATION = 7, 11, 16, 17, 19
SPOKEN = frozenset({STOP, RUN, FILE_PLACES, HEARTBEAT, OPERATION})
"""Fields of Streamlit's BackMsg; a number keeps its meaning in every version of a protocol."""

_UNREADABLE = b"\xff"
"""No message either: Streamlit then closes the connection, as it does with all it cannot read."""

_MOST_BYTES_OF_A_NUMBER = 10
_FIXED = {1: 8, 5: 4}
_NUMBER, _COUNTED = 0, 2


class Messages:
    """ASGI middleware that lets the app hear only the messages that its pages send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass anything on but what a browser should not say; that is left out in silence."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def hear() -> Message:
            while True:
                message = await receive()
                data = message.get("bytes")
                if message["type"] != "websocket.receive" or data is None:
                    return message
                try:
                    said = fields_of(data)
                except ValueError:
                    return {**message, "bytes": _UNREADABLE}
                if said <= SPOKEN:
                    return message

        await self._app(scope, hear, send)


def fields_of(data: bytes) -> set[int]:
    """Return the numbers of the outermost fields of a message; raises ValueError.

    Protocol Buffers, Encoding: each field is its number and kind, then its value. Groups, which
    the protocol has given up, count as unreadable.
    """
    found, place = set(), 0
    while place < len(data):
        tag, place = _number(data, place)
        kind = tag & 7
        if not 8 <= tag < 1 << 32:
            raise ValueError("no such field")
        found.add(tag >> 3)
        if kind == _NUMBER:
            _, place = _number(data, place)
        elif kind == _COUNTED:
            size, place = _number(data, place)
            place += size
        elif kind in _FIXED:
            place += _FIXED[kind]
        else:
            raise ValueError("no such kind")
    if place != len(data):
        raise ValueError("cut off")
    return found


def _number(data: bytes, place: int) -> tuple[int, int]:
    """Return the number that begins here, seven bits to a byte, and where it ends."""
    value = 0
    for index, byte in enumerate(data[place : place + _MOST_BYTES_OF_A_NUMBER]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, place + index + 1
    raise ValueError("cut off")
