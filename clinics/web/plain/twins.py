"""The plain page that shows the same as a page of the app."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from urllib.parse import parse_qsl, quote, urlencode

from clinics.present.shortlist import PARAMETER
from clinics.search.query import Query

_ID = re.compile(r"[a-z0-9-]{1,80}")
_SEARCH = frozenset({*Query.__dataclass_fields__, PARAMETER}) - {"clinic"}
MAX_PARAMETERS = 200


def of_search(params: Iterable[tuple[str, str]]) -> str:
    """Return the plain page of a search and a list; whatever is no parameter of it is left out."""
    kept = [(name, value) for name, value in params if name in _SEARCH and value]
    return f"plain?{urlencode(kept)}" if kept else "plain"


def of_clinic(id: str) -> str:
    """Return the plain page of a clinic."""
    return f"clinics/{quote(id, safe='')}"


def of_page(page: str, params: Iterable[tuple[str, str]], conditions: Container[str]) -> str:
    """Return the plain twin of a page of the app: "" is the search, the others have a name.

    What a topic says of one of `conditions` stands with the clinics for it; any other has a page.
    """
    given = list(params)
    values = dict(given)
    if page == "":
        return of_search(given)
    town, topic = values.get("town", "").lower(), values.get("topic", "").lower()
    if page == "towns" and _ID.fullmatch(town):
        return f"near/{town}"
    if page == "shortlist":
        kept = ((name, values.get(name, "")) for name in (PARAMETER, "near"))
        query = urlencode([(name, value) for name, value in kept if value], safe=",")
        return f"list?{query}" if query else "list"
    if page == "learn" and topic in conditions:
        return f"conditions/{topic}"
    if page == "learn":
        return f"topics/{topic}" if _ID.fullmatch(topic) else "topics"
    return "plain"


def of_address(path: str, query: bytes, conditions: Container[str]) -> str:
    """Return the twin as a link that works on the page at this path, whatever is in front of it."""
    page = path.strip("/")
    try:
        params = parse_qsl(query.decode("latin-1"), max_num_fields=MAX_PARAMETERS)
    except ValueError:  # more than a search can have
        params = []
    return "../" * page.count("/") + of_page(page, params, conditions)
