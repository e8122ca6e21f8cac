"""The app in Spanish: its frame, the way to the other language, and how the language is kept."""

from tests.app.visit import Visit


def switch(page: Visit) -> str:
    return next(html.body for html in page.app.get("html") if "lang=" in html.body)


def test_the_frame_is_in_the_language_of_the_address(visit) -> None:
    page = visit(near="20912", lang="es")
    assert "Llame al" in page.text
    assert "luego oprima 2" in page.text
    assert "consejo médico" in page.text
    assert "Clínicas cerca de usted" in page.text
    assert '<a href="?lang=en&amp;near=20912" lang="en">In English</a>' in switch(page)


def test_without_it_the_app_is_in_english_and_offers_spanish(visit) -> None:
    page = visit(near="20912")
    assert "Find a clinic near you" in page.text
    assert '<a href="?lang=es&amp;near=20912" lang="es">En español</a>' in switch(page)
    assert "lang" not in page.url


def test_the_language_goes_along_to_other_pages(visit) -> None:
    page = visit(lang="es").go_to("learn.py")
    assert page.url["lang"] in ("es", ["es"])
    assert "Entienda el tratamiento antes de llamar" in page.text


def test_a_language_that_there_is_not_is_passed_over(visit) -> None:
    page = visit(lang="xx")
    assert "Find a clinic near you" in page.text


def test_a_topic_is_read_in_spanish(visit) -> None:
    page = visit(lang="es").change_link(topic="risks").go_to("learn.py")
    page.change_link(topic="risks")
    assert "Riesgos y efectos secundarios" in page.text
    assert "todavía no lo ha leído" in page.text


def test_keepers_work_in_english(visit) -> None:
    page = visit(lang="es").go_to("manage.py")
    assert "Need help now?" in page.text


def spoken_box(page: Visit):
    return next(box for box in page.app.checkbox if box.label == "Se habla español")


def test_spanish_is_the_first_filter_of_a_spanish_page_and_one_press(visit) -> None:
    page = visit(lang="es", category="mental-health", within="any")
    assert not spoken_box(page).value
    assert "no dicen qué idiomas hablan" in page.text
    spoken_box(page).check().run()
    assert page.url["language"] in ("es", ["es"])
    assert spoken_box(page).value
    spoken_box(page).uncheck().run()
    assert "language" not in page.url


def test_where_no_listing_says_so_it_is_said(visit) -> None:
    page = visit(lang="es")
    assert "Ninguno de los 27 dice qué idiomas habla: pregunte." in page.text


def test_languages_stand_first_in_the_filters_of_a_spanish_page_alone(visit) -> None:
    page = visit(lang="es", category="mental-health").open_filters()
    assert page.filters_drawn[:1] == ["language"]
    page = visit(category="mental-health").open_filters()
    assert page.filters_drawn[:1] == ["category"]
    assert "habla" not in page.text


def test_a_distance_typed_with_a_place_is_taken(visit) -> None:
    page = visit(lang="es").type_place("a 10 millas de Silver Spring")
    assert page.url["near"] in ("Silver Spring, MD", ["Silver Spring, MD"])
    assert page.url["within"] in ("10", ["10"])
