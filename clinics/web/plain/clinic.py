"""The page of one clinic: all that is known and what is not stated, on one sheet of paper."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.columns import BY_NAME
from clinics.domain.language import say
from clinics.domain.model import Clinic
from clinics.domain.words import slug
from clinics.present import html as render
from clinics.present import wording
from clinics.present.html import CardView
from clinics.present.next_steps import to_read
from clinics.present.town import town_id
from clinics.search.dataset import Dataset
from clinics.search.query import MAX_TEXT, Query
from clinics.search.search import Hit, search
from clinics.web.language import in_spoken
from clinics.web.plain.cards import host_of, is_link
from clinics.web.plain.json_ld import as_script_text, clinic_ld
from clinics.web.plain.page import Head, NotHere, as_json_ld, page, redirect
from clinics.web.plain.questions import PDF
from clinics.web.plain.questions import path_of as path_of_sheet
from clinics.web.plain.search import link
from clinics.web.plain.topic import path_of as path_of_topic
from clinics.web.service import Service

_COMPARED = 50
_NEAR = 5


def get(service: Service, request: Request) -> Response:
    """Answer with one clinic, or send on to its one address; raises NotHere with near matches."""
    asked = str(request.path_params["id"])
    directory = service.directory()
    clinic = directory.dataset.find(asked)
    if clinic is None:
        plain = slug(asked[:200])
        if plain != asked and directory.dataset.find(plain):
            return redirect(path_of(plain), 301)
        like = clinics_like(directory.dataset, plain)
        near = [(render.own_words(c.name), path_of(c.id)) for c in like]
        raise NotHere(say("listing.none"), near)
    return _page(service, request, directory, clinic)


def path_of(id: str) -> str:
    """Return the path of a clinic's page."""
    return f"/clinics/{quote(id, safe='')}"


def clinics_like(dataset: Dataset, asked: str) -> list[Clinic]:
    """Return at most five clinics whose ids share words with what was asked, most alike first."""
    words = set(asked.split("-"))
    shared = [(len(words & set(id.split("-"))), id) for id in dataset.row_of]
    best = [id for count, id in sorted(shared, key=lambda one: -one[0])[:_COMPARED] if count]
    best = best or list(dataset.row_of)[: _COMPARED * 4]
    close = difflib.get_close_matches(asked[:100], best, n=_NEAR, cutoff=0.5)
    return [dataset.clinic(dataset.row_of[id]) for id in close]


def _page(service: Service, request: Request, directory: Directory, clinic: Clinic) -> Response:
    view = _view(directory, clinic)
    head = _head(directory, clinic, view)
    facts = _facts(directory, view)
    url = service.url_of(request, head.path)
    ld = "" if clinic.status == "closed" else as_json_ld(_ld(clinic, directory, url))
    return page(
        service,
        request,
        "clinic.html",
        head,
        v=view,
        says_so_itself=render.says_so_itself(clinic),
        how_known=_how_known(directory, clinic),
        host=host_of(clinic.website),
        source_link=is_link(clinic.source_url),
        facts=facts,
        confirmed=wording.confirmed([Hit(clinic, None)], service.today()),
        not_stated=", ".join(label[0].lower() + label[1:] for label, fact in facts if not fact),
        approvals=[t for t in view.treatments if t.approval_short],
        known=_known(directory, clinic),
        json_ld=ld,
        topics=_topics(service, request, clinic),
        links=_links(directory, clinic),
    )


def _facts(directory: Directory, view: CardView) -> list[tuple[str, str]]:
    """Return what the listing says under each label; "" where it says nothing."""
    clinic = view.clinic
    offers = ", ".join(treatment.label for treatment in view.treatments)
    category = directory.vocabulary.label("category", clinic.category)
    facts = [
        (view.treats_label, view.treats),
        (BY_NAME["treatments"].card_label, offers),
        *view.facts,
        *view.more,
        (BY_NAME["category"].card_label, category),
    ]
    return [(label, render.marked(fact, clinic)) for label, fact in facts]


def _how_known(directory: Directory, clinic: Clinic) -> str:
    """Explain how well the listing is known; "" for one of the federal directory."""
    options = directory.vocabulary.others["known_by"]
    return next((option.gloss for option in options if option.id == clinic.known_by), "")


def _known(directory: Directory, clinic: Clinic) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Group the conditions it says it treats by approval and evidence, as (id, label).

    Of a clinic that does not offer the therapy nothing is known here.
    """
    vocabulary = directory.vocabulary
    found: dict[str, list[tuple[str, str]]] = {}
    if not vocabulary.offers_therapy(clinic):
        return found
    related = vocabulary.offers_approved(clinic)
    for condition in vocabulary.conditions:
        if condition.id in clinic.conditions:
            short = wording.in_short(condition, related=related)
            found.setdefault(short, []).append((condition.id, condition.label))
    return found


def _ld(clinic: Clinic, directory: Directory, url: str) -> Markup:
    return as_script_text(clinic_ld(clinic, directory.vocabulary, url))


def _view(directory: Directory, clinic: Clinic) -> CardView:
    """Return the words of the app's card, with no distance since nobody said from where."""
    nobody = search(directory.dataset, Query(), limit=0, facets=False)
    return render.card_view(Hit(clinic, None), 1, nobody, directory.vocabulary, can_show=False)


def _head(directory: Directory, clinic: Clinic, view: CardView) -> Head:
    says = f"{view.treats_label}: {view.treats}." if view.treats else ""
    offers = ", ".join(treatment.label for treatment in view.treatments)
    parts = (f"{clinic.name}, {clinic.city}, {clinic.state}.", offers and f"{offers}.", says)
    return Head(
        title=f"{clinic.name}, {clinic.city}, {clinic.state}",
        description=" ".join(filter(None, parts))[:300],
        path=path_of(clinic.id),
        app=_in_app(directory, clinic),
    )


def _in_app(directory: Directory, clinic: Clinic) -> str:
    """Return the app's view of a clinic, where a mistake in its listing can be reported."""
    main = directory.vocabulary.main_category
    category = () if clinic.category == main else (clinic.category,)
    alone = Query(within=None, category=category, q=clinic.name[:MAX_TEXT], clinic=clinic.id)
    return f"/?{alone.to_url()}"


def _topics(service: Service, request: Request, clinic: Clinic) -> list[tuple[str, str, str]]:
    """Return the topics to read before a call: words, address, and the address in full.

    There are none for a clinic without the therapy.
    """
    directory = service.directory()
    if not directory.vocabulary.offers_therapy(clinic):
        return []
    paths = [(label, path_of_topic(topic.id)) for label, topic in to_read(directory.explainer)]
    return [(label, path, service.url_of(request, in_spoken(path))) for label, path in paths]


def _links(directory: Directory, clinic: Clinic) -> list[tuple[str, str]]:
    towns = [t for t in directory.towns if (t.name, t.state) == (clinic.city, clinic.state)]
    if towns:
        near = (say("listing.others_near", place=towns[0].label), f"/near/{town_id(towns[0])}")
    else:
        place = f"{clinic.city}, {clinic.state}"
        near = (say("listing.others_near", place=place), link(Query(near=place)))
    app = _in_app(directory, clinic)
    sheet = (say("listing.questions_pdf"), f"/{path_of_sheet(PDF, clinic=clinic.id)}")
    return [
        *([sheet] if directory.vocabulary.offers_therapy(clinic) else []),
        near,
        (say("listing.on_map"), app),
        (say("listing.wrong"), app),
    ]
