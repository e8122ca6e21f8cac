"""What visitors see: always the newest version that could be read, whatever the store does."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from clinics.adapters.memory import MemoryStore
from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.ports import Change, Draft, StoreUnavailable
from clinics.publishing import snapshot
from clinics.publishing.live import CannotShow, LiveDirectory
from clinics.search.dataset import Version
from tests.made_up import Cells, made_up_clinic

DOWN = str(StoreUnavailable())


def table_of(clinics: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


class CountingStore(MemoryStore):
    """A store that counts how often it is asked, and can be made to hang or to break."""

    def __init__(self) -> None:
        super().__init__(now=lambda: dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC))
        self.asked = 0
        self.broken = False
        self.go_on = threading.Event()
        self.go_on.set()

    def live_number(self) -> int:
        self.asked += 1
        assert self.go_on.wait(10)
        if self.broken:
            raise RuntimeError("a bug")
        return super().live_number()


class Site:
    """A live directory whose clock tests move."""

    def __init__(self, bundled: Directory) -> None:
        self.seconds = 0.0
        self.store = CountingStore()
        self.live = LiveDirectory(bundled, self.store, now=lambda: self.seconds)

    def publish(self, *clinics: Cells) -> int:
        return self.publish_bytes(snapshot.as_csv(table_of(clinics)))

    def publish_bytes(self, data: bytes) -> int:
        live = self.store.live_number()
        draft = Draft(f"key {live}", Change.PUBLISH, "Anna", "", data, 1)
        return self.store.publish(draft, expected_live=live)

    def shown(self, after: float = 2.0) -> str:
        """Return the id of the version that is seen so many seconds later."""
        self.seconds += after
        return self.live.current().dataset.version.id


@pytest.fixture
def site(directory: Directory) -> Site:
    return Site(directory)


def test_without_a_store_the_bundled_file_is_live(directory: Directory) -> None:
    live = LiveDirectory(directory, None)
    live.look_now()
    assert live.current() is directory
    assert live.at(0) is directory
    assert live.trouble == ""


def test_before_anything_was_published_the_bundled_file_is_live(
    site: Site, directory: Directory
) -> None:
    assert site.live.current() is directory
    assert site.shown() == "0"


def test_a_new_version_is_seen_within_two_seconds_with_its_number_day_and_clinics(
    site: Site,
) -> None:
    assert site.shown(0) == "0"
    site.publish(made_up_clinic(1), made_up_clinic(2))
    assert site.shown(2.0) == "1"
    # 2 o'clock in the morning, UTC, is the evening before where the clinics are
    assert site.live.current().dataset.version == Version("1", dt.date(2026, 11, 22), 2)
    found = site.live.current().dataset.find("made-up-clinic-2")
    assert found is not None
    assert found.name == "Made-up Clinic 2"


def test_a_version_published_before_the_start_is_seen_by_the_first_visitor(site: Site) -> None:
    site.publish(made_up_clinic(1))
    assert site.shown(0) == "1"


def test_everything_but_the_clinics_is_the_bundled_directorys(
    site: Site, directory: Directory
) -> None:
    site.publish(made_up_clinic(1))
    site.shown()
    live = site.live.current()
    assert live is not directory
    assert replace(live, dataset=directory.dataset) == directory


def test_the_store_is_asked_at_most_every_two_seconds(site: Site) -> None:
    for _ in range(50):
        site.shown(0.1)
    assert site.store.asked == 3


def test_who_publishes_sees_it_at_once(site: Site) -> None:
    site.shown()
    site.publish(made_up_clinic(1))
    assert site.shown(0) == "0"
    site.live.look_now()
    assert site.shown(0) == "1"


def test_the_same_version_is_built_only_once(site: Site) -> None:
    site.publish(made_up_clinic(1))
    site.shown()
    before = site.live.current()
    site.shown()
    assert site.live.current() is before


# The store is down


def test_while_the_store_is_down_the_last_version_stays_and_keepers_are_told(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.publish(made_up_clinic(1))
    site.shown()
    site.store.fail = True
    with caplog.at_level(logging.WARNING, logger="clinics"):
        assert [site.shown() for _ in range(20)] == ["1"] * 20
        assert site.live.trouble == DOWN
        site.store.fail = False
        assert site.shown() == "1"
    assert site.live.trouble == ""
    assert caplog.messages == [
        f"The store is down, the last good version stays. {DOWN}",
        "The store answers again; its newest version is 1.",
    ]


def test_it_recovers_by_itself_to_the_newest_version(site: Site) -> None:
    site.store.fail = True
    assert site.shown() == "0"
    site.store.fail = False
    site.publish(made_up_clinic(1))
    site.publish(made_up_clinic(2))
    assert site.shown() == "2"


def test_a_store_that_is_down_at_the_start_leaves_the_bundled_file(
    site: Site, directory: Directory
) -> None:
    site.store.fail = True
    assert site.live.current() is directory
    assert site.live.trouble == DOWN


def test_a_bug_in_the_store_is_logged_once_and_ends_nothing(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.store.broken = True
    assert [site.shown() for _ in range(5)] == ["0"] * 5
    assert len(caplog.records) == 1
    assert site.live.trouble.startswith("The newest version could not be made ready")
    site.store.broken = False
    assert (site.shown(), site.live.trouble) == ("0", "")


# A version that cannot be shown


UNKNOWN = (
    "Version 2 cannot be shown. Its column “conditions” has “made-up-itis”, which is not in the "
    "data folder any more."
)


def test_a_version_with_a_word_that_is_gone_is_named_and_the_last_good_one_stays(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.publish(made_up_clinic(1))
    assert site.shown() == "1"
    site.publish(made_up_clinic(1, conditions="ptsd;made-up-itis"))
    assert [site.shown() for _ in range(5)] == ["1"] * 5
    assert site.live.trouble == f"{UNKNOWN} Visitors go on with the last good version."
    assert caplog.messages == [f"{UNKNOWN} The last good version stays."]
    site.publish(made_up_clinic(3))
    assert (site.shown(), site.live.trouble) == ("3", "")


def test_after_a_start_the_newest_version_that_can_be_shown_is_found(
    site: Site, directory: Directory
) -> None:
    site.publish(made_up_clinic(1))
    for _ in range(45):
        site.publish(made_up_clinic(1, treatments="gone"))
    assert site.shown() == "1"
    assert site.live.trouble.startswith("Version 46 cannot be shown.")


def test_when_no_version_can_be_shown_it_is_the_bundled_file(
    site: Site, directory: Directory
) -> None:
    site.publish(made_up_clinic(1, treatments="gone"))
    assert site.live.current() is directory
    assert site.live.trouble.startswith("Version 1 cannot be shown.")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"latitude": "north"}, "“latitude” has “north”, which is not degrees from -90 to 90."),
        ({"longitude": ""}, "“longitude” has “”, which is not degrees from -180 to 180."),
        ({"location_precision": ""}, "“location_precision” has “”, which is none of street, zip "
                                     "and town."),
        ({"last_checked": "May"}, "“last_checked” has “May”, which is not a day."),
        ({"price_per_session_usd": "much"}, "“price_per_session_usd” has “much”, which is not an "
                                            "amount."),
        ({"category": "gone"}, "“category” has “gone”, which is not in the data folder any more."),
        ({"ages": "gone"}, "“ages” has “gone”, which is not in the data folder any more."),
    ],
)  # fmt: skip
def test_every_cell_that_could_not_be_shown_is_found_before_it_is(
    site: Site, cells: dict[str, str], why: str
) -> None:
    site.publish(made_up_clinic(1, **cells))
    assert site.shown() == "0"
    assert site.live.trouble.startswith(f"Version 1 cannot be shown. Its column {why}")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2\n", b'id,name\n"'])
def test_bytes_that_are_no_table_are_never_shown(site: Site, data: bytes) -> None:
    site.publish_bytes(data)
    assert site.shown() == "0"
    assert site.live.trouble.startswith("Version 1 cannot be shown. The file is not a table")


def test_a_version_of_an_older_release_lacks_a_column_and_is_shown(site: Site) -> None:
    table = table_of([made_up_clinic(1)])
    older = snapshot.as_csv(table).decode().replace(",notes\r\n", ",old_column\r\n")
    site.publish_bytes(older.encode())
    assert site.shown() == "1"
    assert site.live.current().dataset.table["notes"].tolist() == [""]


# Many visitors at once


def test_while_one_looks_the_others_get_the_last_version_without_waiting(site: Site) -> None:
    site.publish(made_up_clinic(1))
    assert site.shown() == "1"
    site.publish(made_up_clinic(2))
    site.store.go_on.clear()
    site.live._patience = 0.05  # the visitor who looks does not wait for long either
    site.seconds += 2
    asked = site.store.asked
    assert [site.live.current().dataset.version.id for _ in range(20)] == ["1"] * 20
    assert site.store.asked == asked + 1
    site.store.go_on.set()
    site.live.look_now()
    assert site.shown(0) == "2"


def test_no_visitor_ever_sees_half_of_a_version(site: Site) -> None:
    site.live._look_every = 0
    seen: set[tuple[str, int]] = set()
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            dataset = site.live.current().dataset
            seen.add((dataset.version.id, len(dataset.table)))
            assert dataset.version.clinics == len(dataset.table) == len(dataset.lat)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for size in range(1, 8):
        site.publish(*(made_up_clinic(number) for number in range(size)))
        site.live.look_now()
    done.set()
    for visitor in visitors:
        visitor.join()
    assert all(id == "0" or int(id) == size for id, size in seen)
    assert site.shown(0) == "7"


# Previews


def test_an_old_version_can_be_looked_at(site: Site, directory: Directory) -> None:
    site.publish(made_up_clinic(1))
    site.publish(made_up_clinic(2))
    assert site.live.at(1).dataset.version == Version("1", dt.date(2026, 11, 22), 1)
    assert site.live.at(0) is directory


def test_a_version_that_does_not_exist_cannot_be_looked_at(site: Site) -> None:
    with pytest.raises(CannotShow, match=r"^There is no version 9\.$"):
        site.live.at(9)


def test_an_old_version_whose_words_are_gone_says_so(site: Site) -> None:
    site.publish(made_up_clinic(1, conditions="made-up-itis"))
    with pytest.raises(CannotShow, match="has “made-up-itis”, which is not in the data folder"):
        site.live.at(1)


def test_staged_data_can_be_looked_at_without_anybody_else_seeing_it(site: Site) -> None:
    version = Version("preview", dt.date(2026, 11, 22), 1)
    preview = site.live.with_table(table_of([made_up_clinic(5)]), version)
    assert preview.dataset.row_of == {"made-up-clinic-5": 0}
    assert preview.dataset.version == version
    assert site.shown() == "0"
