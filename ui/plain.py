"""The ways from the app to the pages that need no JavaScript, and to the frame for other sites."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

import streamlit as st

from clinics.domain.language import say
from clinics.present import shortlist
from clinics.web.plain import twins as plain_pages
from ui import resources, state

_WITHOUT = ("manage",)


def twins(page: str) -> dict[str, str]:
    """Return the plain pages that show the same as this page does, by what the link says."""
    if page in _WITHOUT:
        return {}
    vocabulary = resources.directory().vocabulary
    if page:
        params = [(name, value) for name, value in st.query_params.items()]
        conditions = [condition.id for condition in vocabulary.conditions]
        return {say("shell.plain_twin"): plain_pages.of_page(page, params, conditions)}
    query, _ = state.read_query(vocabulary)
    kept = (state.KEPT, shortlist.as_text(state.kept_ids()))
    found = {say("shell.plain_twin"): plain_pages.of_search([*query.to_params(), kept])}
    if query.clinic and resources.directory().dataset.find(query.clinic):
        found[say("shell.plain_clinic")] = plain_pages.of_clinic(query.clinic)
    return found


def embed_snippet() -> str:
    """Return the HTML with which another site shows this session's last search, or a town's."""
    directory = resources.directory()
    query = state.last_search(directory.vocabulary)
    params = [(name, value) for name, value in query.to_params() if name != "clinic"]
    if not params:
        params = [("near", next(town.label for town in directory.towns if town.main))]
    address = escape(f"{site_address()}/embed?{urlencode(params)}")
    title = escape(directory.site.title)
    return (
        f'<iframe src="{address}" title="{title}"\n'
        '  width="100%" height="700" style="border:0" loading="lazy"></iframe>'
    )


def site_address() -> str:
    """Return where the site is: as set, or as this visitor's browser knows it."""
    if resources.settings().base_url or not st.context.url:
        return resources.settings().base_url
    shown = urlsplit(st.context.url)
    return f"{shown.scheme}://{shown.netloc}{shown.path.rpartition('/')[0]}"
