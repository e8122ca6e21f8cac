"""The core of the clinic directory: search, distance, data checking. Knows nothing of Streamlit."""
