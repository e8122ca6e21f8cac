"""What a listing says of its street -> the one line that an address service understands.

Owns which words are left out; must not know what is asked, kept or believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from clinics.domain.ports import PlaceNotUnderstood
from clinics.places.typed_text import plain_text

_UNIT = re.compile(
    r"(?:^|\s)(?:"
    r"(?:suites?|ste|units?|apt|apartment|rooms?|rm|bldg|building)\b\.?\s*#?\s*"
    r"(?:[a-z]{0,2}-?\d|[a-z]\b|[a-z]+-).*"
    r"|(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|ground|top) (?:floor|fl)\b.*"
    r"|(?:floor|fl)\b\.? ?\d.*|#\s*\w+.*|(?:lower|upper) level\b.*"
    r")$",
    re.IGNORECASE,
)
"""A suite or a floor at the end of a part; most services find nothing when it is asked for."""

_POST_BOX = re.compile(r"\b(?:p\.? ?o\.? ?box|post office box)\b", re.IGNORECASE)


def street_line(cells: Mapping[str, str]) -> str:
    """Return "9470 Annapolis Road, Lanham, MD 20706" from a row's cells, without suite or floor.

    Return "" when there is nothing to ask for: no street, only a post-office box, or text that
    is no address. At most 200 characters.
    """
    street = _street(cells["address"])
    area = f"{cells['state']} {cells['zip']}".strip()
    try:
        return plain_text(", ".join(filter(None, (street, cells["city"], area)))) if street else ""
    except PlaceNotUnderstood:
        return ""


def address_key(line: str) -> str:
    """Return the SHA-256, in hex, under which the answer for a line is kept, whatever its case."""
    return hashlib.sha256(" ".join(line.casefold().split()).encode()).hexdigest()


def _street(address: str) -> str:
    """Return the part with the house number, "Seton Business Park, 4813 Seton Drive" its second."""
    bare = (_UNIT.sub("", part.strip()).strip() for part in address.split(","))
    parts = [part for part in bare if part and not _POST_BOX.search(part)]
    return next((part for part in parts if part[0].isdigit()), parts[0] if parts else "")
