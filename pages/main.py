"""Every page runs inside this frame: crisis line, navigation, footer."""

import streamlit as st

from clinics.loading import BrokenDataset
from ui import frame, resources

st.set_page_config(page_title=frame.TITLE, page_icon=frame.ICON, layout="wide")
page = st.navigation(
    [
        st.Page("find.py", title="Find a clinic", default=True),
        st.Page("about.py", title="About", url_path="about"),
    ],
    position="top",
)
frame.crisis_line()
try:
    resources.directory()
except BrokenDataset as problem:
    frame.refuse(str(problem))
page.run()
frame.footer()
