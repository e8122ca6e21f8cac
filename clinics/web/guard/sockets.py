"""How many connections may be open at once: as many as the system allows.

Most systems start a service with
room for 1,024 files, and a connection is one: a thousand silent ones would keep all others out.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

try:
    import resource
except ImportError:  # a system that has no such limit
    resource = None  # type: ignore[assignment]

ENOUGH = 65_536


def allow_many(enough: int = ENOUGH) -> int:
    """Raise the limit on open files toward `enough`; return how many may be open, 0 if unknown."""
    if resource is None:
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= enough:
        return soft
    most = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):  # the system does not say why; all works as before
        return soft
    return most


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
