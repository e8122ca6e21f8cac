"""Writes docs/licenses.md: under which license each package of requirements.lock stands.

Run: make lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
TABLE = ROOT / "docs" / "licenses.md"
ELSEWHERE = "not installed on the system this was written on"
_LONGEST = 60
_HEAD = """\
# Licenses of what the service runs on

Every package of `requirements.lock`, with the license that it names itself.
`make lock` writes this page.

| package | version | license |
|---|---|---|
"""


def main() -> None:
    """Write the table."""
    TABLE.write_text(_HEAD + "\n".join(_rows(locked(LOCK.read_text("utf-8")))) + "\n", "utf-8")


def locked(text: str) -> dict[str, str]:
    """Return the version of each package that a lock file names."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def license(package: str) -> str:
    """Return the license a package names: its expression, its classifiers or its first words."""
    try:
        said = metadata(package)
    except PackageNotFoundError:
        return ELSEWHERE
    classified = [
        value.rpartition(" :: ")[2]
        for value in said.get_all("Classifier") or ()
        if value.startswith("License :: ") and value != "License :: OSI Approved"
    ]
    expression, words = (said.get_all(name) or [""] for name in ("License-Expression", "License"))
    first = words[0].strip().partition("\n")[0][:_LONGEST]
    return expression[0] or ", ".join(classified) or first or "not named"


def _rows(packages: dict[str, str]) -> Iterable[str]:
    for package, version in sorted(packages.items()):
        yield f"| {package} | {version} | {license(package).replace('|', '/')} |"


if __name__ == "__main__":
    main()
