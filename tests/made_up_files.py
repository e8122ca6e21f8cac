"""Large clinic files like those a keeper has, made up from a fixed seed; every name says so."""

from __future__ import annotations

import csv
import io
import random

from clinics.domain.columns import NAMES

ROWS = 3_000
SPREADSHEET_HEADER = {"phone": "Telephone", "zip": "Zip Code", "last_checked": "Date checked"}
PLACES = (
    ("Takoma Park", "MD", "20912", 38.98, -77.00),
    ("Bethesda", "MD", "20814", 39.00, -77.10),
    ("Rockville", "MD", "20850", 39.09, -77.18),
    ("Baltimore", "MD", "21201", 39.30, -76.63),
    ("Washington", "DC", "20001", 38.91, -77.02),
    ("Arlington", "VA", "22201", 38.89, -77.09),
)
FAULTS: dict[str, tuple[int, dict[str, str]]] = {
    "phone_malformed": (10, {"phone": "call the office"}),
    "required_missing": (100, {"city": ""}),
    "date_malformed": (50, {"last_checked": "early in March"}),
    "price_malformed": (75, {"price_per_session_usd": "400-600"}),
    "option_unknown": (60, {"conditions": "depresion"}),
    "url_malformed": (40, {"website": "made-up.example"}),
    "coordinates_swapped": (300, {"latitude": "-77", "longitude": "38.98"}),
    "coordinates_sign": (250, {"longitude": "77"}),
    "npi_malformed": (500, {"npi": "1234567890"}),
    "cell_formula": (150, {"notes": "=SUM(A1:A9)"}),
    "checked_over_90_days": (20, {"last_checked": "2026-08-01"}),
}
"""Code -> (every how many-th row has it, the cells that make it so). Later ones overwrite."""


def spreadsheet() -> tuple[bytes, dict[str, int]]:
    """Return a keeper's own sheet as a European Excel saves it, and its true totals by code."""
    chance = random.Random(4)
    rows = [_clinic(number, chance) for number in range(ROWS)]
    totals: dict[str, int] = {}
    for place, (code, (step, cells)) in enumerate(FAULTS.items()):
        mine = range(place, ROWS, step * len(FAULTS))  # no row has two faults
        for number in mine:
            rows[number] |= cells
        totals[code] = len(mine)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, NAMES, restval="", delimiter=";", lineterminator="\r\n")
    writer.writerow({name: SPREADSHEET_HEADER.get(name, name.title()) for name in NAMES})
    writer.writerows(rows)
    blank = ";" * (len(NAMES) - 1) + "\r\n"
    totals |= {"header_renamed": 3, "delimiter_other": 1, "rows_blank": 1}
    totals["encoding_windows_1252"] = 1
    return (text.getvalue() + blank * 40).encode("cp1252"), totals


def _clinic(number: int, chance: random.Random) -> dict[str, str]:
    city, state, zip_code, lat, lon = PLACES[number % len(PLACES)]
    return {
        "id": f"made-up-{number:04}",
        "name": f"Made-up Clínic {number:04}",
        "address": f"{number + 1} Made-up Road",
        "city": city,
        "state": state,
        "zip": zip_code,
        "phone": f"301-{200 + number // 10:03}-{number % 10:04}",
        "conditions": chance.choice(("depression", "ptsd;ocd", "")),
        "treatments": chance.choice(("iv-ketamine", "esketamine;iv-ketamine", "")),
        "latitude": f"{lat + chance.uniform(-0.03, 0.03):.4f}",
        "longitude": f"{lon + chance.uniform(-0.03, 0.03):.4f}",
        "source": "Made up",
        "source_url": "https://made-up.example/about",
        "last_checked": "2026-11-01",
    }


def federal_download(codes: list[str]) -> tuple[bytes, int, int]:
    """Return a download of the locator: its bytes, facilities, and how many withhold an address."""
    chance = random.Random(5)
    flags = [code.lower() for code in codes if code.lower() not in ("name1", "state")]
    flags += [flag for flag in ("sa", "mh", "op", "tele", "kit") if flag not in flags]
    identity = "name1 name2 street1 street2 city state zip phone website latitude longitude".split()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for line in (["Made-up facility listing"], [], ["Not a real download"], []):
        writer.writerow(line)
    writer.writerow([*identity, *flags])
    facilities, withheld = 1_500, 0
    for number in range(facilities):
        city, state, zip_code, lat, lon = PLACES[number % len(PLACES)]
        hidden = number % 100 == 7
        withheld += hidden
        street = "- - -" if hidden else f"{number + 1} Made-up Street"
        phone = f"410-{200 + number // 10:03}-{number % 10:04}"
        cells = [f"Made-up Facility {number:04}", "", street, "", city, state, zip_code, phone, ""]
        position = [f"{lat:.4f}", f"{lon:.4f}"] if number % 2 else ["", ""]
        services = ["1" if chance.random() < 0.2 else "" for _ in flags]
        writer.writerow([*cells, *position, *services])
    return b"\xef\xbb\xbf" + text.getvalue().encode(), facilities, withheld
