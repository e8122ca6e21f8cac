"""What all stores have in common: text as every one can keep it, and a sentence.

Must not know of any database.
"""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
FILE_GONE = (
    "The file that this was made from is not in the store any more. Nothing was changed. "
    "Upload the file again."
)


def storable(text: str) -> str:
    """Return the text with NUL and halves of surrogate pairs replaced by U+FFFD.

    PostgreSQL keeps no NUL in text, and neither database a lone surrogate; a file name or a note
    that holds one is a nuisance, not an outage. Bytes of uploads and tables never pass here.
    """
    text = text.replace("\0", REPLACEMENT)
    return "".join(REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)
