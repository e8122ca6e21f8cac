"""The same rules for a clinic file in pandera and in frictionless.

Neither gives a position to a row without one, compares rows, or
says how to mend a cell, as ours does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from clinics.domain.columns import NAMES
from lab.benchmarks.made_up_clinics import words

Check = Callable[[Path], set[int]]

ZIP = r"[0-9]{5}(-?[0-9]{4})?"
PHONE = (
    r"\+?1?[\s.-]*\(?([2-9][0-9]{2})\)?[\s.-]*([2-9][0-9]{2})[\s.-]*([0-9]{4})"
    r"(\s*(x|ext\.?|extension)\s*([0-9]{1,6}))?"
)
URL = r"https?://[^\s<>/]+\.[^\s<>]+"
DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
REQUIRED = ("name", "city", "state")
ONE = ("category", "status")
SEVERAL = ("conditions", "treatments", "payment", "languages", "ages", "setting")


def patterns() -> dict[str, str]:
    """Return by column what a filled cell must be, whole."""
    rules = {"zip": ZIP, "phone": PHONE, "website": URL, "source_url": URL, "last_checked": DAY}
    for column in (*ONE, *SEVERAL):
        ids = "|".join(re.escape(id) for id in sorted(words().ids(column)))
        rules[column] = f"({ids})" if column in ONE else f"({ids})(;({ids}))*"
    return rules


def by_pandera() -> Check:
    """Make a check by pandera over a pandas table, all failures collected."""
    import pandas as pd
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

    rules = patterns()

    def column(name: str) -> pa.Column:
        if name in ("latitude", "longitude"):
            limit = 90 if name == "latitude" else 180
            return pa.Column(float, pa.Check.in_range(-limit, limit), coerce=True, nullable=True)
        checks = [pa.Check.str_matches(f"^(?:{rules[name]})$")] if name in rules else []
        may_be_empty = name not in REQUIRED
        twice = {"unique": name == "id", "report_duplicates": "exclude_first"}
        return pa.Column(str, checks, nullable=may_be_empty, **twice)

    schema = pa.DataFrameSchema({name: column(name) for name in NAMES})

    def check(path: Path) -> set[int]:
        kinds = {name: "str" for name in NAMES if name not in ("latitude", "longitude")}
        table = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
        try:
            schema.validate(table, lazy=True)
        except SchemaErrors as problem:
            return {int(row) + 2 for row in problem.failure_cases["index"].dropna()}
        return set()

    return check


def by_frictionless() -> Check:
    """Make a check by frictionless over the file, with no limit on errors."""
    from frictionless import Resource, Schema, fields, system

    rules = patterns()

    def field(name: str) -> fields.StringField | fields.NumberField:
        needs: dict[str, object] = {"required": True} if name in REQUIRED else {}
        if name == "id":
            needs["unique"] = True
        if name in ("latitude", "longitude"):
            limit = 90 if name == "latitude" else 180
            return fields.NumberField(name=name, constraints={"minimum": -limit, "maximum": limit})
        if name in rules:
            needs["pattern"] = rules[name]
        return fields.StringField(name=name, constraints=needs)

    schema = Schema(fields=[field(name) for name in NAMES])

    def check(path: Path) -> set[int]:
        with system.use_context(trusted=True):
            report = Resource(path=str(path), schema=schema).validate(limit_errors=1_000_000)
        return {row for (row,) in report.flatten(["rowNumber"]) if row is not None}

    return check
