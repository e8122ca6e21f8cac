"""A service in which every text is hostile: listings, corrections and the history of versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinics.adapters.sql_store import SqlStore
from clinics.domain.ports import Change, Draft, NewCorrection
from clinics.intake.cells import TEXTS as COLUMNS
from tests.browser.keeper import SETTINGS
from tests.browser.service import Service, running
from tests.hostile_texts import TEXTS as RAW
from tests.made_up import made_up_clinic, made_up_csv

Point = tuple[float, float]

HERE: Point = (38.98, -77.0)
THERE: Point = (39.41, -77.41)
ALONE: Point = (39.4744, -76.2997)
"""Where the hostile clinics are, their twins, and one that has all texts; all far apart."""

TOWN = "abingdon-md"
"""The town where that one is."""

TEXTS = [re.sub("[\u2028\u2029]", "", text) for text in RAW]
"""As they are once a file is read, which takes out what hides."""

HARMLESS = "Made-up words"
ROOM = 80
"""So many stand on one page, more than there are texts."""

AT_ONE_PLACE = 5
_OWN = {
    "website": "https://clinic.example", "source_url": "https://clinic.example/about",
    "phone": "(301) 555-0142", "conditions": "ptsd", "treatments": "iv-ketamine",
}  # fmt: skip
_KINDS = ("address", "price", "payment", "hours")
_ON_ONE_PAGE = f"""
import sys
from importlib.machinery import PathFinder

SIZES = {{
    "clinics.search.pages": "PAGE_SIZE", "ui.manage.corrections": "PAGE",
    "ui.manage.history": "PAGE", "ui.manage.listings": "FOUND", "ui.manage.worklist": "PAGE",
}}

class Larger(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        spec = super().find_spec(name, path, target)
        if spec and name in SIZES:
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda m: (run(m), setattr(m, SIZES[name], {ROOM}))
        return spec

sys.meta_path.insert(0, Larger)
"""
# Done when the service imports what draws pages: imported sooner, its components do not work.


def _clinic(id: str, number: int, text: str, at: Point) -> dict[str, str]:
    """Return a clinic with one text in every column that takes any; five stand at one place."""
    place = {"latitude": f"{at[0] + number // AT_ONE_PLACE * 0.004:.4f}", "longitude": f"{at[1]}"}
    cells = {**dict.fromkeys(COLUMNS, text), **_OWN, **place, "id": f"made-up-{id}"}
    return {**made_up_clinic(), **cells}


HOSTILE = [_clinic(f"hostile-{n}", n, text, HERE) for n, text in enumerate(TEXTS)]
TWINS = [_clinic(f"twin-{n}", n, f"{HARMLESS} {n}", THERE) for n in range(len(TEXTS))]
EVERYTHING = _clinic("everything", 0, " · ".join(TEXTS), ALONE)


@contextmanager
def hostile_service(log: Path) -> Iterator[Service]:
    """Start the service."""
    store = SqlStore(f"sqlite:///{log.with_suffix('.db')}")
    _fill(store)
    store.close()
    with running(log, before=_ON_ONE_PAGE, settings=SETTINGS) as service:
        yield service


def _fill(store: SqlStore) -> None:
    """Publish a version with each text as its note, the last with all clinics; and correct them."""
    few, all_of_them = made_up_csv(TWINS[:1]), made_up_csv([*HOSTILE, *TWINS, EVERYTHING])
    base = Draft("bundled", Change.BUNDLED, "", "", few, 1)
    for live, text in enumerate([HARMLESS, *TEXTS]):
        table = all_of_them if live == len(TEXTS) else few
        draft = Draft(f"made up {live}", Change.PUBLISH, text, text, table, 1)
        store.publish(draft, expected_live=live, base=base)
    for number, listing in enumerate([*HOSTILE, EVERYTHING, TWINS[0]]):
        text, kind = listing["name"], _KINDS[number % len(_KINDS)]
        store.add_correction(NewCorrection(listing["id"], kind, text, text))
