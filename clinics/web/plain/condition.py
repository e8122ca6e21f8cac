"""The page of one condition: what is known, then which clinics say they treat it."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.language import say
from clinics.domain.model import Condition
from clinics.domain.words import capital
from clinics.explainer.citations import Citations
from clinics.explainer.topic_search import topics_named
from clinics.present import wording
from clinics.present.next_steps import that_treat_this
from clinics.search.pages import PAGE_SIZE
from clinics.search.query import Query
from clinics.search.search import Results, search
from clinics.web.plain.cards import approvals, footnotes, plain_cards
from clinics.web.plain.page import Head, NotHere, page, redirect
from clinics.web.plain.search import link
from clinics.web.plain.topic import block, link_to, reviewed
from clinics.web.service import Service


def get_all(service: Service, request: Request) -> Response:
    """Answer with every condition, what is known in a line, and how many say they treat it."""
    directory = service.directory()
    therapy = directory.site.therapy
    head = Head(
        say("condition.used_for", therapy=therapy),
        say("condition.description", therapy=therapy),
        "/conditions",
        "/learn",
    )
    rows = [
        _graded(c) | {"id": c.id, "label": c.label, "gloss": c.gloss, "found": _found(directory, c)}
        for c in directory.vocabulary.conditions
    ]
    return page(service, request, "conditions.html", head, conditions=rows)


def _graded(condition: Condition) -> dict[str, object]:
    return {
        "steps": wording.GRADE_STEPS[condition.grade],
        "approval_words": condition.approval_summary,
        "grade_words": wording.GRADE_WORDS[condition.grade],
    }


def _clinics(directory: Directory, condition: Condition) -> Results:
    query = Query(within=None, condition=(condition.id,))
    return search(directory.dataset, query, limit=PAGE_SIZE, facets=False)


def _found(directory: Directory, condition: Condition) -> str:
    return wording.headline(_clinics(directory, condition), directory.vocabulary)


def get(service: Service, request: Request) -> Response:
    """Answer with one condition, or send on to its one address; raises NotHere."""
    asked = str(request.path_params["id"])
    directory = service.directory()
    vocabulary = directory.vocabulary
    known = vocabulary.ids("conditions")
    if asked in known:
        return _page(service, request, directory, vocabulary.condition(asked))
    if asked.strip("/").lower() in known:
        return redirect(path_of(asked.strip("/").lower()), 301)
    raise NotHere(say("condition.unknown"), [*_near(directory, asked), _all()])


def _near(directory: Directory, asked: str) -> list[tuple[str, str]]:
    """Return links to the topics that are called so, else to a condition spelled nearly so."""
    vocabulary, words = directory.vocabulary, asked[:100].replace("-", " ")
    if not re.search(r"\w", words):
        return []
    called = topics_named(directory.explainer.topics, vocabulary, words)[:MOST_NEAR]
    nearest = vocabulary.nearest("conditions", words)
    ids = () if called or not nearest else (nearest,)
    return [
        *map(link_to, called),
        *((vocabulary.label("conditions", i), path_of(i)) for i in ids),
    ]


MOST_NEAR = 3


def _all() -> tuple[str, str]:
    return say("condition.all"), "/conditions"


def path_of(id: str) -> str:
    """Return the path of a condition's page."""
    return f"/conditions/{id}"


def _page(
    service: Service, request: Request, directory: Directory, condition: Condition
) -> Response:
    vocabulary, explainer = directory.vocabulary, directory.explainer
    topic = explainer.about_condition(condition.id)
    citations = Citations(explainer.references)
    results = _clinics(directory, condition)
    cards = plain_cards(results, vocabulary)
    return page(
        service,
        request,
        "condition.html",
        _head(directory, condition),
        condition=condition,
        known=_graded(condition),
        block=block(topic, directory, citations),
        topic=topic,
        used=citations.used,
        reviewed=reviewed(topic, service.today()),
        found=wording.headline(results, vocabulary),
        that_treat=that_treat_this(results),
        all_of_them=link(results.query),
        cards_shown=cards,
        confirmed=wording.confirmed(results.shown, service.today()),
        searches=_searches(directory, condition, results),
        approvals=approvals(cards),
        footnotes=footnotes(cards),
    )


def _head(directory: Directory, condition: Condition) -> Head:
    therapy, name = directory.site.therapy, wording.condition_in_text(condition.label)
    topic = directory.explainer.about_condition(condition.id)
    return Head(
        say("condition.title", therapy=capital(therapy), condition=name),
        f"{condition.approval_summary} {wording.GRADE_WORDS[condition.grade]}",
        path_of(condition.id),
        f"/learn?topic={topic.id}" if topic else "/learn",
    )


def _searches(
    directory: Directory, condition: Condition, results: Results
) -> list[tuple[str, str]]:
    chosen = (condition.id,)
    more = [(say("condition.show_all"), link(results.query))] if results.total > PAGE_SIZE else []
    towns = [
        (say("condition.near", town=town.label), link(Query(near=town.label, condition=chosen)))
        for town in directory.towns
        if town.main
    ]
    return [*more, (say("condition.near_other"), link(Query(condition=chosen))), *towns]
