"""The command `geocode`: what it writes, what it says, how it goes on after it was stopped."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from clinics import bootstrap
from clinics.adapters.memory import DictGeocoder, MemoryStore
from clinics.cli import main as command_line
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress
from clinics.places.lookup import address_key
from tests.made_up import made_up_clinic, made_up_csv

HOUSE = Point(38.977612, -77.00785)
FOUND = GeocodedAddress(HOUSE, "Takoma Park, Maryland", "20912")
AREA = "Takoma Park,MD,20912"
HEADER = "Name,address,city,state,zip,our notes,latitude,longitude,location_precision\n"


def line(number: int) -> str:
    return f"{number} Made-up Avenue, Takoma Park, MD 20912"


class Files:
    """One FILE and one OUT, and the geocoder of the run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file, self.out = folder / "clinics.csv", folder / "out.csv"
        self.store: MemoryStore | None = MemoryStore()
        self.geocoder: DictGeocoder | None = DictGeocoder()
        monkeypatch.setattr(bootstrap, "chosen_store", lambda _: self.store)
        monkeypatch.setattr(bootstrap, "chosen_listings_geocoder", lambda _: self.geocoder)

    def hold(self, text: str) -> None:
        self.file.write_bytes(text.encode())

    def knows(self, *numbers: int, fail: bool = False) -> DictGeocoder:
        self.geocoder = DictGeocoder({line(number): FOUND for number in numbers}, fail)
        return self.geocoder

    def run(self, *options: str) -> int:
        return command_line.main(["geocode", str(self.file), "-o", str(self.out), *options])

    def rows(self) -> list[str]:
        return self.out.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    return Files(tmp_path, monkeypatch)


def listing(number: int, precision: str = "zip") -> str:
    position = "38.9832,-77.0007" if precision else ","
    return f"Made-up {number},{number} Made-up Avenue,{AREA},Ring twice,{position},{precision}\n"


def test_only_the_position_is_filled(files: Files, capsys: pytest.CaptureFixture[str]):
    files.hold(HEADER + listing(2) + listing(1) + listing(3, "street"))
    files.knows(1, 2)
    assert files.run() == 0
    assert files.out.read_text(encoding="utf-8") == (
        HEADER
        + f"Made-up 2,2 Made-up Avenue,{AREA},Ring twice,38.977612,-77.00785,street\n"
        + f"Made-up 1,1 Made-up Avenue,{AREA},Ring twice,38.977612,-77.00785,street\n"
        + listing(3, "street")
    )
    said = capsys.readouterr()
    assert said.out == "2 of 2 addresses found.\nWritten: out.csv\n"
    assert said.err == (
        "Looking up 2 addresses, one a second: about 1 minute.\n"
        "2 of 2: found 2, not known 0, too far 0\n"
    )


def test_columns_that_the_file_lacks_are_added_at_its_end(files: Files):
    files.hold(f"name,address,city,state,zip\nMade-up 1,1 Made-up Avenue,{AREA}\n")
    files.knows(1)
    assert files.run() == 0
    assert files.out.read_text(encoding="utf-8") == (
        "name,address,city,state,zip,latitude,longitude,location_precision\n"
        f"Made-up 1,1 Made-up Avenue,{AREA},38.977612,-77.00785,street\n"
    )


def test_the_marks_of_a_spreadsheet_program_stay(files: Files):
    files.file.write_bytes(("\ufeff" + HEADER + listing(1)).replace("\n", "\r\n").encode())
    files.knows(1)
    assert files.run() == 0
    written = files.out.read_bytes()
    assert written.startswith(b"\xef\xbb\xbfName,")
    assert written.count(b"\r\n") == written.count(b"\n") == 2


def test_a_file_with_semicolons_keeps_them(files: Files):
    files.hold((HEADER + listing(1)).replace(",", ";"))
    files.knows(1)
    assert files.run() == 0
    assert files.rows() == [
        "Made-up 1;1 Made-up Avenue;Takoma Park;MD;20912;Ring twice;38.977612;-77.00785;street"
    ]


def test_every_other_cell_and_every_other_row_stays_as_it_was(files: Files):
    above, header = "Our clinics,,,,,,,,\n", HEADER.replace("zip", "Zip Code")
    noted = '"Made-up 1", 1 Made-up Avenue ,Takoma Park,MD,20912,"Ring, twice\ror \n=1",,,\n'
    placed = "Made-up 2,,Takoma Park,MD,20912,,38.98320,-77.0007,\n"
    wrong = "Made-up 3,3 Made-up Avenue,Takoma Park,MD,209,,,,\n"
    files.hold(above + header + noted + ",,,,,,,,\n" + placed + wrong)
    files.knows(1)
    assert files.run() == 1
    noted = noted.replace('"Made-up 1"', "Made-up 1").replace(",,,", ",38.977612,-77.00785,street")
    written = files.out.read_bytes().decode()
    assert written == above + header + noted + ",,,,,,,,\n" + placed + wrong


def test_a_file_may_be_written_over_itself(files: Files):
    files.hold(HEADER + listing(1))
    files.knows(1)
    files.out = files.file
    assert files.run() == 0
    assert files.rows()[0].endswith("38.977612,-77.00785,street")


def test_every_row_that_was_not_found_is_named(files: Files, capsys: pytest.CaptureFixture[str]):
    files.hold(HEADER + listing(1) + listing(2) + "\n" + listing(3, ""))
    far = GeocodedAddress(Point(39.2904, -76.6122), "Baltimore, Maryland")
    files.geocoder = DictGeocoder({line(1): FOUND, line(2): far})
    assert files.run() == 1
    assert capsys.readouterr().out == (
        "1 of 3 addresses found; 1 not known to the address service; 1 found too far away.\n"
        "Row 3, Made-up 2: The address service put it 30 miles from ZIP 20912. "
        "It needs to be within 15 miles.\n"
        "Row 5, Made-up 3: The address service does not know this house in its state.\n"
        "Written: out.csv\n"
    )
    assert [row.rpartition(",")[2] for row in files.rows()] == ["street", "zip", "", "zip"]


def test_a_second_run_asks_nothing_twice(files: Files):
    files.hold(HEADER + listing(1) + listing(2))
    files.knows(1)
    assert files.run() == 1
    first = files.out.read_bytes()
    geocoder = files.knows(1)
    assert files.run() == 1
    assert geocoder.calls == 0
    assert files.out.read_bytes() == first


def test_a_service_that_does_not_answer_leaves_a_good_file_and_says_how_to_go_on(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + listing(1) + listing(2, ""))
    files.knows(fail=True)
    assert files.run() == 1
    assert [row.rpartition(",")[2] for row in files.rows()] == ["zip", "zip"]
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == (
        "The address service is not answering. 0 of 2 addresses are done. "
        "What was found is kept, and the look-up can go on from there later. "
        "Run the same command again to go on; what was found is not asked again."
    )
    assert "2 not looked up yet." in said.out
    files.knows(1, 2)
    assert files.run() == 0


def test_without_a_store_it_goes_on_from_the_result(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.store = None
    files.hold(HEADER + listing(1) + listing(2))
    files.geocoder = DictGeocoder(fail=True)
    assert files.run() == 1
    assert capsys.readouterr().err.endswith(
        "Run it again on out.csv to go on; what was found is not asked again.\n"
    )
    files.knows(1)
    assert files.run() == 1
    files.file, geocoder = files.out, files.knows(1, 2)
    assert files.run() == 0
    assert geocoder.calls == 1


def test_a_store_that_does_not_answer_stops_the_look_up(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + listing(1))
    files.knows(1)
    assert files.store
    files.store.fail = True
    assert files.run() == 1
    said = capsys.readouterr()
    assert "0 of 1 addresses are done." in said.err
    assert "1 not looked up yet." in said.out
    assert files.rows() == [listing(1).strip()]


def test_control_c_leaves_what_was_found(files: Files, capsys: pytest.CaptureFixture[str]):
    class Interrupted(DictGeocoder):
        def locate(self, address: str) -> GeocodedAddress | None:
            if self.calls == 1:
                raise KeyboardInterrupt
            return super().locate(address)

    files.hold(HEADER + listing(1) + listing(2))
    files.geocoder = Interrupted({line(1): FOUND})
    assert files.run() == 1
    assert [row.rpartition(",")[2] for row in files.rows()] == ["street", "zip"]
    assert capsys.readouterr().err.splitlines()[-1] == (
        "Stopped. Run the same command again to go on; what was found is not asked again."
    )
    geocoder = files.knows(1, 2)
    assert files.run() == 0
    assert geocoder.calls == 1


def test_control_c_before_anything_was_asked_writes_nothing(
    files: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    files.hold(HEADER + listing(1))
    monkeypatch.setattr(bootstrap, "chosen_listings_geocoder", interrupted)
    assert files.run() == 1
    assert capsys.readouterr().err == "Stopped. Nothing was written.\n"
    assert not files.out.exists()


def test_offline_fills_zip_and_town_centers_and_asks_nobody(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    town = "Made-up 4,,Takoma Park,MD,,,,,\n"
    nowhere = "Made-up 5,,Made-up Town,MD,,,,,\n"
    files.hold(HEADER + listing(1, "") + listing(2) + town + nowhere)
    geocoder = files.knows(1, 2)
    assert files.run("--offline", "--format", "text") == 1
    assert geocoder.calls == 0
    rows = files.rows()
    assert [row.rpartition(",")[2] for row in rows] == ["zip", "zip", "town", ""]
    assert rows[1] == listing(2).strip()
    assert capsys.readouterr().out == (
        "Row 5: it cannot be put on the map. It needs coordinates, a known ZIP or a known town; "
        "it has “Made-up Town, MD” now.\n"
        "1 row has an error and stays as it is.\n"
        "Written: out.csv\n"
    )
    assert files.store
    assert files.store.address(address_key(line(1))) is None


def test_offline_with_everything_placed_is_fine(files: Files):
    files.file.write_bytes(made_up_csv([made_up_clinic(1)]))
    assert files.run("--offline") == 0
    assert files.out.read_bytes() == files.file.read_bytes()


def test_a_row_with_too_many_cells_is_left_as_it_is(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(f"name,address,city,state,zip\na,b,c\nMade-up 1,1 Made-up Avenue,{AREA}\n")
    files.knows(1)
    assert files.run() == 1
    assert files.rows()[0] == "a,b,c"
    assert files.rows()[1].endswith("street")
    said = capsys.readouterr().out
    assert "Row 2 has 3 cells. It needs 5, as the header has.\n" in said
    assert "1 row has an error and stays as it is.\n" in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file has no rows."),
        ("name,city,state\na,Takoma Park,MD\n", "The column “address” is missing. It is needed."),
        ("city,state\nTakoma Park,MD\n", "The column “name” is missing. It is needed."),
        ("address,city\na,Takoma Park\n", "The column “state” is missing. It is needed."),
        ("address,city,state,zip,zip\na,b,MD,1,2\n", "The column “zip” is there twice: as"),
        (
            'name,address,city,state\na,"1 b" c,Bethesda,MD\nd,e,Bethesda,MD\n',
            "Row 2: a double quote",
        ),
        ("name1,street1,city,state,zip,phone,service_code_info\na,b,c,MD,20912,,MH\n", "federal"),
    ],
)
def test_a_file_that_cannot_be_filled_gets_a_sentence(
    files: Files, capsys: pytest.CaptureFixture[str], text: str, sentence: str
):
    files.hold(text)
    assert files.run() == 1
    assert sentence in capsys.readouterr().err
    assert not files.out.exists()


def test_a_file_that_is_not_there_is_wrong_usage(files: Files, capsys: pytest.CaptureFixture[str]):
    assert files.run() == 2
    assert "clinics.csv cannot be read" in capsys.readouterr().err


def test_a_result_nowhere_is_wrong_usage_before_anything_is_asked(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + listing(1))
    geocoder = files.knows(1)
    files.out = files.file.parent / "missing" / "out.csv"
    assert files.run() == 2
    assert "-o needs a file in a folder that is there" in capsys.readouterr().err
    assert geocoder.calls == 0


def test_without_an_address_service_it_says_what_to_do(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + listing(1))
    files.geocoder = None
    assert files.run() == 1
    assert "use --offline" in capsys.readouterr().err


def test_a_result_that_cannot_be_written_is_a_sentence(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + listing(1))
    files.knows(1)
    (files.file.parent / "out.csv.new").mkdir()
    assert files.run() == 1
    assert "out.csv cannot be written" in capsys.readouterr().err


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_progress_is_one_line_rewritten(
    files: Files, monkeypatch: pytest.MonkeyPatch
):
    files.hold(HEADER + "\x1b[2JMade-up" + listing(1).removeprefix("Made-up 1") + listing(2))
    files.knows(1, 2)
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    assert files.run() == 0
    assert screen.getvalue().split("\n")[1:] == [
        "\r\x1b[K0 of 2: found 0, not known 0, too far 0  [2JMade-up"
        "\r\x1b[K1 of 2: found 1, not known 0, too far 0  Made-up 2"
        "\r\x1b[K2 of 2: found 2, not known 0, too far 0  ",
        "",
    ]


def test_in_a_log_progress_is_a_line_for_every_25_addresses(
    files: Files, capsys: pytest.CaptureFixture[str]
):
    files.hold(HEADER + "".join(listing(number) for number in range(60)))
    files.knows(*range(60))
    assert files.run() == 0
    assert [text.partition(":")[0] for text in capsys.readouterr().err.splitlines()] == [
        "Looking up 60 addresses, one a second",
        "25 of 60",
        "50 of 60",
        "60 of 60",
    ]


def test_what_is_said_holds_no_address(files: Files, capsys: pytest.CaptureFixture[str]):
    files.hold(HEADER + listing(1) + listing(2))
    files.knows(1)
    files.run()
    said = capsys.readouterr()
    assert "Avenue" not in said.out + said.err
