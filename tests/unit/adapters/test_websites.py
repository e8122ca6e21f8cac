"""Clinics' own pages: what each says of itself, and nothing that is not clear."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.adapters import websites as reader
from clinics.adapters.schema_org import number, places_of
from clinics.adapters.web_page import decoded, page_of, plain
from clinics.domain.columns import BY_NAME
from clinics.domain.sources import Hint, Listing, Record, SourceRefused, Trouble
from scripts.demo_pages import GONE, REFUSES_ALL, Reply, page
from scripts.demo_sources import FAULTS, StandIn, stand_in
from tests.made_up import made_up_clinic
from tests.sources import TODAY, nobody, websites

FIXTURES = Path(__file__).parent / "pages"
URL = "https://mood.example/"


def listing(id: int = 0, **cells: str) -> Listing:
    return made_up_clinic(
        id,
        **{
            "name": "Example Mood Center", "address": "", "city": "Rockville", "state": "MD",
            "zip": "", "phone": "", "main_phone": "", "hours": "", "website": URL, "status": "",
            "caveat": "", **cells,
        },
    )  # fmt: skip


def place(**more: Any) -> dict[str, Any]:
    address = {
        "streetAddress": "1 Made Up Street", "addressLocality": "Rockville",
        "addressRegion": "MD", "postalCode": "20850",
    }  # fmt: skip
    address |= more.pop("address", {})
    return {"@type": "MedicalClinic", "telephone": "+1 301-555-0111", "address": address, **more}


def mood(data: Any = (), body: str = "") -> Reply:
    return page("Example Mood Center", data if isinstance(data, list) else [*data], body)


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([], {}) as made:
        yield made


def looked(stand: StandIn, *listings: Listing, **more: Any) -> list[Any]:
    return list(websites(stand, **more).look(listings or (listing(),), nobody))


def cells_of(stand: StandIn, reply: Reply, **cells: str) -> Listing:
    """What the page proposes for its listing."""
    stand.pages["mood.example", "/"] = reply
    found = [one for one in looked(stand, listing(**cells)) if isinstance(one, Record)]
    return found[0].cells if found else {}


def troubles(said: list[Any]) -> list[str]:
    return [one.says for one in said if isinstance(one, Trouble)]


def fixture(name: str) -> Reply:
    return Reply((FIXTURES / f"site_{name}.html").read_bytes())


FULL = {
    "address": "1 Made Up Street, Suite 200", "city": "Rockville", "state": "MD", "zip": "20850",
    "phone": "(301) 555-0111", "hours": "Mon-Fri 9am-5pm",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "called", "cells"),
    [
        ("plain", "Example Mood Center", FULL),
        ("tel_only", "Only a Link", {"phone": "(301) 555-0111"}),
        ("broken_jsonld", "Broken Center", {"phone": "(301) 555-0111"}),
        ("graph_two_places", "Example & Co",
         {"address": "1 Made Up Street", "city": "Rockville", "state": "MD", "zip": "20850"}),
        ("nothing_js", "Example Mood Center", {}),
    ],
)  # fmt: skip
def test_pages_as_they_are_in_the_wild(
    stand: StandIn, name: str, called: str, cells: Listing
) -> None:
    assert cells_of(stand, fixture(name), name=called) == cells


def test_a_record_says_where_when_and_why(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = fixture("plain")
    (one,) = looked(stand)
    assert (one.about, one.url, one.date) == (listing()["id"], URL, TODAY)
    assert one.why == "the listing names this page as its own"
    assert one.evidence == (
        "Its own page on 28 Nov 2026: “Example Mood Center, (301) 555-0111, "
        "1 Made Up Street, Suite 200, Rockville”."
    )


def test_nothing_is_read_but_telephone_address_and_hours(stand: StandIn) -> None:
    told = place(
        priceRange="$$$", medicalSpecialty="Psychiatric", availableService="Ketamine",
        isAcceptingNewPatients=True, email="a@b.example", name="Example Mood Center",
    )  # fmt: skip
    found = cells_of(stand, mood([told]))
    assert set(found) == {"phone", "address", "city", "state", "zip"}


ROCKVILLE = place(name="Rockville")
BETHESDA = place(
    telephone="301-555-0122",
    address={"addressLocality": "Bethesda", "streetAddress": "7 Invented Ave",
             "postalCode": "20814"},
)  # fmt: skip


def test_of_two_places_each_listing_gets_its_own(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = mood([{"@graph": [ROCKVILLE, BETHESDA]}])
    found = looked(stand, listing(0), listing(1, city="Bethesda"))
    assert [one.cells["phone"] for one in found] == ["(301) 555-0111", "(301) 555-0122"]
    assert len([path for path in stand.asked if path == "/"]) == 1, "one page is asked once"


def test_a_page_of_other_towns_is_a_question_and_proposes_nothing(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = mood([ROCKVILLE, BETHESDA])
    empty, hint = looked(stand, listing(city="Columbia"))
    assert empty.cells == {}
    assert isinstance(hint, Hint)
    assert (hint.says, hint.wait_days) == (reader.ELSEWHERE, 0)
    assert hint.evidence == "Its page names Bethesda, Rockville on 28 Nov 2026."


def test_two_offices_in_the_town_are_told_apart_by_zip_or_not_at_all(stand: StandIn) -> None:
    other = place(
        telephone="301-555-0133", address={"streetAddress": "9 Other Street", "postalCode": "20852"}
    )
    reply = mood([ROCKVILLE, other])
    assert cells_of(stand, reply) == {}
    assert cells_of(stand, reply, zip="20852")["phone"] == "(301) 555-0133"


def test_a_page_of_several_listings_says_of_none_which_number_it_has(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = mood([], "<a href=tel:3015550111>Call</a>")
    both = looked(stand, listing(0), listing(1, city="Columbia"))
    assert all(one.cells == {} for one in both if isinstance(one, Record))
    assert troubles(both) == [reader.NOT_ALONE] * 2
    deep = looked(stand, listing(0), listing(1, website=f"{URL}columbia"))
    assert deep[0].cells == {}, "the front page of a site of several"
    (alone, _) = looked(stand, listing(0), pages={"not-asked-for": URL})
    assert alone.cells == {}


def links(*numbers: str, before: str = "Call", more: str = "") -> str:
    return "".join(f'<p>{before} <a href="tel:{one}" {more}>{one}</a></p>' for one in numbers)


@pytest.mark.parametrize(
    ("body", "phone"),
    [
        (links("301-555-0111"), "(301) 555-0111"),
        (links("+1%20301%20555%200111;ext=5"), "(301) 555-0111 ext. 5"),
        (links("301-555-0111") + links("301-555-0111", "+13015550111"), "(301) 555-0111"),
        (links("301-555-0111") + links("301-555-0199", before="Fax:"), "(301) 555-0111"),
        (links("301-555-0199", before="Fax"), None),
        ('<a href="tel:3015550199">Fax us</a>', None),
        (links("301-555-0199") + "<p>Fax: (301) 555-0199</p>", None),
        (links("301-555-0199") + "<p>301.555.0199 (fax)</p>", None),
        (links("301-555-0111") + links("18005550100", before="In a crisis call"), "(301) 555-0111"),
        (links("301-555-0111", "301-555-0122"), None),
        (links("800-555-0111"), None),
        (links("301-555-0111", more='class="callrail-number"'), None),
        (links("301-555-0111", more='data-tracking-number="1"'), None),
        (links("301-555-0111", more='onclick="trackCall()"'), "(301) 555-0111"),
        (links("555-555-5555"), None), (links("999-999-9999"), None), (links("123"), None),
        (links("988"), None), (links("javascript:alert(1)"), None), (links(""), None),
        ("<!-- " + links("301-555-0111") + " -->", None),
        ("<script>" + links("301-555-0111") + "</script>", None),
        ("<template>" + links("301-555-0111"), None),
    ],
)  # fmt: skip
def test_numbers_of_links(stand: StandIn, body: str, phone: str | None) -> None:
    assert cells_of(stand, mood([], body)).get("phone") == phone


@pytest.mark.parametrize(
    ("told", "body"),
    [
        (place(telephone=["301-555-0111", "301-555-0122"]), ""),
        (place(), links("301-555-0122")),
        (place(telephone="301-555-0111", faxNumber="301 555 0111"), ""),
        (place(), "Fax 301-555-0111"),
        (place(telephone="20850"), ""), (place(telephone="1 Made Up Street"), ""),
        (place(telephone={"a": 1}), ""), (place(telephone=[[]]), ""), (place(telephone=True), ""),
        (place(telephone="<b>3015550111</b>"), ""), (place(telephone="3015550111;drop"), ""),
        (place(telephone="(301) 555-0111 / (301) 555-0122"), ""),
        (place(telephone="877-555-0111"), ""), (place(telephone="0" * 90), ""),
    ],
)  # fmt: skip
def test_a_number_of_the_data_that_is_not_sure_is_not_proposed(
    stand: StandIn, told: Any, body: str
) -> None:
    found = cells_of(stand, mood([told], body))
    assert "phone" not in found
    assert found["address"] == "1 Made Up Street"


def test_what_is_not_clear_is_said(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = mood([], links("301-555-0111", "301-555-0122"))
    assert troubles(looked(stand)) == [reader.NOT_CLEAR]


@pytest.mark.parametrize(
    "address",
    [
        {"addressLocality": "20850", "postalCode": "Rockville"},
        {"addressLocality": "MD", "addressRegion": "Rockville"},
        {"streetAddress": "301-555-0111"}, {"streetAddress": "Rockville"},
        {"streetAddress": "<script>alert(1)</script>"}, {"streetAddress": "=HYPERLINK(1)"},
        {"streetAddress": "1 Main St www.casino.example"}, {"streetAddress": "1 " + "A" * 200},
        {"streetAddress": "1 Rue X", "addressCountry": "FR"}, {"postalCode": "2085"},
        {"addressLocality": "Rock\u202eville<"}, {"addressRegion": "Ontario"},
        {"streetAddress": "1 Main\u0000\u202e St 1\uff1a"}, {"streetAddress": ["1 Main"]},
    ],
)  # fmt: skip
def test_an_address_that_is_not_what_it_should_be_takes_its_place_along(
    stand: StandIn, address: Any
) -> None:
    found = cells_of(stand, mood([place(address=address)]))
    if address == {"streetAddress": ["1 Main"]}:  # no street is no fault
        assert "address" not in found
    else:
        assert found == {}


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("1 Made Up Street, Rockville, MD 20850", "MD"),
        ("1 Made Up Street, Rockville, Maryland 20850-1234, USA", "MD"),
        ([{"streetAddress": "1 Made Up Street", "addressLocality": "Rockville",
           "addressRegion": "Maryland", "postalCode": "208501234"}], "MD"),
    ],
)  # fmt: skip
def test_the_shapes_of_an_address(stand: StandIn, address: Any, state: str) -> None:
    found = cells_of(stand, mood([{**place(), "address": address}]))
    assert (found["address"], found["zip"], found["state"]) == ("1 Made Up Street", "20850", state)


def spec(days: Any, opens: Any = "09:00", closes: Any = "17:00", **more: Any) -> dict[str, Any]:
    return {"dayOfWeek": days, "opens": opens, "closes": closes, **more}


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        ({"openingHoursSpecification": spec("Monday")}, "Mon 9am-5pm"),
        ({"openingHoursSpecification": [spec(["Monday", "Tuesday"]),
                                        spec("https://schema.org/Saturday", "10:30", "14:00:00")]},
         "Mon-Tue 9am-5pm, Sat 10:30am-2pm"),
        ({"openingHoursSpecification": [spec("Mo", "09:00", "12:00"),
                                        spec("Mo", "13:00", "17:00")]},
         "Mon 9am-12pm and 1pm-5pm"),
        ({"openingHoursSpecification": [spec("Monday"), spec("Sunday", "00:00", "00:00")]},
         "Mon 9am-5pm"),
        ({"openingHours": "Mo-Fr 09:00-17:00"}, "Mon-Fri 9am-5pm"),
        ({"openingHours": ["Mo,We 09:00-12:00", "Th - Fr 10:00-18:30"]},
         "Mon 9am-12pm, Wed 9am-12pm, Thu-Fri 10am-6:30pm"),
        ({"openingHours": "Mo-Su"}, None), ({"openingHours": "by appointment"}, None),
        ({"openingHours": ["Mo 09:00-17:00", "call us"]}, None),
        ({"openingHoursSpecification": spec("Monday", "00:00", "23:59")}, None),
        ({"openingHoursSpecification": spec("Monday", "17:00", "09:00")}, None),
        ({"openingHoursSpecification": spec("Monday", "9", "5")}, None),
        ({"openingHoursSpecification": spec("Someday")}, None),
        ({"openingHoursSpecification": "9 to 5"}, None),
        ({"openingHoursSpecification": [None, 3]}, None),
        ({"openingHoursSpecification": spec("Monday", validFrom="2026-12-24")}, None),
        ({"openingHoursSpecification": [spec("Mo", "09:00", "13:00"), spec("Mo")]}, None),
    ],
)  # fmt: skip
def test_hours(stand: StandIn, hours: dict[str, Any], written: str | None) -> None:
    assert cells_of(stand, mood([place(**hours)])).get("hours") == written


@pytest.mark.parametrize(
    "block",
    [
        "// <![CDATA[\nPLACE\n// ]]>", "<!-- PLACE -->", "[PLACE]", '{"@graph": [PLACE]}', "PLACE;",
        '{"@type": "WebPage", "provider": PLACE}', "/*<![CDATA[*/PLACE/*]]>*/", "PLACE,",
        '{"a": "two\nlines", "b": [PLACE,],}',
    ],
)  # fmt: skip
def test_how_data_are_wrapped(block: str) -> None:
    (found,) = places_of([block.replace("PLACE", json.dumps(place()))])
    assert found.phones == ("(301) 555-0111",)


def test_a_page_of_somebody_else_by_now_proposes_nothing(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = page("Best Casino", [place(name="Best Casino")])
    said = looked(stand)
    assert (len(said), troubles(said)) == (1, [reader.NOT_NAMED])


def test_the_contact_page_is_read_where_the_first_gives_no_number(stand: StandIn) -> None:
    stand.pages["mood.example", "/contact-us"] = page("Contact", [place()])
    more = '<a href="/contact-us#x">Contact</a><a href="/about">About</a>'
    away = '<a href="https://else.example/contact">Contact</a>'
    assert cells_of(stand, mood([], away + more))["phone"] == "(301) 555-0111"
    assert stand.asked == ["/robots.txt", "/", "/contact-us"]
    stand.asked.clear()
    cells_of(stand, mood([place()], more))
    assert stand.asked == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("mood.example is for sale", "Buy this domain"), ("Index of /", ""),
        ("Account Suspended", ""), ("", "This domain is parked"), ("Domain name for sale", ""),
    ],
)  # fmt: skip
def test_a_parked_page_is_a_hint_and_nothing_of_it_is_read(
    stand: StandIn, title: str, body: str
) -> None:
    stand.pages["mood.example", "/"] = page(title, (), body + links("301-555-0111"))
    (hint,) = looked(stand)
    assert isinstance(hint, Hint)
    assert (hint.says, hint.wait_days) == (reader.IS_PARKED, 7)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_a_hint_unless_its_site_is_there(
    stand: StandIn, status: int
) -> None:
    stand.pages["mood.example", "/"] = Reply(b"", status)
    (hint,) = looked(stand)
    assert (hint.says, hint.wait_days, hint.url) == (reader.IS_GONE, 7, URL)
    (hint,) = looked(stand, listing(website=f"{URL}ketamine/"))
    assert hint.says == reader.IS_GONE
    stand.pages["mood.example", "/"] = mood([place()])
    assert troubles(looked(stand, listing(website=f"{URL}ketamine/"))) == [reader.MOVED]


def resolving(error: int) -> Any:
    def resolve(host: str, _port: int) -> tuple[str, ...]:
        if host == "mood.example":
            raise socket.gaierror(error, "made up")
        return ("127.0.0.1",)

    return resolve


def test_a_host_that_there_is_not_is_a_hint_if_another_one_answers(stand: StandIn) -> None:
    """Where nobody answers it is this machine that has no network."""
    stand.pages["else.example", "/"] = mood([place()])
    there = listing(1, website="https://else.example/")
    for both in ((listing(), there), (there, listing())):
        said = looked(stand, *both, resolve=resolving(socket.EAI_NONAME))
        assert [one.says for one in said if isinstance(one, Hint)] == [reader.IS_GONE]
    with pytest.raises(SourceRefused, match="is there a network here"):
        looked(stand, resolve=resolving(socket.EAI_NONAME))
    assert troubles(looked(stand, resolve=resolving(socket.EAI_AGAIN))) == [reader.NO_ANSWER]


BAD = sorted(set(FAULTS) - {"404", "loop", "drip", "silence"})


@pytest.mark.parametrize("fault", [*BAD, "drip", "silence"])
def test_no_fault_says_that_a_clinic_is_closed_or_stops_the_others(
    stand: StandIn, fault: str
) -> None:
    stand.pages["mood.example", "/"] = fault
    stand.pages["else.example", "/"] = mood([place()])
    bad, good = looked(stand, listing(), listing(1, website="https://else.example/"),
                       longest_seconds=0.4)  # fmt: skip
    assert isinstance(bad, Trouble)
    assert (good.about, good.cells["phone"]) == (listing(1)["id"], "(301) 555-0111")
    refuses = fault in ("401", "403", "429")
    assert bad.says == (reader.NOT_WANTED if refuses else bad.says)
    assert bool(bad.until) == refuses


def test_robots_and_captchas_are_left_alone_for_thirty_days(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = mood([place()])
    stand.pages["mood.example", "/robots.txt"] = REFUSES_ALL
    (refused,) = looked(stand)
    assert (refused.says, (refused.until - TODAY).days) == (reader.NOT_WANTED, 30)
    assert stand.asked == ["/robots.txt"]
    stand.pages["mood.example", "/robots.txt"] = GONE
    stand.pages["mood.example", "/"] = page("Just a moment...", [place(name="Example Mood")])
    assert troubles(looked(stand)) == [reader.NOT_WANTED]


def test_robots_are_asked_of_where_a_page_sends_on_to(stand: StandIn) -> None:
    stand.pages["mood.example", "/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\n")
    stand.pages["mood.example", "/"] = Reply(b"", 302, headers={"Location": "/private"})
    stand.pages["mood.example", "/private"] = mood([place()])
    assert troubles(looked(stand)) == [reader.NOT_WANTED]
    assert stand.asked == ["/robots.txt", "/"]


def test_a_site_that_sends_on_and_on_is_left(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = Reply(b"", 302, headers={"Location": "/"})
    assert troubles(looked(stand)) == [reader.NO_ANSWER]
    assert len(stand.asked) == 5


def test_a_site_that_sends_on_to_another_is_said(stand: StandIn) -> None:
    there = f"http://else.example:{stand.server_address[1]}/"
    stand.pages["mood.example", "/"] = Reply(b"", 302, headers={"Location": there})
    stand.pages["else.example", "/"] = mood([place()])
    assert troubles(looked(stand)) == [reader.SENT_ON]
    assert stand.asked == ["/robots.txt", "/"]


@pytest.mark.parametrize("kind", ["application/pdf", "text/plain", "", "image/png"])
def test_only_pages_are_read(stand: StandIn, kind: str) -> None:
    stand.pages["mood.example", "/"] = Reply(mood([place()]).body, kind=kind)
    assert troubles(looked(stand)) == [reader.NO_ANSWER]


def test_no_listing_without_a_page_and_no_closed_one_is_asked_for(stand: StandIn) -> None:
    assert looked(stand, listing(website=""), listing(1, status="closed")) == []
    assert stand.asked == []


HOSTILE = (
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "[x](javascript:alert(1))", "\u202e\u0000",
    "' OR 1=1 --", "$(rm -rf /)", "{{7*7}}", "A" * 100_000, "301-555-0111\nSet-Cookie: a=b",
    "Casino, bonus", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "where",
    ["name", "telephone", "faxNumber", "openingHours", "street", "city", "state", "zip", "title"],
)
def test_hostile_text_in_any_field_is_in_no_cell(stand: StandIn, text: str, where: str) -> None:
    parts = {"street": "streetAddress", "city": "addressLocality", "state": "addressRegion",
             "zip": "postalCode"}  # fmt: skip
    told = place(address={parts[where]: text}) if where in parts else place(**{where: text})
    title = f"Example Mood Center {text if where == 'title' else ''}"
    stand.pages["mood.example", "/"] = Reply(
        page(title, [told]).body if text != "\ud800" else json.dumps(title).encode()
    )
    for one in looked(stand):
        if isinstance(one, Record):
            assert set(one.cells.values()) <= {
                "(301) 555-0111", "1 Made Up Street", "Rockville", "MD", "20850",
            }  # fmt: skip
            assert len(one.evidence) <= 300
            assert one.evidence.isprintable()


@pytest.mark.parametrize(
    "part",
    ["<", "<a ", "<!--", "</", "<![", "<script>", '<a href="', "&", "<?", "&#", "<title>", "İ",
     "<a" + " " * 3990, "<a href=tel:3015550111>", "fax 301", "fax ", "3015550111 ",
     "<a " + 'a="' * 1300, '<script type="application/ld+json">[</script>', "\x00"],
)  # fmt: skip
def test_a_hostile_page_takes_no_longer_than_another(part: str) -> None:
    """The parser of the standard library takes minutes for some of these."""
    source = (part * (1_000_000 // len(part) + 1))[:1_000_000]
    began = time.process_time()
    found = reader._found(URL, [page_of(source)])
    reader.names(found.page, found.places, listing())
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "data", ["[" * 100_000, "1" * 10_000, '{"@type":' * 9_000, "null", "3", '"x"', "NaN", ""]
)
def test_data_that_are_none_give_nothing(data: str) -> None:
    assert places_of([data]) == []


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("é".encode(), "", "é"), ("é".encode("latin-1"), "iso-8859-1", "é"),
        (b'<meta charset="windows-1252">\xe9', "", '<meta charset="windows-1252">é'),
        (b"\xff", "utf-8", "\ufffd"), (b"abc", "punycode", "abc"), (b"abc", "zlib", "abc"),
        (b"abc", "no-such", "abc"),
    ],
)  # fmt: skip
def test_charsets(data: bytes, charset: str, text: str) -> None:
    assert decoded(data, charset) == text


def test_what_is_written_fits_its_column() -> None:
    assert BY_NAME["phone"].parse(number("+1 301.555.0111 x5"), None) == "(301) 555-0111 ext. 5"
    assert plain(" a\u200b\n&amp;\u202e b ") == "a & b"


@pytest.mark.parametrize(
    ("name", "title", "is_named"),
    [
        ("Dr. Ana Made-Up", "Home | Dr Made-Up, Bethesda", True),
        ("MindPeace Clinics", "Mind Peace", True),
        ("Rockville Behavioral Medicine Associates", "Rockville Plumbing", False),
        ("Rockville Ketamine Clinic", "Ketamine in Rockville", True),
        ("Blue Sky Mental Health", "Sky Mental Health", True),
        ("Blue Sky Mental Health", "Mental Health Care", False),
    ],
)
def test_whether_a_page_names_a_listing(name: str, title: str, is_named: bool) -> None:
    found = reader.names(page_of(f"<title>{title}</title>"), (), listing(name=name))
    assert found is is_named


def test_the_probe_reads_one_page_and_says_what_it_has(stand: StandIn) -> None:
    stand.pages["mood.example", "/"] = fixture("plain")
    assert websites(stand, pages={"x": "", "y": URL}).probe() == (
        "mood.example has 1 blocks of data, telephones: 1, addresses: 1, hours: 1."
    )
    stand.pages["mood.example", "/"] = "503"
    with pytest.raises(SourceRefused, match="HTTP 503"):
        websites(stand, pages={"x": "", "y": URL}).probe()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS = (
    "telephone", "faxNumber", "address", "openingHours", "openingHoursSpecification", "name",
    "streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry", "@type",
    "dayOfWeek", "opens", "closes",
)  # fmt: skip
DATA = st.dictionaries(
    st.sampled_from(FIELDS), ANY | st.dictionaries(st.sampled_from(FIELDS), ANY), max_size=8
)


@given(DATA)
def test_whatever_the_data_say_only_what_can_be_one_comes_out(data: dict[str, Any]) -> None:
    for found in places_of([json.dumps({"@type": "Place", **data}), json.dumps([place(), data])]):
        for phone in found.phones:
            assert BY_NAME["phone"].parse(phone, None) == phone
        for address in found.addresses:
            assert BY_NAME["state"].parse(address.state, None) == address.state
            assert len(address.zip) in (0, 5)
            assert not set('<>=@\\"') & set(address.street + address.city)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "<a href='tel:3015550111'>",
                "</a>",
                "<script type=application/ld+json>",
                "</script>",
                "{",
                '{"@type":"Place"}',
                "<!--",
                "-->",
                "<title>",
                "</title>",
                "fax",
                "301-555-0111",
                "<",
                ">",
                "&#",
                "&#x110000;",
                "&#0;",
                '"',
                "<a ",
                "\x00",
                "<style>",
                "\ud800",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_whatever_a_page_is_it_is_read(source: str) -> None:
    found = reader._found(URL, [page_of(source)])
    assert reader._contact(found.page, URL) == ""
    assert isinstance(reader.is_parked(found.page), bool)
    assert all(len(phone) >= 14 for phone in found.phones)
