"""The script that Streamlit runs for every page.

Streamlit reads the files of this folder again while it runs, and everything else only at its
start: so they hold one call each, and an update on the disk is never half in use.
"""

from ui import site

site.draw()
