"""The filters of a search, each option with the number of clinics that have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from clinics.domain.language import ENGLISH, Sentences, say, spoken
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import capital, joined
from clinics.places.find import PlaceAnswer
from clinics.present import spoken_here, wording
from clinics.present.chosen import in_use, without_filters
from clinics.search.query import BANDS, COLUMN_OF, LEGENDS, MAX_TEXT, NEEDS, PARAMETERS, Query
from ui import frame, resources, state
from ui.components import Choice, Filter, filter_options
from ui.text import plain

Counts = Mapping[str, Mapping[str, int]]


def _change(**changes: object) -> None:
    """Change the search in the address bar; a selected clinic is let go."""
    state.change_query(**{"clinic": "", **changes})


def _setter(parameter: str) -> Callable[[tuple[str, ...]], None]:
    """Return a handler that puts the ids the vocabulary knows into a list parameter."""
    allowed = resources.directory().vocabulary.ids(COLUMN_OF[parameter])

    def choose(ids: tuple[str, ...]) -> None:
        _change(**{parameter: tuple(id for id in ids if id in allowed)})

    return choose


def draw_conditions(query: Query, vocabulary: Vocabulary, counts: Counts, found: str) -> None:
    """Draw the conditions, each with what a click on it shows, and the button that closes them."""
    choices = [
        Choice(c.id, c.label, counts["condition"].get(c.id, 0), c.gloss)
        for c in vocabulary.conditions
    ]
    if len(query.condition) > 1:
        _draw_match(query)
    conditions = Filter(
        "condition", say("find.conditions_legend"), choices, query.condition,
        _setter("condition"), counted=wording.option_count(query, "condition"),
        adds=len(query.condition) > 1,
    )  # fmt: skip
    filter_options([conditions], key="filter_condition", takes_focus=True)
    with st.container(key="what_end", horizontal=True):
        st.button(found, key="show_treated", type="primary", on_click=_close(state.WHAT_OPEN))
        if query.condition:
            st.button(
                say("find.any_condition"),
                key="clear_condition",
                on_click=_change,
                kwargs={"condition": ()},
            )


_MATCHES = Sentences({"any": "find.match_any", "all": "find.match_all"})


def _draw_match(query: Query) -> None:
    st.session_state[state.MATCH] = query.match
    st.radio(
        say("find.match_legend"),
        list(_MATCHES),
        format_func=_MATCHES.__getitem__,
        horizontal=True,
        key=state.MATCH,
        on_change=lambda: _change(match=st.session_state[state.MATCH]),
    )


def draw_distances(query: Query, answer: PlaceAnswer | None, counts: Counts) -> None:
    """Draw the distances, each with what it shows; without a place they mean nothing yet."""
    if not (answer and answer.place):
        st.markdown(say("find.first_where"))
        return
    bands = {"any" if band is None else f"{band:g}": band for band in BANDS}
    choices = [
        Choice(name, capital(wording.radius(band)), counts["within"][name])
        for name, band in bands.items()
    ]

    def choose(ids: tuple[str, ...]) -> None:
        if ids and ids[0] in bands:
            _close(state.FAR_OPEN)()
            _change(within=bands[ids[0]])

    now = next((name for name, band in bands.items() if band == query.within), "")
    legend = say("form.how_far")
    distances = Filter("within", legend, choices, (now,), choose, True, show_legend=False)
    filter_options([distances], key="filter_within", takes_focus=True)


def draw_chips(query: Query, vocabulary: Vocabulary) -> None:
    """Draw what is in use of the filters, each with a cross that lets go of it."""
    with st.container(key="chips", horizontal=True, gap="xsmall"):
        for each in in_use(query, vocabulary):
            st.button(
                f"{plain(each.words)} ✕",
                key=f"chip_{each.parameter}_{each.id}",
                on_click=_change,
                kwargs={each.parameter: each.rest},
            )
        if query.filters_in_use > 1:
            words = say("find.clear_all")
            st.button(words, key="clear_chips", type="tertiary", on_click=_clear, args=(query,))


def _clear(query: Query) -> None:
    """Let go of all filters, and keep what for, where and how far."""
    state.write_query(without_filters(query))


def draw_spoken(query: Query, vocabulary: Vocabulary) -> None:
    """Draw, on a page in another language, the box for places where that is spoken.

    Beside it stands how many say so: most listings state no language.
    """
    option = spoken_here.offered(vocabulary)
    if option is None:
        return
    rest = tuple(id for id in query.language if id != option.id)
    st.session_state[state.SPOKEN_HERE] = option.id in query.language

    def choose() -> None:
        chosen = (option.id,) if st.session_state[state.SPOKEN_HERE] else ()
        _change(language=(*chosen, *rest))

    with st.container(key="spoken_here", horizontal=True, gap="xsmall"):
        st.checkbox(spoken_here.label(option), key=state.SPOKEN_HERE, on_change=choose)
        dataset = resources.directory().dataset
        frame.fine_print(plain(spoken_here.how_many(dataset, query, option)))


def draw_more(query: Query, vocabulary: Vocabulary, counts: Counts, found: str) -> None:
    """Draw the filters of the drawer: kind of care, how you meet, those with a legend, name.

    `found` is on the button that closes the drawer: what they find.
    """
    lists = [
        Filter(parameter, legend, _stated(parameter, query, vocabulary, counts[parameter]),
               getattr(query, parameter), _setter(parameter),
               counted=wording.option_count(query, parameter),
               adds=len(getattr(query, parameter)) > 1)
        for parameter, legend in LEGENDS.items()
    ]  # fmt: skip
    needs = [_needed(name, query, counts) for name in NEEDS]
    kinds = [_category(query, vocabulary, counts)] if len(vocabulary.categories) > 1 else []
    groups = [*kinds, _setting(query, vocabulary, counts), *needs, *lists]
    groups.sort(key=_is_later)
    with st.container(key="drawer"):
        filter_options(groups, key="filter_more")
        _draw_text(query)
        with st.container(key="drawer_end", horizontal=True):
            closes = _close(state.FILTERS_OPEN)
            st.button(found, key="show_found", type="primary", on_click=closes)
            # Always there, so that the first filter moves nothing below.
            st.button(
                say("find.clear_filters"), key="clear_filters", on_click=_clear, args=(query,),
                disabled=not query.filters_in_use,
            )  # fmt: skip


def _is_later(group: Filter) -> bool:
    """Return False for languages on a page in another one than English: they come first."""
    return spoken() == ENGLISH or group.name != spoken_here.PARAMETER


def _close(key: str) -> Callable[[], None]:
    """Return a handler that closes the control of this key."""

    def close() -> None:
        st.session_state[key] = False

    return close


def _stated(
    parameter: str, query: Query, vocabulary: Vocabulary, counts: Mapping[str, int]
) -> list[Choice]:
    """Return the options that any listing states, or that are chosen; no other language."""
    stated = resources.directory().dataset.stated[COLUMN_OF[parameter]]
    wanted = stated | set(getattr(query, parameter))
    return [
        Choice(o.id, o.label, counts.get(o.id, 0), o.gloss)
        for o in vocabulary.options(COLUMN_OF[parameter])
        if o.id in wanted
    ]


def _category(query: Query, vocabulary: Vocabulary, counts: Counts) -> Filter:
    """Return the kinds of care, all of them together, and several that a link asks for."""
    every = tuple(c.id for c in vocabulary.categories)
    found = counts["category"]
    choices = [Choice(c.id, c.label, found[c.id]) for c in vocabulary.categories]
    together = say("find.both") if len(every) == 2 else say("find.all_of_these")
    choices.append(Choice("all", together, found[""]))
    searched = query.categories(vocabulary)
    chosen = "all" if set(searched) == set(every) else searched[0]
    if len(searched) > 1 and chosen != "all":
        chosen = "several"
        these = joined([vocabulary.label("category", id) for id in searched], "and")
        choices.append(Choice(chosen, these, sum(found[id] for id in searched)))

    def choose(ids: tuple[str, ...]) -> None:
        several = {"all": every, "several": searched}
        picked = several.get("".join(ids)) or tuple(id for id in ids if id in every)
        _change(category=() if picked == (vocabulary.main_category,) else picked)

    return Filter("category", say("form.kind_of_care"), choices, (chosen,), choose, single=True)


def _setting(query: Query, vocabulary: Vocabulary, counts: Counts) -> Filter:
    choices = [Choice("any", say("form.either"), counts["setting"][""])]
    choices += [
        Choice(s.id, s.label, counts["setting"][s.id]) for s in vocabulary.options("setting")
    ]

    def choose(ids: tuple[str, ...]) -> None:
        allowed = vocabulary.ids("setting")
        _change(setting=ids[0] if ids and ids[0] in allowed else "")

    chosen = (query.setting or "any",)
    return Filter("setting", say("card.setting"), choices, chosen, choose, single=True)


def _needed(name: str, query: Query, counts: Counts) -> Filter:
    """Return a filter with one box to tick."""
    legend = PARAMETERS[name].legend
    chosen = (value,) if (value := getattr(query, name)) == "yes" else ()

    def choose(ids: tuple[str, ...]) -> None:
        _change(**{name: "yes" if "yes" in ids else "any"})

    choices = [Choice("yes", legend, counts[name]["yes"])]
    return Filter(name, legend, choices, chosen, choose, show_legend=False)


def _draw_text(query: Query) -> None:
    st.session_state[state.Q] = query.q
    st.text_input(
        say("form.name"),
        key=state.Q,
        max_chars=MAX_TEXT,
        width=420,
        on_change=lambda: _change(q=" ".join(str(st.session_state[state.Q]).split())),
    )
