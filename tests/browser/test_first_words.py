"""Where scripts or websockets do not come through: the crisis line and a way on, in the HTML."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .service import Service
from .visitor import Visitor


def waiting(page: Page) -> None:
    said = page.locator(".first-words.waiting")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Call or text 988")
    expect(said.get_by_role("link", name="go on with the plain pages")).to_have_attribute(
        "href", re.compile("plain")
    )


def test_where_the_scripts_cannot_load_words_stand_in_a_page_without_a_first_screen(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.route("**/static/js/**", lambda route: route.abort())
    page.goto(f"{service.url}/about")
    waiting(page)


def test_where_websockets_are_refused_the_answer_stays(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    page.goto(f"{service.url}/?near=20912")
    page.wait_for_timeout(3_000)
    expect(page.locator("#first .card").first).to_be_visible()
    expect(page.locator("#first .st-key-crisis")).to_be_in_viewport()
    plain = page.locator("#first .fine a")
    expect(plain).to_have_attribute("href", re.compile("plain.*near=20912"))


def test_when_the_line_is_lost_a_sentence_of_ours_says_so_and_covers_nothing(
    service: Service, new_page: Callable[..., Page]
) -> None:
    lines = []

    def through(socket):  # type: ignore[no-untyped-def]
        lines.append(socket) if not lines else socket.close()
        if len(lines) == 1:
            socket.connect_to_server()

    page = new_page()
    page.route_web_socket("**/_stcore/stream", through)
    me = Visitor(service.url, page).open("?near=20912")
    expect(page.locator(".first-words.waiting")).to_be_hidden()
    expect(page.locator(".first-words.lost")).to_be_hidden()
    page.unroute("**/_stcore/**")
    page.route("**/_stcore/**", lambda route: route.abort())
    lines[0].close()
    expect(page.locator(".first-words.lost")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Need help now?").first).to_be_visible()
    assert me.cards.count() > 0
