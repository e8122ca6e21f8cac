"""Street addresses over the real service: where they go, where they never go, and who is slow."""

import time

from playwright.sync_api import expect

STREET = "7500 Maple Avenue"


def test_an_address_is_found_and_stays_out_of_link_history_and_log(
    visitor, service, address_service
):
    me = visitor("?near=21201")
    expect(me.headline).to_contain_text("21201")
    me.type_place(f"{STREET}, Takoma Park, MD 20912")
    expect(me.headline).to_contain_text("address in ZIP 20912")
    expect(me.where).to_have_value(f"{STREET}, Takoma Park, MD 20912")
    me.show_on_map(2).click()
    expect(me.selected).to_have_count(1)
    me.page.wait_for_url("**clinic=**")  # the choice is shown before the service has answered
    assert me.params["near"] == ["20912"]
    assert "Maple" not in me.page.url
    me.page.go_back()
    expect(me.selected).to_have_count(0)
    me.page.go_back()
    expect(me.headline).to_contain_text("21201")
    me.page.go_forward()
    expect(me.headline).to_contain_text("20912")
    assert "Maple" not in me.page.url
    assert "maple" not in service.printed.lower()
    assert not [url for url in me.urls if "maple" in url.lower()]
    assert len([a for a in address_service.asked if "maple" in a]) == 1


def test_the_search_goes_on_when_the_address_service_is_slow_or_refuses(visitor, service):
    me = visitor()
    began = time.monotonic()
    me.type_place("12 slow street, Takoma Park, MD 20912")
    expect(me.page.get_by_text("The address service is not answering")).to_be_visible()
    me.wait_for_total(21)
    assert time.monotonic() - began < 8
    assert me.params == {"near": ["20912"]}
    me.type_place("99 refusing lane")
    expect(me.page.get_by_text("Give a town or a ZIP code instead")).to_be_visible()
    me.wait_for_total(27)
    assert me.params == {}
    assert "refusing" not in service.printed
    me.type_place("20912").wait_for_total(21)
    expect(me.page.get_by_text("not answering")).to_have_count(0)
    assert me.errors == []


def test_a_click_while_an_address_is_looked_up_does_not_lose_the_address(visitor):
    """The click carries the link of before the answer; what was found must survive it."""
    me = visitor()
    me.map()
    me.type_place("12 unhurried street, Takoma Park, MD 20912")
    me.page.wait_for_timeout(400)
    me.show_on_map(2).click()
    expect(me.headline).to_contain_text("ZIP 20912")
    assert me.params["near"] == ["20912"]


def test_a_location_is_used_on_a_press_and_its_numbers_go_nowhere(visitor, service):
    me = visitor()
    me.page.context.grant_permissions(["geolocation"])
    me.page.context.set_geolocation({"latitude": 38.984123, "longitude": -77.006123})
    assert "Where:" in me.page.locator(".st-key-where").inner_text()
    me.page.get_by_role("button", name="Use my location").click()
    expect(me.headline).to_contain_text("your location")
    expect(me.where).to_have_value("my location")
    assert me.params == {"near": ["20912"]}
    expect(me.page.get_by_text("kept for this visit only")).to_be_visible()
    assert not [url for url in me.urls if "38.98" in url or "77.0" in url]
    assert "38.98" not in service.printed
    assert me.errors == []


def test_a_device_that_does_not_say_where_it_is_gets_a_way_on(visitor):
    me = visitor()
    me.page.context.clear_permissions()
    me.page.get_by_role("button", name="Use my location").click()
    expect(me.page.get_by_text("Type a town or a ZIP code instead")).to_be_visible()
