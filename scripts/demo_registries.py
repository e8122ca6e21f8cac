"""What the stand-in says as the provider registry, Medicare's data and the Census geocoder.

Made up throughout; it holds to the rules of the services where a question may go wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clinics.adapters.cms import DATASET, KEYS
from clinics.adapters.nppes import PROBED
from clinics.domain.vocabulary import load_vocabulary
from scripts.sources import read, shown

Row = dict[str, Any]
Asked = Mapping[str, list[str]]
DEACTIVATED = "1234567059"
NPI_PATH, CMS_PATH, CENSUS_PATH = "/npi/api/", "/cms/data-api/v1/dataset", "/census/geocoder"
PATHS = (NPI_PATH, CMS_PATH, CENSUS_PATH)
MOST, LAST_SKIP = 200, 1000
_SHORT = {"center": "CTR", "centers": "CTRS", "services": "SVCS", "health": "HLTH"}


def answer(path: str, asked: Asked, stock: Stock) -> tuple[int, Any]:
    """Return the status and the body of an answer."""
    if path == NPI_PATH:
        return 200, _npi(asked, stock.npi)
    if path == f"{CMS_PATH}/{DATASET}/data":
        return 200, _cms(asked, stock.cms)
    if path == f"{CENSUS_PATH}/locations/onelineaddress":
        return _census(asked)
    return 404, "not here"


class Stock:
    """The rows that there are."""

    def __init__(self, npi: Iterable[Row] = (), cms: Iterable[Row] = ()) -> None:
        self.npi = list(npi)
        self.cms = list(cms)


def made_up_stock() -> Stock:
    """Return a registry of the shipped listings under legal names, with made-up numbers."""
    ours = read(shown() / "clinics.csv")
    codes = {(row["city"], row["state"]): row["zip"] for row in ours if row["zip"]}
    main_category = load_vocabulary(shown()).main_category
    listed = [row for row in ours if row["category"] == main_category]
    npi = [_listed(n, row, codes) for n, row in enumerate(listed)]
    where = ("12 MADE UP ST", "ROCKVILLE", "MD", "20850")
    npi.append(organization(number(900), "MADE-UP SPRAVATO PRACTICE PLLC", *where, "301-555-0199"))
    npi.append(
        organization(
            PROBED,
            "MADE-UP PEACH PRACTICE, PC",
            "1 PEACH ST",
            "ATLANTA",
            "GA",
            "30301",
            "404-555-0100",
            "MADE-UP PEACH PRACTICE OF GA",
        )
    )
    at_door = [row for row in listed if row["address"] and "esketamine" not in row["treatments"]]
    doors = [(row["address"], row["city"], row["state"], row["zip"]) for row in at_door[:1]]
    doors += [("12 Made Up St Ste 3", "Rockville", "MD", "20850")]
    cms = [biller(number(950 + n), *where) for n, where in enumerate(doors)]
    return Stock(npi, cms)


def number(n: int) -> str:
    """Return a made-up NPI whose check digit is right."""
    first = f"1{n:08d}"
    doubled = [int(d) * (2 - place % 2) for place, d in enumerate(reversed(f"80840{first}"))]
    return first + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _listed(n: int, row: Mapping[str, str], codes: Mapping[tuple[str, str], str]) -> Row:
    bare = row["name"].partition("(")[0].replace(",", "").upper().split()
    name = " ".join(_SHORT.get(word.lower(), word) for word in bare)
    legal, other = (f"{name} LLC", "") if n % 3 else (f"MADE UP HOLDINGS {n} PC", name)
    code = row["zip"] or codes.get((row["city"], row["state"]), "")
    return organization(
        number(n), legal, row["address"].upper() or f"{n + 1} MADE UP STREET", row["city"].upper(),
        row["state"], f"{code}1234" if code else "", f"301-555-{n:04d}", other,
    )  # fmt: skip


def organization(
    npi: str,
    name: str,
    street: str,
    city: str,
    state: str,
    code: str,
    phone: str = "",
    other: str = "",
    **more: Any,
) -> Row:
    """Return an organization as the registry writes it; which address is first is not fixed."""
    place = {
        "country_code": "US", "country_name": "United States", "address_purpose": "LOCATION",
        "address_type": "DOM", "address_1": street, "city": city, "state": state,
        "postal_code": code, **({"telephone_number": phone} if phone else {}),
    }  # fmt: skip
    mail = {
        **place, "address_purpose": "MAILING", "address_1": "PO BOX 1", "city": "BALTIMORE",
        "state": "MD", "postal_code": "21201",
    }  # fmt: skip
    others = [{"organization_name": other, "type": "Doing Business As", "code": "3"}]
    return {
        "number": npi,
        "enumeration_type": "NPI-2",
        "created_epoch": "1551657600000",
        "last_updated_epoch": "1785888000000",
        "addresses": [mail, place] if int(npi) % 2 else [place, mail],
        "practiceLocations": [],
        "basic": {"organization_name": name, "status": "A", "last_updated": "2026-08-05"},
        "taxonomies": [{"code": "261QM0850X", "desc": None, "primary": True}],
        "identifiers": [],
        "endpoints": [],
        "other_names": others if other else [],
        **more,
    }


def biller(npi: str, street: str, city: str, state: str, code: str, **more: str) -> Row:
    """Return who billed Medicare as its data has it: all values are texts."""
    return {
        **dict.fromkeys(KEYS, ""),
        "Rndrng_NPI": npi, "Rndrng_Prvdr_Last_Org_Name": "Example",
        "Rndrng_Prvdr_First_Name": "John", "Rndrng_Prvdr_Ent_Cd": "I",
        "Rndrng_Prvdr_St1": street, "Rndrng_Prvdr_City": city,
        "Rndrng_Prvdr_State_Abrvtn": state, "Rndrng_Prvdr_Zip5": code, "HCPCS_Cd": "G2083",
        "Tot_Benes": "14", "Tot_Srvcs": "210", **more,
    }  # fmt: skip


def _npi(asked: Asked, rows: Sequence[Row]) -> dict[str, Any]:
    given = {name: values[0] for name, values in asked.items()}
    fault = _npi_fault(given)
    if fault:
        return {"Errors": [dict(zip(("description", "field", "number"), fault, strict=True))]}
    found = [row for row in rows if _fits(row, given)]
    limit = min(int(given.get("limit", "10")), MOST) or 10
    skip = min(int(given.get("skip", "0")), LAST_SKIP)
    here = found[skip : skip + limit]
    return {"result_count": len(here), "results": here}


def _npi_fault(given: Mapping[str, str]) -> tuple[str, str, str] | None:
    criteria = set(given) - {"version", "limit", "skip", "pretty", "address_purpose"}
    if given.get("number") == DEACTIVATED:
        return (f"CMS deactivated NPI {DEACTIVATED}. The provider can no longer use this NPI. Our "
                "public registry does not display provider information about NPIs that are not in "
                "service.", "number", "15")  # fmt: skip
    if given.get("version") != "2.1" or not criteria:
        return "No valid search criteria provided", "generic", "04"
    if criteria == {"state"}:
        return "Field state requires additional search criteria", "state", "07"
    if criteria == {"enumeration_type"}:
        return "Enumeration_type requires additional search criteria", "enumeration_type", "09"
    if any(re.fullmatch(r".?\*", value) for value in given.values()):
        return "Wildcards require at least two leading characters", "generic", "10"
    return None


def _fits(row: Row, given: Mapping[str, str]) -> bool:
    """Match as the registry does: names of all kinds, and the state of any address."""
    places = [*row["addresses"], *row["practiceLocations"]]
    if "address_purpose" in given:
        places = [one for one in places if one.get("address_purpose") == given["address_purpose"]]
    basic = row["basic"]
    names = [basic.get("organization_name", "")]
    names += [one["organization_name"] for one in row["other_names"] if "organization_name" in one]
    tests: dict[str, Callable[[str], bool]] = {
        "number": lambda text: row["number"] == text,
        "enumeration_type": lambda text: row["enumeration_type"] == text,
        "organization_name": lambda text: any(_like(name, text) for name in names),
        "first_name": lambda text: _like(basic.get("first_name", ""), text),
        "last_name": lambda text: _like(basic.get("last_name", ""), text),
        "state": lambda text: any(one["state"] == text for one in places),
        "city": lambda text: any(_like(one["city"], text) for one in places),
        "postal_code": lambda text: any(one["postal_code"].startswith(text) for one in places),
    }
    return all(test(given[name]) for name, test in tests.items() if name in given)


def _like(name: str, text: str) -> bool:
    name, text = name.casefold(), text.casefold()
    return name.startswith(text[:-1]) if text.endswith("*") else name == text


def _cms(asked: Asked, rows: Sequence[Row]) -> list[Row]:
    given = {name: values[0] for name, values in asked.items()}
    filters = {name[7:-1]: text for name, text in given.items() if name.startswith("filter[")}
    found = [row for row in rows if all(row.get(name) == text for name, text in filters.items())]
    offset, size = int(given.get("offset", "0")), min(int(given.get("size", "1000")), 5000)
    return found[offset : offset + size]


def _census(asked: Asked) -> tuple[int, Any]:
    """Find every house with a number near the middle of the area, "Nowhere" none, "Twice" two."""
    text = asked.get("address", [""])[0]
    if not text or len(text) > 100:
        said = "Address cannot be empty and cannot exceed 100 characters"
        return 400, {"errors": [said], "status": "400"}
    parts = [part.strip() for part in text.split(",")]
    house = re.match(r"[0-9]+", text)
    if not house or len(parts) < 3:
        said = "Specify House number and Street name along with City and State and/or ZIP Code"
        return 400, {"errors": [said], "status": "400"}
    state, _, code = parts[2].upper().partition(" ")
    times = 0 if "nowhere" in text.casefold() else 2 if "twice" in text.casefold() else 1
    matches = [
        {
            "tigerLine": {"side": "L", "tigerLineId": "1"},
            "coordinates": {"x": -77.1528 - n, "y": 39.0840},
            "addressComponents": {
                "zip": code, "city": parts[1].upper(), "state": state, "fromAddress": "1",
                "toAddress": "99999",
            },
            "matchedAddress": text.upper(),
        }
        for n in range(times)
    ]  # fmt: skip
    return 200, {"result": {"input": {}, "addressMatches": matches}}
