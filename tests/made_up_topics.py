"""An explainer that does not exist, for tests: one good topic, and what can be wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.folders import DATA

HEAD = {
    "title": '"PTSD"',
    "summary": '"Not approved {as_of}, and trials do not agree."',
    "group": '"conditions"',
    "conditions": '["ptsd"]',
    "treatments": "[]",
    "grade": '"limited"',
    "approval": '"off-label"',
    "reviewed": "2026-11-22",
    "recheck": "2027-02-22",
    "order": "40",
    "facts": '["V49"]',
}
BLOCK = {
    "approval": "It is off-label. [@1]",
    "evidence": "One trial of 30 people found a gain. [@1; @2]",
    "lasts": "This is not known.",
    "guidelines": "We found none.",
    "risk": "You may feel cut off. [@1]",
}
BODY = """## What was found?

A trial had 30 people. [@1] It found a gain.

- Half of them felt better. [@1; @2]
- Ask your clinician.

Call [988](tel:988) at any time. [@1]
"""


def topic_text(body: str = BODY, block: dict[str, str] | None = BLOCK, **head: str) -> str:
    """Return a topic's file; an empty value takes a name out of the head."""
    lines = [f"{name} = {value}" for name, value in {**HEAD, **head}.items() if value]
    if block is not None:
        lines += ["", "[block]", *(f'{name} = "{text}"' for name, text in block.items())]
    return "\n".join(["+++", *lines, "+++", body])


TABLES = {
    "references.csv": "number,title,organization,year,address,grade\n"
    "1,One,A group,2024,https://made-up.example/1,A\n"
    "2,Two,A clinic,,http://made-up.example/2,C\n",
    "claims.csv": "number,claim,verdict,answer,references,facts\n"
    "1,A miracle cure.,not supported,It helps some.,1;2,V3\n",
    "questions.csv": "id,question,why,references\nwho,Who is there?,It matters.,1\n",
    "schedule.csv": "product,phase,label,start_week,end_week,sessions,note,references\n"
    "iv-ketamine,series,Series,1,3,6,As in trials.,1\n"
    "iv-ketamine,follow-up,Later,4,,,Not known.,1\n",
    "prices.csv": "item,low_usd,high_usd,as_of,note,references\n"
    "iv-infusion,400,800,2025-11-20,One infusion.,1\n",
    "weak_facts.csv": "fact,references\nV23,33\n",
    "crisis_lines.csv": "county,state,name,phone,note,references\n"
    "Made-up County,MD,First,240-555-0100,,1\n"
    "Made-up County,MD,Second,240-555-0101,,1\n"
    "Made-up County,VA,Third,703-555-0102,,1\n",
}


def write_explainer(folder: Path, **topics: str) -> Path:
    """Write tables and these topics into a folder and return it; without any, the good topic."""
    (folder / "explainer").mkdir(exist_ok=True)
    shutil.copy(DATA / "site.toml", folder)
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for id, text in (topics or {"ptsd": topic_text()}).items():
        (folder / "explainer" / f"{id}.md").write_text(text, encoding="utf-8")
    return folder
