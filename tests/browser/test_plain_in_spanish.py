"""The plain pages in Spanish at the widths of a phone and a desk: axe, nothing cut, and paper."""

from __future__ import annotations

import io
from collections.abc import Callable

from playwright.sync_api import Page
from pypdf import PdfReader

from .service import Service
from .test_accessibility import findings
from .test_in_spanish import CUT
from .test_plain_in_browser import PAGES as PLAIN
from .test_plain_in_browser import SMALL

KEPT = "list=nova-health-recovery-alexandria,washington-interventional-psychiatry-washington"
PAGES = {
    **PLAIN,
    "list": f"list?{KEPT}&near=20912",
    "nothing kept": "list",
    "on paper": "print?near=20912&condition=ptsd&unstated=include",
    "to choose": f"choose?near=20912&{KEPT}",
    "refused": "topics/x/..",
}


def in_spanish(service: Service, path: str) -> str:
    return f"{service.url}/{path}{'&' if '?' in path else '?'}lang=es"


def test_no_serious_finding_and_nothing_cut_at_the_width_of_a_desk(
    new_page: Callable[..., Page], service: Service
) -> None:
    page = new_page(width=1280, bypass_csp=True)
    for path in PAGES.values():
        page.goto(in_spanish(service, path))
        assert page.evaluate("document.documentElement.lang") == "es", path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        assert page.evaluate(CUT) == [], path
        assert findings(page) == [], path


def test_no_serious_finding_and_nothing_cut_on_a_phone(
    new_page: Callable[..., Page], service: Service
) -> None:
    page = new_page(width=390, height=844, bypass_csp=True, is_mobile=True, has_touch=True)
    for path in PAGES.values():
        page.goto(in_spanish(service, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate(CUT) == [], path
        assert path.startswith(("print", "choose")) or page.evaluate(SMALL) == [], path
        assert findings(page) == [], path


def test_a_listing_of_usual_length_is_one_sheet_of_paper_in_spanish_too(
    new_page: Callable[..., Page], service: Service
) -> None:
    page = new_page(java_script_enabled=False)
    path = "clinics/washington-interventional-psychiatry-washington"
    page.goto(in_spanish(service, path))
    sheets = PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    assert len(sheets) == 1
    text = " ".join(sheets[0].extract_text().split())
    for words in ("988", "y luego oprima 2", "No se indica", "/topics/", "lang=es", "Fuente:"):
        assert words in text
    for words in ("Sitio con mapa", "algo mal", "Ir al contenido"):
        assert words not in text
