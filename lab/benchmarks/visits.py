"""What a visitor does in each app, and what the page must show after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.WidgetStates_pb2 import WidgetState

from clinics.search.query import Query
from clinics.search.search import search
from lab.benchmarks.servers import HELLO, NEAR, OURS, TUTORIAL, directory_of, home_of
from lab.benchmarks.streamlit_client import Page, Tab, clicked, entered

MILES = 25.0
NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay")


@dataclass(frozen=True)
class Choice:
    """Something to choose, and what the page says of it when it is drawn."""

    value: str
    shown: str


@dataclass(frozen=True)
class Visit:
    """How an app is used: the address of its first page, its choices, how each is made and read."""

    who: str
    query_string: str
    choices: tuple[Choice, ...]
    choose: Callable[[Page, str], WidgetState]
    read: Callable[[Page], str]

    async def change(self, tab: Tab, turn: int) -> tuple[float, int]:
        """Choose, and wait for the page; raises AssertionError when it does not show the answer."""
        choice = self.choices[turn % len(self.choices)]
        figures = await tab.run(self.choose(tab.page, choice.value))
        shown = self.read(tab.page)
        if shown != choice.shown:
            raise AssertionError(f"{self.who}: “{choice.value}” shows {shown}, not {choice.shown}.")
        return figures


def counts(folder: Path) -> dict[str, int]:
    """Return how many clinics each condition finds, all numbers different, by our own search."""
    directory, place = directory_of(folder), home_of(folder)
    found: dict[str, int] = {}
    for condition in directory.vocabulary.conditions:
        query = Query(near=place.param, condition=(condition.id,), within=MILES)
        total = search(directory.dataset, query, place).total
        if total and total not in found.values():
            found[condition.id] = total
    if len(found) < 3:
        raise AssertionError("These clinics give too few different answers to tell them apart.")
    return found


def visit_to(who: str, folder: Path) -> Visit:
    """Return how an app is visited that shows the clinics of a data folder."""
    if who == HELLO:
        greetings = tuple(Choice(name, f"Hello, {name}.") for name in NAMES)
        return Visit(who, "", greetings, _name, lambda page: page.of_kind("markdown")[-1].body)
    choices = tuple(Choice(id, f"{total:,}") for id, total in counts(folder).items())
    if who == OURS:
        return Visit(who, f"near={NEAR}", choices, _filter, _headline)
    return Visit(who, "", choices, _select, _subheader)


def everyone(folder: Path) -> dict[str, Visit]:
    """Return a visit to each app."""
    return {who: visit_to(who, folder) for who in (OURS, HELLO, TUTORIAL)}


def _name(page: Page, value: str) -> WidgetState:
    return entered(page.of_kind("text_input")[0], value)


def _filter(page: Page, value: str) -> WidgetState:
    return clicked(
        page.component("filter_condition"), "choose", [{"filter": "condition", "ids": [value]}]
    )


def _select(page: Page, value: str) -> WidgetState:
    return entered(page.of_kind("selectbox")[0], value)


def _headline(page: Page) -> str:
    return str(page.data_of("headline")["count"]).split()[0]


def _subheader(page: Page) -> str:
    found = [re.fullmatch(r"(\d+) clinics", each.body) for each in page.of_kind("heading")]
    return next(f"{int(match[1]):,}" for match in found if match)
