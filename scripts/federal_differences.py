"""What the reading of the federal list changed: each facility of the source read again.

Run as `python -m scripts.federal_differences`; `scripts.build_docs` writes the same table into
`data/README.md`. Before, substance use was read from a program too, and intake numbers, kinds of
place and the year of the survey were not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from clinics.intake.federal import from_federal, load_codes
from clinics.settings import ROOT
from scripts.sources import load_sources

Pair = tuple[Mapping[str, str], Mapping[str, str]]
"""A facility in the source, and as it is listed."""

NO_TREATMENT = ("job-support", "daily-living")


def main() -> None:
    """Print the table."""
    for row in differences():
        print(" | ".join(row))


def differences() -> Iterator[tuple[str, str, str, str]]:
    """Yield a column, what it said before, what it says now, and of how many facilities."""
    read_again = pairs()
    for column, before, now, is_one in KINDS:
        yield f"`{column}`", before, now, str(sum(map(is_one, read_again)))


def pairs() -> list[Pair]:
    """Return each facility of the source that is listed, with its listing."""
    sources = load_sources(ROOT / "data")
    rows = sources.rows("federal", "file")
    listed = from_federal(rows, load_codes(sources.folder), sources.edition)
    return [(row, cells) for row, cells in zip(rows, listed, strict=True) if cells]


def by_program(pair: Pair) -> bool:
    """Return True if only a program speaks of substance use."""
    codes = pair[0]["service_code_info"].split()
    return "CO" in codes and "substance-use" not in pair[1]["conditions"]


def has_main_line(pair: Pair) -> bool:
    """Return True if new patients call another number than the main one."""
    return bool(pair[1]["main_phone"])


def has_another_number(pair: Pair) -> bool:
    """Return True if that number differs by more than its extension."""
    return has_main_line(pair) and _digits(pair[1]["phone"]) != _digits(pair[0]["phone"])


def has_another_extension(pair: Pair) -> bool:
    """Return True if that number differs by its extension alone."""
    return has_main_line(pair) and not has_another_number(pair)


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[:10]


def has_kind(pair: Pair) -> bool:
    """Return True if it is said what kind of place it is."""
    return bool(pair[1]["facility_type"])


def has_no_treatment(pair: Pair) -> bool:
    """Return True if the kind of place says that there is no talk therapy or medicine."""
    return pair[1]["facility_type"] in NO_TREATMENT


def names_988(pair: Pair) -> bool:
    """Return True if its help in a crisis comes with 988."""
    return "988" in pair[1]["notes"]


def takes_medicaid(state: str) -> Callable[[Pair], bool]:
    """Return what is True of a facility in a state that takes Medicaid."""
    return lambda pair: pair[1]["state"] == state and "medicaid" in pair[1]["payment"]


def has_page(pair: Pair) -> bool:
    """Return True if its source is a federal page."""
    return "samhsa.gov" in pair[1]["source_url"]


KINDS: tuple[tuple[str, str, str, Callable[[Pair], bool]], ...] = (
    ("conditions", "substance use, from a program alone (`CO` without `SA`)",
        "not stated; the program is in `notes`", by_program),
    ("phone", "the main line", "another number, for new patients", has_another_number),
    ("phone", "the main line", "the same number with another extension, or without one",
        has_another_extension),
    ("main_phone", "not kept", "the main line, where new patients call elsewhere", has_main_line),
    ("facility_type", "not kept", "what kind of place it is", has_kind),
    ("facility_type", "listed without a word on it",
        "job support or help with daily life: no talk therapy or medicine", has_no_treatment),
    ("notes", "help in a crisis, as if it were sure",
        "988 first, then what the place named in a 2023 survey", names_988),
    ("payment", "shown as “Medicaid”", "shown as “Medicaid (Maryland)”", takes_medicaid("MD")),
    ("payment", "shown as “Medicaid”", "shown as “Medicaid (District of Columbia)”",
        takes_medicaid("DC")),
    ("source_url", "a copy of the workbook among program code",
        "the federal page of the survey", has_page),
)  # fmt: skip
"""A column, what it said before, what it says now, and what is True of a facility like that."""


if __name__ == "__main__":
    main()
