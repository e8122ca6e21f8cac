"""Places suggested while one is typed: by keyboard, finger and screen reader, and sent nowhere."""

from playwright.sync_api import expect

from .test_accessibility import findings


def options(me):
    return me.page.get_by_role("option")


def type_slowly(me, text):
    me.where.click()
    me.page.keyboard.type(text, delay=30)
    expect(me.page.get_by_role("listbox", name="Places")).to_be_visible()
    return me


def active(me):
    """The option that a screen reader is told of."""
    id = me.where.get_attribute("aria-activedescendant")
    return me.page.locator(f"#{id}").inner_text() if id else ""


def test_a_town_is_chosen_with_the_keyboard_and_typing_asks_for_one_file(visitor, service):
    me = visitor()
    me.map()
    before, answers = len(me.settled().urls), me.answers
    expect(me.where).to_have_attribute("aria-expanded", "false")
    type_slowly(me, "tak")
    expect(me.where).to_have_attribute("aria-expanded", "true")
    expect(options(me).first).to_have_text("Takoma Park, MD")
    asked = [url for url in me.urls[before:] if url.startswith(service.url)]
    assert asked == [f"{service.url}/assets/places.json"]
    assert me.answers == answers
    assert active(me) == ""
    me.page.keyboard.press("ArrowDown")
    assert active(me) == "Takoma Park, MD"
    expect(options(me).first).to_have_attribute("aria-selected", "true")
    assert me.answers == answers
    me.page.keyboard.press("Enter")
    expect(me.headline).to_contain_text("within 25 miles of Takoma Park, MD")
    expect(me.where).to_have_value("Takoma Park, MD")
    expect(me.where).to_have_attribute("aria-expanded", "false")
    expect(options(me)).to_have_count(0)
    me.settled()
    assert me.params == {"near": ["Takoma Park, MD"]}
    assert [u for u in me.urls[before:] if "tak" in u.lower() and "park" not in u.lower()] == []
    assert me.errors == []


def test_the_list_is_a_combobox_of_the_aria_practices(visitor):
    me = type_slowly(visitor(), "s")
    controlled = me.where.get_attribute("aria-controls")
    assert me.page.locator(f"#{controlled}").get_attribute("role") == "listbox"
    expect(me.where).to_have_attribute("aria-autocomplete", "list")
    expect(options(me)).to_have_count(7)
    expect(me.page.get_by_text("7 suggested")).to_be_attached()
    me.page.keyboard.press("ArrowUp")
    last = options(me).last.inner_text()
    assert active(me) == last
    me.page.keyboard.press("ArrowDown")
    assert active(me) == ""
    me.page.keyboard.press("ArrowDown")
    assert active(me) == options(me).first.inner_text()
    me.page.keyboard.type("i")
    expect(options(me).first).to_have_text("Silver Spring, MD")
    assert active(me) == ""
    me.page.keyboard.press("Escape")
    expect(options(me)).to_have_count(0)
    expect(me.where).to_have_value("si")
    me.page.keyboard.press("ArrowDown")
    assert active(me) == "Silver Spring, MD"


def test_what_was_typed_is_taken_as_it_is_without_a_choice(visitor):
    me = type_slowly(visitor(), "takoma park")
    me.page.keyboard.press("Enter")
    expect(options(me)).to_have_count(0)
    expect(me.headline).to_contain_text("Takoma Park, MD")
    me.settled()
    expect(options(me)).to_have_count(0)


def test_a_zip_code_is_suggested_with_its_town_and_taken_by_its_digits(visitor):
    me = type_slowly(visitor(), "2091")
    options(me).filter(has_text="20912 Takoma Park").click()
    expect(me.headline).to_contain_text("ZIP 20912")
    expect(me.where).to_have_value("20912")
    me.settled()
    assert me.params == {"near": ["20912"]}
    expect(me.page.get_by_text("We know no")).to_have_count(0)


def test_nothing_is_suggested_for_what_is_no_name_here(visitor):
    me = visitor()
    me.where.click()
    for text in ("zzzz", "서울", "<img src=x>"):
        me.where.fill(text)
        me.page.wait_for_timeout(200)
        expect(options(me)).to_have_count(0)
    assert me.errors == []


def test_leaving_the_box_closes_the_list_and_a_new_search_keeps_it_working(visitor):
    me = type_slowly(visitor(), "beth")
    me.page.keyboard.press("ArrowDown")
    me.page.keyboard.press("Enter")
    expect(me.headline).to_contain_text("Bethesda, MD")
    me.settled()
    me.where.fill("")
    type_slowly(me, "st. mich")
    expect(options(me).first).to_have_text("Saint Michaels, MD")
    me.page.keyboard.press("Tab")
    expect(options(me)).to_have_count(0)


def test_axe_finds_nothing_with_the_list_open_in_the_light_and_in_the_dark(visitor):
    me = type_slowly(visitor(), "be")
    me.page.keyboard.press("ArrowDown")
    assert findings(me.faded().page) == []
    me.turn_dark()
    assert active(me) == options(me).first.inner_text()
    assert findings(me.page) == []


def test_on_a_phone_the_list_fits_and_each_place_takes_a_finger(phone):
    me = phone()
    me.where.tap()
    me.page.keyboard.type("ta", delay=30)
    for width in (390, 320):
        me.page.set_viewport_size({"width": width, "height": 844})
        me.settled()
        expect(options(me).first).to_be_visible()
        assert me.scrolls_sideways() == [], width
        boxes = [option.bounding_box() for option in options(me).all()]
        assert all(box["height"] >= 44 and box["x"] >= 0 for box in boxes), width
        assert all(box["x"] + box["width"] <= width for box in boxes), width
    options(me).filter(has_text="Takoma Park, MD").first.tap()
    expect(me.headline).to_contain_text("Takoma Park, MD")


def test_the_chosen_place_is_seen_where_the_colors_are_the_systems(visitor):
    me = visitor()
    me.page.emulate_media(forced_colors="active")
    type_slowly(me, "be")
    me.page.keyboard.press("ArrowDown")
    first, second = options(me).nth(0), options(me).nth(1)
    shade = "e => getComputedStyle(e).backgroundColor"
    assert first.evaluate(shade) != second.evaluate(shade)


def test_another_name_leads_to_the_place_it_is_of(visitor):
    me = visitor()
    places = [["Baltimore, MD", "Bmore", "Charm City"], "Bel Air, MD"]
    me.page.route("**/assets/places.json", lambda route: route.fulfill(json=places))
    type_slowly(me, "charm")
    expect(options(me)).to_have_text(["Baltimore, MD"])


def test_without_the_file_the_box_is_as_good_as_ever(visitor):
    me = visitor()
    me.page.route("**/assets/places.json", lambda route: route.fulfill(status=503))
    me.where.click()
    me.page.keyboard.type("takoma park", delay=20)
    me.page.keyboard.press("Enter")
    expect(me.headline).to_contain_text("Takoma Park, MD")
    expect(options(me)).to_have_count(0)
