"""Clinics and what is known as HTML: one set of templates for the app and for plain pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from clinics.domain.columns import BY_NAME, COLUMNS, Column
from clinics.domain.kinds import PRICE, state_name
from clinics.domain.language import ENGLISH, Sentences, named, say, say_html, spoken
from clinics.domain.model import Clinic, Place, PlaceKind, Precision, Town, Treatment
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import day, slug
from clinics.explainer.citations import Citations
from clinics.explainer.model import VERDICT_WORDS, Claim, Topic
from clinics.present import card, wording
from clinics.search.search import Hit, Results

Uptodate = Callable[[], bool]
TEMPLATES = Path(__file__).parent / "templates"


Fact = tuple[str, str]
"""A label and what the listing says under it; "" for nothing."""


@dataclass(frozen=True, slots=True)
class CardView:
    """One clinic in the words of a card; every empty string is shown as "Not stated".

    `more` has what stands in the folded part: the columns that are `on_card`.
    """

    clinic: Clinic
    number: int
    selected: bool
    silent: bool
    unsaid: str
    can_show: bool
    distance: str
    measured_from: str
    across: str
    town: str
    approximate: str
    kind: str
    known_from: str
    tel: str
    no_telephone: str
    main_phone: str
    main_tel: str
    directions: str
    cautions: tuple[str, ...]
    treats_label: str
    treats: str
    treatments: tuple[Treatment, ...]
    offers: tuple[tuple[str, str], ...]
    price: str
    payment: str
    setting: str
    address: str
    more: tuple[Fact, ...]
    dated: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Price, payment and setting, each under its label."""
        said = {
            "price_per_session_usd": self.price,
            "payment": self.payment,
            "setting": self.setting,
        }
        return tuple((BY_NAME[name].card_label, words) for name, words in said.items())


class _InWords(FileSystemLoader):
    """Writes sentences into a template before it is compiled, so that they cost nothing later.

    A sentence with a number keeps its place: only its value tells the form. In English no words
    are foreign.
    """

    _SAYS = re.compile(r"""\{\{ say\(["']([\w.]+)["']((?:, \w+=[\w.]+(?:\([\w.]+\))?)*)\) \}\}""")
    _OWN = re.compile(r"\b(?:own(?:_part)?|marked)\(([\w.]+)(?:, [\w.]+)?\)")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Uptodate]:
        """Return a template in the language that is spoken."""
        source, name, is_new = super().get_source(environment, template)
        source = self._SAYS.sub(self._said, source)
        return self._OWN.sub(r"\1", source) if spoken() == ENGLISH else source, name, is_new

    def _said(self, found: re.Match[str]) -> str:
        id, values = found[1], re.findall(r"(\w+)=([\w.()]+)", found[2])
        if any(name == "n" for name, _ in values):
            return found[0]
        return say(id, **{name: f"{{{{ {value} }}}}" for name, value in values})


@cache
def _environment(language: str) -> Environment:  # noqa: ARG001 - one for each
    environment = Environment(
        loader=_InWords(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # or it would look at the files before every answer
    )
    environment.globals.update(say=say_html, language=spoken)
    environment.globals.update(own=own_words, own_part=own_part, marked=marked)
    environment.globals.update(title_of=title_of, in_language=in_language)
    return environment


def own_words(text: str) -> str:
    """Mark words of a clinic or a source, which stay as they are, on a page in another language."""
    if not text or spoken() == ENGLISH:
        return text
    return Markup('<span lang="en">{}</span>').format(text)


def fill(template: str, **values: object) -> str:
    """Return a template as HTML; every value is escaped that is not Markup already."""
    return _environment(spoken()).get_template(template).render(**values)


def own_part(text: str, words: str) -> str:
    """Mark such words where a text ends with them, whole or cut off."""
    if spoken() == ENGLISH or not words:
        return text
    start = text.find(words[:20])
    if start < 0:  # only its first words are there
        body = text.removesuffix(" …")
        begins = (found.start() for found in re.finditer(r"(?<= )\S|^\S", body))
        start = next((at for at in begins if words.startswith(body[at:])), -1)
    if start < 0:
        return text
    return Markup("{}{}").format(text[:start], own_words(text[start:]))


def marked(fact: str, clinic: Clinic) -> str:
    """Mark the clinic's own words that a fact ends with: of its price, its payment, its hours."""
    own = (clinic.price_note, clinic.insurance_note, clinic.hours)
    return own_part(fact, next((words for words in own if words and fact.endswith(words)), ""))


def title_of(topic: Topic) -> str:
    """Return the title of a topic, marked where it is not in the page's language."""
    return topic.title if topic.language == spoken() else own_words(topic.title)


def summary_of(topic: Topic) -> str:
    """Return the summary of a topic, marked where it is not in the page's language."""
    return topic.summary if topic.language == spoken() else own_words(topic.summary)


def in_language(topic: Topic) -> Markup:
    """Return the attribute that tells a topic's language, where it is not the page's."""
    same = topic.language == spoken()
    return Markup("") if same else Markup(' lang="{}"').format(topic.language)


def results_html(
    results: Results,
    vocabulary: Vocabulary,
    today: dt.date,
    *,
    first_number: int = 1,
    can_show: bool = True,
    alone: bool = False,
    topics: Sequence[tuple[str, Topic]] = (),
    most: int | None = None,
) -> str:
    """Return the cards of a page of results, numbered from `first_number`, then the unstated.

    With `most` there are no more than so many.

    Unless it is a card `alone`, above them stands how many give a telephone number and were
    confirmed by us lately; under them what distances are measured from, and of when it is what is
    said of approvals. Links to `topics`, each with its words, stand there once; the page puts them
    into each card.
    """
    cards = [
        _card(card_view(hit, number, results, vocabulary, can_show), results, vocabulary)
        for number, hit in enumerate(results.shown[:most], start=first_number)
    ]
    groups = {
        "hits": cards[: len(results.hits)],
        "unstated": cards[len(results.hits) :],
        "unstated_heading": wording.silent(results, vocabulary) if results.unstated else "",
        "not_a_no": wording.not_a_no(),
    }
    above = (wording.telephones(results), wording.confirmed(results.shown, today))
    under = (place_line(results.place), wording.approvals(results, vocabulary))
    around = {"above": above, "under": under}
    lines = {place: "" if alone else " ".join(said).strip() for place, said in around.items()}
    return fill("results.html", groups=groups, topics=topics, **lines)


def _card(view: CardView, results: Results, vocabulary: Vocabulary) -> dict[str, object]:
    """Return what the template of a card is filled with."""
    labels = {
        "conditions": view.treats_label,
        "treatments": say("card.offers"),
        "payment": say("card.accepts_label"),
    }

    def label(column: str) -> str:
        return labels.get(column) or BY_NAME[column].card_label

    def words(column: str, id: str) -> str:
        return _option(BY_NAME[column], id, view.clinic, vocabulary)

    return {
        "view": view,
        "origin": wording.in_one_line(view.clinic, vocabulary),
        "asks": vocabulary.offers_therapy(view.clinic),
        "lines": card.lines(view.clinic, results.query, vocabulary, label, words),
        "amount": said(BY_NAME["price_per_session_usd"], view.clinic, vocabulary),
        "not_stated": card.not_stated(view.clinic),
        "hours": BY_NAME["hours"].card_label,
    }


BLOCK_LABELS = Sentences(
    {
        name: f"topic.block_{name}"
        for name in ("approval", "evidence", "lasts", "guidelines", "risk")
    }
)
"""What the five sentences of a topic's opening block are called, in order."""


def block_html(topic: Topic, vocabulary: Vocabulary, citations: Citations, therapy: str) -> str:
    """Return the block that a topic on a condition opens with; "" for any other topic.

    Each condition says in its own words whether anything is approved for it.
    """
    if not (topic.block and topic.grade and topic.approval):
        return ""
    rows = [
        (label, citations.html(getattr(topic.block, name))) for name, label in BLOCK_LABELS.items()
    ]
    about = [c for c in vocabulary.conditions if c.id in topic.conditions]
    said = dict.fromkeys(c.approval_summary for c in about)
    grade = {
        "steps": wording.GRADE_STEPS[topic.grade],
        "approval_words": " ".join(said),
        "grade_words": wording.GRADE_WORDS[topic.grade],
    }
    grades = [(wording.GRADE_STEPS[g], words) for g, words in wording.GRADE_WORDS.items()]
    template = _environment(spoken()).get_template("block.html")
    return template.render(topic=topic, grade=grade, rows=rows, therapy=therapy, grades=grades)


def claims_html(claims: Sequence[Claim], citations: Citations) -> str:
    """Return the table of common claims, each with a verdict and what can honestly be said."""
    rows = [
        {
            "claim": claim.claim,
            "shape": wording.VERDICT_SHAPES[claim.verdict],
            "verdict": VERDICT_WORDS[claim.verdict],
            "answer": citations.html(claim.answer) + citations.links(claim.references),
        }
        for claim in claims
    ]
    return _environment(spoken()).get_template("claims.html").render(rows=rows)


def links_html(links: Sequence[tuple[str, str, str]], *, row: bool = False) -> str:
    """Return links, each of (words, address, line under it), numbered from 0 in `data-go`."""
    return _environment(spoken()).get_template("links.html").render(links=links, row=row)


def contents_html(headings: Sequence[str]) -> str:
    """Return links to the headings of a page, by the names that Streamlit gives to headings."""
    return fill("contents.html", headings=[(words, slug(words)) for words in headings])


def towns_html(by_county: Mapping[str, Sequence[Town]]) -> str:
    """Return links to the guides of towns, under a heading for each county."""
    counties = {
        county: [{"label": town.label, "link": f"towns?town={slug(town.label)}"} for town in towns]
        for county, towns in by_county.items()
    }
    return _environment(spoken()).get_template("towns.html").render(counties=counties)


def card_view(
    hit: Hit,
    number: int,
    results: Results,
    vocabulary: Vocabulary,
    can_show: bool = True,
) -> CardView:
    """Put one hit into words."""
    c = hit.clinic

    def words(column: str) -> str:
        return said(BY_NAME[column], c, vocabulary)

    treatments = tuple(filter(None, map(vocabulary.treatment, c.treatments)))
    return CardView(
        clinic=c,
        number=number,
        selected=c.id == results.query.clinic,
        silent=hit.matches != "stated",
        unsaid=wording.not_stated(hit),
        can_show=can_show,
        distance=wording.distance(hit),
        measured_from=wording.measured_from(hit, results.place),
        across=hit.across,
        town=_town(hit),
        approximate=wording.approximate(hit),
        kind=wording.kind_of_place(c, vocabulary),
        known_from=wording.known_from(c, vocabulary),
        tel=tel_link(c.phone),
        no_telephone=wording.no_telephone(c),
        main_phone=c.main_phone if c.main_phone != c.phone else "",
        main_tel=tel_link(c.main_phone),
        directions=directions_link(c),
        cautions=wording.cautions(c),
        treats_label=say("card.says_it_treats" if says_so_itself(c) else "card.listed_as_treating"),
        treats=words("conditions"),
        treatments=treatments,
        offers=wording.offers(treatments),
        price=_price(c, words("price_per_session_usd")),
        payment=_payment(c, words("payment")),
        setting=words("setting"),
        address=_address(c),
        more=tuple((o.card_label, said(o, c, vocabulary)) for o in COLUMNS if o.on_card),
        dated=wording.dated(c, vocabulary),
    )


def said(column: Column, clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Put into words what a clinic says in a column; "" where it says nothing."""
    value = clinic.value(column.name)
    if isinstance(value, bool):
        return say("card.yes") if value else named(f"columns.{column.name}_no", column.no)
    if isinstance(value, dt.date):
        return day(value)
    if column.is_choice:
        ids = value if isinstance(value, tuple) else filter(None, (str(value),))
        return ", ".join(_option(column, id, clinic, vocabulary) for id in ids)
    if isinstance(value, float):
        return f"${value:,.2f}".removesuffix(".00") if column.kind is PRICE else f"{value:g}"
    return str(value or "")


def _option(column: Column, id: str, clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Return the label of an option, with the state where each state has its own."""
    label = vocabulary.label(column.name, id)
    state = state_name(clinic.state)
    return f"{label} ({state})" if vocabulary.is_by_state(column.name, id) else label


def _town(hit: Hit) -> str:
    """Return the town and state, as far as the distance does not say them already."""
    c = hit.clinic
    if wording.is_in_zip(hit):
        return ""
    somewhere = c.location_precision is Precision.TOWN and hit.distance_miles is not None
    return c.state if somewhere else f"{c.city}, {c.state}"


def says_so_itself(clinic: Clinic) -> bool:
    """Return True if the facts come from the clinic's own site, not from somebody's list of it."""

    def host(url: str) -> str:
        return (urlsplit(url).hostname or "").removeprefix("www.")

    return bool(clinic.website) and host(clinic.website) == host(clinic.source_url)


def tel_link(phone: str) -> str:
    """Return a telephone link (RFC 3966) for a canonical number; "" without one."""
    found = re.fullmatch(r"\((\d{3})\) (\d{3})-(\d{4})(?: ext\. (\d+))?", phone)
    if not found:
        return ""
    area, exchange, line, extension = found.groups()
    return f"tel:+1{area}{exchange}{line}" + (f";ext={extension}" if extension else "")


def directions_link(clinic: Clinic) -> str:
    """Return a link to directions on OpenStreetMap; "" where no street address is known."""
    if not clinic.address:
        return ""
    if not clinic.location_precision.is_approximate:
        goal = f"{clinic.point.lat},{clinic.point.lon}"
    else:
        goal = f"{clinic.address}, {clinic.city}, {clinic.state} {clinic.zip}"
    return f"https://www.openstreetmap.org/directions?to={quote(goal, safe='')}"


def _price(clinic: Clinic, amount: str) -> str:
    price = say("card.a_session", amount=amount) if amount else ""
    return ". ".join(filter(None, (price, clinic.price_note)))


def _payment(clinic: Clinic, accepted: str) -> str:
    said = say("card.accepts", words=accepted) if accepted else ""
    return " ".join(filter(None, (said, clinic.insurance_note)))


def _address(clinic: Clinic) -> str:
    street = clinic.address or say("card.no_street")
    return f"{street}, {clinic.city}, {clinic.state} {clinic.zip}".strip()


def place_line(place: Place | None) -> str:
    """Say what every distance on the page is measured from; "" without a place."""
    if place is None:
        return ""
    return say("card.straight_lines", place=place.measured_from)


def private_line(place: Place | None) -> str:
    """Say what of a place that is nobody else's business is in the link; "" for any other."""
    if place is None or not place.is_private:
        return ""
    if place.kind is PlaceKind.HERE:
        return say("results.location_kept", place=place.param)
    return say("results.address_kept", place=place.param)


def wordmark(words: str) -> str:
    """Return the site's name as a picture, in two lines that are about as long."""
    parts = words.split()
    ways = [(" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))]
    return wordmark_of(min(ways, key=lambda way: abs(len(way[0]) - len(way[1])), default=(words,)))


def wordmark_of(lines: Sequence[str]) -> str:
    """Return these lines as a picture: the bar of the app takes no text of ours."""
    return fill("wordmark.svg", lines=lines, width=max(map(_width, lines)))


def _width(line: str) -> int:
    """Return the pixels that a line of the wordmark takes at most, in whatever sans there is."""
    widths = dict.fromkeys("filjrt .,'", 6) | dict.fromkeys("MWmw", 16)
    return max(9 * len(line), sum(widths.get(letter, 12) for letter in line))
