"""The panel "What is known": about what was chosen, or about the therapy where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinics.domain.language import say
from clinics.domain.model import Approval, Condition, Treatment
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.explainer.citations import Citations
from clinics.explainer.model import GROUPS, Explainer, Topic
from clinics.present import html as render
from clinics.present import wording
from clinics.search.query import Query

GENERAL_TOPICS = 2
"""How many topics speak of the therapy as a whole: the first ones of the first group."""

SPREAD_OUT = 2
"""With more conditions than this the evidence on each is folded away."""

_MORE = ("lasts", "guidelines", "risk")


@dataclass(frozen=True, slots=True)
class Known:
    """The panel as HTML, and the topics its links go to, numbered from 0 in `data-go`."""

    html: str
    topics: tuple[Topic, ...]


def is_about_therapy(query: Query, vocabulary: Vocabulary) -> bool:
    """Return True for a search for places that offer the therapy: nothing here is on others."""
    if vocabulary.main_category in (query.category or (vocabulary.main_category,)):
        return True
    chosen = filter(None, map(vocabulary.treatment, query.treatment))
    return any(treatment.approval is not Approval.OTHER for treatment in chosen)


def known_about(
    query: Query, vocabulary: Vocabulary, explainer: Explainer, therapy: str
) -> Known | None:
    """Return the panel on what a search is for; None over places that do not offer the therapy."""
    if not is_about_therapy(query, vocabulary):
        return None
    conditions = [vocabulary.condition(id) for id in query.condition]
    treatments = [t for t in map(vocabulary.treatment, query.treatment) if t]
    return known(conditions, treatments, explainer, therapy)


def known(
    conditions: Sequence[Condition],
    treatments: Sequence[Treatment],
    explainer: Explainer,
    therapy: str,
) -> Known:
    """Return the panel on what was chosen, apart from clinics' claims: a verdict that opens.

    Under it are links to the topics with a shortcut, the first to what was chosen. The words are
    the opening block of each topic. Where a topic is missing, what the tables of conditions and
    treatments say stands in for it.
    """
    topics = _topics(conditions, treatments, explainer)
    shortcuts = _shortcuts(topics if conditions or treatments else (), explainer)
    shown = tuple({topic.id: topic for topic in (*topics, *shortcuts.values())}.values())
    numbers = {topic.id: number for number, topic in enumerate(shown)}
    html = render.fill(
        "known.html",
        title=_title(conditions, treatments, therapy),
        in_short=_in_short(conditions, treatments, topics),
        in_brief=_in_short(conditions, treatments, topics, related=False),
        general=() if conditions or treatments else topics,
        conditions=_condition_views(conditions, explainer),
        treatments=[_treatment_view(t, explainer.about_treatment(t.id)) for t in treatments],
        numbers=numbers,
        therapy=therapy,
        brief=len(conditions) > SPREAD_OUT,
        shortcuts=shortcuts,
    )
    return Known(html, shown)


def _shortcuts(chosen: Sequence[Topic], explainer: Explainer) -> dict[str, Topic]:
    """Return what everybody asks first and the topics that answer; the first is of what is chosen.

    "Does it work?" is another question for every condition, "What does it cost?" is not.
    """
    found = {topic.shortcut: topic for topic in explainer.topics if topic.shortcut}
    if chosen and found:
        found[next(iter(found))] = chosen[0]
    return found


def _topics(
    conditions: Sequence[Condition], treatments: Sequence[Treatment], explainer: Explainer
) -> tuple[Topic, ...]:
    if not (conditions or treatments):
        first = next(iter(GROUPS))
        return tuple(t for t in explainer.topics if t.group == first)[:GENERAL_TOPICS]
    found = [explainer.about_condition(c.id) for c in conditions]
    found += [explainer.about_treatment(t.id) for t in treatments]
    return tuple({topic.id: topic for topic in found if topic}.values())


def _title(conditions: Sequence[Condition], treatments: Sequence[Treatment], therapy: str) -> str:
    if not (conditions or treatments):
        return say("known.about_therapy", therapy=wording.as_therapy(therapy))
    subjects = [treatment.label for treatment in treatments]
    if conditions:
        names = [wording.condition_in_text(c.label) for c in conditions]
        about = say("known.therapy_for", therapy=therapy, conditions=joined(names, "and"))
        subjects.insert(0, about)
    return say("known.title", subjects="; ".join(subjects))


def _in_short(
    conditions: Sequence[Condition],
    treatments: Sequence[Treatment],
    topics: tuple[Topic, ...],
    *,
    related: bool = True,
) -> str:
    """Say approval and grade in a few words; with several choices there is no one answer.

    Without `related`, where there is little room, the approval of the therapy itself is said.
    """
    if len(conditions) + len(treatments) > 1:
        return say("known.one_by_one")
    if conditions:
        return wording.in_short(conditions[0], related=related)
    if treatments:
        return treatments[0].approval_short or treatments[0].approval_note
    return render.title_of(topics[0]) if topics else ""


def _condition_views(
    conditions: Sequence[Condition], explainer: Explainer
) -> list[dict[str, object]]:
    citations = Citations(explainer.references)
    return [_condition_view(c, explainer.about_condition(c.id), citations) for c in conditions]


def _condition_view(
    condition: Condition, topic: Topic | None, citations: Citations
) -> dict[str, object]:
    block = topic.block if topic else None
    labels = render.BLOCK_LABELS
    return {
        "label": condition.label,
        "name_in_text": wording.condition_in_text(condition.label),
        "steps": wording.GRADE_STEPS[condition.grade],
        "approval_words": condition.approval_summary,
        "grade_words": wording.GRADE_WORDS[condition.grade],
        "evidence": citations.html(block.evidence) if block else condition.evidence_note,
        "foreign": render.in_language(topic) if topic and block else "",
        "rows": [(labels[n], citations.html(getattr(block, n))) for n in _MORE] if block else [],
        "approval_note": condition.approval_note,
        "topic": topic,
    }


def _treatment_view(treatment: Treatment, topic: Topic | None) -> dict[str, object]:
    return {
        "label": treatment.label,
        "approval_short": treatment.approval_short,
        "approval_note": treatment.approval_note,
        "summary": topic.summary if topic else treatment.gloss,
        "foreign": render.in_language(topic) if topic else "",
        "topic": topic,
    }
