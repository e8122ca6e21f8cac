"""Which file a link means: what people copy from their browser, and what is fetched."""

from __future__ import annotations

import pytest

from clinics.adapters.sheet_addresses import download_of
from clinics.domain.ports import LinkRefused

GOOGLE = "https://docs.google.com/spreadsheets/d/"


@pytest.mark.parametrize(
    ("copied", "fetched"),
    [
        (f"{GOOGLE}1aB_c-9/edit?gid=42#gid=42", f"{GOOGLE}1aB_c-9/export?format=csv&gid=42"),
        (f"{GOOGLE}1aB_c-9/edit#gid=7", f"{GOOGLE}1aB_c-9/export?format=csv&gid=7"),
        (f"{GOOGLE}1aB_c-9/edit?usp=sharing", f"{GOOGLE}1aB_c-9/export?format=csv"),
        (f"  {GOOGLE}1aB_c-9 ", f"{GOOGLE}1aB_c-9/export?format=csv"),
        (
            "https://docs.google.com/spreadsheets/u/1/d/1aB/edit",
            f"{GOOGLE}1aB/export?format=csv",
        ),
        (
            f"{GOOGLE}1aB/gviz/tq?tqx=out:csv&gid=3",
            f"{GOOGLE}1aB/export?format=csv&gid=3",
        ),
        (
            f"{GOOGLE}e/2PACX-1vQ/pubhtml?gid=5&single=true",
            f"{GOOGLE}e/2PACX-1vQ/pub?gid=5&single=true&output=csv",
        ),
        (f"{GOOGLE}e/2PACX-1vQ/pubhtml", f"{GOOGLE}e/2PACX-1vQ/pub?output=csv"),
        (
            "https://www.dropbox.com/scl/fi/x/list.csv?rlkey=k&st=s&dl=0",
            "https://www.dropbox.com/scl/fi/x/list.csv?rlkey=k&st=s&dl=1",
        ),
        (
            "https://made-up.sharepoint.com/:x:/g/Ea?e=b",
            "https://made-up.sharepoint.com/:x:/g/Ea?e=b&download=1",
        ),
        (
            "https://raw.githubusercontent.com/a/b/main/clinics.csv#top",
            "https://raw.githubusercontent.com/a/b/main/clinics.csv",
        ),
        ("http://made-up.example/a.xlsx?v=2", "http://made-up.example/a.xlsx?v=2"),
    ],
)
def test_a_link_becomes_the_address_of_its_file(copied: str, fetched: str) -> None:
    assert download_of(copied) == fetched


@pytest.mark.parametrize(
    "copied",
    [
        "", "clinics.csv", "ftp://made-up.example/a.csv", "file:///etc/passwd", "https://",
        "https://made-up.example/a b.csv", "https://made-up.example\\@inside/", "http://[::1",
        "https://made-up.example:99999/", "https://made-up.example:0/", "x" * 3000,
        "https://made-up.example/\r\nHost: inside",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_said_so(copied: str) -> None:
    with pytest.raises(LinkRefused, match="not the address of a file on the web") as refused:
        download_of(copied)
    assert "https://" in refused.value.next_step


@pytest.mark.parametrize(
    ("copied", "sentence"),
    [
        ("https://1drv.ms/x/s!abc", "Download the file and upload it here"),
        ("https://onedrive.live.com/edit?id=1", "Download the file and upload it here"),
        ("https://ana:secret@made-up.example/a.csv", "a name or a password in it"),
        ("https://docs.google.com/spreadsheets/", "names no Google Sheet"),
    ],
)
def test_what_cannot_be_fetched_gets_a_way_out(copied: str, sentence: str) -> None:
    with pytest.raises(LinkRefused, match=sentence) as refused:
        download_of(copied)
    assert "secret" not in str(refused.value)
