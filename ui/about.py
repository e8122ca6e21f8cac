"""The words and figures of the about page; every figure is counted from the data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import streamlit as st
from markupsafe import Markup

from clinics import bootstrap
from clinics.domain.language import ENGLISH, Sentences, say, say_html, spoken
from clinics.domain.ports import StoreUnavailable, VersionRecord
from clinics.domain.words import as_dated, day
from clinics.present.html import own_words
from clinics.search.dataset import Dataset
from clinics.settings import NONE, Settings
from ui import plain as plain_pages
from ui import resources
from ui.manage import figures, words
from ui.text import plain

CHANGES = 10
"""So many days of changes are shown."""

COOKIES = Sentences({"_streamlit_xsrf": "about.cookie_xsrf"})
"""What every visitor's browser keeps: the name of a cookie, and what it is for."""

ACCOUNT_COOKIES = Sentences(
    {
        "_streamlit_session": "about.cookie_session",
        "_streamlit_user": "about.cookie_user",
        "_streamlit_user_tokens": "about.cookie_tokens",
    }
)
"""The same for keepers who sign in with an account."""


def on_cloud() -> bool:
    """Return True if this visitor is on Streamlit Community Cloud."""
    host = urlsplit(st.context.url or "").hostname or ""
    return bootstrap.on_cloud() or host.endswith(".streamlit.app")


def draw_data(dataset: Dataset) -> None:
    """Say how many listings there are, and from which sources."""
    st.header(say("about.where_from"))
    sources = Counter(dataset.table["source"])
    st.markdown(
        say(
            "about.listings",
            n=len(dataset),
            dated=_dated(dataset),
            confirmed=_confirmed(dataset),
        )
    )
    _draw_sources(sources.most_common())
    looked = figures.looked()
    if looked:
        st.markdown(f"{say('about.looked_at')}\n\n{looked}")


def _draw_sources(counts: Sequence[tuple[str, int]]) -> None:
    """List the sources; in another language they are marked as what they are, English."""
    if spoken() == ENGLISH:
        lines = [say("about.count_from", n=n, source=plain(source)) for source, n in counts]
        st.markdown("\n".join(f"- {line}" for line in lines))
        return
    rows = [say_html("about.count_from", n=n, source=own_words(source)) for source, n in counts]
    st.html(Markup("<ul>{}</ul>").format(Markup("").join(map(Markup("<li>{}</li>").format, rows))))


def _dated(dataset: Dataset) -> str:
    """Say of when the listings are: as they came, or last changed on a day, and their sources."""
    published, newest = dataset.version.published, dataset.newest_source
    if published and newest:
        return say("about.changed_newest", day=day(published), newest=as_dated(newest))
    if published:
        return say("about.changed_on", day=day(published))
    return say("about.came_newest", newest=as_dated(newest)) if newest else say("about.came")


def _confirmed(dataset: Dataset) -> str:
    """Say how many listings a keeper has confirmed, ever."""
    confirmed = int((dataset.table["last_checked"] != "").sum())
    return say("about.confirmed", n=confirmed) if confirmed else say("about.none_confirmed")


def draw_figures(dataset: Dataset, today: dt.date) -> None:
    """Say how complete and how fresh the listings are, and how corrections are handled."""
    st.header(say("about.how_complete"))
    figures.draw_tables(dataset, today)
    st.markdown(say("about.dashed_pin"))
    corrections = resources.correction_figures()
    if corrections:
        st.markdown(say("about.corrections", figures=corrections.sentence))


def draw_changes() -> None:
    """Say what changed on the last days on which anything did; nobody is named."""
    st.header(say("about.changes"))
    try:
        versions = resources.latest_versions()
    except StoreUnavailable:
        st.markdown(say("about.changes_not_shown"))
        return
    days = _by_day(versions)
    came = say("about.all_listings", n=len(resources.bundled().dataset))
    if not days:
        st.markdown(say("about.nothing_changed", listings=came))
        return
    lines = [f"- {day(date)}: {words.changed(*days[date])}." for date in list(days)[:CHANGES]]
    if len(days) <= CHANGES and versions[-1].number == 0:
        lines.append(f"- {say('about.before_that', listings=came)}")
    st.markdown("\n".join(lines))


def _by_day(versions: Sequence[VersionRecord]) -> dict[dt.date, tuple[int, int, int]]:
    """Count what was published on each day, newest first, by the clock of the directory's area."""
    zone = ZoneInfo(resources.bundled().site.time_zone)
    days: dict[dt.date, tuple[int, int, int]] = {}
    for version in versions:
        if version.number == 0:
            continue
        day = version.published.astimezone(zone).date()
        added, changed, removed = days.get(day, (0, 0, 0))
        counts = (added + version.added, changed + version.changed, removed + version.removed)
        days[day] = counts
    return days


def draw_for_other_sites() -> None:
    """Say how another site can show a search, and where the listings are as data."""
    st.header(say("about.other_sites"))
    frame = say("about.frame_on_cloud") if on_cloud() else say("about.frame")
    st.markdown(f"{frame} {say('about.as_data', address='./api')}")
    if not on_cloud():
        st.code(plain_pages.embed_snippet(), language="html", wrap_lines=True)


def draw_keepers() -> None:
    """Lead keepers to their page, quietly."""
    if resources.store() is None:
        return
    st.page_link("manage.py", label=say("about.keepers"))


def draw_privacy(settings: Settings) -> None:
    """Say what happens to what a visitor types."""
    st.header(say("about.visit"))
    st.markdown(say("about.nothing_stored"))
    if on_cloud():
        st.markdown(say("about.kept_by_cloud"))
    st.markdown(say("about.words_kept"))
    if settings.geocoder_url != NONE:
        st.markdown(say("about.addresses"))
    if settings.tiles != NONE:
        st.markdown(say("about.map"))
    _draw_cookies()


def _draw_cookies() -> None:
    """List every cookie by its name, and what else stays in a browser."""
    st.header(say("about.cookies"))
    st.markdown(say("about.cookies_lead"))
    st.markdown(_listed(COOKIES))
    if resources.openid_providers():
        st.markdown(say("about.cookies_account"))
        st.markdown(_listed(ACCOUNT_COOKIES))
    st.markdown(say("about.light_or_dark"))


def _listed(cookies: Mapping[str, str]) -> str:
    return "\n".join(f"- `{name}`: {purpose}." for name, purpose in cookies.items())


def draw_limits() -> None:
    """Say what the directory does not promise."""
    st.header(say("about.limits"))
    st.markdown(say("about.limits_text"))
    st.markdown(say("about.no_advice"))


def draw() -> None:
    """Draw where the data comes from, how old it is, what is kept of a visit, and the limits."""
    dataset = resources.directory().dataset
    st.title(say("about.title"))
    draw_data(dataset)
    draw_figures(dataset, resources.today())
    draw_changes()
    draw_privacy(resources.settings())
    draw_limits()
    draw_for_other_sites()
    draw_keepers()
