"""Which requests are for the routes of our own, and which are Streamlit's."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class OwnRoutes:
    """Tells requests for these routes apart from those for the pages of the app."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = tuple(routes)
        paths = [route.path for route in routes if isinstance(route, (Route, Mount))]
        named = {_section(path) for path in paths} - {""}
        self.sections = frozenset(section for section in named if "{" not in section)
        self._others = [r for r in routes if isinstance(r, Route) and "{" in _section(r.path)]

    def claim(self, scope: Scope) -> bool:
        """Return whether the path begins with a section of ours, also if nothing is there."""
        if scope["type"] != "http":
            return False
        known = _section(scope["path"]) in self.sections
        return known or any(r.matches(scope)[0] is not Match.NONE for r in self._others)

    def takes(self, scope: Scope) -> bool:
        """Return whether a route answers this request as it is, path and method."""
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)

    def methods(self, scope: Scope) -> frozenset[str]:
        """Return the methods that its path can be asked with; none where there is no such path."""
        found: set[str] = set()
        for route in self._routes:
            if route.matches(scope)[0] is not Match.NONE:
                found |= set(getattr(route, "methods", None) or ANY)
        return frozenset(found)


def _section(path: str) -> str:
    """Return the first part of a path: "/near/takoma-park-md" is in "near"."""
    return path.lstrip("/").partition("/")[0]
