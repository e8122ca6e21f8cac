"""The explainer: every topic, or one of them at its own address (`/learn?topic=ptsd`)."""

import streamlit as st

from ui import learn, resources

explainer = resources.directory().explainer
asked = st.query_params.get("topic", "")
topic = explainer.topic(asked.strip().casefold())
if topic:
    learn.draw_topic(topic, explainer, resources.today())
else:
    if asked:
        learn.draw_unknown(explainer, asked)
    learn.draw_index(explainer)
