"""Where the data comes from, how old it is, what is kept of a visit, and what this cannot do."""

import streamlit as st

from ui import about, resources

st.title("About this directory")
about.draw_data(resources.directory().dataset)
about.draw_figures(resources.directory().dataset, resources.today())
about.draw_changes()
about.draw_privacy(resources.settings())
about.draw_limits()
about.draw_for_other_sites()
about.draw_keepers()
