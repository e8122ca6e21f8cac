"""The two data folders: the one that tests of the code read, and the one that is shown.

`site` beside this file is the directory as it once was. It changes only when a test of the code
needs it, so that no change of what is shown can break such a test.
"""

from __future__ import annotations

import os

from clinics.settings import ROOT

DATA = ROOT / "tests" / "site"
"""What tests of the code read, whatever CLINICS_DATA_DIR says."""

SHOWN = ROOT / os.environ.setdefault(
    "SHOWN_DATA_DIR", os.environ.get("CLINICS_DATA_DIR", "").strip() or "data"
)
"""What the tests under `tests/unit/data` read, and no others: `data/`, or another directory."""
