"""Exact addresses, optional: looks up the listings that are placed by ZIP or town only.

Any click ends a look-up, and the next one goes on where it stopped: each answer is kept at once.
"""

from __future__ import annotations

import time

import streamlit as st

from clinics.domain.ports import Change
from clinics.domain.words import counted
from clinics.places.lookup import Located, Lookup, waiting
from clinics.publishing import snapshot
from clinics.publishing.publisher import Candidate
from ui import access, frame, keys, resources
from ui.manage import act
from ui.text import plain

SECONDS_EACH = 1.3
PAUSE = 0.2
"""Seconds between two addresses in which a visitor's own address gets its turn."""


def draw(candidate: Candidate) -> None:
    """Draw the offer where it would help, or the look-up while it runs."""
    rows = len(waiting(candidate.table))
    blocked = candidate.refusal and not candidate.is_same_as_live  # a bad row would be dropped
    if not rows or blocked or resources.listings_geocoder() is None:
        return
    name = act.comparison(act.staged(), candidate.live)
    with st.expander(f"Look up exact addresses, optional ({rows:,})"):
        minutes = max(1, round(rows * SECONDS_EACH / 60))
        st.markdown(
            f"{rows:,} listings with a street address are placed by their ZIP or town only, and "
            "drawn as approximate. The address service takes one address a second, so all of them "
            f"take about {counted(minutes, 'minute')}. You can stop and go on "
            "later, and you can publish without it."
        )
        running = st.session_state.get(keys.LOOKING_UP) == name
        st.button(
            "Stop here" if running else "Look up the addresses",
            key="look_up",
            on_click=_stop if running else _start,
            args=(name,),
        )
        if running:
            _run(candidate, name)
        _draw_found(candidate, name)


def _start(name: str) -> None:
    st.session_state[keys.LOOKING_UP] = name
    st.session_state.pop(keys.LOCATED, None)


def _stop(name: str) -> None:
    """Keep what was found so far, to go on with."""
    st.session_state[keys.LOOKING_UP] = ""
    stopped: Lookup | None = st.session_state.pop(keys.LOOKUP, None)
    if stopped:
        st.session_state[keys.LOCATED] = (name, stopped.located())


def _run(candidate: Candidate, name: str) -> None:
    """Look up one after the other; a click anywhere ends it at the next address."""
    access.require()
    lookup = Lookup(
        candidate.table,
        resources.bundled().gazetteer,
        resources.listings_geocoder(),
        resources.open_store(),
    )
    st.session_state[keys.LOOKUP] = lookup
    bar = st.progress(0.0, "Looking up addresses")
    for progress in lookup:
        done = progress.done / max(1, progress.total)
        bar.progress(done, plain(f"{progress.done:,} of {progress.total:,} {progress.name}"))
        time.sleep(PAUSE)
    _stop(name)
    st.rerun()


def _draw_found(candidate: Candidate, name: str) -> None:
    """Say what came of a look-up, and offer to go on with the exact positions."""
    kept: tuple[str, Located] | None = st.session_state.get(keys.LOCATED)
    if kept is None or kept[0] != name:
        return
    located = kept[1]
    st.markdown(plain(located.summary))
    if located.trouble:
        st.warning(plain(located.trouble))
    for answer in (*located.missing, *located.refused)[:50]:
        frame.fine_print(plain(f"{answer.name}: {answer.sentence}"))
    if located.found and st.button("Go on with the exact positions", key="use_located"):
        kind = Change(st.session_state.get(keys.KIND, Change.PUBLISH.value))
        if act.stage(
            snapshot.as_csv(located.table),
            "Addresses looked up",
            kind=kind,
            based_on=candidate.live,
            settles=tuple(st.session_state.get(keys.SETTLES, ())),
        ):
            st.session_state.pop(keys.LOCATED, None)
        st.rerun()
