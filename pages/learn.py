"""The explainer: every topic, or one of them at its own address (`/learn?topic=ptsd`)."""

import streamlit as st

from ui import resources
from ui.learn import topics

explainer = resources.directory().explainer
asked = st.query_params.get("topic", "")
topic = explainer.topic(asked.strip().casefold())
if topic:
    topics.draw_topic(topic, explainer, resources.today())
else:
    if asked:
        topics.draw_unknown(explainer, asked)
    topics.draw_index(explainer)
