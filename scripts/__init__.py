"""Scripts that make files of this project; run as `python -m scripts.NAME`."""
