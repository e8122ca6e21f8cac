"""The command line: `python -m clinics ...`."""
