"""What happens when a tab comes back to a server that does not know its session any more.

Streamlit then begins a new session with the visitor's first action. All our state moves in
callbacks, which a new session does not call, because it has no earlier value to compare with: the
click would be lost. So the page is drawn once as its address says, and only then the action comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from ui import state

_OPENED = tuple(f"-{key}" for key in (state.WHAT_OPEN, state.FAR_OPEN, state.FILTERS_OPEN))
"""How the ids of the controls that open end: Streamlit puts our key there."""

MOST_SECONDS = 15.0
"""The action is not held back longer than this, however slowly the page is drawn."""


def is_known(session_id: str) -> bool:
    """Return True if the server still has this session, connected or not.

    Streamlit has no public way to ask; where its inside has changed, the session counts as known
    and everything is as it is without this module. Browser tests notice.
    """
    try:
        manager = Runtime.instance()._session_mgr
        stored = manager._session_storage.get(session_id)  # type: ignore[attr-defined]
        return manager.get_active_session_info(session_id) is not None or stored is not None
    except (AttributeError, RuntimeError):
        return True


class DrawFirst:
    """ASGI middleware that draws the page once before the first action of a resumed tab."""

    def __init__(self, app: ASGIApp, known: Callable[[str], bool] = is_known) -> None:
        self._app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only a tab that names a session nobody knows gets the extra run."""
        session = _session_named(scope) if scope["type"] == "websocket" else ""
        if not session or self._known(session):
            await self._app(scope, receive, send)
            return
        line = _Line(receive, send)
        await self._app(scope, line.receive, line.send)


class _Line:
    """One websocket whose first request to run the page is doubled: to draw, then to act."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._action: Message | None = None
        self._drawn = asyncio.Event()
        self._is_first = True

    async def receive(self) -> Message:
        """Return the next message of the browser."""
        if self._action:
            action, self._action = self._action, None
            try:
                await asyncio.wait_for(self._drawn.wait(), MOST_SECONDS)
            except TimeoutError:
                self._drawn.set()
            return action
        message = await self._receive()
        drawing = _drawing_of(message) if self._is_first else None
        if drawing is None:
            return message
        self._is_first, self._action = False, message
        return {**message, "bytes": drawing}

    async def send(self, message: Message) -> None:
        """Pass on what the server says, and notice when the page has been drawn."""
        await self._send(message)
        if not self._drawn.is_set() and _has_drawn(message):
            self._drawn.set()


def _session_named(scope: Scope) -> str:
    """Return the session that a tab was in: the third of its subprotocols."""
    named = Headers(scope=scope).get("sec-websocket-protocol", "").split(",")
    return named[2].strip() if len(named) > 2 else ""


def _drawing_of(message: Message) -> bytes | None:
    """Return the same request to run the page without what was done on it; None for any other.

    What stood open is drawn open: what was done may have been done in it.
    """
    try:
        said = BackMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    if said.WhichOneof("type") != "rerun_script":
        return None
    widgets = said.rerun_script.widget_states.widgets
    opened = [each for each in widgets if each.id.endswith(_OPENED) and each.bool_value]
    for part in ("widget_states", "fragment_id", "is_auto_rerun"):
        said.rerun_script.ClearField(part)
    said.rerun_script.widget_states.widgets.extend(opened)
    return bytes(said.SerializeToString())


def _has_drawn(message: Message) -> bool:
    try:
        said = ForwardMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return False
    early = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
    return bool(said.WhichOneof("type") == "script_finished" and said.script_finished != early)
