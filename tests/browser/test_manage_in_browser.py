"""Keeping the directory in a real browser: from a bad file to everybody seeing the mended one.

Two processes of the service have one database, a real PostgreSQL. That a SQLite file keeps the
same is tested without a browser, in tests/integration/test_store_contract.py.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.keeper import SETTINGS, TOKEN, Keeper, csv_file, file_of, rows_of
from tests.browser.service import Service, running
from tests.browser.test_accessibility import findings
from tests.browser.test_sizes import STREAMLITS_OWN, TOO_SMALL
from tests.browser.visitor import Visitor
from tests.postgres import running_server

NEW = "made-up-clinic-of-the-browser"
SEEN_WITHIN_SECONDS = 5.0
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARTS = {
    "Worklist": "listings need something",
    "Corrections": "No correction is waiting",
    "History": "Download version",
    "Figures": "What they state",
}
"""Parts of the page, and what stands in each once it is drawn."""

ALSO_STREAMLITS = (
    "[data-testid=stTooltipHoverTarget] button, [data-testid=stMultiSelect] *, "
    "[data-testid=stNumberInput] *"
)
"""The question mark beside a box, and what is drawn inside boxes that are 44 pixels high."""


class Site(NamedTuple):
    """Two processes of the service on one database."""

    service: Service
    sibling: Service

    @property
    def live(self) -> int:
        return int(json.loads(self.service.get("/healthz")[1])["version"]["id"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("keepers")
    with ExitStack() as stack:
        url = stack.enter_context(running_server()).new_database()
        settings = SETTINGS | {"CLINICS_DATABASE_URL": url}
        logs = [folder / f"{name}.txt" for name in ("service", "sibling")]
        with ThreadPoolExecutor() as both:
            started = both.map(
                lambda log: stack.enter_context(running(log, settings=settings)), logs
            )
            site = Site(*started)
        yield site


@pytest.fixture
def keeper(site: Site, new_page: Callable[..., Page]) -> Keeper:
    """Somebody who has signed in."""
    return Keeper(site.service.url, new_page()).sign_in()


@pytest.fixture
def visit(new_page: Callable[..., Page]) -> Callable[[Service], Visitor]:
    """Open the search around the new clinic's ZIP in a browser of its own."""

    def arrive(service: Service) -> Visitor:
        visitor = Visitor(service.url, new_page()).open("?near=20912")
        expect(visitor.cards.first).to_be_visible()
        return visitor

    return arrive


def changed(data: bytes, **cells: str) -> bytes:
    """The file with a clinic more, which has these cells, and one of another telephone."""
    rows = rows_of(data)
    rows[0]["phone"] = "(202) 555-0117"
    new = dict.fromkeys(rows[0], "") | {
        "id": NEW, "category": "ketamine", "name": "A Made-up Clinic", "city": "Takoma Park",
        "state": "MD", "zip": "20912", "phone": "(301) 555-0142", "source": "Made up",
        "source_url": "https://made-up.example/about",
    }  # fmt: skip
    return file_of([*rows, new | cells])


def with_another_telephone(data: bytes, live: int) -> bytes:
    """The file with one listing changed as in no other version, and with something to look at."""
    rows = rows_of(data)
    rows[1] |= {"phone": f"(202) 555-01{live:02d}", "name": f"Made-up Clinic {live} (closed)"}
    return file_of(rows)


def is_found_at_once(service: Service) -> bool:
    """Whether a visitor who comes now finds the new clinic."""
    status, page = service.get("/plain?near=20912")
    assert status == 200
    return NEW in page.decode()


def after_its_next_clicks(visitor: Visitor, *, there: bool) -> None:
    """Hold that an open page has the new clinic, or not, after clicks within five seconds."""
    end = time.monotonic() + SEEN_WITHIN_SECONDS
    for place in cycle(("Takoma Park, MD", "20912")):
        visitor.type_place(place)
        visitor.page.wait_for_timeout(250)
        if (NEW in visitor.settled().ids) is there:
            return
        assert time.monotonic() < end, "five seconds are over"


def test_from_a_bad_file_to_everybody_seeing_the_mended_one_and_back(
    site: Site, keeper: Keeper, visit: Callable[[Service], Visitor]
) -> None:
    open_page, open_at_sibling = visit(site.service), visit(site.sibling)
    before = site.live
    as_it_was = keeper.download("The directory as it is now (CSV)")

    bad = changed(as_it_was, phone="555-01", website="made-up.example")
    keeper.upload_and_check(bad, "bad.csv")
    keeper.says("You need to fix 1 telephone number and 1 website.")
    expect(keeper.button("Publish")).to_have_count(0)
    found = keeper.download("Everything that was found (CSV)").decode("utf-8-sig")
    assert f"{len(rows_of(bad)) + 1},phone,error," in found
    problems = rows_of(keeper.download("Your file with a column “problems” (CSV)"))
    assert [row["id"] for row in problems if "555-01" in row["problems"]] == [NEW]

    keeper.button("Use another file").click()
    keeper.upload_and_check(changed(as_it_was), "mended.csv").says("Nothing needs to be fixed.")
    keeper.button("Preview").click()
    keeper.says("Nobody else does").type_place("20912")
    expect(keeper.cards.first).to_have_attribute("data-card", NEW)
    open_page.type_place("Takoma Park, MD").page.wait_for_timeout(250)
    assert NEW not in open_page.settled().ids
    keeper.button("Back to the review").click()
    keeper.settled().page.get_by_role("textbox", name="A note").fill("From the browser")
    keeper.button("Publish: 1 new, 1 changed").click()
    keeper.says(f"Version {before + 1} is live: 1 new, 1 changed.")
    assert is_found_at_once(site.service)
    after_its_next_clicks(open_page, there=True)
    after_its_next_clicks(open_at_sibling, there=True)

    keeper.part("History").says("From the browser")
    version = keeper.download(f"Download version {before + 1} (CSV)")
    assert rows_of(version)[-1]["phone"] == "(301) 555-0142"
    assert keeper.download("The file as it was uploaded") == changed(as_it_was)
    keeper.choose("^(?!From|To).*Version", f"Version {before}")
    assert keeper.download(f"Download version {before} (CSV)") == as_it_was
    keeper.button(f"Restore version {before}").click()
    keeper.says(f"Version {before + 2} is live.")
    assert not is_found_at_once(site.service)
    after_its_next_clicks(open_page, there=False)
    after_its_next_clicks(open_at_sibling, there=False)
    assert open_page.errors == open_at_sibling.errors == []
    stored = "[document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)]"
    left = [*keeper.urls, keeper.page.url, keeper.page.content(), *keeper.page.evaluate(stored)]
    assert TOKEN not in "\n".join(left)


def test_a_file_is_refused_with_a_sentence_a_reload_publishes_nothing_a_double_click_once(
    site: Site, keeper: Keeper
) -> None:
    """A reload signs out and keeps the file; nothing was published and nothing half done."""
    before = site.live
    mended = with_another_telephone(keeper.download("The directory as it is now (CSV)"), before)
    keeper.upload_and_check(b"PK\x03\x04" + b"xl/workbook.xml" * 20, "clinics.xlsx", SHEET)
    keeper.says(re.compile("The workbook cannot be opened: it is damaged"))
    keeper.says(re.compile("save that as Excel"))
    keeper.button("Use another file").click()
    large = b"name,city,state\n" + b"A Made-up Clinic,Takoma Park,MD\n" * 30_000
    keeper.upload(large, "large.csv").says("The file has 1.0 MB; at most 0.9 MB can be taken.")
    keeper.upload(large * 2, "larger.csv").says(re.compile("must be 1.*MB or smaller"))

    keeper.settled().upload_and_check(mended).acknowledge()
    keeper.page.reload()
    expect(keeper.page.get_by_role("textbox", name="Publishing token")).to_be_visible()
    assert site.live == before
    assert set(keeper.params) == {"part", "upload"}
    keeper.says(re.compile("The file you had uploaded is still there")).sign_in().settled()
    keeper.acknowledge()
    keeper.button("Publish").dblclick()
    keeper.says(f"Version {before + 1} is live: 1 changed.").settled()
    keeper.page.wait_for_timeout(500)
    assert site.live == before + 1
    keeper.part("History").button("Download version").wait_for()
    assert keeper.page.get_by_text(re.compile(f"^Version {before + 2}")).count() == 0


def test_with_the_keyboard_alone_from_signing_in_to_publishing(
    site: Site, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(site.service.url, new_page())
    page, keys, before = keeper.page, keeper.page.keyboard, site.live
    mended: list[bytes] = []
    page.on("filechooser", lambda dialog: dialog.set_files([csv_file("keys.csv", mended[0])]))
    keeper.tab_to(page.get_by_role("textbox", name="Your name"))
    keys.type("Ada Keeper")
    keeper.tab_to(page.get_by_role("textbox", name="Publishing token"))
    keys.type(TOKEN)
    keys.press("Enter")
    keeper.says("Signed in as Ada Keeper.").settled()
    keeper.tab_to(keeper.button(r"The directory as it is now \(CSV"))
    with page.expect_download() as arriving:
        keys.press("Enter")
    mended.append(with_another_telephone(Path(arriving.value.path()).read_bytes(), before))
    keeper.tab_to(page.get_by_role("button", name="Upload", exact=True))
    keys.press("Enter")
    keeper.says("keys.csv").settled()
    keeper.tab_to(page.get_by_role("checkbox", name="I have looked"))
    keys.press("Space")
    expect(page.get_by_role("checkbox", name="I have looked")).to_be_checked()
    keeper.settled().tab_to(keeper.button("Publish: 1 changed"))
    keys.press("Enter")
    keeper.says(f"Version {before + 1} is live: 1 changed.")


def test_every_part_can_be_read_and_tapped_on_a_phone_in_the_dark(
    site: Site, new_page: Callable[..., Page]
) -> None:
    phone = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
    keeper = Keeper(site.service.url, new_page(**phone, user_agent=PHONE, color_scheme="dark"))
    hold_for_a_phone(keeper)
    keeper.sign_in()
    hold_for_a_phone(keeper)
    good = keeper.download("The directory as it is now (CSV)")
    keeper.upload_and_check(changed(good, phone="555-01"))
    keeper.says("The file has 1 error")
    hold_for_a_phone(keeper)
    keeper.button("Use another file").click()
    keeper.upload_and_check(file_of(rows_of(good)[:40])).says("Say first what this file is")
    hold_for_a_phone(keeper)
    keeper.page.get_by_text("It is the whole directory").click()
    keeper.says(re.compile(r"live now, \d+ would disappear"))
    hold_for_a_phone(keeper)
    keeper.part("Mend a listing").says("Find a listing by its name")
    keeper.settled().page.get_by_role("searchbox", name="Name, town or id").fill(
        "freedom rockville"
    )
    keeper.page.keyboard.press("Enter")
    keeper.button("Mend Freedom").click()
    keeper.says("Who and where")
    hold_for_a_phone(keeper)
    for part, sentence in PARTS.items():
        keeper.part(part).says(sentence)
        hold_for_a_phone(keeper)


def hold_for_a_phone(keeper: Keeper) -> None:
    keeper.settled().faded()
    assert findings(keeper.page) == []
    assert keeper.scrolls_sideways() == []
    assert keeper.page.evaluate(TOO_SMALL, [44, f"{STREAMLITS_OWN}, {ALSO_STREAMLITS}"]) == []


def test_neither_log_has_the_token_or_a_bug_afterwards(site: Site) -> None:
    for service in site:
        assert TOKEN not in service.printed
        assert "Traceback" not in service.printed
