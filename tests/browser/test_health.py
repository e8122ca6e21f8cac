"""Health, broken data and bugs over real services."""

import json
import re
import shutil

from playwright.sync_api import expect

from tests.folders import DATA

from .service import running
from .visitor import Visitor

CELL = "$x$ :red[a] **b** `c` [d](javascript:1) <i>"
"""What stands in a cell of the broken file is quoted on the page, and shown as it was typed."""

BUG = """
import clinics.search.pages
def broken(dataset, query, place=None, **_):
    raise ValueError(f"cannot search {query} from {place}")
clinics.search.pages.search = broken
"""


def test_healthz_says_200_and_the_live_version(service):
    status, body = service.get("/healthz")
    answer = json.loads(body)
    assert status == 200
    assert answer["status"] == "ok"
    assert answer["version"]["clinics"] > 0
    assert answer["version"]["id"]


def test_the_log_has_a_token_to_publish_with_once_where_none_is_set(service):
    said = re.findall(
        r"^\S+Z WARNING clinics: To publish data, open /manage .* this token: (\w+)$",
        service.printed,
        re.M,
    )
    assert len(said) == 1
    assert len(said[0]) == 48


def test_broken_data_is_503_and_a_page_of_one_sentence_with_the_crisis_line(tmp_path, new_page):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    file = "name,city,state,phone\nA clinic,Takoma Park,MD," + CELL + "\n"
    (folder / "clinics.csv").write_text(file, encoding="utf-8")
    with running(tmp_path / "printed.txt", data_dir=folder) as broken:
        assert broken.get("/healthz")[0] == 503
        me = Visitor(broken.url, new_page()).open("?near=20912", until="Need help now?")
        expect(me.page.get_by_role("heading", level=1)).to_have_text(
            "The directory cannot be shown at the moment"
        )
        expect(me.page.get_by_role("link", name="988")).to_be_visible()
        text = me.page.locator("[data-testid=stMain]").inner_text()
        assert CELL in text
        assert "Traceback" not in text
        assert str(tmp_path) not in text
        assert "Traceback" not in broken.printed
        assert "No search can be answered." in broken.printed


def test_a_bug_shows_one_sentence_and_logs_nothing_of_the_search(tmp_path, new_page):
    with running(tmp_path / "printed.txt", before=BUG) as faulty:
        me = Visitor(faulty.url, new_page())
        me.open("?near=Takoma+Park,+MD&condition=ptsd", until="Something went wrong on our side")
        shown = me.page.get_by_text("Something went wrong on our side").inner_text()
        id = re.search(r"\(error ([0-9a-f]{8})\)", shown)[1]
        assert "988" in shown
        assert f"Error {id}: ValueError at" in faulty.printed
        for word in ("Takoma", "ptsd", "cannot search", "Traceback"):
            assert word not in faulty.printed, word
            assert word not in shown
