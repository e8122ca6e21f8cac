"""The visitor's list of clinics to call (`/shortlist?list=a,b,c`)."""

from ui import shortlist

shortlist.draw()
