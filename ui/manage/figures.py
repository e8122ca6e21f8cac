"""How complete and how fresh the directory is, for a keeper."""

from __future__ import annotations

from clinics.publishing.access import Keeper
from ui import resources, upkeep


def draw(_: Keeper) -> None:
    """Draw the same figures that the about page shows to everybody."""
    upkeep.draw_figures(resources.newest().dataset, resources.today())
