"""A visitor without a browser: speaks to a Streamlit server as its page in a browser does."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect

PATH = "/_stcore/stream"
MAX_WAIT_S = 120.0
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"
"""What a component of Streamlit's second kind calls the widget that holds what was clicked."""


CHOOSING = "What for"
"""What the control begins with in which a condition is chosen."""


@dataclass
class Page:
    """What a tab knows: the page it shows, its address, and long messages it has kept."""

    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    popovers: dict[str, Any] = field(default_factory=dict)
    query_string: str = ""
    script_hash: str = ""
    runs: int = 0
    keeps_for: int = 2
    _kept: dict[str, tuple[ForwardMsg, int]] = field(default_factory=dict)
    _drawn: set[tuple[int, ...]] = field(default_factory=set)

    def take(self, message: ForwardMsg) -> bool:
        """Take in one message; tell whether it says that the run is over."""
        message = self._resolved(message)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            where = tuple(message.metadata.delta_path)
            self.elements[where] = message.delta.new_element
            self._drawn.add(where)
        elif kind == "delta" and message.delta.add_block.popover.id:
            popover = message.delta.add_block.popover
            self.popovers[popover.id] = popover
        elif kind == "new_session":
            self._begin(message)
        elif kind == "navigation":
            self.script_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query_string = message.page_info_changed.query_string
        elif kind == "script_finished":
            self._end()
            return True
        return False

    def _begin(self, message: ForwardMsg) -> None:
        self._drawn = set()
        self.popovers = {}
        self.runs += 1
        self.keeps_for = message.new_session.config.max_cached_message_age

    def _end(self) -> None:
        """Drop what this run did not draw, and messages not used for some runs."""
        self.elements = {where: self.elements[where] for where in self._drawn}
        self._kept = {
            hash: (message, used)
            for hash, (message, used) in self._kept.items()
            if self.runs - used < self.keeps_for
        }

    def _resolved(self, message: ForwardMsg) -> ForwardMsg:
        if message.WhichOneof("type") == "ref_hash":
            kept, _ = self._kept[message.ref_hash]
            self._kept[message.ref_hash] = (kept, self.runs)
            full = ForwardMsg()
            full.CopyFrom(kept)
            full.metadata.CopyFrom(message.metadata)
            return full
        if message.metadata.cacheable:
            self._kept[message.hash] = (message, self.runs)
        return message

    def rerun(self, *widgets: WidgetState) -> bytes:
        """Return the request for a run, as the browser sends it when a widget was used."""
        request = BackMsg()
        state = request.rerun_script
        state.query_string = self.query_string
        state.page_script_hash = self.script_hash
        state.cached_message_hashes.extend(self._kept)
        state.widget_states.widgets.extend(widgets)
        said = {widget.id for widget in widgets}
        state.widget_states.widgets.extend(
            WidgetState(id=id, bool_value=popover.open)
            for id, popover in self.popovers.items()
            if id not in said
        )
        return request.SerializeToString()

    def of_kind(self, kind: str) -> list[Any]:
        """Return the elements of one kind, in the order of the page."""
        found = [(where, e) for where, e in self.elements.items() if e.WhichOneof("type") == kind]
        return [getattr(e, kind) for _, e in sorted(found, key=lambda each: each[0])]

    def opening(self, label: str) -> list[WidgetState]:
        """Return the state that opens the control whose label begins so, if there is one."""
        found = (p.id for p in self.popovers.values() if p.label.startswith(label))
        return [WidgetState(id=id, bool_value=True) for id in found]

    def component(self, key: str) -> Any:
        """Return the component with this key; raises LookupError."""
        for each in self.of_kind("bidi_component"):
            if each.id.endswith(f"-{key}"):
                return each
        raise LookupError(f"No component “{key}” is on the page.")

    def data_of(self, key: str) -> dict[str, Any]:
        """Return what the component with this key was given."""
        each = self.component(key)
        (given,) = json.loads(each.json)
        return dict(given)


def clicked(component: Any, event: str, value: object) -> WidgetState:
    """Return the state of a component in which something was clicked."""
    sent = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=_TRIGGER.format(component.id), json_trigger_value=sent)


def entered(widget: Any, text: str) -> WidgetState:
    """Return the state of a box or a list of Streamlit's own with this text in it."""
    return WidgetState(id=widget.id, string_value=text)


class _Counting(ClientConnection):
    """A connection that counts what comes over the wire, compressed as it is."""

    received = 0

    def data_received(self, data: bytes) -> None:
        """Count, then go on as ever."""
        self.received += len(data)
        super().data_received(data)


class Tab:
    """One connection to a server, and the page that came through it."""

    def __init__(self, socket: _Counting) -> None:
        """Take an open connection."""
        self._socket = socket
        self.page = Page()

    async def run(self, *widgets: WidgetState) -> tuple[float, int]:
        """Ask for a run and wait for its end; return milliseconds and bytes over the wire."""
        request = self.page.rerun(*widgets)
        before, over = self._socket.received, False
        began = time.perf_counter()
        await self._socket.send(request)
        while not over:
            data = await asyncio.wait_for(self._socket.recv(), MAX_WAIT_S)
            took = time.perf_counter() - began
            message = ForwardMsg()
            message.ParseFromString(data)
            over = self.page.take(message)
        return took * 1000, self._socket.received - before

    async def close(self) -> None:
        """Leave the page."""
        await self._socket.close()


async def open_tab(port: int, query_string: str = "") -> tuple[Tab, float, int]:
    """Open the first page; return the tab, and milliseconds and bytes of the first run.

    After it the control "What for" is opened, where there is one, as somebody would who chooses.
    """
    socket = await connect(
        f"ws://127.0.0.1:{port}{PATH}",
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        ping_interval=None,
        create_connection=_Counting,
    )
    assert isinstance(socket, _Counting)
    tab = Tab(socket)
    tab.page.query_string = query_string
    took, size = await tab.run()
    opening = tab.page.opening(CHOOSING)
    if opening:
        await tab.run(*opening)
    return tab, took, size
