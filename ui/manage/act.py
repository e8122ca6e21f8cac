"""What a keeper's click does: stage, publish, restore, confirm, each in one call of the core.

Every action asks for access itself, so
that no replayed click gets past a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import streamlit as st

from clinics.domain.ports import Change, LiveMoved, StoreUnavailable
from clinics.domain.words import counted, plural
from clinics.publishing.access import Keeper
from clinics.publishing.merge import REPLACE
from clinics.publishing.publisher import NoSuchUpload, NotPublishable
from ui import access, keys, preview, resources
from ui.manage import words

EXPECTED = (LiveMoved, NotPublishable, NoSuchUpload, StoreUnavailable, access.NotAllowed)

UPLOAD = "upload"
"""Names the file that is being checked in the address bar, by its whole SHA-256: who does not
have the file cannot guess it."""

_SHA256 = re.compile("[0-9a-f]{64}")


def stage(
    data: bytes,
    filename: str,
    *,
    kind: Change = Change.PUBLISH,
    based_on: int | None = None,
    settles: tuple[int, ...] = (),
) -> bool:
    """Keep a file and make it the one that is being checked; tell whether that was possible.

    The browser's copy is not used again. `based_on` is the version a change was made from, and
    `settles` are the corrections that it works in.
    """
    try:
        access.require_checking()
        resources.refuse_unwritable()
        by_keeper = access.keeper() is not None
        upload = resources.open_publisher().stage(data, filename, by_keeper=by_keeper)
    except EXPECTED as problem:
        say(False, str(problem))
        return False
    st.session_state[keys.STAGED] = upload.sha256
    st.session_state[keys.BASED_ON] = based_on
    st.session_state[keys.KIND] = kind.value
    st.session_state[keys.SETTLES] = settles
    st.session_state[keys.ROUND] = st.session_state.get(keys.ROUND, 0) + 1
    preview.stop()
    return True


def staged() -> resources.Staged:
    """Return the file that is being checked, and how it is to be used."""
    sha256 = str(st.session_state[keys.STAGED])
    return resources.Staged(
        sha256,
        str(st.session_state.get(keys.MODE.format(sha256)) or REPLACE),
        bool(st.session_state.get(keys.GOOD_ROWS.format(sha256), False)),
        st.session_state.get(keys.BASED_ON),
    )


def comparison(staged: resources.Staged, live: int) -> str:
    """Name one review of a file, so that an answer given to it is no answer to another one."""
    return f"{staged.sha256}_{staged.mode}_{staged.good_rows_only}_{live}"


def come_back() -> None:
    """Go on with the file that the address names, as after a restart; raises StoreUnavailable."""
    if not st.session_state.get(keys.STAGED) and (sha256 := waiting()):
        st.session_state[keys.STAGED] = sha256


def waiting() -> str:
    """Return the SHA-256 of the file that the address names, or "" if none waits under it.

    Raises StoreUnavailable.
    """
    sha256 = st.query_params.get(UPLOAD, "")
    store = resources.open_store()
    if not _SHA256.fullmatch(sha256) or store.upload(sha256) is None:
        return ""
    # The process may have ended after it published the file and before it said so.
    is_live = any(record.upload_sha256 == sha256 for record in store.versions(limit=1))
    return "" if is_live else sha256


def name_in_address() -> None:
    """Name the file that is being checked in the address, so that a new session finds it.

    Not one that a change of listings was made into: with the session goes what it was made from.
    """
    if st.session_state.get(keys.KIND, Change.PUBLISH.value) != Change.PUBLISH.value:
        st.query_params.pop(UPLOAD, None)
    elif st.session_state.get(keys.BASED_ON) is None:
        st.query_params[UPLOAD] = str(st.session_state[keys.STAGED])


def let_go() -> None:
    """Put the file aside; nothing of it was published."""
    st.query_params.pop(UPLOAD, None)
    for key in (keys.STAGED, keys.BASED_ON, keys.KIND, keys.SETTLES):
        st.session_state.pop(key, None)
    preview.stop()


def go_to(part: str) -> None:
    """Open another part of the keeper's page; only before its choice is drawn."""
    st.session_state[keys.PART] = part
    st.query_params["part"] = part


def publish(staged: resources.Staged, live: int) -> None:
    """Publish a file as it was reviewed against version `live`, and say what came of it.

    The second click of a double click finds the file put aside, and does nothing.
    """
    if st.session_state.get(keys.STAGED) != staged.sha256:
        return
    answers, review = st.session_state, comparison(staged, live)
    kind = Change(st.session_state.get(keys.KIND, Change.PUBLISH.value))
    settles = tuple(st.session_state.get(keys.SETTLES, ()))
    try:
        keeper = _writer()
        candidate = resources.reviewed(staged, live)
        number = resources.open_publisher().publish(
            candidate,
            keeper,
            str(answers.get(keys.NOTE.format(staged.sha256)) or ""),
            typed=answers.get(keys.TYPED.format(review)),
            acknowledged=bool(answers.get(keys.ACKNOWLEDGED.format(review))),
            kind=kind,
            settles=settles,
        )
    except EXPECTED as problem:
        say(False, str(problem))
        return
    finally:
        resources.live().look_now()
    if settles:
        resources.correction_figures.clear()
    let_go()
    say(True, f"Version {number} is live: {words.changes(candidate.review)}.", is_live=True)


def restore(number: int, live: int) -> None:
    """Make an old version the newest."""
    try:
        made = resources.open_publisher().restore(number, _writer(), expected_live=live)
    except EXPECTED as problem:
        say(False, str(problem))
        return
    finally:
        resources.live().look_now()
    say(True, f"Version {made} is live. It is the same as version {number}; to undo this, "
              f"restore version {live}.", is_live=True)  # fmt: skip


def confirm(ids: Collection[str]) -> None:
    """Note that these listings were checked today and nothing has changed."""
    try:
        made = resources.open_publisher().confirm(ids, _writer(), resources.today())
    except EXPECTED as problem:
        say(False, str(problem))
        return
    finally:
        resources.live().look_now()
    these, are = counted(len(ids), "listing"), plural(len(ids), "is", "are")
    say(True, f"{these} {are} marked as checked today (version {made}).", is_live=True)


def reject(correction: int) -> None:
    """Reject a correction with the reason that was written."""
    reason = str(st.session_state.get(keys.REASON.format(correction), "")).strip()
    if not reason:
        say(False, "A reason is needed, in a few words. It stays with the correction.")
        return
    try:
        keeper = _writer()
        rejected = resources.open_store().reject_correction(correction, keeper.name, reason[:300])
    except EXPECTED as problem:
        say(False, str(problem))
        return
    resources.correction_figures.clear()
    say(rejected, "The correction is rejected." if rejected else "It was handled meanwhile.")


def _writer() -> Keeper:
    """Return the keeper of this session; raises NotAllowed, and StoreUnavailable."""
    keeper = access.require()
    resources.refuse_unwritable()
    return keeper


def say(good: bool, sentence: str, *, is_live: bool = False) -> None:
    """Keep one sentence for the next run to show; `is_live` when visitors see the outcome."""
    st.session_state[keys.OUTCOME] = (good, sentence, is_live)
