"""Columns of a file: looked at and written whole, and taken apart as one record after the other."""

from __future__ import annotations

import csv
import io
import random
import sys
from itertools import product

import numpy as np
import pytest

from clinics.domain.columns import COLUMNS, CellProblem
from clinics.domain.vocabulary import load_vocabulary
from clinics.domain.words import slug
from clinics.intake.csv_file import records, trimmed
from clinics.intake.duplicates import _slugs
from clinics.intake.split import split
from clinics.intake.texts import Texts, repeated, table_of
from tests.conftest import DATA

WORDS = ["b", "", "a", "b", "", "c"]


def test_different_texts_come_in_the_order_they_are_first_there() -> None:
    found = Texts.of(WORDS).different()
    assert (found.texts, found.codes.tolist()) == (["b", "", "a", "c"], [0, 1, 2, 0, 1, 3])
    filled = Texts.of(WORDS).different(Texts.of(WORDS).filled)
    assert list(filled.where("bc".__contains__)) == [(0, "b"), (3, "b"), (5, "c")]


def test_a_column_is_written_in_some_rows_and_stays_as_it_was() -> None:
    column = Texts.of(WORDS)
    assert column.written(np.array([1, 5]), ["x", "é"]).tolist() == ["b", "x", "a", "b", "", "é"]
    assert column.filled_with("-", ~column.filled).tolist() == ["b", "-", "a", "b", "-", "c"]
    found = column.different(column.same_as("b"))
    assert column.rewritten(found, ["B"]).tolist() == ["B", "", "a", "B", "", "c"]
    assert column.tolist() == WORDS


def test_what_is_there_twice_is_found() -> None:
    assert repeated(np.array([3, 1, 3, 2, 1, 9])).tolist() == [True, True, True, False, True, False]
    assert repeated(np.array([], np.int64)).tolist() == []


def test_a_column_of_nothing_can_be_looked_at_like_any_other() -> None:
    for column in (Texts.blank(3), Texts.of([]), Texts.of(["", ""])):
        assert column.is_blank
        assert not column.filled.any()
        assert not column.begins("=+").any()
        assert not column.like("[^ -~]").any()
        assert column.trimmed().tolist() == [""] * len(column)
        assert column.at(np.zeros(len(column), bool)).tolist() == []


@pytest.mark.parametrize("around", ["a", "é", ""])
def test_a_column_is_trimmed_of_every_space_that_python_knows(around: str) -> None:
    letters = (chr(c) for c in range(1, sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
    spaces = [c for c in letters if c.isspace() or not c.isprintable()]
    texts = [f"{space}{around}{space}" for space in spaces]
    assert Texts.of(texts).trimmed().tolist() == [text.strip() for text in texts]


def test_a_table_of_columns_is_text() -> None:
    table = table_of({"one": Texts.of(["é", ""]), "two": Texts.blank(2)})
    assert [str(kind) for kind in table.dtypes] == ["str", "str"]
    assert table["one"].tolist() == ["é", ""]


def test_slugs_of_a_column_are_those_of_its_texts() -> None:
    texts = ["", "The Mood Center", "  -- ", "Été \u0130 \u212a", "a\nb", "A--b_C", "東京 9", "-x-"]
    for some in (texts, [t for t in texts if t.isascii()], ["with\0mark", "b"], ["", ""]):
        assert _slugs(Texts.of(some)).tolist() == [slug(text) for text in some]


def test_a_cell_that_is_told_at_a_look_is_one_that_parsing_leaves_as_it_is() -> None:
    words = load_vocabulary(DATA)
    chance = random.Random(1)
    signs = "0123456789-.()+ aZ/:"
    seeds = [
        "(301) 555-0123", "20912", "38.9832", "-77.0007", "180", "90", "-0", "07", "1\n", "é",
        "made-up-1", "https://made-up.example/a", "a" * 101, "http://x.example/" + "b" * 490,
    ]  # fmt: skip
    cells = list(seeds)
    for seed, _ in product(seeds, range(300)):
        place = chance.randrange(len(seed) + 1)
        cells.append(seed[:place] + chance.choice(signs) + seed[place + chance.randrange(2) :])
    told = 0
    for column in COLUMNS:
        if column.kind.plain is None:
            continue
        texts = Texts.of(cells)
        plain = texts.like(column.kind.plain.pattern) & (texts.sizes <= column.kind.plain.longest)
        for row in np.flatnonzero(plain).tolist():
            told += 1
            try:
                assert column.parse(cells[row], words) == cells[row]
            except CellProblem as problem:
                pytest.fail(f"{column.name}: {cells[row]!r} is none: {problem}")
    assert told > 1_000


def one_by_one(text: str, width: int) -> dict[int, list[str]]:
    """Return the records of a text that have so many cells, or none at all, by their number."""
    rows = {line.number: trimmed(line.cells or []) for line in records(text, ",")}
    return {number: cells or [""] * width for number, cells in rows.items()}


def test_a_text_is_split_at_once_as_it_is_record_by_record() -> None:
    chance = random.Random(2)
    cells = ["a", "", " b ", "c,d", 'say "x"', "two\nlines", "two\r\nlines", "é", '"', "\u00a0n"]
    for _ in range(200):
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator=chance.choice(["\n", "\r\n", "\r"]))
        width = chance.randint(2, 4)
        for _ in range(chance.randint(1, 8)):
            length = width if chance.random() < 0.8 else chance.randint(0, 5)
            writer.writerow([chance.choice(cells) for _ in range(length)])
        whole = split(text.getvalue().encode(), 0, ",", width)
        assert whole is not None
        rows = zip(*(column.tolist() for column in whole.columns), strict=True)
        found = dict(zip(whole.numbers.tolist(), map(list, rows), strict=True))
        for number, record in whole.others:
            found[number] = trimmed(next(records(record, ",")).cells or [])
        assert found == one_by_one(text.getvalue(), width)


@pytest.mark.parametrize(
    "text", ['a,"b', 'a,b"c', '"a" ,b', '"a"b,c', "a,\0b", "\ufeffa,b", ""]
)  # fmt: skip
def test_a_doubtful_text_is_left_to_be_read_record_by_record(text: str) -> None:
    assert split(text.encode(), 0, ",", 2) is None
