"""What a keeper's click does: stage, publish, restore, confirm, each in one call of the core.

Every action asks for access itself, so
that no replayed click gets past a page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from clinics.domain.kinds import first_day
from clinics.domain.ports import Change, LinkRefused, LiveMoved, StoreUnavailable
from clinics.domain.words import counted, plural
from clinics.intake.column_names import Matching
from clinics.intake.mending import MendedCell, mended
from clinics.publishing import last_link, plans
from clinics.publishing.access import Keeper
from clinics.publishing.merge import ASK, REPLACE
from clinics.publishing.plans import Plan
from clinics.publishing.publisher import NoSuchUpload, NotPublishable
from clinics.publishing.three_way import Choices
from ui import access, keys, preview, resources
from ui.manage import words

EXPECTED = (
    LiveMoved, NotPublishable, NoSuchUpload, StoreUnavailable, access.NotAllowed, LinkRefused,
)  # fmt: skip

UPLOAD = "upload"
"""Names the file that is being checked in the address bar, by its whole SHA-256: who does not
have the file cannot guess it."""

MENDED = "-mended"
"""How the name of a file ends that was mended on the page, so that both can be told apart."""

_SHA256 = re.compile("[0-9a-f]{64}")


def stage(
    data: bytes,
    filename: str,
    *,
    kind: Change = Change.PUBLISH,
    based_on: int | None = None,
    settles: tuple[int, ...] = (),
    matching: Matching | None = None,
) -> bool:
    """Keep a file and make it the one that is being checked; tell whether that was possible.

    The browser's copy is not used again. `based_on` is the version a change was made from, and
    `settles` are the corrections that it works in. `matching` is what was said of its columns.
    """
    try:
        access.require_checking()
        resources.refuse_unwritable()
        by_keeper = access.keeper() is not None
        plan = Plan(kind, based_on, settles, by_keeper, matching=matching)
        upload = resources.open_publisher().stage(data, filename, plan)
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


def fetch(address: str) -> bool:
    """Stage the file behind a link, for a keeper only, and remember it; tell if that worked."""
    try:
        keeper = _writer()
        found = resources.links().fetch(address)
        if not stage(found.data, found.filename):
            return False
        now = dt.datetime.now(dt.UTC)
        link = last_link.LastLink(address.strip(), found.filename, keeper.name, now)
        last_link.remember(resources.open_store(), link)
    except EXPECTED as problem:
        say(False, str(problem))
        return False
    return True


def forget_link() -> None:
    """Remember no link any more."""
    try:
        _writer()
        last_link.forget(resources.open_store())
    except EXPECTED as problem:
        say(False, str(problem))
        return
    say(True, "The link is forgotten.")


def ask_to_forget(sha256: str | None) -> None:
    """Ask whether a waiting file is to be forgotten; None asks no more."""
    st.session_state[keys.FORGETTING] = sha256


def forget(sha256: str) -> None:
    """Forget a waiting file."""
    ask_to_forget(None)
    try:
        upload = resources.open_publisher().forget(sha256, _writer())
    except EXPECTED as problem:
        say(False, str(problem))
        return
    say(True, f"“{upload.filename}” is forgotten.")


class Before(NamedTuple):
    """The file that a mended one was made from, and the cells that were written anew."""

    sha256: str
    cells: tuple[MendedCell, ...]


def mend(
    staged: resources.Staged, cells: tuple[MendedCell, ...], matching: Matching | None
) -> None:
    """Put a file with cells written anew in the place of the one that is being checked."""
    if st.session_state.get(keys.STAGED) != staged.sha256:
        return
    try:
        access.require_checking()
        upload = resources.open_store().upload(staged.sha256)
        data = resources.open_publisher().bytes_of(staged.sha256)
        data = mended(data, cells, staged.sheet, matching)
    except EXPECTED as problem:
        say(False, str(problem))
        return
    except ValueError as problem:
        say(False, f"{problem} Mend that in your spreadsheet first, and upload the file again.")
        return
    name = as_csv_name(upload.filename if upload else "", MENDED)
    state = st.session_state
    kind = Change(state.get(keys.KIND, Change.PUBLISH.value))
    settles = tuple(state.get(keys.SETTLES, ()))
    based_on = staged.based_on
    if stage(data, name, kind=kind, based_on=based_on, settles=settles, matching=matching):
        new = str(state[keys.STAGED])
        for key in (keys.MODE, keys.EDITION, keys.GOOD_ROWS, keys.NOTE):
            if key.format(staged.sha256) in state:
                state[key.format(new)] = state[key.format(staged.sha256)]
        if matching:
            state[keys.MATCHING.format(new)] = matching
        if new != staged.sha256:
            state[keys.MENDED.format(new)] = Before(staged.sha256, cells)


def mended_from(sha256: str) -> Before | None:
    """Return what a file was mended from on this page, or None."""
    found: Before | None = st.session_state.get(keys.MENDED.format(sha256))
    return found


def unmend() -> None:
    """Go back to the file as it was before it was mended."""
    before = mended_from(str(st.session_state.get(keys.STAGED, "")))
    if before:
        st.session_state[keys.STAGED] = before.sha256
        preview.stop()


def as_csv_name(filename: str, mark: str = "") -> str:
    """Return what a file is called as CSV."""
    stem, dot, _ = filename.rpartition(".")
    return f"{(stem if dot else filename or 'clinics').removesuffix(mark)}{mark}.csv"


def staged() -> resources.Staged:
    """Return the file that is being checked, and how it is to be used."""
    sha256 = str(st.session_state[keys.STAGED])
    based_on = st.session_state.get(keys.BASED_ON)
    live = resources.newest().dataset.version.id  # against another version they are no choices
    chosen = st.session_state.get(keys.CHOICES.format(sha256, live)) or Choices()
    return resources.Staged(
        sha256,
        str(
            st.session_state.get(keys.MODE.format(sha256)) or (ASK if based_on is None else REPLACE)
        ),
        bool(st.session_state.get(keys.GOOD_ROWS.format(sha256), False)),
        based_on,
        tuple(sorted((*cell, choice) for cell, choice in chosen.cells.items())),
        chosen.otherwise,
        st.session_state.get(keys.EDITION.format(sha256)),
        str(st.session_state.get(keys.SHEET.format(sha256)) or ""),
        st.session_state.get(keys.MATCHING.format(sha256)),
    )


def match(sha256: str, header: Sequence[str], columns: Mapping[str, str]) -> None:
    """Take what somebody says of a file's columns; what a keeper says is kept for the next file."""
    try:
        access.require_checking()
        keeper = access.keeper()
        if keeper:
            resources.refuse_unwritable()
            found = resources.open_publisher().match(sha256, header, columns, keeper)
        else:
            found = Matching(tuple(sorted(columns.items())))
    except EXPECTED as problem:
        say(False, str(problem))
        return
    st.session_state[keys.MATCHING.format(sha256)] = found
    st.session_state.pop(keys.REMATCH.format(sha256), None)
    resources.forget_candidates()
    preview.stop()


def rematch(sha256: str, *, again: bool) -> None:
    """Ask once more what the columns of a file are, or leave that as it was."""
    st.session_state[keys.REMATCH.format(sha256)] = again


def date_edition(*, known: bool) -> None:
    """Take of which day a keeper says a federal file is, or that it is not known."""
    sha256 = str(st.session_state.get(keys.STAGED))
    day = str(st.session_state.get(keys.EDITION_BOX.format(sha256)) or "").strip() if known else ""
    if known and first_day(day) is None:
        say(False, "The date needs a year, month or day, such as 2026, 2026-03 or 2026-03-14.")
        return
    st.session_state[keys.EDITION.format(sha256)] = day
    preview.stop()


def choose(cell: tuple[str, str], box: str) -> None:
    """Take what a keeper chose for one cell that was changed in the file and live."""
    live = resources.newest().dataset.version.id
    key = keys.CHOICES.format(st.session_state.get(keys.STAGED), live)
    chosen = st.session_state.get(key) or Choices()
    cells = {**chosen.cells, cell: str(st.session_state.get(box) or "")}
    st.session_state[key] = Choices(cells, chosen.otherwise)
    preview.stop()


def choose_all(choice: str) -> None:
    """Take the same for every cell that was changed in the file and live."""
    live = resources.newest().dataset.version.id
    key = keys.CHOICES.format(st.session_state.get(keys.STAGED), live)
    st.session_state[key] = Choices({}, choice)
    st.session_state[keys.ROUND] = st.session_state.get(keys.ROUND, 0) + 1
    preview.stop()


def choose_mode(mode: str | None = None) -> None:
    """Take what a file is said to be: by a button, or else by the box above."""
    sha256 = str(st.session_state.get(keys.STAGED))
    box = keys.MODE_BOX.format(sha256)
    if mode:
        st.session_state[box] = mode
    st.session_state[keys.MODE.format(sha256)] = st.session_state.get(box)
    preview.stop()


def comparison(staged: resources.Staged, live: int) -> str:
    """Name one review of a file, so that an answer given to it is no answer to another one."""
    chosen = f"{hash((staged.choices, staged.otherwise, staged.edition)):x}"
    return f"{staged.sha256}_{staged.mode}_{staged.good_rows_only}_{chosen}_{live}{staged.sheet}"


def come_back() -> None:
    """Go on with the file that the address names, as after a restart; raises StoreUnavailable."""
    if not st.session_state.get(keys.STAGED) and (sha256 := waiting()):
        go_on(sha256)


def go_on(sha256: str) -> None:
    """Make a staged file the one that is being checked, for what it was staged; else say why not.

    Raises StoreUnavailable.
    """
    upload = resources.open_store().upload(sha256)
    if upload is None:
        say(False, str(NoSuchUpload()))
        return
    plan = plans.from_text(upload.plan)
    st.session_state[keys.STAGED] = sha256
    st.session_state[keys.BASED_ON] = plan.based_on
    st.session_state[keys.KIND] = plan.kind.value
    st.session_state[keys.SETTLES] = plan.settles
    for key, said in ((keys.MODE, plan.mode), (keys.SHEET, plan.sheet)):
        if said:
            st.session_state.setdefault(key.format(sha256), said)
    preview.stop()


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
    """Name the file that is being checked in the address, so that a new session finds it."""
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


def go_back() -> None:
    """Open the part again from which a listing was opened, as the queue of corrections."""
    came_from = st.session_state.pop(keys.CAME_FROM, None)
    if came_from:
        st.session_state[keys.OPEN_NEXT] = came_from


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
            allowed=[
                brake.column
                for brake in candidate.review.brakes
                if answers.get(keys.ALLOWED.format(brake.column, review))
            ],
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
    if kind is not Change.PUBLISH:
        go_back()
    said = f"Version {number} is live: {words.changes(candidate.review)}."
    say(True, said, is_live=True, made=number)


def restore(number: int, live: int) -> None:
    """Make an old version the newest."""
    try:
        made = resources.open_publisher().restore(number, _writer(), expected_live=live)
    except EXPECTED as problem:
        say(False, str(problem))
        return
    finally:
        resources.live().look_now()
    st.session_state.pop(keys.UNDOING, None)
    said = f"Version {made} is live. It is the same as version {number}."
    say(True, said, is_live=True, made=made)


def confirm(ids: Collection[str]) -> None:
    """Note that these listings were checked today and nothing has changed."""
    try:
        before = resources.open_store().live_number()
        made = resources.open_publisher().confirm(ids, _writer(), resources.today())
    except EXPECTED as problem:
        say(False, str(problem))
        return
    finally:
        resources.live().look_now()
    these, are = counted(len(ids), "listing"), plural(len(ids), "is", "are")
    for id in ids:
        st.session_state[keys.CHOSEN.format(id)] = False
    said = f"{these} {are} marked as checked today (version {made})."
    say(True, said, is_live=True, made=made if made > before else 0)


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


def say(good: bool, sentence: str, *, is_live: bool = False, made: int = 0) -> None:
    """Keep one sentence for the next run to show; `is_live` when visitors see the outcome.

    `made` is the version that this action made, which can be undone.
    """
    st.session_state[keys.OUTCOME] = (good, sentence, is_live)
    if made:
        st.session_state[keys.UNDO] = made


def ask_to_undo(version: int | None) -> None:
    """Ask whether a version is to be undone; None asks no more."""
    st.session_state[keys.UNDOING] = version
