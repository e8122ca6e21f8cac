"""The page about the API as people see it: axe, a phone, the dark, and links that work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .service import Service
from .test_accessibility import findings


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_about_the_api_is_readable_and_answers_a_request_where_it_is_clicked(
    new_page: Callable[..., Page], service: Service, width: int, scheme: str
) -> None:
    page, said, asked = new_page(width=width, color_scheme=scheme), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{service.url}/api")
    expect(page.get_by_role("heading", level=1)).to_have_text("Use the directory from a program")
    expect(page.get_by_role("link", name="988").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert all(url.startswith(service.url) for url in asked)
    assert findings(page) == []
    with page.expect_response("**/api/v1/clinics?**") as answer:
        page.locator(".requests a").first.click()
    assert answer.value.status == 200
