"""Guides to towns: all of them, or one at its own address (`/towns?town=takoma-park-md`)."""

import streamlit as st

from ui.learn import towns

asked = st.query_params.get("town", "")
town = towns.find_town(asked)
if town:
    towns.draw_guide(town)
else:
    towns.draw_index(unknown=asked)
