"""How far a check has come is told in words and shares that rise to the end."""

from __future__ import annotations

import io

import pytest

from clinics.directory import Directory
from clinics.intake.check import check
from clinics.intake.progress import LARGE, line_on, no_progress, part_of
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "data",
    [made_up_csv([made_up_clinic(n) for n in range(9)]), b"", b"no header\nat all\n", b"\x89PNG"],
)
def test_a_check_tells_its_share_from_nothing_to_all(data: bytes, directory: Directory) -> None:
    told: list[tuple[float, str]] = []
    check(data, made_up_rules(directory), lambda *step: told.append(step))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (told[0], told[-1]) == ((0.0, "Taking the file apart"), (1.0, "Done"))


def test_a_check_names_its_steps(directory: Directory) -> None:
    told: list[str] = []
    data = made_up_csv([made_up_clinic(n) for n in range(9)])
    check(data, made_up_rules(directory), lambda _, doing: told.append(doing))
    assert [told[1], *told[-5:]] == [
        "Checking the column id", "Checking the column field_sources", "Looking where the rows are",
        "Comparing the rows with each other", "Putting the good rows together", "Done",
    ]  # fmt: skip


def test_the_share_of_a_part_is_a_share_of_the_whole() -> None:
    told: list[tuple[float, str]] = []
    tell = part_of(lambda *step: told.append(step), 0.5, 0.75)
    tell(0.0, "one")
    tell(1.0, "two")
    assert told == [(0.5, "one"), (0.75, "two")]


def test_a_terminal_has_one_line_that_is_gone_in_the_end() -> None:
    terminal = Terminal()
    tell = line_on(terminal, LARGE)
    tell(0.4, "Checking")
    tell(1.0, "Done")
    written = terminal.getvalue()
    assert written.startswith("\rChecking: 40%")
    assert "\n" not in written
    assert not written.rsplit("\r", 2)[1].strip()


def test_no_line_is_written_for_a_small_file_or_into_a_pipe() -> None:
    assert line_on(Terminal(), LARGE - 1) is no_progress
    assert line_on(io.StringIO(), LARGE) is no_progress
