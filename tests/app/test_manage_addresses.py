"""Looking up exact addresses: optional, stopped at any click, gone on with as a file."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import DictGeocoder, MemoryStore
from clinics.domain.model import Point
from clinics.domain.ports import CorrectionStatus, GeocodedAddress, NewCorrection
from tests.app.keeper import Desk, sheet
from ui import resources

ROUGH = {"latitude": "", "longitude": "", "location_precision": ""}
FOUND = GeocodedAddress(Point(38.9772, -77.0085), "Takoma Park, Maryland", "20912")
FAR = GeocodedAddress(Point(39.29, -76.61), "Baltimore, Maryland", "21201")
THREE = sheet(a=ROUGH, b=ROUGH, c=ROUGH)


def line(number: int) -> str:
    return f"{number} Made-up Street, Takoma Park, MD 20912"


class StopsAt(DictGeocoder):
    """An address service at whose second question the keeper clicks on something else."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.click = True

    def locate(self, address: str) -> GeocodedAddress | None:
        import streamlit as st

        found = super().locate(address)
        if self.click and self.calls == 2:
            st.stop()
        return found


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> DictGeocoder:
    """An address service that knows two of three addresses, one of them far away."""
    fake = DictGeocoder({line(1): FOUND, line(2): FAR})
    monkeypatch.setattr(resources, "listings_geocoder", lambda: fake)
    return fake


def precision_of(id: str) -> str:
    table = resources.newest().dataset.table
    return str(table[table["id"] == id]["location_precision"].iloc[0])


def test_it_is_offered_with_its_time_and_never_in_the_way(
    store: MemoryStore, service: DictGeocoder
) -> None:
    desk = Desk().upload(THREE)
    assert any(label.startswith("Look up exact addresses, optional (3)") for label in desk.groups)
    assert "all of them take about 1 minute." in desk.text
    assert service.calls == 0
    desk.tick("I have looked").publish()
    assert desk.outcome == ["Version 1 is live: 3 changed."]
    assert precision_of("made-up-clinic-1") == "zip"


def test_what_is_found_is_gone_on_with_and_the_rest_is_said(
    store: MemoryStore, service: DictGeocoder
) -> None:
    desk = Desk().upload(THREE)
    desk.click("Look up the addresses")
    assert service.calls == 3
    assert "1 of 3 addresses found; 1 not known to the address service" in desk.text
    assert "CCCCC Clinic: The address service put it" in desk.text
    assert "DDDDD Clinic: The address service does not know this house in its state." in desk.text
    desk.click("Go on with the exact positions")
    assert "Addresses looked up" in desk.text
    assert not desk.app.radio
    desk.tick("I have looked").publish()
    assert desk.outcome[0].startswith("Version 1 is live:")
    assert precision_of("made-up-clinic-1") == "street"
    assert precision_of("made-up-clinic-2") == "zip"


def test_a_service_that_does_not_answer_is_a_sentence_and_nothing_is_asked_twice(
    store: MemoryStore, service: DictGeocoder
) -> None:
    desk = Desk().upload(THREE)
    service.fail = True
    desk.click("Look up the addresses")
    assert any("0 of 3 addresses are done." in said for said in desk.outcome)
    assert "Go on with the exact positions" not in desk.buttons
    service.fail = False
    calls = service.calls
    desk.click("Look up the addresses")
    assert service.calls == calls + 3
    desk.click("Look up the addresses")
    assert service.calls == calls + 3
    assert "Go on with the exact positions" in desk.buttons


def test_a_click_elsewhere_ends_it_and_what_was_found_can_be_used(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = StopsAt({line(1): FOUND, line(2): FOUND, line(3): FOUND})
    monkeypatch.setattr(resources, "listings_geocoder", lambda: service)
    desk = Desk().upload(THREE)
    desk.click("Look up the addresses")
    assert "Stop here" in desk.buttons
    desk.click("Stop here")
    assert "1 of 3 addresses found; 2 not looked up yet." in desk.text
    assert "Go on with the exact positions" in desk.buttons
    service.click = False
    desk.click("Look up the addresses")
    assert "3 of 3 addresses found." in desk.text
    assert service.calls == 4, "the first one is not asked again"


def test_what_was_found_for_one_file_is_not_used_for_another(
    store: MemoryStore, service: DictGeocoder
) -> None:
    desk = Desk().upload(THREE)
    desk.click("Look up the addresses")
    desk.app.radio[0].set_value("add")
    assert "Go on with the exact positions" not in desk._run().buttons
    desk.click("Use another file")
    desk.upload(sheet(a=ROUGH))
    assert "Go on with the exact positions" not in desk.buttons


def test_a_file_with_bad_rows_is_mended_first(store: MemoryStore, service: DictGeocoder) -> None:
    desk = Desk().upload(sheet(a=ROUGH, b={"phone": "555"}))
    assert "Look up the addresses" not in desk.buttons
    desk.tick("Use the good rows only")
    assert "Look up the addresses" in desk.buttons


def test_only_a_keeper_may_use_the_address_service(
    store: MemoryStore, service: DictGeocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    assert "Look up the addresses" not in Desk(name="").upload(THREE).buttons


def test_a_correction_stays_with_its_change_through_a_look_up(
    store: MemoryStore, service: DictGeocoder
) -> None:
    id = store.add_correction(NewCorrection("made-up-clinic-4", "address", "It has moved."))
    desk = Desk(part="corrections").press(f"accept_{id}").fill(address="1 Made-up Street")
    desk.click("Look up the addresses")
    desk.click("Go on with the exact positions")
    if any(box.label.startswith("I have looked") for box in desk.app.checkbox):
        desk.tick("I have looked")
    assert desk.publish().outcome == ["Version 1 is live: 1 changed."]
    assert precision_of("made-up-clinic-4") == "street"
    assert store.corrections()[0].status is CorrectionStatus.ACCEPTED


def test_without_an_address_service_nothing_is_offered(store: MemoryStore) -> None:
    assert "Look up the addresses" not in Desk().upload(THREE).buttons
