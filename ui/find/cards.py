"""Cards of clinics, on whatever page they are; the map is drawn elsewhere.

The frame of every page draws the visitor's list and so loads this before the server runs. A
module that loads the component of the map must not come with it: Streamlit then never serves the
component's files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinics.explainer.model import Topic
from clinics.present.next_steps import to_read
from ui import resources, state
from ui.components import results_list
from ui.find import correct
from ui.links import Link, follow


def topics_of_cards() -> Sequence[tuple[str, Topic]]:
    """Return what the cards lead to, each topic with the words of its link."""
    return to_read(resources.directory().explainer)


def draw_cards(key: str, html: str, **more: Any) -> None:
    """Draw cards that can be corrected and kept, and that lead to topics; `more` as for a list."""
    results_list(
        key=key,
        html=html,
        correcting=correct.being_corrected(),
        on_wrong=correct.open_dialog,
        on_go=_read,
        kept=state.kept_ids(),
        on_keep=state.keep,
        **more,
    )


def _read(number: str) -> None:
    """Go to one of the topics that a card leads to."""
    links = [Link(label, "learn.py", {"topic": [topic.id]}) for label, topic in topics_of_cards()]
    follow(links, number)
