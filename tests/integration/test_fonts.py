"""The app's fonts with the signs that are used and no others."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import streamlit
from fontTools.ttLib import TTFont

from clinics.web.guard.fonts import SmallFonts, icon_names

PACKAGE = Path(streamlit.__file__).parent
MEDIA = PACKAGE / "static/static/media"


@pytest.fixture(scope="module")
def fonts() -> SmallFonts:
    made = SmallFonts(PACKAGE)
    assert dict(made) == {}
    made.make()
    return made


def font(fonts: SmallFonts, start: str) -> tuple[TTFont, int, int]:
    """One of the fonts, its size, and the size of the one it was made from."""
    path = next(path for path in fonts if Path(path).name.startswith(start))
    whole = (MEDIA / Path(path).name).stat().st_size
    return TTFont(BytesIO(fonts[path])), len(fonts[path]), whole


def test_the_font_for_text_has_what_people_write(fonts: SmallFonts) -> None:
    made, size, whole = font(fonts, "SourceSansVF-Upright")
    assert set(map(ord, "Où est-ce? ¿Dónde está? “10–25 miles” · ✕ → ≥ … ½")) <= set(
        made.getBestCmap()
    ) | {ord("✕")}
    assert size < whole / 4
    assert "fvar" in made  # every weight that a heading has


def test_the_font_of_icons_has_all_that_streamlit_names(fonts: SmallFonts) -> None:
    made, size, whole = font(fonts, "MaterialSymbols")
    assert {"search", "keyboard_arrow_down", "close", "menu", "info"} <= icon_names(PACKAGE) | {
        "menu"
    }
    assert size < whole / 15
    ligatures = made["GSUB"].table.LookupList.Lookup
    count = sum(
        len(some)
        for lookup in ligatures
        for table in lookup.SubTable
        for some in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).values()
    )
    assert 60 <= count <= 400


def test_a_font_that_makes_no_icons_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "static/static/media").mkdir(parents=True)
    made = SmallFonts(tmp_path)
    made.make()
    assert dict(made) == {}
