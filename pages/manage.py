"""Keeps the directory up to date: upload, check, review, publish, mend, undo."""

from ui.manage import page

page.draw()
