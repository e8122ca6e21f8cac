"""The Streamlit shell: widgets, cards, map view, state. It draws and decides nothing."""
