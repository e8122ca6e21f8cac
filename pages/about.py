"""Where the data comes from, how old it is, what is kept of a visit, and what this cannot do."""

from ui import about

about.draw()
