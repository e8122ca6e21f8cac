"""Guides to towns: all of them, or one at its own address (`/towns?town=takoma-park-md`)."""

from ui.learn import towns

towns.draw()
