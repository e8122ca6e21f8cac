"""The page of one topic, whole: what is known, where it comes from, and when it was reviewed."""

from __future__ import annotations

import datetime as dt
import re

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.language import say, spoken
from clinics.domain.words import day
from clinics.explainer.body import body_html
from clinics.explainer.citations import Citations
from clinics.explainer.model import GROUPS, VERDICT_WORDS, Topic
from clinics.explainer.topic_search import topics_named
from clinics.present import html as render
from clinics.web.plain.page import Head, NotHere, page, redirect
from clinics.web.plain.questions import PDF, TEXT
from clinics.web.service import Service

MOST_NEAR = 3


def path_of(id: str) -> str:
    """Return the path of a topic's page."""
    return f"/topics/{id}"


def _all() -> tuple[str, str]:
    return say("topic.all"), "/topics"


def link_to(topic: Topic) -> tuple[str, str]:
    """Return a link to a topic: to what it says of a condition, with clinics, or to its page."""
    path = f"/conditions/{topic.conditions[0]}" if topic.conditions else path_of(topic.id)
    return render.title_of(topic), path


def urgent(directory: Directory) -> list[tuple[str, str]]:
    """Return links to the topics on safety, the first to read first, and to all topics."""
    topics = directory.explainer.topics
    return [*(_link(topic) for topic in topics if topic.group == "safety"), _all()]


def _link(topic: Topic) -> tuple[str, str]:
    return render.title_of(topic), path_of(topic.id)


def get_all(service: Service, request: Request) -> Response:
    """Answer with every topic, under its group, with its answer in a line."""
    directory = service.directory()
    therapy = directory.site.therapy
    head = Head(
        say("topic.title"),
        say("topic.description", therapy=therapy),
        "/topics",
        "/learn",
    )
    topics = directory.explainer.topics
    groups = {title: [t for t in topics if t.group == id] for id, title in GROUPS.items()}
    shown = {title: found for title, found in groups.items() if found}
    return page(service, request, "topics.html", head, groups=shown)


def get(service: Service, request: Request) -> Response:
    """Answer with one topic, or send on to its one address; raises NotHere."""
    asked = str(request.path_params["id"])
    directory = service.directory()
    topic = directory.explainer.topic(asked)
    if topic:
        return _page(service, request, directory, topic)
    if directory.explainer.topic(asked.strip("/").lower()):
        return redirect(path_of(asked.strip("/").lower()), 301)
    raise NotHere(say("topic.none"), [*_near(directory, asked), _all()])


def _near(directory: Directory, asked: str) -> list[tuple[str, str]]:
    words = asked[:100].replace("-", " ")
    if not re.search(r"\w", words):
        return []
    called = topics_named(directory.explainer.topics, directory.vocabulary, words)
    return [_link(topic) for topic in called[:MOST_NEAR]]


def _page(service: Service, request: Request, directory: Directory, topic: Topic) -> Response:
    citations = Citations(directory.explainer.references)
    app = f"/learn?topic={topic.id}"
    return page(
        service,
        request,
        "topic.html",
        Head(topic.title, _description(topic, directory), path_of(topic.id), app),
        topic=topic,
        block=block(topic, directory, citations),
        body=body_html(topic.body, citations),
        claims=_claims(topic, directory, citations),
        more=_more(topic, directory),
        used=citations.used,
        reviewed=reviewed(topic, service.today()),
    )


def _description(topic: Topic, directory: Directory) -> str:
    if topic.language == spoken():
        return topic.summary
    return say("topic.description", therapy=directory.site.therapy)


def _claims(
    topic: Topic, directory: Directory, citations: Citations
) -> list[tuple[str, str, Markup]]:
    """Return each claim, the verdict and what can honestly be said, where they belong to it."""
    if topic.tool != "claims":
        return []
    return [
        (
            c.claim,
            VERDICT_WORDS[c.verdict],
            citations.html(c.answer) + citations.links(c.references),
        )
        for c in directory.explainer.claims
    ]


def _more(topic: Topic, directory: Directory) -> list[tuple[str, str]]:
    """Return links to what the topic names: topics, clinics for its condition, the questions."""
    named = [_link(each) for each in directory.explainer.named_in(topic)]
    clinics = [
        (
            say("topic.clinics_for", condition=directory.vocabulary.label("conditions", id)),
            f"/conditions/{id}",
        )
        for id in topic.conditions
    ]
    files = [(say("topic.questions_text"), f"/{TEXT}"), (say("sheet.as_pdf"), f"/{PDF}")]
    return [*named, *clinics, *(files if topic.tool == "questions" else [])]


def block(topic: Topic | None, directory: Directory, citations: Citations) -> Markup:
    """Return the block that a topic on a condition opens with; every value is escaped there."""
    if topic is None:
        return Markup("")
    html = render.block_html(topic, directory.vocabulary, citations, directory.site.therapy)
    return Markup(html)  # noqa: S704


def reviewed(topic: Topic | None, today: dt.date) -> str:
    """Say when a topic was reviewed, when it is due, and whether that day has passed."""
    if topic is None:
        return ""
    id = "topic.reviewed_late" if topic.recheck < today else "topic.reviewed"
    said = say(id, reviewed=day(topic.reviewed), recheck=day(topic.recheck))
    return f"{said} {translated(topic)}".rstrip()


def translated(topic: Topic) -> str:
    """Say of which version a topic is the translation, and whether a clinician has read it."""
    if topic.language != spoken():
        return say("topic.only_english")
    if topic.translated_from is None:
        return ""
    of, read = day(topic.translated_from), topic.read_by_clinician
    if read is None:
        return say("topic.translated", day=of)
    return say("topic.translated_and_read", day=of, read=day(read))
