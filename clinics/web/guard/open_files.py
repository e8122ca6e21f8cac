"""How many connections may be open at once: as many as the system allows.

Owns that setting of the process; must not know what is served. Most systems start a service with
room for 1,024 files, and a connection is one: a thousand silent ones would keep all others out.
"""

from __future__ import annotations

try:
    import resource
except ImportError:  # a system that has no such limit
    resource = None  # type: ignore[assignment]

ENOUGH = 65_536


def allow_many(enough: int = ENOUGH) -> int:
    """Raise the limit on open files towards `enough`; return how many may be open, 0 if unknown."""
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
