"""Every version: who, when, why, what changed; compare, download, restore."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from clinics.domain.ports import VersionRecord
from clinics.publishing.access import Keeper
from ui import access, frame, keys, resources
from ui.manage import act, review, words
from ui.text import plain

PAGE = 50


def draw(keeper: Keeper) -> None:
    """Draw the list of versions, and what can be done with one of them."""
    store = resources.open_store()
    live = store.live_number()
    if not live:
        st.markdown(
            "Nothing was published yet. What visitors see is version 0, the file that came with "
            "the service."
        )
        _draw_download(keeper, 0)
        return
    count = live + 1  # they are numbered from 0, without gaps
    pages = -(-count // PAGE)
    here = st.container()
    page = min(pages, st.pagination(pages, key="history_page") if pages > 1 else 1)
    versions = store.versions(limit=PAGE, before=count - (page - 1) * PAGE)
    with here:
        st.markdown("\n".join(f"- {_line(record, live)}" for record in versions))
    _draw_one(keeper, versions, live)
    _draw_difference(range(live, -1, -1))
    _draw_changes(keeper)


def _draw_changes(keeper: Keeper) -> None:
    st.header("Every change", anchor=False)
    frame.fine_print(
        "One row for each cell that a version changed: before, after, who says so, where and of "
        "when, and when a keeper decided. It names no keeper, so it can be passed on."
    )
    st.download_button(
        "Download changes.csv",
        access.while_signed_in(keeper, lambda: resources.open_publisher().changes()),
        file_name="changes.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _line(record: VersionRecord, live: int) -> str:
    """Say all about a version in one line."""
    differs = record.added or record.changed or record.removed
    counts = words.changed(record.added, record.changed, record.removed)
    counts = f"{record.clinics:,} listings" + (f" ({counts})" if differs else "")
    mark = " **Live now.**" if record.number == live else ""
    note = f" “{plain(record.note)}”" if record.note else ""
    who = f", by {plain(record.who)}" if record.who else ""
    return f"{plain(words.version(record))}{who}. {counts}.{note}{mark}"


def _draw_one(keeper: Keeper, versions: tuple[VersionRecord, ...], live: int) -> None:
    st.header("One version", anchor=False)
    by_number = {record.number: record for record in versions}
    number = st.selectbox(
        "Version",
        list(by_number),
        format_func=lambda n: words.version(by_number[n]),
        key=keys.VERSION,
    )
    if number is None:
        return
    record = by_number[number]
    with st.container(horizontal=True):
        _draw_download(keeper, number)
        if record.upload_sha256:
            st.download_button(
                "The file as it was uploaded",
                access.while_signed_in(
                    keeper, lambda: resources.open_publisher().bytes_of(record.upload_sha256)
                ),
                file_name=f"upload-of-version-{number}.csv",
                on_click="ignore",
            )
        st.download_button(
            "What was found when it was checked (JSON)",
            access.while_signed_in(
                keeper, lambda: (resources.open_store().report(number) or "{}").encode()
            ),
            file_name=f"report-of-version-{number}.json",
            mime="application/json",
            on_click="ignore",
        )
    if number != live:
        st.button(
            f"Restore version {number}",
            key=f"restore_{number}",
            on_click=act.restore,
            args=(number, live),
            type="primary",
        )
        frame.fine_print("This makes a new version with the same listings. Nothing is lost.")
    else:
        frame.fine_print("This one is live. To go back to an older one, choose it above.")


def _draw_download(keeper: Keeper, number: int) -> None:
    st.download_button(
        f"Download version {number} (CSV)",
        access.while_signed_in(keeper, lambda: resources.open_publisher().table(number)),
        file_name=f"clinics-version-{number}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"download_{number}",
    )


def _draw_difference(numbers: Sequence[int]) -> None:
    st.header("What differs between two versions", anchor=False)
    left, right = st.columns(2)
    older = left.selectbox("From version", numbers, index=1, key=keys.OLDER)
    newer = right.selectbox("To version", numbers, index=0, key=keys.NEWER)
    if older is None or newer is None or older == newer:
        st.markdown("Choose two different versions.")
        return
    difference = resources.difference(older, newer)
    st.markdown(f"From version {older} to version {newer}: {words.changes(difference.review)}.")
    review.draw_review(difference.review, difference.names, key=f"{older}_{newer}", published=True)
