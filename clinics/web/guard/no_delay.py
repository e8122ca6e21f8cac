"""Answers leave at once: a setting of the sockets that this process listens on.

Owns that setting; must not know what is served. Streamlit opens its socket in a way for which
asyncio leaves Nagle's algorithm on: on a connection that is used again, the body of an answer
then waits about 40 milliseconds for the other side to confirm its headers.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")


def send_at_once() -> int:
    """Set TCP_NODELAY on listening sockets, which hand it on; return how many were set.

    Where open files are not listed in /dev/fd nothing is set, and all works as before.
    """
    if not _OPEN_FILES.is_dir():
        return 0
    files = [int(path.name) for path in _OPEN_FILES.iterdir() if path.name.isdecimal()]
    return sum(map(_set, files))


def _set(file: int) -> bool:
    try:
        copy = socket.socket(fileno=os.dup(file))
    except OSError:  # closed meanwhile, or no socket
        return False
    with copy:
        inet = copy.family in (socket.AF_INET, socket.AF_INET6) and copy.type == socket.SOCK_STREAM
        if not inet or not copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return True
