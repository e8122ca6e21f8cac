"""The table of files that keepers have: how each differs from what is live, what comes of it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import xlsxwriter

from clinics.domain.columns import NAMES
from clinics.publishing.merge import ADD
from tests.keeper_files import (
    AS_BEFORE,
    ASKED,
    HEADER,
    ONE,
    REFUSED,
    UNDERSTOOD,
    Case,
    Rows,
    Write,
    added,
    as_it_is,
    asked,
    book,
    cells,
    delimited,
    dragged,
    each,
    edited,
    every,
    raw,
    read_as,
    refused,
    renamed,
    ruined,
    series,
    setting,
    sheet,
    slipped,
    sorted_alone,
    text,
    to,
    typed,
    without,
    workbook,
)
from tests.made_up import made_up_clinic, made_up_csv

ID = ONE["id"]
PRICE = "price_per_session_usd"
NEW = made_up_clinic(
    7, name="Made-up Willow House", city="Germantown", zip="20874", phone="(301) 555-0131",
    latitude="39.1732", longitude="-77.2717", address="7 Made-up Lane",
)  # fmt: skip

# One cell, written as people and spreadsheets write it

READ = [
    read_as("phone", "(301) 555–0101", "(301) 555-0101"),
    read_as("phone", "301\u2011555\u20110102", "(301) 555-0102"),
    read_as("phone", "410\u2212555\u22120103", "(410) 555-0103"),
    read_as("phone", "(301) 555-0104, ext. 12", "(301) 555-0104 ext. 12"),
    read_as("phone", "301-555-0104; Extension: 12", "(301) 555-0104 ext. 12"),
    read_as("phone", "301/555-0105", "(301) 555-0105"),
    read_as("phone", "3015550106.0", "(301) 555-0106"),
    read_as("phone", "Tel: 301 555 0106", "(301) 555-0106"),
    read_as("phone", "(301)\u00a0555-0101", "(301) 555-0101"),
    read_as("phone", "３０１－５５５－０１０１", "(301) 555-0101"),
    read_as("phone", "+1 301.555.0101", "(301) 555-0101", says=""),
    read_as("phone", "-", ""),
    read_as("state", "Maryland", "MD"),
    read_as("state", "MD.", "MD"),
    read_as("state", "maryland", "MD"),
    read_as("state", "Md", "MD", says=""),
    read_as("zip", "20912.0", "20912"),
    read_as("zip", "20912–1234", "20912"),
    read_as("zip", "20912 1234", "20912"),
    read_as("zip", "MD 20912", "20912"),
    read_as("zip", "209121234", "20912", says=""),
    read_as("website", "www.example.org/ketamine", "https://www.example.org/ketamine"),
    read_as("website", "n/a", ""),
    read_as("conditions", "Depression, Anxiety", "depression;anxiety"),
    read_as("conditions", "Depression, PTSD, and Anxiety", "depression;ptsd;anxiety"),
    read_as("conditions", "Depression\nAnxiety", "depression;anxiety"),
    read_as("conditions", "Chronic pain", "chronic-pain"),
    read_as("conditions", "depression / PTSD / OCD", "depression;ptsd;ocd"),
    read_as("conditions", "DEPRESSION;;OCD", "depression;ocd", says=""),
    read_as("treatments", "IV ketamine (infusion);Spravato", "iv-ketamine;esketamine"),
    read_as("treatments", "Spravato", "esketamine"),
    read_as("payment", "Private insurance", "private-insurance"),
    read_as("payment", "Cash", "self-pay"),
    read_as("payment", "none", ""),
    read_as("languages", "Spanish", "es"),
    read_as("ages", "Adults (26 to 64), Older adults (65 or older)", "adults;seniors"),
    read_as("category", "Ketamine and Spravato clinics", "ketamine"),
    read_as("accepting_new_patients", "Unknown", ""),
    read_as("accepting_new_patients", "N", "no", says=""),
    read_as(PRICE, "450 dollars", "450"),
    read_as(PRICE, "USD 1,200", "1200"),
    read_as(PRICE, "450,00", "450"),
    read_as(PRICE, "1.234,50", "1234.50"),
    read_as(PRICE, "$1,234.50", "1234.50", says=""),
    read_as("name", "Body &amp; Mind Made-up", "Body & Mind Made-up"),
    read_as("name", "Made-up\u00a0Birch House", "Made-up Birch House"),
    read_as("name", "Made-up  Birch  House", "Made-up Birch House"),
    read_as("name", "Made-up\nBirch House", "Made-up Birch House"),
    read_as("name", "Ｍａｄｅ－ｕｐ Birch Oﬃce", "Made-up Birch Office"),
    read_as("address", "1 Made-up Street\nSuite 5", "1 Made-up Street, Suite 5"),
    read_as("city", "TAKOMA PARK", "Takoma Park"),
    read_as("city", "takoma park", "Takoma Park"),
    read_as("id", "Made-Up-Clinic-1", ID),
    read_as("hours", "N/A", ""),
    read_as("notes", "TBD", ""),
    read_as("notes", "nan", ""),
    read_as("notes", "NaN", ""),
    read_as("caveat", "(blank)", ""),
    read_as("last_checked", "11/14/2026", "2026-11-14"),
    read_as("last_checked", "11/14/26", "2026-11-14"),
    read_as("last_checked", "46340", "2026-11-14"),
    read_as("last_checked", "November 14, 2026", "2026-11-14"),
    read_as("last_checked", "2026-11-14 00:00:00", "2026-11-14"),
    read_as("last_checked", "14.11.2026", "2026-11-14"),
    read_as("last_checked", "10/1/2026", "2026-10-01"),
    read_as("last_checked", "1/10/2026", "2026-10-01"),
    read_as("source_date", "Jul-24", "2024-07"),
    read_as("source_date", "7/2024", "2024-07"),
    read_as("source_date", "3/1/2026", "2026-03"),
    read_as("latitude", "38,9832", "38.9832"),
    read_as("latitude", "38.9832° N", "38.9832"),
    as_it_is("hours", "9-5"),
    as_it_is("hours", "24/7"),
    as_it_is("hours", "Mon-Fri 9am-5pm"),
    as_it_is("name", "MADE-UP BIRCH CLINIC"),
    as_it_is("city", "Washington"),
    as_it_is("hours", "May to September"),
    as_it_is("name", "Disclosed Therapy"),
    as_it_is("name", "Closed Door Counseling"),
    as_it_is("name", "Fédération des Élèves 😀"),
    as_it_is("notes", "#1 in town. Is it for you? Ask."),
    as_it_is("notes", "Two lines,\nand a  wide space"),
    as_it_is("city", "Silver Spring"),
]

ASKED_CELLS = [
    asked("name", "Made-up Branch (CLOSED)", "name_says_closed name"),
    asked("name", "DUPLICATE Made-up Branch", "name_says_closed name"),
    asked("name", "Made-up Branch - permanently closed", "name_says_closed name"),
    asked("name", "12345", "name_is_no_name name"),
    asked("name", "TRUE", "name_is_no_name name"),
    asked("name", "2026-05-05", "name_is_no_name name"),
    asked("name", "DanielÕs Made-up Place", "cell_damaged_letters name"),
    asked("name", "Made-up Clinic cafÃ©", "cell_damaged_letters name"),
    asked("name", "Made-up Espa?ol Center", "cell_damaged_letters name"),
    asked("name", "Made-up\u200b Birch", "cell_hidden_characters name", meant="Made-up Birch"),
    asked("phone", "\u202a(301) 555-0101\u202c", "cell_hidden_characters phone"),
    asked("notes", "A cafŽ and a rŽsumŽ desk", "cell_damaged_letters notes"),
    asked("notes", "????", "cell_damaged_letters notes"),
    asked("notes", "=A1&B1", "cell_formula notes"),
    asked("notes", "<b>Ring</b> twice", "cell_markup notes"),
    asked("city", "Baltimore", "zip_town_disagree city"),
    asked("city", "Tacoma Prak", "zip_town_disagree city"),
    asked("city", "Takoma Park, MD", "zip_town_disagree city"),
    asked("city", "1 Made-up Street", "zip_town_disagree city"),
    asked("city", "20912", "zip_town_disagree city"),
    asked("zip", "02141", "far_from_zip"),
    asked("zip", "00000", "zip_unknown zip"),
    asked("state", "Washington", "zip_state_disagree state"),
    asked("latitude", "39.3", "far_from_zip"),
    asked("last_checked", "2020-06-18", "checked_over_180_days last_checked"),
    asked(PRICE, "0.45", "price_unusual price_per_session_usd"),
    asked(PRICE, "1,23", "price_unusual price_per_session_usd", meant="1.23"),
    asked(PRICE, "48000", "price_unusual price_per_session_usd"),
    asked("source", "", "source_missing source"),
]

REFUSED_CELLS = [
    refused("phone", "(410) 555-0107, option 6", "phone_malformed"),
    refused("phone", "(410) 555-0108 or (410) 555-0109", "phone_malformed"),
    refused("phone", "301-555-0101 / 0102", "phone_malformed"),
    refused("phone", "410-555-010999", "phone_malformed"),
    refused("phone", "3.01555E+09", "phone_malformed"),
    refused("phone", "1-800-FLOWERS", "phone_malformed"),
    refused("phone", "DUPLICATE", "phone_malformed"),
    refused("phone", "frontdesk@made-up.example", "phone_malformed"),
    refused("phone", "Check website -- https://made-up.example/book", "phone_malformed"),
    refused("conditions", "depression, tiredness", "option_unknown"),
    refused("conditions", "depresion", "option_unknown"),
    refused("conditions", "No depression", "option_unknown"),
    refused("conditions", "['depression', 'ptsd']", "option_unknown"),
    refused("conditions", "Depression<br>PTSD", "option_unknown"),
    refused("status", "closed?", "option_unknown"),
    refused("accepting_new_patients", "x", "yes_no_malformed"),
    refused("accepting_new_patients", "waitlist", "yes_no_malformed"),
    refused("state", "Mary", "state_unknown"),
    refused("state", "MD/DC", "state_unknown"),
    refused("zip", "2091", "zip_malformed"),
    refused("zip", "2141.0", "zip_malformed"),
    refused("zip", "21411234", "zip_malformed"),
    refused("zip", "2.0912E4", "zip_malformed"),
    refused(PRICE, "400-600", "price_malformed"),
    refused(PRICE, "-450", "price_malformed"),
    refused(PRICE, "€450", "price_malformed"),
    refused(PRICE, "450 per hour", "price_malformed"),
    refused(PRICE, "450,5", "price_malformed"),
    refused(PRICE, "1.234", "price_malformed"),
    refused(PRICE, "12,34,567", "price_malformed"),
    refused("website", "see Facebook", "url_malformed"),
    refused("website", "info@made-up.example", "url_malformed"),
    refused("website", "https://a.example https://b.example", "url_malformed"),
    refused("website", '=HYPERLINK("https://a.example","a")', "url_malformed"),
    refused("last_checked", "12/11/2026", "date_malformed"),
    refused("last_checked", "Jul-24", "date_malformed"),
    refused("last_checked", "last summer", "date_malformed"),
    refused("last_checked", "11/31/2026", "date_malformed"),
    refused("last_checked", "2030-01-01", "date_in_future"),
    refused("source_date", "24-Jul", "date_malformed"),
    refused("source_date", "Q3 2024", "date_malformed"),
    refused("source_date", "1900-01-00", "date_malformed"),
    refused("source_date", "1899-12-30", "date_too_old"),
    refused("source_date", "0026-07-03", "date_too_old"),
    refused("source_date", "1904-01-01", "date_too_old"),
    refused("source_date", "2062", "date_in_future"),
    refused("name", "N/A", "required_missing"),
    refused("name", "#N/A", "cell_spreadsheet_error"),
    refused("notes", "#REF!", "cell_spreadsheet_error"),
    refused("address", "#VALUE!", "cell_spreadsheet_error"),
    refused("notes", "########", "cell_spreadsheet_error"),
    refused("name", '"', "cell_points_elsewhere"),
    refused("address", "ditto", "cell_points_elsewhere"),
    refused("notes", "same as above", "cell_points_elsewhere"),
    refused("hours", "5-Sep", "hours_as_date"),
    refused("hours", "Sep-05", "hours_as_date"),
    refused("hours", "2026-09-05", "hours_as_date"),
    refused("hours", "9/5/2026", "hours_as_date"),
    refused("hours", "46270", "hours_as_date"),
    refused("hours", "0.375", "hours_as_date"),
    refused("hours", "Sat Sep 05 2026 00:00:00 GMT-0400", "hours_as_date"),
    refused("latitude", "38°59'N", "coordinate_malformed"),
    refused("latitude", "3898", "coordinate_malformed"),
    refused("latitude", "38_9", "coordinate_malformed"),
    refused("npi", "1234567890", "npi_malformed"),
    refused("id", "Made up clinic 1", "id_malformed"),
]

# Several cells of one row

ROWS = [
    ruined("two numbers for the position in one cell", cells(latitude="38.9832, -77.0007",
           longitude=""), "cell_read_as latitude", outcome=UNDERSTOOD),
    ruined("the position with letters", cells(latitude="38.9832° N", longitude="77.0007° W"),
           "cell_read_as longitude", outcome=UNDERSTOOD),
    ruined("latitude and longitude swapped", cells(latitude="-77.0007", longitude="38.9832"),
           "coordinates_swapped", outcome=REFUSED),
    ruined("the position is 0, 0", cells(latitude="0", longitude="0"), "coordinates_zero",
           outcome=REFUSED),
    ruined("whole degrees as the street address", cells(latitude="39", longitude="-77"),
           "position_rough latitude"),
    ruined("a town without a ZIP, misspelled", cells(zip="", city="Takoma Prk"),
           "town_unknown city", changes={(ID, "zip"): ""}),
    ruined("a town without a ZIP, and a position elsewhere", cells(zip="", city="Frederick"),
           "far_from_town city", changes={(ID, "zip"): ""}),
    ruined("a longitude without its minus", cells(longitude="77.0007"), "coordinates_sign",
           outcome=REFUSED),
    ruined("a ZIP of another state", cells(zip="22201"), "zip_state_disagree state",
           changes={(ID, "zip"): "22201"}),
    ruined("half a position", cells(latitude=""), "coordinates_half", outcome=REFUSED),
    ruined("a whole address in one cell", cells(address="2 Made-up Street, Takoma Park, MD 20912",
           city="", state="", zip=""), "cell_read_as address", outcome=UNDERSTOOD,
           changes={(ID, "address"): "2 Made-up Street"}),
    ruined("D.C. in words", cells(city="Washington", state="D.C.", zip="20001",
           latitude="38.91", longitude="-77.02", address="2 Made-up Street"), "cell_read_as state",
           outcome=UNDERSTOOD, changes={
               (ID, "city"): "Washington", (ID, "state"): "DC", (ID, "zip"): "20001",
               (ID, "latitude"): "38.91", (ID, "longitude"): "-77.02",
               (ID, "address"): "2 Made-up Street"}),
    ruined("another clinic typed over the old one", cells(name="Willow House", phone="301-555-0177",
           address="9 Made-up Lane"), "listing_of_another name"),
    ruined("days and month first in one column", each("source_date", lambda day: {
           "2024-07-03": "7/3/2024"}.get(day, day)), "cell_read_as source_date",
           outcome=UNDERSTOOD),
    ruined("days that could be in either order", series("source_date", lambda i: (
           "14/3/2026", "15/3/2026", "2026-04-03")[i % 3], range(42, 45)),
           "day_of_other_order source_date"),
]  # fmt: skip

# A column that was ruined

COLUMNS = [
    *(ruined(f"{column} sorted alone", sorted_alone(column), f"brake {column}") for column in (
        "id", "name", "phone", "website", "city", "notes", "conditions", "source", "source_url",
        "source_date")),
    ruined("telephones slip by one", slipped(["phone"], 50), "brake phone"),
    ruined("hours slip by one", slipped(["hours"], 0), "brake hours"),
    ruined("all but the id slips by one", slipped([n for n in NAMES if n != "id"], 100),
           "brake id"),
    ruined("the last four rows slip", slipped([n for n in NAMES if n != "id"], 231),
           "listing_of_another name"),
    *(ruined(f"{column} dragged over ten rows", dragged(column, range(100, 111)),
             f"brake {column}") for column in (
        "name", "address", "zip", "phone", "notes", "payment", "conditions", "latitude")),
    ruined("a price dragged over ten rows", each(PRICE, to("450"), range(100, 110)),
           f"brake {PRICE}"),
    ruined("a category dragged", each("category", to("ketamine"), range(50, 80)),
           "brake category"),
    ruined("treatments dragged", each("treatments", to("esketamine"), range(50, 80)),
           "brake treatments"),
    ruined("closed for all", each("status", to("closed"), range(500)), "brake status", "gone"),
    ruined("closed for sixty", each("status", to("closed"), range(60)), "brake status"),
    ruined("conditions emptied", each("conditions", to(""), range(200)), "brake conditions"),
    ruined("conditions of thirty emptied", each("conditions", to(""), range(30, 60)),
           "brake conditions"),
    ruined("addresses emptied", each("address", to(""), range(500)), "brake address"),
    ruined("a price as a series", series(PRICE, lambda n: str(500 - n), range(30, 36)),
           f"brake {PRICE}"),
    ruined("ZIP codes as a series", series("zip", lambda n: str(20800 + n), range(30, 60)),
           "brake zip"),
    ruined("telephones as a series", series("phone", lambda n: f"(301) 555-{1000 + n}",
           range(30, 60)), "brake phone"),
    ruined("sources that were dragged", each("source_url", to("https://made-up.example/")),
           "brake source_url"),
    ruined("Center for Centre", each("name", lambda name: name.replace("Center", "Centre")),
           "brake name"),
    ruined("one area code for another", each("phone", lambda p: p.replace("(301)", "(240)")),
           "brake phone"),
    ruined("one condition for another", each("conditions", lambda c: c.replace("ptsd", "anxiety")),
           "brake conditions"),
    ruined("http for https", each("website", lambda url: url.replace("https:", "http:")),
           "brake website"),
    ruined("names in capitals", each("name", str.upper), "brake name"),
    ruined("forty names in capitals", each("name", str.upper, range(60, 100)), "brake name"),
    ruined("notes cut off at 255 characters", each("notes", lambda note: note[:255], range(41)),
           "brake notes"),
    ruined("extensions lost", each("phone", lambda phone: phone.partition(" ext")[0]),
           "brake phone"),
    ruined("one condition more for many", each("conditions", lambda ids: f"{ids};ptsd".strip(";"),
           range(30, 230)), "brake conditions"),
    ruined("a sure answer dragged", each("accepting_new_patients", to("yes"), range(60, 100)),
           "brake accepting_new_patients"),
    ruined("moved for twelve", each("status", to("moved"), range(60, 72)), "brake status"),
    ruined("a source dragged over others", dragged("source", range(5, 27)), "brake source"),
    ruined("a main line instead of the telephone", every(lambda row: row.update(
           phone=row["main_phone"] or row["phone"])), "brake phone"),
    ruined("positions with two decimals", each("latitude", lambda d: f"{float(d):.2f}"),
           "brake latitude"),
    ruined("days that go back four years", each("source_date", lambda day: {
           "2024-07-03": "2020-07-02"}.get(day, day)), "brake source_date"),
    ruined("day and month exchanged everywhere", each("source_date", lambda day: {
           "2024-07-03": "2024-03-07"}.get(day, day)), "brake source_date"),
    ruined("hyphens taken out everywhere", every(lambda row: row.update(
           {n: row[n].replace("-", "") for n in NAMES if n != "id"})),
           "option_unknown setting", "coordinates_sign", outcome=REFUSED),
    ruined("commas for semicolons", each("treatments", lambda c: c.replace(";", ", ")),
           "cell_read_as treatments", outcome=UNDERSTOOD),
    ruined("Maryland for MD", each("state", lambda s: s.replace("MD", "Maryland")),
           "cell_read_as state", outcome=UNDERSTOOD),
]  # fmt: skip


def _numbered(rows: Rows) -> None:
    for number, row in enumerate(rows, start=1):
        row["id"] = str(number)


# What the file is, and rows that come and go

FILES = [
    raw("the same file", text, UNDERSTOOD),
    ruined("ids numbered", _numbered, "ask", "clinic_like_live", added=236),
    ruined("ids in capitals", each("id", str.upper, range(500)), "cell_read_as id",
           outcome=UNDERSTOOD),
    raw("without ids", lambda: edited(lambda _: None, [n for n in NAMES if n != "id"]), UNDERSTOOD,
        "ids_matched"),
    raw("three columns alone", lambda: edited(setting("phone", "301-555-0199"),
        ["id", "name", "city", "state", "phone"]), ASKED, "header_source_missing source",
        changes={(ID, "phone"): "(301) 555-0199"}),
    ruined("an id copied down", dragged("id", range(5)), "id_twice id", outcome=REFUSED),
    ruined("rows that are there twice", lambda rows: [*rows, *rows[:3]], "id_twice id",
           outcome=REFUSED),
    ruined("six rows lost", without(50, 56), "clinics_disappear"),
    ruined("the end lost", without(216, 500), "clinics_disappear"),
    ruined("half of it lost", without(110, 220), "gone"),
    ruined("most of it lost", without(20, 500), "ask"),
    raw("three new clinics", lambda: made_up_csv([{**NEW, "id": f"made-up-{n}", "name":
        f"{n * 4} House", "phone": "", "address": ""} for n in "abc"]), ASKED, "ask", added=3),
    raw("a new clinic that only adds", lambda: made_up_csv([NEW]), UNDERSTOOD, added=1, mode=ADD),
    ruined("a clinic that is there under another id", added({**ONE, "id": "made-up-birch"}),
           "clinic_like_another", added=1),
    ruined("a total below", added({"id": "", "name": "Total", "phone": "236"}),
           "required_missing city", outcome=REFUSED),
    ruined("a footnote below", added({"id": "* as of November 2026"}), "required_missing name",
           outcome=REFUSED),
    raw("the header once more", lambda: text(lambda t: t + t.split("\n")[0] + "\n"), UNDERSTOOD,
        "rows_header_again"),
    raw("two files pasted together", lambda: text(lambda t: t + made_up_csv([NEW]).decode()),
        UNDERSTOOD, "rows_header_again", added=1),
    raw("titles above", lambda: text(lambda t: "Our clinics\n\nUpdated 11/20/2026\n" + t),
        UNDERSTOOD, "lines_above_header"),
    raw("two header rows", lambda: text(lambda t: "Name,Address,Phone" + "," * 31 + "\n" + t),
        UNDERSTOOD, "lines_above_header"),
    raw("a blank column first", lambda: delimited(",", [""]), UNDERSTOOD),
    raw("a column Closed", lambda: edited(cells(Closed="Yes"), [*NAMES, "Closed"]), ASKED,
        "closed_elsewhere status"),
    raw("a column that is there twice", lambda: text(lambda t: t.replace("caveat", "notes", 1)),
        REFUSED, "header_twice notes"),
    raw("an unquoted comma", lambda: b"name,city,state,zip,source,address,notes\nMade-up Birch "
        b"Clinic,Takoma Park,MD,20912,made up,1 Made-up Street, Suite 5,\n", REFUSED,
        "row_shifted", mode=ADD),
    raw("a quote that is never closed", lambda: text(lambda t: t.replace(
        "Made-up Birch Clinic", '"Made-up Birch Clinic', 1)), REFUSED, "row_broken_quotes"),
    raw("one column for the address", lambda: b"Clinic Name,Full Address,Phone,Source\n"
        b'Made-up Elm,"77 Elsewhere Road, Takoma Park, MD 20912",(301) 555-0191,made up\n',
        UNDERSTOOD, "cell_read_as address", added=1, mode=ADD),
    raw("headers with spaces that do not break", lambda: "name\u00a0,city\u00a0,state,zip,source\n"
        "Made-up Elm\u00a0,Takoma Park,MD,20912\u00a0,made up\n".encode(), UNDERSTOOD, added=1,
        mode=ADD),
    raw("made from the version before", lambda: edited(cells(**AS_BEFORE,
        caveat="Ring twice.", made_from_version="2"), [*NAMES, "made_from_version"]),
        UNDERSTOOD, "changed_meanwhile notes",
        changes={(ID, "caveat"): "Ring twice."}),
    raw("made from the version before, by its name", lambda: edited(cells(**AS_BEFORE,
        caveat="Ring twice.")),
        UNDERSTOOD, "changed_meanwhile notes", changes={(ID, "caveat"): "Ring twice."},
        filename="clinics-v2 (1).csv"),
    raw("changed by two", lambda: edited(cells(hours="By appointment")), ASKED, "conflict hours",
        filename="clinics-v2.csv"),
    raw("made from a version that is not there", lambda: edited(cells(hours="By appointment")),
        ASKED, "version_unknown", changes={(ID, "hours"): "By appointment"},
        filename="clinics-v9.csv"),
    raw("name and address exchanged", lambda: renamed(name="address", address="name"), REFUSED,
        "brake name", "brake address", "required_missing name"),
    raw("two telephones exchanged", lambda: renamed(phone="main_phone", main_phone="phone"), ASKED,
        "brake phone"),
    raw("two notes exchanged", lambda: renamed(insurance_note="price_note",
        price_note="insurance_note"), ASKED, "brake insurance_note", "brake price_note"),
    raw("conditions and treatments exchanged", lambda: renamed(conditions="treatments",
        treatments="conditions"), REFUSED, "option_unknown conditions"),
]  # fmt: skip


# Encodings, and what is no spreadsheet


def _zip(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


BYTES = [
    raw("UTF-16", lambda: text(encoding="utf-16"), UNDERSTOOD, "encoding_utf_16"),
    raw("UTF-16 without its mark", lambda: text(encoding="utf-16-le"), REFUSED, "file_not_utf8"),
    raw("Windows-1252", lambda: text(lambda t: t.replace("Birch", "Bïrch").encode("cp1252",
        "replace").decode("cp1252"), "cp1252"), ASKED, "encoding_windows_1252",
        changes={(ID, "name"): "Made-up Bïrch Clinic"}),
    raw("semicolons and decimal commas", lambda: delimited(";", comma=True), UNDERSTOOD,
        "delimiter_other",
        "cell_read_as latitude"),
    raw("tabs", lambda: delimited("\t"), UNDERSTOOD, "delimiter_other"),
    raw("sep= above", lambda: text(lambda t: "sep=,\n" + t), UNDERSTOOD),
    raw("vertical bars", lambda: b"name|city|state\na|b|MD\n", REFUSED, "header_unreadable"),
    raw("a web page", lambda: b"<!DOCTYPE html><html>Sign in</html>", REFUSED, "file_other_kind"),
    raw("an .xls that is a web page", lambda: b"<table><tr><td>name</td></tr></table>", REFUSED,
        "file_other_kind", filename="clinics.xls"),
    raw("an .xls that is XML", lambda: b'<?xml version="1.0"?><Workbook/>', REFUSED,
        "file_other_kind", filename="clinics.xls"),
    raw("JSON", lambda: b'[{"name": "a"}]', REFUSED, "file_other_kind"),
    raw("a PDF", lambda: b"%PDF-1.7\n", REFUSED, "file_other_kind"),
    raw("a Numbers file", lambda: _zip("Index/Document.iwa", b"x"), REFUSED, "file_other_kind"),
    raw("a letter", lambda: _zip("word/document.xml", b"x"), REFUSED, "file_other_kind"),
    raw("a packed CSV", lambda: _zip("clinics.csv", b"name,city,state\n"), REFUSED,
        "file_other_kind"),
    raw("a shortcut to a sheet", lambda: b'{"url": "https://docs.google.com/open?id=x"}', REFUSED,
        "file_other_kind"),
    raw("a shortcut to a page", lambda: b"[InternetShortcut]\nURL=https://a.example/\n", REFUSED,
        "file_other_kind"),
    raw("nothing", lambda: b"", REFUSED, "file_empty"),
    raw("only commas", lambda: b"\n\n,,,\n", REFUSED, "file_empty"),
    raw("only a header", lambda: made_up_csv([]), REFUSED, "file_empty"),
    raw("a text", lambda: b"Dear Ana,\nhere is the list.\n", REFUSED, "header_unreadable"),
    raw("a password", lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        REFUSED, "workbook_unreadable", filename="clinics.xlsx"),
    raw("half a workbook", lambda: book(lambda made: sheet(made))[:3000], REFUSED,
        "workbook_unreadable", filename="clinics.xlsx"),
    raw("a table of pandas", lambda: text(lambda t: re.sub(r"(?<=,)(?=,|\n)", "nan", t)),
        UNDERSTOOD, "cell_read_as notes"),
]  # fmt: skip


# Workbooks


def _formulas(made: xlsxwriter.Workbook) -> None:
    page = sheet(made)
    page.write_formula(1, HEADER.index("notes"), '="Ring"&" twice"', None, "Ring twice")


def _errors(made: xlsxwriter.Workbook) -> None:
    page = sheet(made)
    page.write_formula(1, HEADER.index("phone"), "=VLOOKUP(1,2,3)", None, "#N/A")


def _uncalculated() -> bytes:
    """Write a formula that no program has calculated yet, as programs leave them."""
    file, made = io.BytesIO(), book(lambda made: sheet(made))
    cell = re.compile(r'(<c r="G2")[^>]*>.*?</c>')
    with zipfile.ZipFile(file, "w") as new, zipfile.ZipFile(io.BytesIO(made)) as old:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = cell.sub(r"\1><f>A1&amp;B1</f><v></v></c>", content)
            new.writestr(name, content)
    return file.getvalue()


def _merged(made: xlsxwriter.Workbook) -> None:
    page = sheet(made)
    page.write_row(2, 0, ["made-up-7", "Willow House", "", "MD", "20912", "", "", "made up"])
    page.merge_range(1, 2, 2, 2, "Takoma Park")


def _titled(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("Export Summary").write(0, 0, "Exported from Numbers.")
    sheet(made, "Sheet 1 - Clinics", top=1).merge_range(0, 0, 0, 5, "Clinics")


def _grouped(made: xlsxwriter.Workbook) -> None:
    page = sheet(made, top=1)
    page.merge_range(0, 1, 0, 4, "Place")
    page.merge_range(0, 5, 0, 6, "Contact")


def _hidden(made: xlsxwriter.Workbook) -> None:
    sheet(made).set_row(1, None, None, {"hidden": True})


def _commented(made: xlsxwriter.Workbook) -> None:
    page = sheet(made)
    page.write_comment(1, 1, "Is it closed?")
    page.write_rich_string(1, 6, "Ring ", made.add_format({"bold": True}), "twice", " please")
    page.autofilter(0, 0, 1, 5)


def _both(first: Write, second: Write) -> Write:
    def write(made: xlsxwriter.Workbook) -> None:
        first(made)
        second(made)

    return write


def _of(**other: object) -> Write:
    return lambda made: sheet(made, other=other)


WORKBOOKS = [
    typed("phone", 3015550106, "(301) 555-0106"),
    typed("last_checked", dt.date(2026, 7, 3), "2026-07-03"),
    typed("last_checked", dt.datetime(2026, 11, 3, 9, 30), "2026-11-03", "cell_read_as"),
    typed("last_checked", 46340, "2026-11-14", "cell_read_as"),
    typed(PRICE, 450, "450"),
    typed(PRICE, 450.5, "450.50"),
    typed("accepting_new_patients", False, "no"),
    typed("npi", 1234567893, "1234567893"),
    typed("zip", 20912, "20912"),
    typed("notes", 38.98, "38.98"),
    typed("notes", 0.1 + 0.2, "0.3"),
    typed("notes", 12345678901234, "12345678901234"),
    typed("source_date", 2025, "2025"),
    typed("source_date", "2024-07", "2024-07"),
    typed("notes", "two_x000D_\nlines", "two\nlines"),
    typed("conditions", "Depression\nOCD", "depression;ocd", "cell_read_as"),
    workbook("a ZIP code that lost its zero", _of(zip=2093), REFUSED, "zip_malformed zip"),
    workbook("a day that is zero", _of(source_date=0), REFUSED, "date_malformed source_date"),
    workbook("days of 1904", _of(last_checked=dt.date(2026, 7, 3)), UNDERSTOOD,
             changes={(ID, "last_checked"): "2026-07-03"}),
    workbook("formulas", _formulas, UNDERSTOOD, changes={(ID, "notes"): "Ring twice"}),
    workbook("an error of a formula", _errors, REFUSED, "phone_malformed phone"),
    raw("xlsx a formula without its value", _uncalculated, ASKED, "cell_formula notes", mode=ADD),
    workbook("merged cells", _merged, UNDERSTOOD, added=1),
    workbook("of Numbers", _titled, UNDERSTOOD, "sheet_taken", "lines_above_header"),
    workbook("groups above the header", _grouped, UNDERSTOOD, "lines_above_header"),
    workbook("a hidden row", _hidden, ASKED, "rows_hidden"),
    workbook("a comment, bold words and a filter", _commented, UNDERSTOOD,
             changes={(ID, "notes"): "Ring twice please"}),
    workbook("two sheets that could be meant", _both(_of(), lambda m: sheet(m, "Copy")),
             ASKED, "sheets_several"),
    workbook("a sheet beside it", _both(_of(), lambda m: m.add_worksheet("Pivot").write(
             0, 0, "Row Labels")), UNDERSTOOD, "sheet_taken"),
    workbook("called .csv", _of(), UNDERSTOOD, filename="clinics.csv"),
    workbook("blank", lambda made: made.add_worksheet(), REFUSED, "file_empty"),
]  # fmt: skip

CASES: list[Case] = [
    *READ, *ASKED_CELLS, *REFUSED_CELLS, *ROWS, *COLUMNS, *FILES, *BYTES, *WORKBOOKS
]  # fmt: skip
