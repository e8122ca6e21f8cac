"""A host's front that cuts a prefix off: every other address shows a page that frames the service.

So does Streamlit Community Cloud, with `/~/+` as the prefix and the app in a sandboxed frame.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PREFIX = "/~/+"
SANDBOX = (
    "allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin "
    "allow-scripts allow-downloads"
)


def _shell(path: str) -> bytes:
    body = (
        "<!doctype html><title>Front</title>"
        "<style>html,body,iframe{margin:0;border:0;width:100%;height:100%}</style>"
        f'<iframe title="app" sandbox="{SANDBOX}" src="{PREFIX}{path}"></iframe>'
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


@contextmanager
def front_of(port: int) -> Iterator[str]:
    """Stand before the service at this port; gives the front's address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        first, _, rest = head.partition(b"\r\n")
        method, path, version = first.decode().split(" ")
        if not path.startswith(PREFIX):
            writer.write(_shell(path))
            await writer.drain()
            writer.close()
            return
        inside = path.removeprefix(PREFIX) or "/"
        lines = [f"{method} {inside} {version}".encode()]
        upgrades = b"upgrade: websocket" in rest.lower()
        for line in rest.split(b"\r\n"):
            if upgrades or not line.lower().startswith(b"connection:"):
                lines.append(line)
        if not upgrades:
            lines.insert(1, b"Connection: close")
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
        up_writer.write(b"\r\n".join(lines))
        await asyncio.gather(pipe(reader, up_writer), pipe(up_reader, writer))

    async def begun() -> asyncio.Server:
        return await asyncio.start_server(handle, "127.0.0.1", 0)

    # In a thread of its own: a test that drives a browser has a loop running in its own.
    server = asyncio.run_coroutine_threadsafe(begun(), loop).result(5)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    asyncio.run_coroutine_threadsafe(_ended(server), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
