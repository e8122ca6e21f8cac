"""The option tables under `data/`: ids, claims, facts and the codes of the federal directory.

Must not know how the pages draw them.
"""

from __future__ import annotations

import csv
import re

import pytest

from clinics.domain.model import Approval, Grade
from tests.folders import SHOWN

OPTION_TABLES = (
    *("conditions", "treatments", "categories", "payments", "languages", "ages"),
    *("facility_types", "known_by"),
)

HEADERS = {
    "conditions": (
        "id,label,gloss,synonyms,approval,approval_therapy,approval_related,approval_note,grade,"
        "evidence_note,facts"
    ),
    "treatments": "id,label,gloss,approval,approval_short,approval_note,facts",
    "weak_facts": "fact,references",
    "categories": "id,label,one,many,gloss",
    "payments": "id,label,gloss,by_state",
    "facility_types": "id,label,gloss,schema_type",
    "known_by": "id,label,gloss",
    "languages": "id,label",
    "ages": "id,label",
    "federal_codes": "code,column,value,label,unless",
    "sources/ketamine_notes": (
        "id,notes,insurance_note,price_note,payment,treatments_added,conditions_left_out,known_by"
    ),
}

CONDITIONS = {
    "depression",
    "suicidal-thoughts",
    "bipolar-depression",
    "anxiety",
    "ptsd",
    "ocd",
    "postpartum-depression",
    "substance-use",
    "chronic-pain",
    "fibromyalgia",
    "crps",
    "neuropathic-pain",
    "migraine",
}

TREATMENTS = {
    "iv-ketamine": "off-label",
    "im-ketamine": "off-label",
    "oral-ketamine": "unapproved",
    "esketamine": "approved",
    "ketamine-assisted-therapy": "off-label",
    "at-home": "unapproved",
    "tms": "other",
    "ect": "other",
    "psychotherapy": "other",
    "medication": "other",
}

LAST_FACT = 178

# Where the values of a column are defined; `setting` has no table of its own.
SETTINGS = {"in-person", "telehealth"}

PROMOTION = re.compile(
    r"breakthrough|miracle|revolutionary|\bcures?\b|\bcured\b|transform|!", re.IGNORECASE
)

WORKSHOP_WORDS = re.compile(r"\bstored?\b|lead list|stored copy|\bimporter\b", re.IGNORECASE)


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table under `data/`."""
    with (SHOWN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ids(name: str) -> list[str]:
    """Return the ids of a table in the order of the file."""
    return [row["id"] for row in read(name)]


def listings_in_use() -> list[str]:
    """Return the ids of the ketamine listings that the directory shows."""
    return [row["id"] for row in read("sources/ketamine_listings") if row["use"] == "yes"]


@pytest.mark.parametrize("name", HEADERS)
def test_a_table_has_its_columns_in_order_and_no_ragged_row(name: str) -> None:
    with (SHOWN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert ",".join(header) == HEADERS[name]
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("name", HEADERS)
def test_no_cell_has_stray_spaces_or_an_empty_value_in_a_list(name: str) -> None:
    for row in read(name):
        for column, cell in row.items():
            assert cell == cell.strip(), (row, column)
            assert "  " not in cell
            if column in ("synonyms", "facts", "payment"):
                assert not cell or all(part == part.strip() != "" for part in cell.split(";"))


@pytest.mark.parametrize("name", OPTION_TABLES)
def test_ids_are_unique_kebab_case_and_labeled(name: str) -> None:
    found = ids(name)
    assert len(found) == len(set(found))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) for value in found)
    assert all(row["label"] for row in read(name))


def test_every_condition_people_are_promised_is_there() -> None:
    assert set(ids("conditions")) >= CONDITIONS


def test_every_treatment_is_there_with_its_approval() -> None:
    assert {row["id"]: row["approval"] for row in read("treatments")}.items() >= TREATMENTS.items()


def test_payments_categories_and_ages_are_the_public_ones() -> None:
    assert ids("categories")[:2] == ["ketamine", "mental-health"]
    assert ids("ages") == ["children", "young-adults", "adults", "seniors"]
    assert set(ids("payments")) >= {
        "medicaid",
        "medicare",
        "private-insurance",
        "military",
        "self-pay",
        "sliding-fee",
        "payment-assistance",
    }


def test_languages_are_iso_639_codes() -> None:
    assert all(re.fullmatch(r"[a-z]{2,3}", code) for code in ids("languages"))
    assert {"en", "es", "am", "ase"} <= set(ids("languages"))


def test_approvals_and_grades_are_ones_the_model_knows() -> None:
    for row in read("conditions"):
        assert Approval(row["approval"])
        assert Grade(row["grade"])
    assert all(Approval(row["approval"]) for row in read("treatments"))


def test_only_the_two_uses_of_the_approved_spray_are_called_approved() -> None:
    approved = [row for row in read("conditions") if row["approval"] == "approved"]
    assert [row["id"] for row in approved] == ["depression", "suicidal-thoughts"]
    for row in approved:
        assert "Spravato" in row["approval_note"]
        assert "Ketamine itself is not approved" in row["approval_note"]
    others = [row for row in read("conditions") if row not in approved]
    assert {row["approval"] for row in others} <= {"off-label", "unapproved"}


def test_suicidal_thoughts_say_what_is_not_shown_and_where_help_is() -> None:
    (row,) = [row for row in read("conditions") if row["id"] == "suicidal-thoughts"]
    assert "not been shown to prevent suicide" in row["evidence_note"]
    assert "988" in row["evidence_note"]
    assert {"V10", "V46", "V151"} <= set(row["facts"].split(";"))


@pytest.mark.parametrize("name", ["conditions", "treatments"])
def test_every_fact_is_a_verified_one_from_a_good_source(name: str) -> None:
    weak = {row["fact"] for row in read("weak_facts")}
    assert len(weak) >= 12
    for row in read(name):
        facts = row["facts"].split(";") if row["facts"] else []
        assert facts or row["approval"] == "other", row["id"]
        assert len(facts) == len(set(facts))
        for fact in facts:
            assert re.fullmatch(r"V[1-9]\d*", fact), (row["id"], fact)
            assert fact not in weak, (row["id"], fact)
            assert int(fact[1:]) <= LAST_FACT


def test_what_is_not_ketamine_carries_no_medical_claim() -> None:
    for row in read("treatments"):
        if row["approval"] == "other":
            assert (row["approval_note"], row["facts"]) == ("Not a ketamine treatment.", "")
            assert row["approval_short"] == ""


def test_the_month_of_an_approval_is_written_once_for_all() -> None:
    for name in ("conditions", "treatments", "claims", "questions"):
        assert "as of November" not in (SHOWN / f"{name}.csv").read_text(encoding="utf-8")
    for row in read("conditions"):
        assert row["approval_therapy"].startswith("Ketamine: not approved")
        assert "{as_of}" in row["approval_therapy"]
        assert row["approval_related"].startswith("Spravato: ")


def test_synonyms_lead_to_one_condition_only() -> None:
    owner: dict[str, str] = {}
    for row in read("conditions"):
        words = row["synonyms"].split(";")
        assert 1 <= len(words) <= 10, row["id"]
        for word in words:
            assert owner.setdefault(word.casefold(), row["id"]) == row["id"], word
    assert owner["suicidal-ideation"] == owner["suicidal ideation"] == "suicidal-thoughts"


@pytest.mark.parametrize("name", HEADERS)
def test_no_table_promotes_or_talks_shop(name: str) -> None:
    for row in read(name):
        prose = " ".join(cell for column, cell in row.items() if column != "id")
        assert not PROMOTION.search(prose), row
        assert not WORKSHOP_WORDS.search(prose), row


def test_every_federal_code_is_in_the_federal_sheet_once_a_column() -> None:
    known = {row["service_code"] for row in read("sources/samhsa_codes_2024")}
    pairs = [(row["column"], row["code"]) for row in read("federal_codes")]
    assert {code for _, code in pairs} <= known
    assert len(pairs) == len(set(pairs))
    # Of the kinds of place the first counts, so their order says something.
    others = [pair for pair in pairs if pair[0] != "facility_type"]
    assert others == sorted(others)
    assert all(row["label"] for row in read("federal_codes"))


def test_every_federal_value_is_an_option_of_its_column() -> None:
    allowed: dict[str, set[str]] = {
        "setting": SETTINGS,
        "notes": {"group", "service", "crisis", "remark"},
        "payment": set(ids("payments")),
        "facility_type": set(ids("facility_types")),
    }
    for column in ("ages", "languages", "treatments", "conditions"):
        allowed[column] = set(ids(column))
    for row in read("federal_codes"):
        assert row["value"] in allowed[row["column"]], row
        assert row["unless"] in ("", "treatments"), row


def test_every_kind_of_place_of_the_federal_sheet_is_read() -> None:
    kinds = {r["service_code"] for r in read("sources/samhsa_codes_2024") if is_kind_of_place(r)}
    read_as = {row["code"] for row in read("federal_codes") if row["column"] == "facility_type"}
    assert kinds <= read_as


def is_kind_of_place(row: dict[str, str]) -> bool:
    return row["category_code"] == "FT"


def test_a_condition_is_read_only_from_a_code_that_names_its_treatment_or_program() -> None:
    codes = {r["code"]: r["value"] for r in read("federal_codes") if r["column"] == "conditions"}
    assert codes == {"SA": "substance-use", "PTSD": "ptsd"}


def test_federal_codes_that_look_like_something_else_are_read_right() -> None:
    value = {(row["code"], row["column"]): row["value"] for row in read("federal_codes")}
    assert value["MD", "payment"] == "medicaid"
    assert value["MC", "payment"] == "medicare"
    assert value["MI", "payment"] == "military"
    assert value["SS", "payment"] == "sliding-fee"


def test_every_language_and_program_of_the_federal_sheet_has_words() -> None:
    sheet = read("sources/samhsa_codes_2024")
    pairs = {(row["code"], row["column"]) for row in read("federal_codes")}
    for row in sheet:
        code = row["service_code"]
        if row["category_code"] in ("SL", "OL") and code not in ("NX", "FX"):
            assert (code, "languages") in pairs
        if row["category_code"] == "SG":
            assert (code, "notes") in pairs


def test_a_federal_ketamine_code_is_a_lead_and_never_a_treatment() -> None:
    rows = [row for row in read("federal_codes") if row["code"] == "KIT"]
    assert [(row["column"], row["value"]) for row in rows] == [("notes", "remark")]
    treatments = {r["value"] for r in read("federal_codes") if r["column"] == "treatments"}
    assert treatments == {"tms", "ect", "psychotherapy", "medication"}


def test_medicines_to_stop_smoking_are_not_medicines_for_mental_illness() -> None:
    assert not {"NRT", "NSC"} & {row["code"] for row in read("federal_codes")}


def test_every_listing_in_use_has_its_public_note() -> None:
    notes = read("sources/ketamine_notes")
    later = {
        id
        for row in read("sources/new_facts")
        for id in row["id"].split(";")
        if row["use"] == "yes"
    }
    listed = listings_in_use()
    assert [row["id"] for row in notes][: len(listed)] == listed
    assert {row["id"] for row in notes} == {*listed, *later}
    assert all(row["notes"].endswith(".") for row in notes)


def test_notes_on_price_and_insurance_stand_where_the_source_has_them() -> None:
    source = {row["id"]: row for row in read("sources/ketamine_listings")}
    payments = set(ids("payments"))
    later = {row["id"] for row in read("sources/new_facts") if "insurance" in row["source_url"]}
    for row in read("sources/ketamine_notes"):
        given = source.get(row["id"], {"insurance": "", "price_note": ""})
        assert bool(row["insurance_note"]) == bool(given["insurance"] or row["id"] in later)
        assert bool(row["price_note"]) == bool(given["price_note"])
        assert set(filter(None, row["payment"].split(";"))) <= payments
        assert not row["payment"] or row["insurance_note"]


def test_no_note_repeats_the_two_claims_known_to_be_wrong() -> None:
    for row in read("sources/ketamine_notes"):
        prose = " ".join(row.values()).casefold()
        assert "approved" not in prose
        assert "covers ketamine" not in prose
        assert "ketamine is covered" not in prose
