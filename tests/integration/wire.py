"""A browser tab without a browser, at the app's own websocket and HTTP, honest or not."""

from __future__ import annotations

import http.client
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, StringArray, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from lab.benchmarks.streamlit_client import PATH, Page
from tests.browser.service import Service

WAIT_S = 15.0
_ID = re.compile(r"\$\$ID-[^\"\\]+")
XSRF = "_streamlit_xsrf"
Headers = Mapping[str, str]


@dataclass
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes
    headers: Headers


def ask(
    service: Service, method: str, path: str, body: bytes = b"", headers: Headers | None = None
) -> Answer:
    """Send one request as it is, and return the answer whatever its status."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(service.url).port, timeout=WAIT_S)
    try:
        connection.request(method, path, body, dict(headers or {}))
        found = connection.getresponse()
        named = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, found.read(), named)
    finally:
        connection.close()


def xsrf_cookie(service: Service) -> str:
    """Return the cookie that the app gives every browser against forged uploads."""
    given = ask(service, "GET", "/_stcore/health").headers["set-cookie"]
    return given.partition("=")[2].partition(";")[0]


@dataclass
class Browser:
    """What the tabs of one browser share: its address, if not this machine's, and its cookie."""

    service: Service
    address: str = ""
    cookie: str = ""
    origin: str | None = None

    def __post_init__(self) -> None:
        self.cookie = self.cookie or xsrf_cookie(self.service)

    @contextmanager
    def tab(
        self,
        page: str = "",
        query: str = "",
        resumes: str = "",
        states: Sequence[WidgetState] = (),
    ) -> Iterator[Tab]:
        """Open a page in a new tab, or with the session id that another one had.

        `states` are what its first message says of widgets.
        """
        headers = {"Cookie": f"{XSRF}={self.cookie}"}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        with connect(
            self.service.url.replace("http", "ws") + PATH,
            additional_headers=headers,
            origin=Origin(self.origin) if self.origin else None,
            subprotocols=[Subprotocol(s) for s in ("streamlit", self.cookie, resumes) if s],
            max_size=None,
            max_queue=None,  # with a full queue it would not hear that the other side closes
            compression=None,
        ) as socket:
            tab = Tab(self, socket, page, query)
            tab.run(*states)
            yield tab

    def put(
        self, url: str, data: bytes, *, header: str | None = None, cookie: str | None = None
    ) -> Answer:
        """Upload a file as the page does; `header` and `cookie` say what it proves itself with."""
        mark = uuid.uuid4().hex
        form = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="sent.csv"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        headers = self._proof(header, cookie)
        headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        whole = form + data + f"\r\n--{mark}--\r\n".encode()
        return ask(self.service, "PUT", url, whole, headers)

    def delete(self, url: str, *, header: str | None = None, cookie: str | None = None) -> Answer:
        """Delete an uploaded file as the page does."""
        return ask(self.service, "DELETE", url, headers=self._proof(header, cookie))

    def _proof(self, header: str | None, cookie: str | None) -> dict[str, str]:
        sent = {
            "X-Xsrftoken": self.cookie if header is None else header,
            "Cookie": f"{XSRF}={self.cookie if cookie is None else cookie}",
        }
        return {name: value for name, value in sent.items() if not value.endswith("=") and value}


@dataclass
class Tab:
    """One session: the page it shows, what is filled in, and everything that came over the wire."""

    browser: Browser
    socket: ClientConnection
    path: str
    query: str = ""
    page: Page = field(default_factory=Page)
    filled: dict[str, WidgetState] = field(default_factory=dict)
    sent: list[BackMsg] = field(default_factory=list)
    received: list[ForwardMsg] = field(default_factory=list)
    session_id: str = ""

    def run(self, *pressed: WidgetState, **changes: Any) -> Tab:
        """Ask for a run and wait for its end; `changes` are fields of the request."""
        request = BackMsg()
        state = request.rerun_script
        state.query_string = self.page.query_string or self.query
        state.page_script_hash = self.page.script_hash
        state.page_name = "" if self.page.script_hash else self.path
        state.widget_states.widgets.extend([*self.filled.values(), *pressed])
        for name, value in changes.items():
            setattr(state, name, value)
        self.send(request)
        return self.settle()

    def send(self, request: BackMsg) -> None:
        """Send any message."""
        self.sent.append(request)
        self.socket.send(request.SerializeToString())

    def settle(self) -> Tab:
        """Take in what comes until a run has ended and no other follows it at once."""
        self.until(_is_the_end)
        return self

    def until(self, heard: Callable[[ForwardMsg], bool]) -> ForwardMsg:
        """Take in messages up to the one that is waited for."""
        while True:
            message = self._next()
            if heard(message):
                return message

    def _next(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self.socket.recv(WAIT_S))
        self.received.append(message)
        if message.WhichOneof("type") == "new_session":
            self.session_id = message.new_session.initialize.session_id
        self.page.take(message)
        return message

    # What is on the page

    @property
    def text(self) -> str:
        """All that the page says, as it was sent."""
        return "\n".join(str(element) for element in self.page.elements.values())

    @property
    def widgets(self) -> list[Any]:
        """What the page is made of, each as its own kind."""
        return [getattr(e, e.WhichOneof("type")) for e in self.page.elements.values()]

    @property
    def ids_seen(self) -> set[str]:
        """Every id of a widget that this tab was ever sent."""
        return set(_ID.findall("\n".join(map(str, self.received))))

    @property
    def fragments_seen(self) -> set[str]:
        """Every id of a part of a page that this tab was ever sent."""
        return {message.delta.fragment_id for message in self.received} - {""}

    def named(self, label: str) -> Any:
        """Return the widget whose label begins so; raises LookupError."""
        for widget in self._named(label):
            return widget
        raise LookupError(f"Nothing on the page is named “{label}…”.")

    def _named(self, label: str) -> Iterator[Any]:
        named = (w for w in self.widgets if getattr(w, "label", "").startswith(label))
        return (widget for widget in named if hasattr(widget, "id"))

    def has(self, label: str) -> bool:
        """Return True if a widget is on the page."""
        return any(self._named(label))

    # What a person does

    def fill(self, label: str, text: str) -> Tab:
        """Type into a box; it is sent with the next run."""
        id = self.named(label).id
        self.filled[id] = WidgetState(id=id, string_value=text)
        return self

    def choose(self, label: str, start: str) -> Tab:
        """Choose the option that begins so."""
        widget = self.named(label)
        found = next(text for text in widget.options if text.startswith(start))
        self.filled[widget.id] = WidgetState(id=widget.id, string_value=found)
        return self.run()

    def tick(self, label: str) -> Tab:
        """Tick a box."""
        id = self.named(label).id
        self.filled[id] = WidgetState(id=id, bool_value=True)
        return self.run()

    def press(self, label: str) -> Tab:
        """Press a button."""
        return self.run(pressed(self.named(label).id))

    def sign_in(self, token: str, name: str = "Ada Keeper") -> Tab:
        """Sign in; what was typed is not sent again, as the boxes are gone or empty."""
        self.fill("Your name", name).fill("Publishing token", token)
        self.press("Sign in")
        self.filled.clear()
        return self

    def open(self, part: str) -> Tab:
        """Open a part of the keeper's page."""
        choice = self.named("What do you want to do?")
        found = next(o.content for o in choice.options if o.content.startswith(part))
        value = StringArray(data=[found])
        self.filled[choice.id] = WidgetState(id=choice.id, string_array_value=value)
        return self.run()

    def place_for_file(self) -> FileURLs:
        """Ask for the addresses at which one file can be uploaded and deleted."""
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.file_names.append("sent.csv")
        request.file_urls_request.session_id = self.session_id
        self.send(request)
        heard = self.until(lambda m: m.WhichOneof("type") == "file_urls_response")
        return heard.file_urls_response.file_urls[0]

    def upload(self, data: bytes) -> FileURLs:
        """Choose a file, and wait until it is checked; return where it was put."""
        place = self.place_for_file()
        assert self.browser.put(place.upload_url, data).status == 204
        self.run(chosen(self.named("Clinic file").id, place, len(data)))
        return place

    def operation(self, name: str, session_id: str = "", **payload: str) -> ForwardMsg:
        """Ask for something to be done apart from a run; return the answer."""
        request = BackMsg()
        asked = request.backend_operation_request
        asked.request_id, asked.session_id = uuid.uuid4().hex, session_id or self.session_id
        getattr(asked, name).SetInParent()
        for field_name, value in payload.items():
            setattr(getattr(asked, name), field_name, value)
        self.send(request)
        return self.until(lambda m: m.WhichOneof("type") == "backend_operation_response")


def _is_the_end(message: ForwardMsg) -> bool:
    ended = message.WhichOneof("type") == "script_finished"
    return ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def pressed(id: str) -> WidgetState:
    """Return the state of a button that was pressed."""
    return WidgetState(id=id, trigger_value=True)


def chosen(id: str, place: FileURLs, size: int) -> WidgetState:
    """Return the state of a box for files with one file in it."""
    info = UploadedFileInfo(file_id=place.file_id, name="sent.csv", size=size, file_urls=place)
    state = FileUploaderState(uploaded_file_info=[info])
    return WidgetState(id=id, file_uploader_state_value=state)
