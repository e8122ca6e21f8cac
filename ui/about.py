"""The words and figures of the about page; every figure is counted from the data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from clinics import bootstrap
from clinics.domain.ports import StoreUnavailable, VersionRecord
from clinics.domain.words import as_dated, day
from clinics.search.dataset import Dataset
from clinics.settings import NONE, Settings
from ui import plain as plain_pages
from ui import resources
from ui.manage import figures, words
from ui.text import plain

CHANGES = 10
"""So many days of changes are shown."""

COOKIES = {
    "_streamlit_xsrf": "a random number. It shows that a file came from this page, and not from "
    "another site that acts in your name. It is gone when you close your browser",
}
"""What every visitor's browser keeps: the name of a cookie, and what it is for."""

ACCOUNT_COOKIES = {
    "_streamlit_session": "holds the steps of signing in together, and is gone once you are in",
    "_streamlit_user": "says which account you signed in with. It is gone when you sign out, or "
    "after 30 days",
    "_streamlit_user_tokens": "goes with it, and is gone as soon",
}
"""The same for keepers who sign in with an account."""


_FRAME = (
    "Copy these lines into a page of yours. They show the first clinics of the search you made "
    "last here, always up to date, and set no cookie."
)
_FRAME_ON_CLOUD = (
    "This site is on Streamlit Community Cloud, which shows every address inside a page of its "
    "own, so a list of clinics cannot be shown on another site from here. Link to a search "
    "instead: its address has all of it. Where this service is hosted elsewhere, it can be shown."
)
_KEPT_BY_CLOUD = (
    "This site is on Streamlit Community Cloud. That platform sets a cookie of its own for your "
    "visit, and keeps its own logs and statistics of visits. This service cannot switch them off."
)


def on_cloud() -> bool:
    """Return True if this visitor is on Streamlit Community Cloud."""
    host = urlsplit(st.context.url or "").hostname or ""
    return bootstrap.on_cloud() or host.endswith(".streamlit.app")


def draw_data(dataset: Dataset) -> None:
    """Say how many listings there are, and from which sources."""
    st.header("Where the listings come from")
    sources = Counter(dataset.table["source"])
    st.markdown(
        f"There are {len(dataset):,} listings. {_dated(dataset)} {_confirmed(dataset)} "
        "Each listing names its source, of when that source is where it has a date, and the day "
        "on which we confirmed the listing, where we did."
    )
    st.markdown(
        "\n".join(f"- {count} from: {plain(source)}" for source, count in sources.most_common())
    )
    looked = figures.looked()
    if looked:
        st.markdown(
            "A keeper can have public sources looked at for what has changed, and decides on each "
            f"proposal. Nothing is published without that.\n\n{looked}"
        )


def _dated(dataset: Dataset) -> str:
    """Say of when the listings are: as they came, or last changed on a day, and their sources."""
    published, newest = dataset.version.published, dataset.newest_source
    came = "They are those that came with the software"
    if published:
        came = f"They were last changed on {day(published)}"
    return f"{came}{f'; the newest source is of {as_dated(newest)}' if newest else ''}."


def _confirmed(dataset: Dataset) -> str:
    """Say how many listings a keeper has confirmed, ever."""
    confirmed = int((dataset.table["last_checked"] != "").sum())
    if not confirmed:
        return "None has been confirmed by us, so call or write before you go."
    return f"We have confirmed {confirmed:,} of them; call or write before you go."


def draw_figures(dataset: Dataset, today: dt.date) -> None:
    """Say how complete and how fresh the listings are, and how corrections are handled."""
    st.header("How complete and how fresh this directory is")
    figures.draw_tables(dataset, today)
    st.markdown(
        "For a listing that is marked approximate only the ZIP or the town is placed, not the "
        "street address. It is drawn with a dashed pin."
    )
    corrections = resources.correction_figures()
    if corrections:
        st.markdown(
            f"Anybody can say what is wrong with a listing, on its card. {corrections.sentence}"
        )


def draw_changes() -> None:
    """Say what changed on the last days on which anything did; nobody is named."""
    st.header("What changed, and when")
    try:
        versions = resources.latest_versions()
    except StoreUnavailable:
        st.markdown("This list cannot be shown at the moment. The listings are not affected.")
        return
    days, came = _by_day(versions), f"{len(resources.bundled().dataset):,} listings"
    if not days:
        st.markdown(f"Nothing has changed yet: the {came} are those that came with the service.")
        return
    lines = [f"- {day(date)}: {words.changed(*days[date])}." for date in list(days)[:CHANGES]]
    if len(days) <= CHANGES and versions[-1].number == 0:
        lines.append(f"- Before that: {came} that came with the service.")
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
    st.header("Show these listings on your own site")
    st.markdown(
        f"{_FRAME_ON_CLOUD if on_cloud() else _FRAME} The listings as data, and how to ask for "
        "them, are [described for programmers](./api)."
    )
    if not on_cloud():
        st.code(plain_pages.embed_snippet(), language="html", wrap_lines=True)


def draw_keepers() -> None:
    """Lead keepers to their page, quietly."""
    if resources.store() is None:
        return
    st.page_link("manage.py", label="For keepers of this directory: keep it up to date")


def draw_privacy(settings: Settings) -> None:
    """Say what happens to what a visitor types."""
    st.header("What is kept of your visit")
    st.markdown(
        "Nothing you search for is stored or sold. There is no tracking and no advertising. "
        "Your town or ZIP and your choices are in the address of the page, so that you can share "
        "it; a street address never is. If you press “Use my location”, your browser tells us "
        "where you are to about half a mile; that is kept for the visit only and is in no link."
    )
    if on_cloud():
        st.markdown(_KEPT_BY_CLOUD)
    st.markdown(
        "When you tell us that a listing is wrong, we keep the words you send, so that a keeper "
        "can check them. Nothing is kept about who sent them. So that nobody can flood us, the "
        "service counts the corrections of the last hour by a scrambled form of the address they "
        "came from; that is only in its memory, and never written down."
    )
    if settings.geocoder_url != NONE:
        st.markdown(
            "A town or a ZIP is looked up inside this service, and the places suggested while you "
            "type are found in your browser. Only a street address that you type, or the name of a "
            "hospital, campus or airport that we do not know, is sent to an address service, "
            "OpenStreetMap's Nominatim unless the operator chose another, to find its position."
        )
    if settings.tiles != NONE:
        st.markdown(
            "The street map's pictures come from a map provider. It sees which part of the map "
            "your browser asks for, and nothing else of your search. Choose “List” to leave the "
            "map out."
        )
    _draw_cookies()


def _draw_cookies() -> None:
    """List every cookie by its name, and what else stays in a browser."""
    st.header("Cookies")
    st.markdown(
        "A cookie is a small note that a site leaves in your browser. This one leaves only what it "
        "needs to work, and nothing that tells us who you are or what you look for:"
    )
    st.markdown(_listed(COOKIES))
    if resources.openid_providers():
        st.markdown("Only when a keeper signs in with an organization's account:")
        st.markdown(_listed(ACCOUNT_COOKIES))
    st.markdown(
        "Your browser also keeps whether you want these pages light or dark. The plain pages, "
        "which work without JavaScript, leave nothing at all."
    )


def _listed(cookies: Mapping[str, str]) -> str:
    return "\n".join(f"- `{name}`: {purpose}." for name, purpose in cookies.items())


def draw_limits() -> None:
    """Say what the directory does not promise."""
    st.header("What this cannot tell you")
    st.markdown(
        "A clinic that is not here may still exist: we list what our sources name. “Not stated” "
        "means that the source does not say, not that the answer is no. What a clinic says it "
        "treats is its own claim; what is known about a treatment stands apart from it, in a "
        "panel of its own."
    )
    st.markdown("This is information, not medical advice, and no clinic is endorsed.")


def draw() -> None:
    """Draw where the data comes from, how old it is, what is kept of a visit, and the limits."""
    dataset = resources.directory().dataset
    st.title("About this directory")
    draw_data(dataset)
    draw_figures(dataset, resources.today())
    draw_changes()
    draw_privacy(resources.settings())
    draw_limits()
    draw_for_other_sites()
    draw_keepers()
