"""The least that Streamlit can do: a title, a box to type into and a line."""

import streamlit as st

from clinics.web.guard.sockets import send_at_once

st.cache_resource(send_at_once)()  # as ours has it; without it, it waits 44 ms for nothing

st.title("Hello")
name = st.text_input("Name", key="name")
st.write(f"Hello, {name or 'world'}.")
