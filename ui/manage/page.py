"""The keeper's page: who is here, which part of the work, and the trouble there may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from clinics.domain.ports import CorrectionStatus, StoreUnavailable
from clinics.publishing.access import Keeper, may_check
from clinics.publishing.publisher import NotPublishable
from ui import access, checkout, frame, keys, resources
from ui.manage import act, corrections, figures, history, listings, proposals, upload, worklist
from ui.text import plain


class Part(NamedTuple):
    """One part of the work, by its name in the address bar."""

    label: str
    draw: Callable[[Keeper], None]


PARTS = {
    "upload": Part("Upload a file", upload.draw),
    "listings": Part("Mend a listing", listings.draw),
    "worklist": Part("Worklist", worklist.draw),
    "corrections": Part("Corrections", corrections.draw),
    proposals.PART: Part("Look for changes", proposals.draw),
    "history": Part("History", history.draw),
    "figures": Part("Figures", figures.draw),
}


def draw() -> None:
    """Draw the page for whoever is here; trouble with the store is one sentence."""
    st.title("Keep the directory up to date")
    if resources.store() is None:
        st.markdown(
            "This service keeps no versions, so nothing can be published here. Its keeper changes "
            "`data/clinics.csv` instead, or sets `CLINICS_DATABASE_URL`."
        )
        return
    try:
        _draw_for(access.keeper())
    except (StoreUnavailable, NotPublishable) as problem:
        _draw_trouble(str(problem))


def _draw_for(keeper: Keeper | None) -> None:
    if keeper is None:
        _draw_outside()
        return
    access.draw_signed_in(keeper)
    if resources.update_waits():
        st.warning(checkout.NOTICE)
    _require_store()
    warned, trouble = resources.store_trouble(), resources.live().trouble
    if warned:
        (st.warning if warned.can_publish else st.error)(plain(warned.sentence))
    if trouble:
        st.error(plain(trouble))
    draw_outcome(besides=warned.sentence if warned else "")
    _draw_undo()
    PARTS[_choose_part()].draw(keeper)


def _require_store() -> None:
    """Go on only where the store answered when it was last asked; raises StoreUnavailable."""
    if resources.live().store_is_down:
        raise StoreUnavailable(resources.live().trouble)


def _draw_trouble(sentence: str) -> None:
    """Say once what keeps the rest of the page from being drawn, and offer to look again."""
    warned = resources.store_trouble()
    if warned and not warned.can_publish:
        sentence = warned.sentence
    draw_outcome(besides=sentence)
    st.error(plain(sentence))
    st.button("Try again", on_click=resources.live().look_now)


def _draw_outside() -> None:
    """Draw what anybody may do: sign in, and check a file where the settings allow it."""
    access.draw_sign_in()
    if not may_check(resources.settings(), None):
        draw_outcome()
        access.ask_for_file()
        if act.waiting():
            st.info(
                "Nothing was published. The file you had uploaded is still there: sign in, and "
                "you come back to it."
            )
        return
    _require_store()
    draw_outcome()
    st.header("Check a file without signing in")
    st.markdown("You see what is wrong in it, and a preview. Only a keeper can publish.")
    upload.draw(None)


def _choose_part() -> str:
    """Draw the choice between the parts; the address bar names the one that is open."""
    asked = st.query_params.get("part", "")
    following = st.session_state.pop(keys.OPEN_NEXT, None)
    if following:
        st.session_state[keys.PART] = following
    elif keys.PART not in st.session_state:
        st.session_state[keys.PART] = asked if asked in PARTS else "upload"
    waiting = len(resources.open_store().corrections(CorrectionStatus.WAITING))

    def label(part: str) -> str:
        return f"{PARTS[part].label} ({waiting})" if part == "corrections" else PARTS[part].label

    part = st.segmented_control(
        "What do you want to do?",
        list(PARTS),
        key=keys.PART,
        format_func=label,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    chosen = str(part or "upload")
    st.query_params["part"] = chosen
    return chosen


def _draw_undo() -> None:
    """Offer to go back to the version before the one this keeper has just made, while it is live.

    The first click asks, and only the second one does it.
    """
    made = st.session_state.get(keys.UNDO)
    is_at_another = st.session_state.get(keys.STAGED) and not st.session_state.get(keys.UNDOING)
    if not made or is_at_another or resources.open_store().live_number() != made:
        return
    before = made - 1  # versions are numbered without gaps
    if st.session_state.get(keys.UNDOING) != made:
        st.button(
            f"Undo version {made}", key=f"undo_{made}", on_click=act.ask_to_undo, args=(made,)
        )
        return
    st.warning(
        f"Go back to version {before}? Visitors then see its listings again. Version {made} stays "
        "in the history."
    )
    with st.container(horizontal=True):
        st.button(
            f"Yes, restore version {before}",
            key=f"undo_yes_{made}",
            type="primary",
            on_click=act.restore,
            args=(before, made),
        )
        st.button(f"No, keep version {made}", key="undo_no", on_click=act.ask_to_undo, args=(None,))


def draw_outcome(*, besides: str = "") -> None:
    """Say once what the last action did, unless the page says it anyway, `besides`."""
    said = st.session_state.pop(keys.OUTCOME, None)
    if said and said[1] != besides:
        good, sentence, is_live = said
        lines = map(plain, sentence.splitlines())
        (st.success if good else st.warning)("\n\n".join(lines))
        if is_live:
            frame.fine_print("Everybody sees a new version within a few seconds.")
