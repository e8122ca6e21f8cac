"""The search page."""

from ui.find import page

page.draw()
