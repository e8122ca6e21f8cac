"""The visitor's list in the app: kept by a button, held by the address, compared, taken along."""

from __future__ import annotations

import re
from unittest.mock import Mock

import pytest

from ui import links, shortlist, state

NOVA, AVESTA = "nova-health-recovery-alexandria", "avesta-ketamine-and-wellness-washington"
FEDERAL = "deaf-reach-20017"
LIST = f"{NOVA},{AVESTA}"


def bar(page) -> list[str]:
    return [element.proto.label for element in page.app.get("page_link")]


def kept(page, part="results_list") -> list[str]:
    return list(page.part(part)["kept"])


def on_list_page(visit, **params):
    page = visit(**params)
    return page.go_to("shortlist.py")


def compared(page) -> list[str]:
    html = page.part("compared")["known"]
    return re.findall(r'<th scope="col"><a href="./clinics/([^"]+)">', html)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The address bar and the session without a page, for what a click does to them."""

    class Bar(dict[str, str | list[str]]):
        def get_all(self, name: str) -> list[str]:
            found = self.get(name, [])
            return found if isinstance(found, list) else [found]

        def from_dict(self, given: dict[str, list[str]]) -> None:
            self.clear()
            self.update({name: v[0] if len(v) == 1 else v for name, v in given.items() if v})

    shown = Bar()
    fake = Mock(query_params=shown, session_state={})
    monkeypatch.setattr(state, "st", fake)
    monkeypatch.setattr(links, "st", fake)
    return shown  # type: ignore[return-value]


def test_every_card_has_a_button_to_keep_it(visit):
    page = visit(near="20912", condition="ptsd")
    assert page.cards.count("data-keep") == len(page.ids) > 3
    assert kept(page) == []
    assert bar(page) == []


def test_what_is_kept_stands_in_the_address_and_leads_to_the_list(visit):
    page = visit(near="20912", condition="ptsd", list=f"{LIST},gone")
    assert kept(page) == [NOVA, AVESTA]
    assert bar(page) == ["Your list (2)"]
    assert page.warnings == []
    assert page.total == visit(near="20912", condition="ptsd").total
    (link,) = page.app.get("page_link")
    assert link.proto.query_string == f"list={NOVA}%2C{AVESTA}&near=20912"


def test_the_list_stays_when_the_search_changes(visit):
    page = visit(near="20912", list=LIST).type_place("Baltimore, MD")
    assert page.url["list"] == LIST
    assert page.choose_order("By name").url["list"] == LIST


def test_a_guide_to_a_town_has_the_buttons_too(visit):
    page = visit(town="takoma-park-md", list=LIST).go_to("towns.py")
    assert kept(page, "near_list") == [NOVA, AVESTA]
    assert bar(page) == ["Your list (2)"]


def test_every_page_leads_to_the_list_but_the_keepers(visit):
    page = visit(list=LIST)
    for name in ("learn.py", "about.py", "towns.py"):
        assert bar(page.go_to(name)) == ["Your list (2)"]
    assert bar(page.go_to("manage.py")) == []


def test_a_click_keeps_one_and_another_takes_it_off(address):
    address.update(near="20912", view="map")
    state.keep(NOVA, True)
    state.keep(AVESTA, True)
    assert address == {"near": "20912", "view": "map", "list": LIST}
    state.keep(NOVA, False)
    assert address["list"] == AVESTA
    state.keep(AVESTA, False)
    assert address == {"near": "20912", "view": "map"}


def test_what_nobody_lists_is_never_kept(address):
    state.keep("<b>gone</b>", True)
    assert address == {}


def test_a_click_made_before_the_last_was_answered_loses_neither(address):
    address.update(near="20912")
    state.keep(NOVA, True)
    address.clear()
    address.update(near="20912")  # as the browser still had it
    state.keep(AVESTA, True)
    assert address["list"] == LIST
    address.clear()
    address.update(near="20912")
    state.change_query(sort="name")
    assert address == {"near": "20912", "sort": "name", "list": LIST}


def test_back_to_an_address_without_the_list_is_an_empty_list(address, monkeypatch):
    state.keep(NOVA, True)
    address.clear()
    monkeypatch.setattr(state, "_went_back", lambda: True)
    state.return_to_search("")
    assert state.kept_ids() == ()


def test_what_is_done_meanwhile_comes_with_an_older_address_and_undoes_nothing(address):
    before = dict(address)
    state.keep(NOVA, True)
    state.put_beside_search(state.SHOWN_AS, "list")
    address.clear()
    address.update(before)  # the browser has not heard of either yet
    state.change_query(near="20912")
    assert address == {"list": NOVA, "view": "list", "near": "20912"}


def test_the_list_comes_back_with_another_page_that_has_cards(address):
    state.return_to_search("")
    state.keep(NOVA, True)
    state.return_to_search("")
    for page in ("learn", "towns"):
        address.clear()
        state.return_to_search(page)
        assert state.kept_ids() == (NOVA,)
    assert address == {"list": NOVA}
    links.follow([links.Link("Rockville", "towns.py", {"town": ["rockville-md"]})], "0")
    assert address == {"list": NOVA, "town": "rockville-md"}


def test_a_search_of_another_page_is_not_put_into_the_address_of_a_guide(address):
    state.return_to_search("")
    state.change_query(near="20912")
    address.clear()
    state.return_to_search("towns")
    state.keep(NOVA, True)
    assert address == {"list": NOVA}


def test_the_list_is_compared_side_by_side_with_distances(visit):
    page = on_list_page(visit, near="20912", list=LIST)
    assert [title.value for title in page.app.title] == ["Your list: 2 places to call"]
    assert compared(page) == [NOVA, AVESTA]
    html = page.part("compared")["known"]
    assert html.count(" miles away") == 2
    assert "Not stated" in html
    assert "Distances are straight lines from the center of ZIP 20912." in page.text
    assert "we store nothing of it" in page.text


def test_the_same_as_cards_where_the_address_says_so_or_there_is_one(visit):
    page = on_list_page(visit, list=LIST, view="list")
    assert re.findall(r'data-card="([^"]+)"', page.part("kept_cards")["html"]) == [NOVA, AVESTA]
    assert kept(page, "kept_cards") == [NOVA, AVESTA]
    assert on_list_page(visit, list=NOVA).part("kept_cards")
    assert compared(on_list_page(visit, list=NOVA, view="table")) == [NOVA]


def test_what_to_take_along_is_the_same_list(visit):
    given = on_list_page(visit, near="20912", list=f"{LIST},gone").part("take_along")
    assert given["link"] == f"./shortlist?list={LIST}&near=20912"
    assert given["paper"] == f"./list?list={LIST}&near=20912"
    assert given["pdf"] == f"./list.pdf?list={LIST}&near=20912"
    assert given["questions"] == ["12 questions to take along", "./learn?topic=choosing-a-clinic"]


def test_a_link_begins_with_the_address_of_the_site_where_that_is_set(visit, monkeypatch):
    monkeypatch.setenv("CLINICS_BASE_URL", "https://clinics.example")
    given = on_list_page(visit, list=NOVA).part("take_along")
    assert given["link"] == f"https://clinics.example/shortlist?list={NOVA}"
    assert given["paper"].startswith("./list?")


def test_what_is_gone_is_said_and_an_empty_list_leads_to_the_search(visit):
    page = on_list_page(visit, list=f"{NOVA},gone")
    assert page.warnings == ["1 place of this list is not in this directory and was left out."]
    page = on_list_page(visit, list="gone")
    assert "Nothing is on this list yet." in page.text
    assert page.links == {"Find clinics": "./"}
    assert "988" in page.text


def test_a_street_address_in_a_link_is_in_no_address_of_the_page(visit):
    page = on_list_page(visit, near="715 Telltale Lane", list=NOVA)
    assert "elltale" not in str(page.part("take_along"))
    assert "elltale" not in page.text


def test_the_way_back_is_the_search_of_this_session(visit):
    page = on_list_page(visit, near="20912", condition="ptsd", list=NOVA)
    assert page.links["Find clinics"] == "./?near=20912&condition=ptsd"


def test_a_full_list_says_so(visit, directory):
    ids = list(directory.dataset.row_of)[:21]
    page = visit(list=",".join(ids[:20]))
    assert bar(page) == ["Your list (20), which is full"]
    assert kept(page) == ids[:20]
    page = on_list_page(visit, list=",".join(ids))
    assert page.warnings == ["A list holds 20 places; 1 more was left out."]


def test_a_column_is_taken_off_by_its_number(address):
    address.update(list=LIST)
    shortlist._take_off((NOVA, AVESTA), "0")
    assert address["list"] == AVESTA
    shortlist._take_off((AVESTA,), "7")
    assert address["list"] == AVESTA
