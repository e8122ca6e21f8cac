"""The first screen of a page, as its address asks for it, for the HTML that the app begins as.

It is shown while the app's scripts are still on their way, in the words and from the templates of
the app. It takes nothing from a visitor but the address, in which there is no street address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from markupsafe import Markup

from clinics.directory import Directory, today_at
from clinics.domain.language import Sentences, say, speaking, spoken
from clinics.domain.model import Place
from clinics.explainer.body import body_html
from clinics.explainer.citations import Citations
from clinics.explainer.model import GROUPS, Topic
from clinics.present import html as render
from clinics.present import next_steps, wording
from clinics.present.assets import first_screen_script, first_screen_style
from clinics.present.chosen import (
    SORT_WORDS,
    conditions_label,
    filters_label,
    in_use,
    orders,
    radius_label,
    without_filters,
)
from clinics.present.known_panel import known_about
from clinics.present.next_steps import that_treat_this
from clinics.present.shortlist import PARAMETER, as_text, ids_of
from clinics.present.town import HEADINGS, by_county, columns, guide, town_id, towns_called
from clinics.search.pages import Page, page_of, page_with_chosen
from clinics.search.query import Query, by_ids
from clinics.search.search import Results, search
from clinics.web.language import switch_to
from clinics.web.plain.search import Asked, cut, offer_of, understood

Params = Mapping[str, list[str]]

MOST_CARDS = 6
"""Some three screens of a phone; the app, which is there a few seconds later, draws all."""

_DEAD = "@media (scripting: none) { .card button { display: none; } }"
"""Buttons that no script will ever answer are not shown."""

MOST_SENTENCES = 3
"""So many parameters that could not be used are named, as in the app."""

_SEARCH = frozenset(Query.__dataclass_fields__)
VIEWS = Sentences({"both": "find.view_both", "list": "find.view_list", "map": "find.view_map"})
"""How the answer can be shown, by what the address says of it: its words."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the app is drawn, as CSS: its theme, what stands around all pages, and its parts.

    `scripts` are addresses of those that it will ask for, beside the ones that its HTML names.
    """

    theme: str = ""
    frame: str = ""
    panel: str = ""
    cards: str = ""
    scripts: tuple[str, ...] = ()

    @property
    def parts(self) -> Mapping[str, Markup]:
        """Return what the parts in shadow roots are drawn with, for templates."""
        return {"panel": Markup(self.panel), "cards": Markup(self.cards + _DEAD)}  # noqa: S704


@dataclass(frozen=True, slots=True)
class Asker:
    """What of a request decides how its first screen looks, beside the address."""

    twin: str
    is_phone: bool


def first_screen(
    page: str,
    params: Params,
    asker: Asker,
    directory: Directory,
    look: Look,
    pages: Mapping[str, str],
) -> str:
    """Return the first screen of a page as HTML, or "" for a page that has none.

    `pages` are the pages of the app by their address; those with a name are in its bar.
    """
    if page not in _SCREENS:
        return ""
    main = _SCREENS[page](params, asker, directory, look)
    if not main:
        return ""
    site = directory.site
    return render.fill(
        "first/frame.html",
        css=Markup(first_screen_style(look.theme)),  # noqa: S704 - ours
        script=Markup(first_screen_script()),  # noqa: S704 - ours
        main=Markup(main),  # noqa: S704 - filled in by templates that escape
        name=site.short_title or site.title,
        wordmark=Markup(render.wordmark(site.short_title or site.title)),  # noqa: S704
        pages={address: name for address, name in pages.items() if name},
        here=page,
        twin=asker.twin,
        switch=_switch(params, directory),
    )


def _switch(params: Params, directory: Directory) -> list[tuple[str, str, Markup]]:
    """Return each other language: its code, how it is offered in it, and this page in it."""
    found, ids = [], ids_of(",".join(params.get(PARAMETER, [])), directory.dataset)
    params = {**params, PARAMETER: [as_text(ids)] if ids else []}
    for language in directory.languages:
        if language != spoken():
            with speaking(language):
                address = Markup(switch_to(language, params))  # noqa: S704 - escaped there
                found.append((language, say("shell.switch"), address))
    return found


def _search(params: Params, asker: Asker, directory: Directory, look: Look) -> str:
    own = {name: values for name, values in params.items() if name in _SEARCH}
    asked = understood(directory, by_ids(own, directory.vocabulary))
    place = asked.answer.place if asked.answer else None
    if place:
        asked = replace(asked, query=replace(asked.query, near=place.param))
    ids = as_text(ids_of(",".join(params.get(PARAMETER, [])), directory.dataset))
    address = partial(_address, kept=ids)
    page = _page(asked.query, place, directory, _number(params))
    results = page.results
    return render.fill(
        "first/search.html",
        site=directory.site,
        css=look.parts,
        twin=asker.twin,
        fields=_fields(asked.query, ids),
        **_controls(asked, directory, address),
        **_answer(results, page.first, directory, address),
        **_shown(results, params, asker, address),
    )


Addresser = Callable[..., str]
"""Returns the address of a search in the app, with the visitor's list."""


def _fields(query: Query, kept: str) -> list[tuple[str, str]]:
    """Return what the form sends along with the place that is typed."""
    chosen = [(name, value) for name, value in query.to_params() if name not in ("near", "clinic")]
    return chosen + ([(PARAMETER, kept)] if kept else [])


def _controls(asked: Asked, directory: Directory, address: Addresser) -> dict[str, object]:
    """Return what is chosen, and what of it could not be used."""
    query, vocabulary = asked.query, directory.vocabulary
    return {
        "sentences": cut(asked.sentences, MOST_SENTENCES),
        "meant": [(label, address(each)) for label, each in asked.meant],
        "what": conditions_label(query, vocabulary),
        "near": asked.near_text if asked.near_problem else query.near,
        "far": radius_label(query.within),
        "filters": filters_label(query),
        "chips": [(each.words, address(each.let_go(query))) for each in in_use(query, vocabulary)],
        "unfiltered": address(without_filters(query)),
        "near_problem": asked.near_problem,
        "note": asked.answer.note if asked.answer else "",
        "others": offer_of(asked, path="."),
    }


def _answer(
    results: Results, first: int, directory: Directory, address: Addresser
) -> dict[str, object]:
    """Return what was found, in words and as cards, and the next steps."""
    vocabulary, query = directory.vocabulary, results.query
    panel = known_about(query, vocabulary, directory.explainer, directory.site.therapy)
    ids = [hit.clinic.id for hit in results.shown]
    chosen = ids.index(query.clinic) + 1 if query.clinic in ids else 0
    cards = render.results_html(
        results,
        vocabulary,
        today_at(directory.site),
        first_number=first,
        most=max(MOST_CARDS, chosen),
    )
    steps = next_steps.next_steps(results, vocabulary)
    elsewhere, alone = next_steps.chosen_elsewhere(results, directory) or ("", None)
    return {
        "results": results,
        "headline": wording.headline(results, vocabulary),
        "private": render.private_line(results.place),
        "far_away": next_steps.far_away(results, directory),
        "elsewhere": elsewhere,
        "show_chosen": [(next_steps.show_chosen(), address(alone))] if alone else [],
        "known": Markup(panel.html) if panel else "",  # noqa: S704 - filled in, escaped
        "cards": Markup(cards),  # noqa: S704 - filled in, escaped
        "nothing_found": next_steps.nothing_found(results, vocabulary),
        "steps": [(label, address(each)) for label, each in steps],
    }


def _shown(results: Results, params: Params, asker: Asker, address: Addresser) -> dict[str, object]:
    """Return the view, the other views, and the order."""
    query = results.query
    view = _view(params, is_phone=asker.is_phone)
    order = query.sort if query.sort in orders(has_place=results.place is not None) else "name"
    views = [
        (words, "" if name == view else address(query, view=name)) for name, words in _views(asker)
    ]
    return {"view": view, "views": views, "order": SORT_WORDS[order]}


def _page(query: Query, place: Place | None, directory: Directory, number: int) -> Page:
    """Return the page of the list that the address asks for, or the chosen clinic is on."""
    if query.clinic and number == 1:
        number = page_with_chosen(directory.dataset, query, place) or 1
    return page_of(directory.dataset, query, place, number)


def _number(params: Params) -> int:
    text = params.get("page", [""])[0]
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _view(params: Params, *, is_phone: bool) -> str:
    """Return the view: "both", "list" or "map"; on a phone there is no room for both."""
    usual = "list" if is_phone else "both"
    named = params.get("view", [usual])[0]
    named = named if named in VIEWS else usual
    return "list" if is_phone and named == "both" else named


def _views(asker: Asker) -> list[tuple[str, str]]:
    return [(n, w) for n, w in VIEWS.items() if not (asker.is_phone and n == "both")]


def _address(query: Query, kept: str = "", view: str = "") -> str:
    """Return the address of a search on the app, with the visitor's list where there is one."""
    beside = [(PARAMETER, kept), ("view", view)]
    pairs = query.to_params() + [(name, value) for name, value in beside if value]
    return f"./?{urlencode(pairs, safe=',')}" if pairs else "./"


def _learn(params: Params, _: Asker, directory: Directory, look: Look) -> str:
    asked = params.get("topic", [""])[0].strip().casefold()
    topic = directory.explainer.topic(asked)
    if topic:
        return _topic(topic, directory, look)
    if asked:
        return ""
    topics = directory.explainer.topics
    groups = {title: [t for t in topics if t.group == id] for id, title in GROUPS.items()}
    links = {title: _links(
        (render.title_of(t), _learn_address(t), render.summary_of(t)) for t in found)
             for title, found in groups.items() if found}  # fmt: skip
    return render.fill("first/topics.html", groups=links, css=look.parts)


def _links(links: Iterable[tuple[str, str, str]], *, row: bool = False) -> Markup:
    """Return links, each of (words, address, line under it), as the app draws them."""
    return Markup(render.links_html(list(links), row=row))  # noqa: S704


def _learn_address(topic: Topic) -> str:
    return f"./learn?topic={topic.id}"


def _topic(topic: Topic, directory: Directory, look: Look) -> str:
    vocabulary, citations = directory.vocabulary, Citations(directory.explainer.references)
    ways = [(say("topic.all"), "./learn", "")]
    if topic.conditions:
        wanted = Query(condition=topic.conditions)
        results = search(directory.dataset, wanted, None, limit=1, facets=False)
        ways.append((that_treat_this(results), _address(results.query), ""))
    block = render.block_html(topic, vocabulary, citations, directory.site.therapy)
    return render.fill(
        "first/topic.html",
        topic=topic,
        css=look.parts,
        ways=_links(ways, row=True),
        block=Markup(block),  # noqa: S704
        body=body_html(topic.body, citations),
    )


def _towns(params: Params, _: Asker, directory: Directory, look: Look) -> str:
    asked = params.get("town", [""])[0]
    called = towns_called(directory, asked) if asked else ()
    if asked and len(called) != 1:
        return ""
    if not asked:
        main = [(t.label, f"./towns?town={town_id(t)}", "") for t in directory.towns if t.main]
        counties = Markup(render.towns_html(by_county(directory.towns)))  # noqa: S704
        return render.fill(
            "first/towns.html", css=look.parts, main_towns=_links(main), counties=counties
        )
    found = guide(called[0], directory)
    cards = render.results_html(
        found.nearest, directory.vocabulary, today_at(directory.site), can_show=False
    )
    return render.fill(
        "first/town.html",
        css=look.parts,
        ways=_links([(say("town.all"), "./towns", "")]),
        guide=found,
        headings=HEADINGS,
        columns=columns(),
        cards=Markup(cards),  # noqa: S704
        searches=_links((label, _address(query), "") for label, query in found.searches),
    )


_SCREENS = {"": _search, "learn": _learn, "towns": _towns}
"""The pages of the app that begin with a first screen, by their address."""
