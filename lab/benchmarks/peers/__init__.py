"""What the app is compared with: each file is a whole Streamlit app of its own."""
