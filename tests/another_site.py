"""A second, complete directory, all of it made up: magnetic stimulation in Virginia and Tennessee.

It begins as a new site does, and has what Maryland's has not: three categories, towns of the same
name in two states, a course of thirty sessions, and nothing of the federal directory.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from clinics.cli.main import main

LEAKED = re.compile(
    r"(?i:ketamine|spravato|infusion|\bptsd\b|maryland|takoma|baltimore|\b209\d\d\b)|\bTms\b"
)
"""Words of the directory that is shipped, and what code makes of TMS that knows no such name."""

_MORE = {
    "categories.csv": "research,Research studies,research study,research studies,Studies.\n",
    "conditions.csv": "low-mood,Low mood,Feeling low for weeks.,sad,unapproved,Not approved "
    "{as_of}.,,This is an example.,limited,This is an example.,V1\n",
    "schedule.csv": "tms,consultation,First visit,0,0,1,A talk.,1\n"
    "tms,series,Daily sessions,1,6,30,Five a week.,1\n"
    "tms,follow-up,Fewer sessions,7,20,,If it helps.,1\n",
    "prices.csv": "one session,tms,200,400,2026-01-01,$200 to $400 is made up.,Ask your plan "
    "first.,1\n",
    "claims.csv": "1,It always works.,overstated,It may not.,1,V1\n",
    "crisis_lines.csv": "Sullivan County,TN,Made-up Line,423-555-0100,,1\n",
}
_COURSE = """+++
title = "The course of treatment"
summary = "What a course is like, and what it may cost."
group = "process"
conditions = []
treatments = []
grade = ""
approval = ""
reviewed = {day}
recheck = {day}
order = 30
facts = ["V1"]
tool = "{tool}"
+++
This is an example. [@1]
"""


def make(folder: Path) -> Path:
    """Write the directory into a folder that is not there yet, and return it."""
    given = ["--state", "VA", "--town", "Richmond", "--town", "Bristol", "--therapy", "TMS"]
    assert main(["new-site", str(folder), *given]) == 0
    for name, rows in _MORE.items():
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            file.write(rows)
    with (folder / "towns.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("Bristol,TN,Sullivan County,36.5684,-82.1819,37620;37621,\r\n")
    (folder / "federal_codes.csv").unlink()
    site = folder / "site.toml"
    text = site.read_text(encoding="utf-8").replace('states = ["VA"]', 'states = ["VA", "TN"]')
    site.write_text(text, encoding="utf-8")
    day = re.findall(r"approvals_as_of = (\S+)", text)[0]
    for tool in ("timeline", "estimate", "questions", "claims"):
        topic = _COURSE.format(tool=tool, day=day).replace("The course", f"The {tool}")
        (folder / "explainer" / f"{tool}.md").write_text(topic, encoding="utf-8")
    _explain_low_mood(folder / "explainer")
    _put_in_research(folder / "clinics.csv")
    return folder


def _explain_low_mood(topics: Path) -> None:
    """Give the second condition a topic, too."""
    text = (topics / "example-condition.md").read_text(encoding="utf-8")
    for old, new in (
        ("example-condition", "low-mood"), ("Example condition", "Low mood"),
        ("insufficient", "limited"), ("off-label", "unapproved"), ("order = 20", "order = 21"),
    ):  # fmt: skip
        text = text.replace(old, new)
    (topics / "low-mood.md").write_text(text, encoding="utf-8")


def _put_in_research(file: Path) -> None:
    """Put one listing into the third category, and one into the other Bristol."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["category"] = "research"
    rows[-1].update(state="TN", zip="37620", conditions="low-mood", phone="")
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
