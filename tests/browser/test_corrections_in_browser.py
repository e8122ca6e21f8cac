"""Handing in a correction from a card, by keyboard and on a phone; the map stays as it is."""

import re

from playwright.sync_api import expect


def dialog(me):
    return me.page.get_by_role("dialog", name=re.compile("^Something wrong with"))


def wrong(me, number):
    return me.cards.nth(number - 1).locator("[data-wrong]")


def thanks(me):
    return dialog(me).get_by_text("Thank you.")


def test_a_correction_is_handed_in_with_the_keyboard_alone(visitor):
    me = visitor("?near=20912&condition=ptsd")
    me.map()
    element, before = me.map_element.element_handle(), me.page.url
    me.cards.nth(1).locator("summary").press("Enter")
    wrong(me, 2).focus()
    me.page.keyboard.press("Enter")
    # The browser loads a kind of field when it first needs it; Tab passes over one still to come.
    right = dialog(me).get_by_role("textbox", name=re.compile("What is right"))
    expect(right).to_be_visible()
    me.settled()
    keys = me.page.keyboard
    dialog(me).get_by_role("combobox", name=re.compile("What is wrong")).focus()
    keys.press("ArrowDown")
    expect(me.page.get_by_role("option").first).to_be_visible()
    keys.press("Enter")
    expect(me.page.get_by_role("option")).to_have_count(0)
    keys.press("Tab")  # over the cross that takes the choice back
    keys.press("Tab")
    expect(right).to_be_focused()
    keys.type("It is (301) 555-0123. <img src=x onerror=alert(1)>")
    keys.press("Tab")
    keys.type("A letter")
    keys.press("Enter")
    expect(thanks(me)).to_be_visible()
    # The field that had the focus is gone; the dialog takes it, and with it the keys.
    expect(dialog(me).locator("button:focus")).to_have_count(1)
    keys.press("Escape")
    expect(dialog(me)).to_have_count(0)
    expect(wrong(me, 2)).to_be_focused()
    assert element.evaluate("e => e.isConnected")
    assert me.page.url == before
    assert me.errors == []


def test_a_correction_is_handed_in_on_a_phone(phone):
    me = phone("?near=20912")
    me.cards.first.locator("summary").tap()
    target = wrong(me, 1).bounding_box()
    assert target["height"] >= 44
    wrong(me, 1).tap()
    expect(dialog(me)).to_be_visible()
    send = dialog(me).get_by_role("button", name="Send this correction")
    dialog(me).get_by_role("combobox").tap()
    me.page.get_by_role("option", name="It has closed or moved away").tap()
    send.tap()
    alert = dialog(me).get_by_role("alert").filter(has_text="Write what is right")
    expect(alert).to_be_visible()
    dialog(me).get_by_role("textbox", name=re.compile("What is right")).fill("It closed in May.")
    assert me.scrolls_sideways() == []
    assert send.bounding_box()["height"] >= 44
    send.tap()
    expect(thanks(me)).to_be_visible()
    dialog(me).get_by_role("button", name="Close", exact=True).last.tap()
    expect(dialog(me)).to_have_count(0)
    expect(me.page.get_by_text("Need help now?").first).to_be_visible()
    assert me.errors == []


def test_what_is_missing_is_said_under_its_field_which_gets_the_keyboard(visitor):
    me = visitor("?near=20912")
    me.cards.first.locator("summary").click()
    wrong(me, 1).click()
    right = dialog(me).get_by_role("textbox", name=re.compile("What is right"))
    expect(right).to_be_visible()
    me.settled()
    kind = dialog(me).get_by_role("combobox", name=re.compile("What is wrong"))
    send = dialog(me).get_by_role("button", name="Send this correction")
    send.click()
    said = dialog(me).get_by_text("Choose what is wrong from the list.")
    expect(said).to_be_visible()
    assert kind.bounding_box()["y"] < said.bounding_box()["y"] < right.bounding_box()["y"]
    expect(kind).to_be_focused()
    me.settled()
    me.page.keyboard.press("ArrowDown")
    me.page.get_by_role("option").first.click()
    for _ in range(2):
        send.click()
        expect(said).to_have_count(0)
        expect(right).to_be_focused()
        expect(dialog(me).get_by_text("it is empty now")).to_be_visible()
        me.settled()
