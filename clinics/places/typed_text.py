"""Where a visitor typed a place: the same text in plain characters, or a refusal.

Owns what counts as text at all; must not know what a town or a ZIP code is.
"""

from __future__ import annotations

import unicodedata

from clinics.domain.ports import PlaceNotUnderstood

MAX_CHARACTERS = 200

_SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "º": "°", "˚": "°", "，": ","})


def plain_text(text: str) -> str:
    """Return the text with plain digits, dashes and single spaces, at most 200 characters.

    Raises PlaceNotUnderstood for what is longer, empty, or has no letter and no digit.
    """
    _check_length(text.strip())
    plain = unicodedata.normalize("NFKC", text.translate(_SAME))
    plain = " ".join("".join(map(_plain_character, plain)).split()).strip(" ,").rstrip(" ,.")
    _check_length(plain)  # again, because one sign can stand for a whole phrase
    if not plain:
        raise PlaceNotUnderstood("No place was given.")
    if not any(c.isalnum() for c in plain):
        raise PlaceNotUnderstood("That has no letters and no digits in it.")
    return plain


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise PlaceNotUnderstood(
            f"That is too long for a place: it has {len(text):,} characters, "
            f"and a place has at most {MAX_CHARACTERS}."
        )


def _plain_character(c: str) -> str:
    if c.isspace():
        return " "
    kind = unicodedata.category(c)
    if kind == "Nd":
        return str(unicodedata.decimal(c))
    return "" if kind.startswith("C") else c
