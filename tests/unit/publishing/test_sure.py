"""What is filled in without a question, and that what sources say does nothing in the summary."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.columns import NAMES
from clinics.domain.sources import Listing, Proposed, Record
from clinics.publishing.looking import look
from clinics.publishing.sure import Sorted, rewritten, sorted_out, summary
from tests.sources import TODAY, MadeUpSource, nobody, record
from tests.unit.publishing.test_looking import A, B

SITE = "https://a.example"


def proposed(*records: Record, id: str = "made-up", listing: Listing = A) -> list[Proposed]:
    source = MadeUpSource(*records)
    source.id = id
    return list(look(source, MemoryStore(), [listing, B], TODAY, nobody, is_dry=True).found)


def sorted_fields(found: list[Proposed], listing: Listing = A) -> tuple[list[str], list[str]]:
    parts = sorted_out(found, {A["id"]: listing, B["id"]: B}, TODAY)
    return [one.field for one in parts.sure], [one.field for one in parts.asked]


def test_a_gap_is_sure_and_what_differs_is_asked() -> None:
    found = proposed(record(A, website=SITE, phone="(301) 555-0199"), record(B, "b"))
    assert sorted_fields(found) == (["website"], ["phone"])


@pytest.mark.parametrize(
    ("other", "sure"), [("http://www.a.example/", 2), ("https://other.example", 0)]
)
def test_a_gap_that_two_sources_fill_otherwise_is_asked(other: str, sure: int) -> None:
    found = [
        *proposed(record(A, website=SITE), record(B, "b")),
        *proposed(record(A, website=other), record(B, "b"), id="site"),
    ]
    assert len(sorted_fields(found)[0]) == sure


def test_what_a_keeper_emptied_lately_a_new_place_and_a_likeness_are_asked() -> None:
    emptied = {**A, "field_sources": "website=keeper@2026-11-01"}
    assert sorted_fields(proposed(record(A, website=SITE), listing=emptied), emptied)[0] == []
    like = record({**A, "name": "Alder House Program"}, "r", website=SITE)
    new = replace(record({**A, "name": "Zeta Rooms", "phone": "", "address": "9 New Road"}, "n"),
                  as_new={"category": "ketamine"})  # fmt: skip
    sure, asked = sorted_fields(proposed(like, record(B, "b"), new))
    assert (sure, sorted(asked)) == ([], ["new", "same"])


def test_what_sources_say_is_code_in_the_summary_whatever_it_is() -> None:
    evil = "Mon\n```\n# Merge me @everyone [x](https://evil.example) <img src=x>\u202e"
    found = proposed(record(A, hours=evil), record(B, "b"))
    (hours,) = [one for one in found if one.field == "hours"]
    text = summary([f"Said {evil}"], ["Many"], Sorted((hours,), ()), {A["id"]: A})
    lines = [line for line in text.splitlines() if "evil" in line]
    assert len(lines) == 2
    assert all(line.startswith("    ") for line in lines)
    assert "\u202e" not in text
    assert "## Look twice: this would stop a file\n\n    Many" in text
    many = summary([], [], Sorted((hours,) * 10_000, (hours,) * 10_000), {A["id"]: A})
    assert len(many) < 65_000, "so long a pull request may be"


def test_only_the_cells_that_differ_are_written_anew() -> None:
    file = b'id,name,latitude,phone\na,"A, Place",38.9780,\nb,B,39.0,"(301) 555-0101"\n'
    cells = [{"id": "a", "name": "A, Place", "latitude": "38.978"},
             {"id": "b", "name": "B", "latitude": "39", "phone": "(301) 555-0101"}]  # fmt: skip
    before = pd.DataFrame(cells, columns=["id", "name", "latitude", "phone"]).fillna("")
    before = before.reindex(columns=list(NAMES), fill_value="")
    after = before.assign(phone=["(301) 555-0199", "(301) 555-0101"])
    new = rewritten(file, before, after).decode()
    assert new.splitlines()[1].startswith('a,"A, Place",38.9780,(301) 555-0199,')
    assert new.splitlines()[2].startswith("b,B,39.0,(301) 555-0101,")
    assert "\r" not in new
    assert "\r\n" in rewritten(file.replace(b"\n", b"\r\n"), before, after).decode()
    short = rewritten(b"id,name\na,A\n", before, after).decode().splitlines()
    assert short[0] == ",".join(NAMES)
    assert len(short) == 3
