"""The least that Streamlit can do: a title, a box to type into and a line."""

import streamlit as st

st.title("Hello")
name = st.text_input("Name", key="name")
st.write(f"Hello, {name or 'world'}.")
