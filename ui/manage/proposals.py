"""What public sources say otherwise than the directory: a keeper accepts, rejects or waits.

Nothing is asked before a keeper presses the button, and nothing is published from here: what is
accepted is staged like any other change, and is checked and reviewed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from clinics.domain import field_sources
from clinics.domain.field_sources import label_of
from clinics.domain.ports import Change
from clinics.domain.sources import Decision, Listing, Proposal, Source
from clinics.domain.words import capital, counted, day
from clinics.places.lookup import Progress
from clinics.publishing import proposals as rules
from clinics.publishing.access import Keeper
from clinics.publishing.looking import last_look, listings_of, look, say_same, settle, take_back
from clinics.publishing.positions import with_positions
from clinics.publishing.rivals import OTHER_BELIEVED, accept, differ, instead_of, side_by_side
from clinics.publishing.rivals import undisputed as all_agreed
from ui import access, frame, keys, resources
from ui.manage import act
from ui.text import plain

PAGE = 10
PART = "proposals"
TAB = "proposals_tab"
WHY = {
    "place": "It is of another place",
    "old": "It is out of date",
    "wrong": "It is wrong",
}
"""Why a proposal is rejected."""

STOPPED = "You stopped it. What was read whole by then waits below."
_DECIDED = {
    Decision.LATER: "Put off until the next look",
    Decision.REJECTED: "Rejected",
    Decision.ACCEPTED: "The same place",
}

_HEADS = {rules.SAME: "Is it the same place?", rules.NEW: "A new listing?"}
_HEADS[rules.GONE] = "Call first?"


class Pile(NamedTuple):
    """The proposals of one tab, listing by listing."""

    label: str
    by_listing: dict[str, list[Proposal]]

    @property
    def title(self) -> str:
        """Return what the tab says, with how many wait in it."""
        count = sum(map(len, self.by_listing.values()))
        return f"{self.label} ({count:,})"


def draw(_: Keeper) -> None:
    """Draw the sources that can be asked, and what they proposed."""
    sources = resources.sources()
    table = resources.newest().dataset.table
    live = {listing["id"]: listing for listing in listings_of(table)}
    settle(resources.open_store(), list(live.values()))
    _draw_sources(sources, list(live.values()))
    kept = resources.open_store().proposals()
    accepted = [
        one for one in kept if one.decision is Decision.ACCEPTED and one.field != rules.SAME
    ]
    waiting = [one for one in kept if one.decision is Decision.PENDING and rules.is_shown(one)]
    _draw_accepted(accepted, live)
    _draw_decided(kept, live)
    if not waiting:
        st.markdown("No proposal is waiting.")
        return
    today = resources.today()
    piles = _piles(waiting, live, today)
    for tab, pile in zip(_tabs(piles), piles, strict=True):
        with tab:
            _draw_pile(pile, live, today, accepted)


def _tabs(piles: Sequence[Pile]) -> Sequence[DeltaGenerator]:
    """Return the tabs; the open one stays open although its count is another after each click."""
    was = str(st.session_state.get(TAB, ""))
    titles = {pile.label: pile.title for pile in piles}
    st.session_state[TAB] = titles.get(was.rpartition(" (")[0], piles[0].title)
    return st.tabs(list(titles.values()), key=TAB, on_change="rerun")


def _piles(
    waiting: Sequence[Proposal], live: dict[str, Listing], today: dt.date
) -> tuple[Pile, ...]:
    gaps, differ, whole = (
        Pile(label, {})
        for label in ("Fills a gap", "Differs", "Maybe the same place, new, seems closed")
    )
    for one in waiting:
        if one.field in _HEADS:
            pile = whole
        else:
            fills = rules.fills_gap(one, live[one.clinic_id], today)
            pile = gaps if fills else differ
        pile.by_listing.setdefault(one.clinic_id or one.key, []).append(one)
    return gaps, differ, whole


def _draw_sources(sources: Sequence[Source], listings: Sequence[Listing]) -> None:
    if not sources:
        st.markdown(
            "No public source is asked here: each is off until whoever runs this service switches "
            "it on. With the setting `CLINICS_FINDTREATMENT_URL` at `on`, FindTreatment.gov is "
            "asked for its list of this area when a keeper presses a button. Nothing of this "
            "directory or its visitors is sent. With `CLINICS_WEBSITES` at `on`, the page that "
            "each listing names as its own is read for its telephone, address and hours. With "
            "`CLINICS_NPI_URL` at `on`, the national provider registry is asked by NPI or name; "
            "with `CLINICS_CMS_URL`, Medicare's data are asked who bills for Spravato."
        )
        return
    for source in sources:
        last = last_look(resources.open_store(), source.id)
        when = f"Last read whole on {day(last)}." if last else "Never read whole so far."
        frame.fine_print(plain(f"{capital(source.label)}: {source.sends} {when}"))
    chosen = sources
    if len(sources) > 1:
        named = {source.id: capital(source.label) for source in sources}
        ids = st.pills(
            "Ask", list(named), format_func=named.__getitem__, selection_mode="multi",
            default=list(named), key="sources_asked",
        )  # fmt: skip
        chosen = [source for source in sources if source.id in ids]
    if st.button("Look for changes", key="look_for_changes", type="primary", disabled=not chosen):
        _look(chosen, listings)


def _look(sources: Sequence[Source], listings: Sequence[Listing]) -> None:
    """Ask one source after the other; a click anywhere stops it, and what was read whole stays."""
    access.require()
    resources.refuse_unwritable()
    said: list[str] = []
    is_good = True
    st.button("Stop", key="stop_looking", on_click=act.say, args=(True, STOPPED))
    bar = st.progress(0.0, "Asking")
    for number, source in enumerate(sources):

        def tell(share: float, doing: str, number: int = number) -> None:
            bar.progress((number + share) / len(sources), plain(doing))

        found = look(source, resources.open_store(), listings, resources.today(), tell)
        said += [found.sentence, *found.remarks]
        is_good = is_good and not found.trouble
    act.say(is_good, "\n".join(said))
    st.rerun()


def _draw_accepted(accepted: Sequence[Proposal], live: dict[str, Listing]) -> None:
    """Draw what was accepted and not published, with the way on and the way back."""
    if not accepted:
        return
    with st.container(border=True):
        st.button(
            f"{len(accepted):,} accepted: review and publish",
            key="review_accepted",
            type="primary",
            on_click=_review,
        )
        with st.expander("What was accepted"):
            for one in accepted[: 3 * PAGE]:
                body = rules.body_of(one)
                name = _name(one, live)
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(f"{plain(name)}: {plain(body.value)}")
                    st.button(
                        "Take back",
                        key=f"back_{one.key}",
                        on_click=_take_back,
                        args=(one.key,),
                    )


def _draw_decided(kept: Sequence[Proposal], live: dict[str, Listing]) -> None:
    """Draw what else was decided, the newest first, with the way back: a click may be a slip."""
    decided = [
        one
        for one in kept
        if one.decision in _DECIDED
        and one.handled
        and one.reason != OTHER_BELIEVED
        and (one.decision is not Decision.ACCEPTED or one.field == rules.SAME)
    ]
    if not decided:
        return
    later = sum(one.decision is Decision.LATER for one in decided)
    if later:
        frame.fine_print(f"{counted(later, 'proposal')} put off until the next look.")
    with st.expander("What was rejected, put off or found to be the same place"):
        decided.sort(key=lambda one: one.handled or one.first_seen, reverse=True)
        for one in decided[: 3 * PAGE]:
            body, why = rules.body_of(one), f" ({one.reason})" if one.reason else ""
            what = f"{_name(one, live)}: {body.value}"
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(f"{_DECIDED[one.decision]}{why}: {what}"))
                st.button("Take back", key=f"back_{one.key}", on_click=_take_back, args=(one.key,))


def _name(proposal: Proposal, live: dict[str, Listing]) -> str:
    listing = live.get(proposal.clinic_id)
    return f"{listing['name']}, {listing['city']}" if listing else "New"


def _draw_pile(
    pile: Pile, live: dict[str, Listing], today: dt.date, accepted: Sequence[Proposal]
) -> None:
    ids = list(pile.by_listing)
    if not ids:
        st.markdown("Nothing here.")
        return
    pages = -(-len(ids) // PAGE)
    here = st.container()
    page = min(pages, st.pagination(pages, key=f"pile_{pile.label}") if pages > 1 else 1)
    on_page = ids[(page - 1) * PAGE : page * PAGE]
    with here:
        if pile.label == "Fills a gap":
            on_this = [one for id in on_page for one in pile.by_listing[id]]
            shown = all_agreed(on_this, accepted)
            if shown:
                st.button(
                    f"Accept all on this page ({len(shown):,})",
                    key="accept_page",
                    on_click=_accept,
                    args=(shown,),
                )
        for id in on_page:
            _draw_card(pile.by_listing[id], live, today, accepted)


def _draw_card(
    proposals: Sequence[Proposal],
    live: dict[str, Listing],
    today: dt.date,
    accepted: Sequence[Proposal],
) -> None:
    listing = live.get(proposals[0].clinic_id)
    with st.container(border=True):
        if listing:
            st.markdown(f"**{plain(_name(proposals[0], live))}**")
            if checked := rules.confirmed(listing, today):
                st.markdown(f"You keepers confirmed this listing on {day(checked)}.")
        for row in side_by_side(proposals, _known()):
            _draw_row(row, listing, instead_of(row[0], accepted))


def _draw_row(row: Sequence[Proposal], listing: Listing | None, accepted: Proposal | None) -> None:
    """Draw what the listing says now of a field, and what each source says, side by side."""
    field = row[0].field
    if field in _HEADS:
        st.markdown(f"**{_HEADS[field]}**")
    else:
        now = _now(field, listing) if listing else "not stated"
        st.markdown(f"{plain(label_of(field))}: now {plain(now)}")
    if accepted:
        mine = rules.body_of(accepted).value
        st.markdown(f"You accepted {plain(mine)}. To accept another puts that aside.")
    if len(row) == 1:
        _draw_one(row[0])
        return
    says = "do not agree. You decide" if differ(row) else "say the same"
    st.markdown(f"{len(row):,} sources {says}.")
    for column, one in zip(st.columns(len(row), border=True), row, strict=True):
        with column:
            _draw_one(one)


def _draw_one(one: Proposal) -> None:
    """Draw what a source says, and why it is of this listing."""
    body = rules.body_of(one)
    said = f"{body.evidence} {'It says' if one.field not in _HEADS else ''}".strip()
    st.markdown(f"{plain(said)} **{plain(body.value)}** ([source](<{body.url}>))")
    if body.reasons:
        frame.fine_print(plain(f"Why this listing: {', '.join(body.reasons)}."))
    with st.container(horizontal=True, vertical_alignment="center"):
        label, click = _accepting(one)
        st.button(label, key=f"accept_{one.key}", on_click=click, args=([one.key],))
        st.button(
            "Later", key=f"later_{one.key}", on_click=_decide, args=([one.key], Decision.LATER)
        )
        with st.popover("Reject"):
            for why, words in WHY.items():
                st.button(
                    words,
                    key=f"reject_{why}_{one.key}",
                    on_click=_decide,
                    args=([one.key], Decision.REJECTED, words),
                )


def _accepting(one: Proposal) -> tuple[str, Callable[[Sequence[str]], None]]:
    """Return what the button says, and what it does."""
    if one.field == rules.SAME:
        return "This is it", _same
    return {rules.NEW: "Add it", rules.GONE: "Say “Call first”"}.get(one.field, "Accept"), _accept


def _now(field: str, listing: Listing) -> str:
    """Return what a listing says, from whom and of when."""
    now = rules.shown(field, listing) or "not stated"
    said = field_sources.read(listing[field_sources.COLUMN]).get(field)
    if not said:
        return now
    known = _known().get(said.source)
    return f"{now} ({known.label if known else said.source}, {day(said.day)})"


def _known() -> Mapping[str, field_sources.FactSource]:
    return resources.bundled().vocabulary.fact_sources


def _accept(chosen: Sequence[str]) -> None:
    """Accept proposals, for a keeper only; what another source says of the field is put aside."""
    try:
        keeper = access.require()
        resources.refuse_unwritable()
        accept(resources.open_store(), chosen, keeper.name)
    except act.EXPECTED as problem:
        act.say(False, str(problem))


def _take_back(key: str) -> None:
    """Let a proposal that was decided wait again, for a keeper only."""
    try:
        keeper = access.require()
        resources.refuse_unwritable()
        store = resources.open_store()
        for one in store.proposals():
            if one.key == key:
                take_back(store, one, keeper.name)
    except act.EXPECTED as problem:
        act.say(False, str(problem))


def _decide(chosen: Sequence[str], decision: Decision, reason: str = "") -> None:
    """Say what becomes of proposals, for a keeper only."""
    try:
        keeper = access.require()
        resources.refuse_unwritable()
        resources.open_store().decide(chosen, decision, keeper.name, reason)
    except act.EXPECTED as problem:
        act.say(False, str(problem))


def _same(chosen: Sequence[str]) -> None:
    """Note that a record of a source is a listing, and propose what it says otherwise."""
    try:
        keeper = access.require()
        resources.refuse_unwritable()
        store, dataset = resources.open_store(), resources.newest().dataset
        live = {listing["id"]: listing for listing in listings_of(dataset.table)}
        found = [one for one in store.proposals() if one.key in chosen and one.clinic_id in live]
        made = sum(say_same(store, one, live[one.clinic_id], keeper.name) for one in found)
    except act.EXPECTED as problem:
        act.say(False, str(problem))
        return
    act.say(True, f"It is the same place: {counted(made, 'proposal')} from it.")


def _review() -> None:
    """Stage what was accepted as one change, and go on where it is checked and reviewed."""
    try:
        access.require()
        store, dataset = resources.open_store(), resources.newest().dataset
        live = {listing["id"]: listing for listing in listings_of(dataset.table)}
        accepted = [one for one in store.proposals() if one.decision is Decision.ACCEPTED]
        edits, left = _placed(rules.edits_of(accepted, live, _known()), live)
        store.decide(edits.outweighed, Decision.PENDING)
        number = store.live_number()
        data = resources.open_publisher().edited(edits.changes, add=edits.add)
    except act.EXPECTED as problem:
        act.say(False, str(problem))
        return
    if act.stage(data, edits.name, kind=Change.EDIT, based_on=number):
        if left:
            act.say(True, left)
        st.session_state[keys.CAME_FROM] = PART
        act.go_to("upload")


def _placed(edits: rules.Edits, live: dict[str, Listing]) -> tuple[rules.Edits, str]:
    """Ask for the positions of accepted addresses where the addresses of listings are looked up."""
    geocoder = resources.listings_geocoder()
    if geocoder is None:
        return edits, ""
    bar = st.progress(0.0, "Looking up accepted addresses")

    def tell(now: Progress) -> None:
        bar.progress(now.done / max(1, now.total), plain(now.name))

    found = with_positions(
        edits,
        live,
        resources.bundled().gazetteer,
        geocoder,
        resources.open_store(),
        resources.today(),
        tell,
    )
    bar.empty()
    return found
