"""The pictures of the pages are of the folder in use."""

from __future__ import annotations

from pathlib import Path

from scripts.screenshots import pictures_of
from tests.another_site import make


def test_the_pictures_are_of_the_towns_and_conditions_of_the_folder(tmp_path: Path) -> None:
    folder = make(tmp_path / "other")
    addresses = {name: address for name, (address, _) in pictures_of(folder, "", "").items()}
    near = "near=Richmond%2C+VA"
    assert addresses["search-desktop.png"] == f"/?{near}&condition=example-condition"
    assert addresses["list.png"].count("made-up-clinic") == 3
    assert addresses["topic.png"] == "/learn?topic=example-condition"
    chosen = pictures_of(folder, "Bristol, TN", "low-mood")["map-phone.png"][0]
    assert chosen == "/?near=Bristol%2C+TN&condition=low-mood&view=map"
