"""The search page: reads the address bar, asks the core, draws."""

import streamlit as st

from clinics.search import search
from ui import answer, resources, search_form, state
from ui.text import plain

directory = resources.directory()
query, problems = state.read_query(directory.vocabulary)
query, place_answer = search_form.resolve_place(query)
place = place_answer.place if place_answer else None

st.title("Find a clinic by what it treats and how far it is")
st.markdown(
    "Ketamine, Spravato and other mental health care in Maryland and nearby: what each place "
    "says it treats, what is really known, and how old the information is."
)
for problem in problems:
    st.warning(plain(problem.message) + " It was left out of this search.")

page = state.page_number()
offset = (page - 1) * answer.PAGE_SIZE
results = search(directory.dataset, query, place, limit=answer.PAGE_SIZE, offset=offset)
search_form.draw_controls(query, place_answer, results.facets)
answer.draw_summary(results)
answer.draw_next_steps(results)
if results.shown:
    count = results.total + (results.unstated_total if query.unstated == "include" else 0)
    answer.draw_list_and_map(results, offset + 1, -(-count // answer.PAGE_SIZE))
