"""Beside pages, what is in Spanish: refusals, files to take along, shared links, search engines."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET

import pytest
from markupsafe import escape
from PIL import Image
from pypdf import PdfReader
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.domain.language import say, speaking
from clinics.domain.ports import StoreUnavailable
from clinics.present import preview_picture, shortlist
from clinics.present.preview_picture import SIZE, preview
from clinics.web import refusals
from clinics.web.guard.limits import Limits
from clinics.web.plain import sitemap
from clinics.web.plain.assets import preview_path
from tests.integration.asking import Answer, asked
from tests.integration.plain_site import BASE, Ask, checked, site_of
from tests.integration.test_base_path import app as at_base
from tests.integration.test_limits import Handlers, problem
from tests.integration.test_shell import app_of, link_preview
from tests.integration.test_spanish_pages import english

CLINIC = "nova-health-recovery-alexandria"
WITH_HOURS = "washington-interventional-psychiatry-washington"
CALL = 'Llame al <a href="tel:988">988</a> y luego oprima 2'
NAMED = (("host", "made-up.example"), ("accept", "text/html"))
PREFERRED = (*NAMED, ("accept-language", "es-MX,es;q=0.9,en;q=0.5"))


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return app_of(lambda: directory, BASE)


def refused(answer: Answer, status: int) -> str:
    """Check a page that refuses, and return what it says is wrong."""
    assert answer.status == status
    assert '<html lang="es">' in answer.text
    assert CALL in answer.text
    checked(answer.text)
    assert english(answer.text) == []
    return "\n".join(re.findall("<h1>(.*)</h1>\n<p>(.*)", answer.text)[0])


# Refusals


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/plain/nothing-here", 404, "Aquí no hay nada"),
        ("/plain/../..", 400, "tiene partes que no llevan a ningún lado"),
        ("//made-up.example/", 400, "Esto no se puede entender"),
        ("/plain/bug", 500, "Algo salió mal de nuestro lado"),
    ],
)
def test_a_refusal_is_in_the_language_of_the_address_or_of_the_browser(
    target: str, status: int, said: str
) -> None:
    guard = Handlers().guard(Limits())
    assert said in refused(asked(guard, f"{target}?lang=es&near=x", headers=NAMED), status)
    assert said in refused(asked(guard, f"{target}?near=x", headers=PREFERRED), status)
    in_english = asked(guard, f"{target}?lang=en&near=x", headers=PREFERRED)
    assert '<html lang="en">' in in_english.text
    assert said not in in_english.text


def test_what_is_too_much_is_refused_in_spanish_too() -> None:
    guard = Handlers().guard(Limits())
    long = asked(guard, "/plain?lang=es&q=" + "q" * 8_000, headers=NAMED)
    assert "debe tener 8,000 caracteres o menos; tiene 8,016" in refused(long, 414)
    raw = asked(guard, "/plain?lang=es&near=\xff", headers=NAMED)
    assert "con signos %" in refused(raw, 400)
    sent = [b"x" * 20_000]
    large = asked(guard, "/plain?lang=es", method="POST", headers=NAMED, sent=sent, whole=False)
    assert "16,384 bytes o menos" in refused(large, 413)
    host = [("host", "<script>"), ("accept", "text/html")]
    assert "encabezado Host" in refused(asked(guard, "/plain?lang=es", headers=host), 400)
    part = asked(
        Handlers().guard(), "/plain?lang=es", method="POST", headers=NAMED, sent=[b"x"], whole=False
    )
    assert "el resto no llegó a tiempo" in refused(part, 408)


def test_a_store_that_is_down_a_wrong_method_and_a_page_that_is_not_there(
    ask: Ask, app: ASGIApp
) -> None:
    scope = {
        "type": "http", "path": "/plain", "query_string": b"lang=es", "headers": [],
    }  # fmt: skip
    down = refusals.response(scope, StoreUnavailable("made-up"))
    assert "en medio minuto" in down.body.decode()
    post = ask("/near?lang=es", method="POST", sent=[b"x"])
    assert "se usó otro método" in refused(post, 405)
    missing = asked(app, "/nothing?lang=es", headers=NAMED)
    assert "Ninguna página de este sitio tiene esta dirección" in refused(missing, 404)


def test_a_program_gets_its_problem_in_english_whatever_the_address_says() -> None:
    json_please = [("host", "made-up.example"), ("accept", "application/json")]
    answer = asked(Handlers().guard(), "/plain/no?lang=es", headers=json_please)
    assert problem(answer)["detail"] == "There is nothing at this address."
    assert problem(answer)["title"] == "There is nothing at this address"


def test_beside_the_base_path_it_is_said_where_the_service_is() -> None:
    said = asked(at_base("find"), "/elsewhere?lang=es").text
    assert "está en /find/" in said
    assert "llame al 988 y luego oprima 2" in said


# Files to take along


def pdf(answer: Answer) -> tuple[PdfReader, str]:
    found = PdfReader(io.BytesIO(answer.body))
    return found, " ".join(" ".join(page.extract_text() for page in found.pages).split())


def test_the_list_as_pdf_is_in_spanish_with_its_letters_and_its_address(ask: Ask) -> None:
    answer = ask(f"/list.pdf?lang=es&list={CLINIC}&near=20912")
    assert 'filename="clinicas-para-llamar.pdf"' in answer.headers["content-disposition"]
    found, text = pdf(answer)
    assert found.trailer["/Root"]["/Lang"] == "es-US"
    last = "Información, no consejo médico. En una crisis: llame al 988 y luego oprima 2."
    for said in ("Su lista: 1 lugar para llamar", "Dónde", "Cómo se sabe", "línea recta", last):
        assert said in text
    assert f"lang=es&list={CLINIC}" in text.replace(" ", "")
    assert "?" not in text.replace("list?", "").replace("¿", "").partition("Preguntas")[0]
    assert ask(f"/list.pdf?list={CLINIC}").body == ask(f"/list.pdf?lang=en&list={CLINIC}").body


def test_the_questions_as_a_file_are_in_spanish(ask: Ask) -> None:
    answer = ask(f"/questions.txt?lang=es&clinic={CLINIC}")
    assert 'filename="preguntas-para-la-clinica.txt"' in answer.headers["content-disposition"]
    assert answer.text.startswith("PREGUNTAS PARA LLEVAR\r\n")
    assert answer.text.rstrip().endswith("llame al 988 y luego oprima 2.")
    _, text = pdf(ask("/questions.pdf?lang=es"))
    assert "Preguntas para llevar Fecha" in text
    assert "Hablé con" in text


def test_an_unknown_language_of_a_file_is_english(ask: Ask) -> None:
    assert ask("/questions.txt?lang=xx").body == ask("/questions.txt").body


def test_kept_clinics_side_by_side_are_in_spanish_and_their_own_words_marked(
    directory: Directory,
) -> None:
    ids = [WITH_HOURS, *list(directory.dataset.row_of)[:110:10]]
    with speaking("es"):
        kept = shortlist.read(",".join(ids), directory.dataset)
        html = shortlist.compared_html(kept, directory.spoken().vocabulary)
        heading, nothing = kept.heading, say("sheet.empty")
    assert heading == "Su lista: 12 lugares para llamar"
    assert english(html) == []
    for said in ("Distancia", "Teléfono", "Cómo lo sabemos", "Quitar de la lista"):
        assert said in html
    hours = next(c.hours for c in kept.clinics if c.hours)
    assert f'<span lang="en">{hours}</span>' in html
    assert "Guardar" in nothing


@pytest.mark.parametrize("offset", range(4))
def test_no_clinics_page_has_an_english_sentence_of_ours(
    ask: Ask, directory: Directory, offset: int
) -> None:
    for id in list(directory.dataset.row_of)[offset::40]:
        clinic = directory.dataset.find(id)
        assert clinic
        page = ask(f"/clinics/{id}?lang=es").text
        assert [
            text for text in english(page) if not clinic.address or clinic.address not in text
        ] == []
        if clinic.notes:
            assert f'<span lang="en">{escape(clinic.notes)}</span>' in page
        assert not clinic.caveat or clinic.caveat not in page, "a caution has its Spanish"


# What is shown of a link, and to search engines


def test_a_shared_link_is_described_in_spanish(app: ASGIApp, directory: Directory) -> None:
    said = link_preview(app, f"/shortlist?lang=es&list={CLINIC}")
    assert said["og:title"] == "Una lista de 1 lugar para llamar"
    assert said["og:url"] == f"{BASE}/shortlist?lang=es&amp;list={CLINIC}"
    assert said["og:locale"] == "es_US"
    assert "og:locale" not in link_preview(app, "/shortlist")
    for page in ("/learn", "/towns", "/about", "/towns?town=rockville-md", f"/?clinic={CLINIC}"):
        head = asked(app, f"{page}{'&' if '?' in page else '?'}lang=es").text.partition("</head>")
        assert english(f"{head[0]}</head></html>") == [], page
    with speaking("es"):
        picture = preview_path(directory.spoken().site)
    assert said["og:image"] == f"{BASE}{picture}"


def test_the_picture_of_each_language_has_its_words(ask: Ask, directory: Directory) -> None:
    with speaking("es"):
        site = directory.spoken().site
    answer = ask(preview_path(site))
    assert answer.body == preview(site) != preview(directory.site)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert picture.size == SIZE
    assert len(answer.body) < 40_000


def test_the_picture_has_letters_with_accents_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    font = preview_picture._font(60, preview_picture._font_file())
    lacks = bytes(font.getmask("\uffff"))
    assert [c for c in "áéíóúüñÁÑ¿¡" if bytes(font.getmask(c)) == lacks] == []
    monkeypatch.setattr(preview_picture, "find_spec", lambda _: None)
    assert preview_picture._font_file() == ""
    assert preview_picture._without_marks("clínicas, ñandú") == "clinicas, nandu"


def test_search_engines_get_a_clinic_in_the_language_of_its_page(ask: Ask) -> None:
    def ld(address: str) -> dict[str, object]:
        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', ask(address).text)
        return dict(json.loads(found[0]))

    spanish, own = ld(f"/clinics/{CLINIC}?lang=es"), ld(f"/clinics/{CLINIC}")
    page = f"{BASE}/clinics/{CLINIC}"
    assert spanish["@id"] == own["@id"] == own["mainEntityOfPage"] == page
    assert spanish["mainEntityOfPage"] == {
        "@type": "WebPage", "@id": f"{page}?lang=es", "inLanguage": "es",
    }  # fmt: skip
    assert "La clínica dice que trata" in str(spanish["description"])
    assert spanish["name"] == own["name"]


def test_the_sitemap_has_each_page_in_each_language_with_the_way_to_the_others(
    ask: Ask, directory: Directory
) -> None:
    names = {"s": sitemap._NAMESPACE, "x": "http://www.w3.org/1999/xhtml"}
    urls = ET.fromstring(ask("/sitemap.xml").text).findall("s:url", names)
    ways = {
        url.findtext("s:loc", "", names): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", names)
        }
        for url in urls
    }
    here, there = f"{BASE}/topics/risks", f"{BASE}/topics/risks?lang=es"
    assert ways[here] == ways[there] == {"en": here, "es": there, "x-default": here}
    assert all(address in others.values() for address, others in ways.items())
    assert len(urls) == len(directory.languages) * len(list(sitemap.entries(directory)))
    assert "Allow: /plain?lang=es$" in ask("/robots.txt").text.splitlines()


def test_a_robot_is_sent_to_no_language(ask: Ask) -> None:
    for path in ("/robots.txt", "/sitemap.xml"):
        assert ask(path, headers=[*PREFERRED]).status == 200


def test_every_kind_of_refusal_has_a_title_in_each_language() -> None:
    for kind in (*refusals.KINDS, refusals.TOO_MUCH, refusals.BUSY):
        title, heading = kind.title, kind.heading
        with speaking("es"):
            assert kind.title != title
            assert kind.heading != heading
            assert say(kind.says) == kind.title
