"""The picture of a shared link holds the words of any site beside its pin."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from clinics.directory import Directory
from clinics.present.preview_picture import SIZE, preview

WIDTH, HEIGHT = SIZE
PIN = WIDTH - 190 - 88
FREE = ((PIN - 18, 0, PIN - 2, HEIGHT), (40, HEIGHT - 8, WIDTH, HEIGHT))
"""Where no word may be: on the way to the pin, and at the lower edge."""


@pytest.mark.parametrize(
    ("title", "tagline"),
    [
        ("New Mexico neurofeedback clinic finder", "What is known."),
        ("WWW MMMMMMMM WWWWWWWWWW MMMMM WWWWWW", "Many words of it " * 40),
        ("North and South Carolina electroconvulsive therapy clinic finder", "M" * 300),
        ("W" * 200, ""),
    ],
)
def test_no_word_runs_into_the_pin_or_off_the_picture(
    directory: Directory, title: str, tagline: str
) -> None:
    site = replace(directory.site, title=title, tagline=tagline)
    picture = Image.open(io.BytesIO(preview(site))).convert("L")
    for box in FREE:
        darkest, _ = picture.crop(box).getextrema()
        assert darkest > 200, box
    assert picture.crop((40, 0, PIN - 20, HEIGHT)).getextrema()[0] < 100, "the words are there"
