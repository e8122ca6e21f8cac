"""Review and publish: what a file would change, a preview of it, and the one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from clinics.domain.words import counted
from clinics.present import map as maps
from clinics.present import map_of_moves
from clinics.publishing.access import Keeper
from clinics.publishing.diff import Review
from clinics.publishing.merge import ADD, REPLACE
from clinics.publishing.publisher import Candidate
from clinics.publishing.three_way import FILE, LIVE, Conflict
from clinics.settings import tiles_from
from ui import frame, keys, preview, resources
from ui.manage import act, words
from ui.text import plain

SHOWN = 500
"""At most this many lines of a comparison are drawn; the box above narrows them down."""

FEW = 4
"""So many moves are drawn at their own height; more of them scroll."""

FEW_LINES = 10
"""So many changes are drawn as a table that wraps, as a phone needs it, and need no search."""

SHOWN_ROWS = 50
"""At most this many rows that are left out are named."""

CONFLICTS, CUT = 20, 80
"""So many conflicts stand on one page, and so much of what a cell was before."""

Rows = dict[str, list[str]]


def draw(candidate: Candidate, keeper: Keeper | None) -> None:
    """Draw what would change, and below it what a keeper can do about it."""
    sha256 = candidate.upload.sha256
    st.header("Review", anchor=False)
    unusable = candidate.checked.table.empty
    if unusable:
        st.markdown("There is nothing to compare: no row of the file can be used.")
    elif candidate.is_undecided:
        st.markdown("Say above what this file is; then you see what would change.")
    else:
        live = resources.newest().dataset.table
        names = _names(live) | _names(candidate.table)
        draw_review(candidate.review, names, key=sha256, table=candidate.table)
    if candidate.conflicts:
        _draw_conflicts(candidate)
    _draw_good_rows(candidate)
    if not unusable and not candidate.is_undecided:
        _draw_preview()
    st.header("Publish", anchor=False)
    if keeper is None:
        st.markdown("To publish this file, sign in above. It stays here meanwhile.")
        return
    _draw_publish(candidate)


def _names(table: object) -> dict[str, str]:
    ids, names, cities = (table[column] for column in ("id", "name", "city"))  # type: ignore[index]
    return {id: f"{name}, {city}" for id, name, city in zip(ids, names, cities, strict=True)}


def draw_review(
    review: Review,
    names: Mapping[str, str],
    *,
    key: str,
    published: bool = False,
    table: pd.DataFrame | None = None,
) -> None:
    """Draw a comparison of two tables: the numbers, each kind in a list, and what moves.

    `published` is for two versions, of which nothing would happen: it has happened. Of `table`
    new listings are shown whole.
    """
    gone = "Taken out" if published else "Would disappear"
    counts = {
        "New": len(review.added),
        "Changed": len(review.changed),
        gone: len(review.gone),
        "The same": review.unchanged,
    }
    if not published:
        counts["Left out"] = review.left_out
    with st.container(horizontal=True, gap="medium"):
        for label, count in counts.items():
            st.metric(label, f"{count:,}", width="content")
    kinds = [label for label in ("New", "Changed", gone) if counts[label]]
    if kinds:
        _draw_lists(review, names, kinds, counts, key, table)
    if review.moves:
        _draw_moves(review, key)


def _draw_lists(
    review: Review,
    names: Mapping[str, str],
    kinds: list[str],
    counts: Mapping[str, int],
    key: str,
    table: pd.DataFrame | None,
) -> None:
    kind: str | None = kinds[0]
    if len(kinds) > 1:
        kind = st.segmented_control(
            "Show",
            kinds,
            key=keys.SHOWN.format(key),
            format_func=lambda label: f"{label} ({counts[label]:,})",
            default=kinds[-1] if review.gone else kinds[0],
            required=True,
        )
    if kind == "Changed":
        rows = _changed_rows(review, published="Taken out" in counts)
    elif kind == "New" and table is not None:
        rows = _whole_rows(review.added, names, table)
    else:
        ids = review.added if kind == "New" else review.gone
        rows = {"Clinic": [names.get(id, id) for id in ids], "Id": list(ids)}
    if kind == "Changed" and len(rows["Id"]) <= FEW_LINES:
        said = {name: list(map(plain, cells)) for name, cells in rows.items() if name != "Id"}
        st.table(said, hide_index=True, border="horizontal")
        return
    sought = ""
    if len(rows["Id"]) > FEW_LINES:
        sought = st.text_input("Find in these", type="search", key=keys.SOUGHT.format(key)) or ""
    found = _narrowed(rows, sought)
    total = len(found["Id"])
    st.dataframe({name: cells[:SHOWN] for name, cells in found.items()}, hide_index=True)
    if total > SHOWN:
        frame.fine_print(f"The first {SHOWN} of {total:,} lines. Type above to narrow them down.")


def _whole_rows(ids: Sequence[str], names: Mapping[str, str], table: pd.DataFrame) -> Rows:
    """Return new listings with all that they state; a column that none of them states is left."""
    new = table.set_index("id").loc[list(ids)]
    stated = [column for column in new.columns if (new[column] != "").any()]
    said = {column: new[column].tolist() for column in stated if column not in ("name", "city")}
    return {"Clinic": [names.get(id, id) for id in ids], **said, "Id": list(ids)}


def _changed_rows(review: Review, *, published: bool) -> Rows:
    lines = [(clinic, field) for clinic in review.changed for field in clinic.fields]
    return {
        "Clinic": [f"{clinic.name}, {clinic.city}" for clinic, _ in lines],
        "Column": [field.column for _, field in lines],
        "Before" if published else "Now": [field.old or "(empty)" for _, field in lines],
        "After" if published else "Will be": [field.new or "(empty)" for _, field in lines],
        "Id": [clinic.id for clinic, _ in lines],
    }


def _narrowed(rows: Rows, sought: str) -> Rows:
    """Keep the lines that have every word in one of their cells."""
    wanted = sought.casefold().split()
    lines = zip(*rows.values(), strict=True)
    kept = [line for line in lines if all(w in " ".join(line).casefold() for w in wanted)]
    columns: Sequence[Sequence[str]] = list(zip(*kept, strict=True)) or [()] * len(rows)
    return {name: list(cells) for name, cells in zip(rows, columns, strict=True)}


def _draw_moves(review: Review, key: str) -> None:
    """Draw where listings move from and to."""
    settings, home = resources.settings(), resources.bundled().site.map_center
    moved = counted(len(review.moves), "moves", "move")
    st.markdown(f"**{moved} on the map**, the farthest first:")
    far = sorted(review.moves, key=lambda move: -move.miles)[:SHOWN]
    st.dataframe(
        {"Clinic": [m.name for m in far], "Miles": [round(m.miles, 1) for m in far]},
        hide_index=True,
        height=200 if len(far) > FEW else "content",
    )
    center, zoom = map_of_moves.view_of_moves(far)
    st_folium(
        maps.base_map(tiles_from(settings.tiles, settings.tiles_attribution), home),
        key=f"moves_{key}",
        height=360,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=map_of_moves.moves_layer(far),
        center=center,
        zoom=zoom,
    )


def _draw_conflicts(candidate: Candidate) -> None:
    """Let a keeper choose, cell by cell, where the file and others changed the same one."""
    conflicts = candidate.conflicts
    number, left = len(conflicts), sum(not conflict.choice for conflict in conflicts)
    st.subheader("Changed in the file and live", anchor=False)
    st.markdown(
        f"{counted(number, 'cell')}, changed in the file and otherwise live since version "
        f"{candidate.made_from}. Choose what is right for each; "
        f"{f'{left:,} still to choose' if left else 'all are chosen'}."
    )
    with st.container(horizontal=True):
        for choice, label in ((LIVE, "Keep all as they are live"), (FILE, "Take all of the file")):
            st.button(label, key=f"all_{choice}", on_click=act.choose_all, args=(choice,))
    pages, here = -(-number // CONFLICTS), st.container()
    key = keys.CONFLICTS_PAGE.format(candidate.upload.sha256)
    page = min(pages, st.pagination(pages, key=key) if pages > 1 else 1)
    with here:
        for conflict in conflicts[(page - 1) * CONFLICTS : page * CONFLICTS]:
            _draw_conflict(candidate, conflict)


def _cut(cell: str) -> str:
    """Return the beginning of a cell, of one that only helps to know what it is about."""
    return f"{cell[:CUT]}…" if len(cell) > CUT else cell or "(empty)"


def _draw_conflict(candidate: Candidate, conflict: Conflict) -> None:
    said = {
        LIVE: f"Live: {conflict.live or '(empty)'}",
        FILE: f"File: {conflict.file or '(empty)'}",
    }
    drawn = f"{candidate.upload.sha256}_{candidate.live}_{st.session_state.get(keys.ROUND, 0)}"
    box = keys.CHOICE.format(drawn, conflict.id, conflict.column)
    st.radio(
        plain(f"{conflict.name}, {conflict.column}; it was “{_cut(conflict.base)}”"),
        list(said),
        index=list(said).index(conflict.choice) if conflict.choice else None,
        key=box,
        format_func=lambda choice: plain(said[choice]),
        on_change=act.choose,
        args=((conflict.id, conflict.column), box),
    )


def _draw_good_rows(candidate: Candidate) -> None:
    """Offer to leave the bad rows out; never chosen beforehand, and said by number."""
    left_out = candidate.report.left_out
    if not left_out or not len(candidate.checked.table):
        return
    st.checkbox(
        f"Use the good rows only, and leave {counted(left_out, 'row')} out",
        key=keys.GOOD_ROWS.format(candidate.upload.sha256),
        persist_state="session",
        on_change=preview.stop,
    )
    named = ", ".join(map(str, candidate.rows_left_out[:SHOWN_ROWS]))
    more = left_out - len(candidate.rows_left_out[:SHOWN_ROWS])
    frame.fine_print(
        f"Left out: row {named}{f' and {more:,} more' if more > 0 else ''}; why is said under "
        "“To be mended” above. A listing of theirs that is live already stays as it is."
    )


def _draw_preview() -> None:
    if st.button("Preview: browse the directory with this file", key="preview"):
        preview.start(act.staged())
        st.switch_page("find.py")
    frame.fine_print("Only you see it, in this browser tab, until you end it.")


def _draw_brakes(candidate: Candidate, seen: str) -> None:
    """Draw what stops the file: what would go or move, and each column that was ruined."""
    staged, review = act.staged(), candidate.review
    if review.breaker:
        st.warning(plain(review.breaker))
        st.number_input(
            f"Type {review.number_to_type} to go on all the same",
            value=None,
            step=1,
            min_value=0,
            key=keys.TYPED.format(seen),
        )
        if review.gone and candidate.mode == REPLACE and staged.based_on is None:
            st.button(
                "The file has only new and changed listings: keep all others",
                key="only_add",
                on_click=act.choose_mode,
                args=(ADD,),
            )
    for brake in review.brakes:
        st.warning(plain(brake.sentence))
        st.checkbox(
            f"The column {brake.column} is right: {counted(brake.count, 'cell')} may change so",
            key=keys.ALLOWED.format(brake.column, seen),
        )


def _draw_edition(sha256: str) -> None:
    """Ask once of which day a federal file is."""
    st.text_input(
        "Date of this edition, such as 2026 or 2026-03", key=keys.EDITION_BOX.format(sha256)
    )
    with st.container(horizontal=True):
        for known, label in ((True, "This is its date"), (False, "Its date is not known")):
            st.button(label, on_click=act.date_edition, kwargs={"known": known})


def _draw_publish(candidate: Candidate) -> None:
    """Draw what must be answered before publishing, and the button."""
    staged, review = act.staged(), candidate.review
    seen = act.comparison(staged, candidate.live)
    if candidate.is_undecided and candidate.report.publishable:
        st.markdown("Say above what this file is; then it can be published.")
        return
    if candidate.refusal:
        st.warning(plain(candidate.refusal))
        if candidate.asks_day:
            _draw_edition(staged.sha256)
        return
    _draw_brakes(candidate, seen)
    if candidate.has_warnings:
        st.checkbox(
            "I have looked at everything under “To look at”",
            key=keys.ACKNOWLEDGED.format(seen),
        )
    st.text_input(
        "A note for the history (optional)",
        max_chars=300,
        key=keys.NOTE.format(staged.sha256),
        persist_state="session",
    )
    st.button(
        f"Publish: {words.changes(review)}",
        # A tab that lost its session sends its click to a page that is drawn anew, perhaps for
        # another use of the file or against another version: there it is no click.
        key=f"publish_{seen}",
        type="primary",
        on_click=act.publish,  # with what is drawn here, not with what is live after the click
        args=(staged, candidate.live),
    )
