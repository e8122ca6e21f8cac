"""The clinics in a town itself: all of them, and none that only sound like it."""

from __future__ import annotations

from dataclasses import replace

from clinics.directory import Directory
from clinics.domain.model import Point, Town
from clinics.present.town import in_town, towns_called
from tests.made_up import dataset_of, made_up_clinic

TOWN = Town("Made-up Town", "MD", "Made-up County", Point(39, -77), ())


def ids_of(*clinics: dict[str, str], town: Town = TOWN) -> list[str]:
    return [hit.clinic.id for hit in in_town(dataset_of(clinics), town)]


def test_all_of_a_town_are_found_however_many_are_nearer_elsewhere() -> None:
    near = [made_up_clinic(number, city="Made-up City") for number in range(20)]
    far = [made_up_clinic(number, latitude="39.05") for number in range(20, 27)]
    assert ids_of(*near, *far) == [f"made-up-clinic-{number}" for number in range(20, 27)]


def test_the_nearest_to_the_center_comes_first() -> None:
    far, near = made_up_clinic(1, latitude="39.05"), made_up_clinic(2, latitude="39.01")
    assert ids_of(far, near) == ["made-up-clinic-2", "made-up-clinic-1"]


def test_a_town_is_its_whole_name_and_its_state() -> None:
    assert ids_of(
        made_up_clinic(1),
        made_up_clinic(2, state="VA"),
        made_up_clinic(3, city="Made-up Town Heights"),
        made_up_clinic(4, city="Elsewhere", name="Made-up Town Clinic"),
    ) == ["made-up-clinic-1"]


def test_only_the_main_list_counts_and_closed_clinics_do_not() -> None:
    assert ids_of(
        made_up_clinic(1, category="mental-health"),
        made_up_clinic(2, status="closed"),
        made_up_clinic(3, status="moved"),
        made_up_clinic(4, status="temporarily-closed"),
    ) == ["made-up-clinic-3", "made-up-clinic-4"]


def test_a_town_without_clinics_has_none() -> None:
    assert ids_of() == []
    assert ids_of(made_up_clinic(1, city="Elsewhere")) == []


def test_a_name_that_several_towns_have_is_the_main_one_whatever_else_is_called_so(
    directory: Directory,
) -> None:
    """The gazetteer also knows a city of Bristol, which is no town of the directory."""
    here = Town("Bristol", "VA", "Bristol", Point(36.6, -82.2), (), main=True)
    there = Town("Bristol", "MD", "Anne Arundel", Point(38.8, -76.7), ())
    both = replace(directory, towns=(there, here))
    assert towns_called(both, "bristol") == (here,)
    assert towns_called(both, "bristol-md") == (there,)
    neither = replace(directory, towns=(there, replace(here, main=False)))
    assert len(towns_called(neither, "bristol")) == 2
