"""What a public source says otherwise than the directory, as proposals that a keeper decides.

Nothing here changes a listing: what is accepted becomes cells for `edits.edited_table`, and goes
through the check, the brakes and the review like any other change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from clinics.domain import field_sources
from clinics.domain.columns import BY_NAME, SEPARATOR
from clinics.domain.field_sources import FactSource
from clinics.domain.ports import Damaged
from clinics.domain.sources import Hint, Listing, Proposal, Proposed, Record
from clinics.domain.words import counted, slug
from clinics.intake.duplicates import door
from clinics.publishing.same_place import Candidate, website_key

SAME, NEW, GONE = "same", "new", "gone"
"""The fields of proposals that are about a whole listing."""

PLACE = ("address", "city", "state", "zip")
POSITION = ("latitude", "longitude", "location_precision")
FIELDS = (
    "phone", "main_phone", "website", "address", "latitude", "facility_type", "conditions",
    "treatments", "setting", "payment", "ages", "languages", "hours", "npi",
)  # fmt: skip
"""The columns that a source may propose, by the one that stands for those beside it."""

Identity = tuple[str, str]

KEPT_TO = dt.timedelta(days=180)
"""What a keeper confirmed in so many days is never offered to be filled, only shown beside it."""

UNSEEN_DAYS = 30
"""Missing so long from a list it is said; once may be a slip of the list."""

_BODY_TEXT = 300
_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "boulevard": "blvd", "highway": "hwy", "parkway": "pkwy", "circle": "cir",
    "square": "sq", "terrace": "ter", "turnpike": "tpke", "pike": "pike", "north": "n",
    "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "suite": "", "ste": "", "unit": "", "floor": "fl",
    "room": "rm", "building": "bldg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """What is proposed: the cells, how they are called, from where, and why."""

    cells: Mapping[str, str]
    now: str
    value: str
    url: str
    date: str
    record: str
    evidence: str = ""
    reasons: tuple[str, ...] = ()
    wait_days: int = 0


def body_of(proposal: Proposal | Proposed) -> Body:
    """Return what is proposed; raises Damaged for what is not as it was kept."""
    try:
        found: dict[str, Any] = json.loads(proposal.body)
        return Body(**{**found, "reasons": tuple(found.get("reasons", ()))})
    except (ValueError, TypeError, AttributeError) as problem:
        raise Damaged("A proposal") from problem


def about(source: str, record: Record, listing: Listing, who: Candidate) -> Iterator[Proposed]:
    """Yield what a record says otherwise than its listing, field by field."""
    for name in FIELDS:
        cells = _cells(name, record, listing)
        if not cells or not _differs(name, cells, listing):
            continue
        if name == "latitude" and not is_empty(name, listing):
            continue
        body = Body(
            cells,
            shown(name, listing),
            shown(name, cells),
            record.url,
            record.date.isoformat(),
            record.id,
            record.evidence[:_BODY_TEXT],
            who.reasons,
        )
        # What it says, and not what that makes of the listing: a rejected word stays rejected.
        said = record.cells if BY_NAME[name].several else cells
        yield _proposed(source, listing["id"], name, norm(name, said), body)


def _cells(name: str, record: Record, listing: Listing) -> dict[str, str]:
    """Return the cells that a record fills for a field; none where it says nothing of it."""
    said = record.cells
    if not said.get(name) or (record.says and name not in record.says):
        return {}
    if name == "phone" and said.get("main_phone"):  # one without the other makes no sense
        return {"phone": said["phone"], "main_phone": said["main_phone"]}
    if name == "main_phone" and norm("phone", said) != norm("phone", listing):
        return {}
    if name == "address":
        cells = {column: said.get(column, "") for column in PLACE}
        if all(cells.values()) and all(said.get(column) for column in POSITION):
            cells |= {column: said[column] for column in POSITION}
        return cells if cells["city"] and cells["state"] else {}
    if name == "latitude":
        # A position is that of an address: of another address it is none of this listing's.
        if not _same_street(said, listing) or not all(said.get(column) for column in POSITION):
            return {}
        return {column: said[column] for column in POSITION}
    if BY_NAME[name].several and record.adds_only:
        values = dict.fromkeys([*_values(listing[name]), *_values(said[name])])
        return {name: SEPARATOR.join(values)}
    return {name: said[name]}


def _same_street(said: Listing, listing: Listing) -> bool:
    here = door(said.get("address", ""), said.get("zip", ""))
    return bool(here) and here == door(listing["address"], listing["zip"])


def _values(cell: str) -> list[str]:
    return [value for value in cell.split(SEPARATOR) if value]


def is_empty(name: str, listing: Listing) -> bool:
    """Return True if a listing says nothing of a field, or only roughly where it is."""
    if name == "latitude":
        return listing["location_precision"] != "street"
    return not listing[name]


def _differs(name: str, cells: Listing, listing: Listing) -> bool:
    return name == "latitude" or norm(name, cells) != norm(name, listing)


def norm(name: str, cells: Listing) -> str:
    """Return what two values of a field are compared by: spelling aside."""
    cell = cells.get(name, "")
    if name in ("phone", "main_phone"):
        return re.sub(r"\D+", "", cell)
    if name == "website":
        return website_key(cell)
    if name == "address":
        words = slug(cell).split("-")
        plain = " ".join(filter(None, (_STREET_WORDS.get(word, word) for word in words)))
        return f"{plain} {cells.get('zip', '') or slug(cells.get('city', ''))}" if plain else ""
    if name == "latitude":
        return f"{cell},{cells.get('longitude', '')}"
    return SEPARATOR.join(sorted(_values(cell.casefold())))


def shown(name: str, cells: Listing) -> str:
    """Return the value of a field as a keeper reads it; "" where there is none."""
    if name == "address":
        street, town = cells.get("address", ""), f"{cells['city']}, {cells['state']}"
        return f"{street}, {town} {cells.get('zip', '')}".strip(", ") if street else ""
    if name == "latitude":
        if cells.get("location_precision") != "street":
            return f"only its {cells.get('location_precision') or 'town'}"
        return f"{cells['latitude']}, {cells['longitude']}"
    if name == "phone" and cells.get("main_phone"):
        return f"{cells['phone']}, main line {cells['main_phone']}".strip(", ")
    return cells.get(name, "")


def fills_gap(proposal: Proposal | Proposed, listing: Listing, today: dt.date) -> bool:
    """Return True for what the listing does not say at all, and no keeper confirmed lately."""
    name = proposal.field
    return is_empty(name, listing) and not confirmed(listing, today, name)


def confirmed(listing: Listing, today: dt.date, name: str = "") -> dt.date | None:
    """Return the day on which a keeper confirmed a listing or this field, if it is not long ago."""
    said = field_sources.read(listing[field_sources.COLUMN]).get(name)
    days = [said.day] if said and said.source == field_sources.KEEPER else []
    with suppress(ValueError):
        days.append(dt.date.fromisoformat(listing["last_checked"]))
    newest = max(days, default=None)
    return newest if newest and today - newest <= KEPT_TO else None


def same_place(source: str, record: Record, listing: Listing, who: Candidate) -> Proposed:
    """Ask whether a record is of a listing."""
    only = {*record.says, "name", "city", "state"} if record.says else set(record.cells)
    body = Body(
        {name: cell for name, cell in record.cells.items() if name in only},
        f"{listing['name']}, {listing['city']}",
        _named(record),
        record.url,
        record.date.isoformat(),
        record.id,
        record.evidence[:_BODY_TEXT],
        who.reasons,
    )
    return _proposed(source, listing["id"], SAME, record.id, body)


def new_listing(source: str, label: str, record: Record) -> Proposed:
    """Propose a listing for a record that is of none."""
    cells = {**record.cells, **record.as_new, "source": label, "source_url": record.url}
    cells = {**cells, "source_date": record.date.isoformat(), "id": ""}
    body = Body(
        cells, "", _named(record), record.url, record.date.isoformat(), record.id,
        record.evidence[:_BODY_TEXT],
    )  # fmt: skip
    return _proposed(source, "", NEW, record.id, body)


def gone(source: str, label: str, url: str, listing: Listing, today: dt.date) -> Proposed:
    """Propose a word of caution for a listing that is missing from the list it came with."""
    caveat = f"Call first: {label} no longer lists it."
    evidence = f"{label} does not name it in its list of {listing['state']}."
    return _call_first(
        source, listing, Hint(listing["id"], caveat, url, today, evidence, UNSEEN_DAYS), ""
    )


def call_first(source: str, listing: Listing, hint: Hint) -> Iterator[Proposed]:
    """Propose the note to call of a hint, after the one that is there; none if that says it."""
    if hint.says not in listing["caveat"]:
        yield _call_first(source, listing, hint, hint.says)


def _call_first(source: str, listing: Listing, hint: Hint, key: str) -> Proposed:
    body = Body(
        {"caveat": f"{listing['caveat']} {hint.says}".strip()}, listing["caveat"], hint.says,
        hint.url, hint.date.isoformat(), "", hint.evidence[:_BODY_TEXT], wait_days=hint.wait_days,
    )  # fmt: skip
    return _proposed(source, listing["id"], GONE, key, body)


def _named(record: Record) -> str:
    cells = record.cells
    named = (
        cells.get("name", ""),
        cells.get("address", ""),
        cells.get("city", ""),
        cells.get("phone", ""),
    )
    return ", ".join(filter(None, named))


def _proposed(source: str, clinic_id: str, field: str, value: str, body: Body) -> Proposed:
    text = json.dumps([source, clinic_id, field, value])
    key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Proposed(key, source, clinic_id, field, json.dumps(asdict(body)))


def is_settled(
    proposal: Proposal, body: Body, live: Mapping[str, Listing], there: Set[Identity]
) -> bool:
    """Return True if the directory says what is proposed, or has no such listing any more.

    `there` holds the identities of all that are live.
    """
    if proposal.field == NEW:
        return identity(body.cells) in there
    listing = live.get(proposal.clinic_id)
    if listing is None:
        return True
    if proposal.field == SAME:
        return False
    if proposal.field == GONE:  # made from another note than there is now
        return listing["caveat"] != body.now
    if proposal.field == "latitude":
        return listing["location_precision"] == "street"
    return norm(proposal.field, body.cells) == norm(proposal.field, listing)


def is_overtaken(proposal: Proposal, body: Body, live: Mapping[str, Listing]) -> bool:
    """Return True if the listing says something else by now than when it was proposed."""
    if proposal.field not in FIELDS or proposal.clinic_id not in live:
        return False
    return shown(proposal.field, live[proposal.clinic_id]) != body.now


def identity(cells: Listing) -> Identity:
    """Return what makes a proposed listing one that is there already: its name in its town."""
    return slug(cells.get("name", "")), slug(cells.get("city", ""))


def is_shown(proposal: Proposal) -> bool:
    """Return True unless it is a note to call that has to be seen for longer first."""
    if proposal.field != GONE:
        return True
    days = dt.timedelta(days=body_of(proposal).wait_days)
    return proposal.last_seen - proposal.first_seen >= days


@dataclass(frozen=True, slots=True)
class Edits:
    """What accepted proposals change: cells by id, new listings, and what is said of it all.

    `outweighed` are the keys of those of which a source of more weight says the field otherwise.
    """

    changes: Mapping[str, Mapping[str, str]]
    add: Sequence[Mapping[str, str]]
    name: str
    outweighed: tuple[str, ...] = ()


def edits_of(
    accepted: Iterable[Proposal | Proposed],
    live: Mapping[str, Listing],
    sources: Mapping[str, FactSource],
) -> Edits:
    """Return accepted proposals as changes; each listing then says which source says what.

    Of several that are about one field that of the most weight counts, then the newest.
    """
    changes: dict[str, dict[str, str]] = {}
    add, names = [], []
    chosen, outweighed = _chosen(accepted, sources)
    moved = {one.clinic_id for one in chosen if one.field == "address"}
    for proposal in chosen:
        body, id = body_of(proposal), proposal.clinic_id
        if proposal.field == "latitude" and id in moved:
            continue  # it is that of the address there was
        if proposal.field == NEW:
            add.append(dict(body.cells))
        elif id in live and proposal.field != SAME:
            cells = changes.setdefault(id, {})
            cells |= body.cells
            if proposal.field != GONE:
                before = cells.get(field_sources.COLUMN, live[id][field_sources.COLUMN])
                fields, date = field_sources.fields_of(body.cells), dt.date.fromisoformat(body.date)
                cells[field_sources.COLUMN] = field_sources.with_said(
                    before, fields, proposal.source, date
                )
        else:
            continue
        known = sources.get(proposal.source)
        names.append(known.label if known else proposal.source)
    said = f"{counted(len(names), 'change')} from {', '.join(sorted(set(names)))}"
    return Edits(changes, add, said, tuple(outweighed))


def _chosen(
    accepted: Iterable[Proposal | Proposed], sources: Mapping[str, FactSource]
) -> tuple[list[Proposal | Proposed], list[str]]:
    """Return the proposals that count, of the least weight first, and the keys of the others."""

    def weight(one: Proposal | Proposed) -> tuple[int, str]:
        known = sources.get(one.source)
        return (known.weight if known else 0, body_of(one).date)

    ordered = sorted(accepted, key=weight)
    last = {(one.clinic_id, one.field): one.key for one in ordered if one.clinic_id}
    counts = [one for one in ordered if last.get((one.clinic_id, one.field), one.key) == one.key]
    keys = {one.key for one in counts}
    return counts, [one.key for one in ordered if one.key not in keys]
