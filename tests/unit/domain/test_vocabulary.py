"""The words of the directory are read from its files, and a broken file is named with its row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clinics.domain.data_files import DataFileError
from clinics.domain.site import load_site
from clinics.domain.vocabulary import Vocabulary, load_towns, load_vocabulary
from tests.folders import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the option tables, to be broken."""
    for path in (*DATA.glob("*.csv"), DATA / "site.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(DataFileError) as caught:
        load_vocabulary(folder)
    return str(caught.value)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_id_that_is_there_twice_is_named_with_file_and_row(folder: Path) -> None:
    (folder / "ages.csv").write_text("id,label\nadults,Adults\nadults,Grown-ups\n")
    assert refusal(folder) == "ages.csv, row 3: the name “adults” is missing or twice."


def test_a_missing_id_is_named_with_file_and_row(folder: Path) -> None:
    (folder / "ages.csv").write_text("id,label\nadults,Adults\n,Grown-ups\n")
    message = refusal(folder)
    assert message.startswith("ages.csv, row 3: ")


def test_a_missing_column_is_named_with_its_file(folder: Path) -> None:
    edit(folder / "treatments.csv", "approval_note", "notes")
    assert refusal(folder) == "treatments.csv needs a column 'approval_note'."


def test_an_unknown_grade_is_named_with_file_and_row(folder: Path) -> None:
    edit(folder / "conditions.csv", ",moderate,", ",overwhelming,")
    message = refusal(folder)
    assert message.startswith("conditions.csv, row ")
    assert "overwhelming" in message


def test_a_file_without_rows_is_refused(folder: Path) -> None:
    (folder / "payments.csv").write_text("id,label,gloss\n")
    assert refusal(folder) == "payments.csv has no rows; it needs at least one."


@pytest.mark.parametrize("broken", [None, b"id,label\n\xff,x\n"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, broken: bytes | None) -> None:
    path = folder / "languages.csv"
    path.unlink() if broken is None else path.write_bytes(broken)
    assert refusal(folder).startswith("The file languages.csv cannot be read: ")


def test_a_town_off_the_globe_is_named_with_its_row(folder: Path) -> None:
    edit(folder / "towns.csv", ",38.9067,", ",138.9067,")
    with pytest.raises(DataFileError, match=r"^towns\.csv, row 2: Latitude runs from -90 to 90"):
        load_towns(folder)


def test_the_site_needs_all_its_words(folder: Path) -> None:
    assert load_site(folder).area
    edit(folder / "site.toml", "time_zone = ", "clock = ")
    with pytest.raises(DataFileError, match=r"^site\.toml cannot be used: "):
        load_site(folder)


def test_the_site_needs_a_time_zone_that_exists(folder: Path) -> None:
    zone = load_site(folder).time_zone
    edit(folder / "site.toml", zone, "Made-up/Town")
    with pytest.raises(DataFileError, match=r"^site\.toml cannot be used: "):
        load_site(folder)


@pytest.mark.parametrize(
    ("column", "word", "id"),
    [
        ("conditions", "PTSD", "ptsd"),
        ("conditions", "Major Depressive  Disorder", "depression"),
        ("conditions", "suicidal_thoughts", "suicidal-thoughts"),
        ("conditions", "bipolr depression", "bipolar-depression"),
        ("languages", "spanish", "es"),
        ("payment", "medicad", "medicaid"),
        ("setting", "by video or phone", "telehealth"),
        ("category", "ketamin", "ketamine"),
    ],
)
def test_the_id_people_mean_is_found_by_label_synonym_or_spelling(
    vocabulary: Vocabulary, column: str, word: str, id: str
) -> None:
    assert vocabulary.nearest(column, word) == id


@pytest.mark.parametrize("word", ["", "xyzzy", "<b>", "d" * 10_000])
def test_a_word_like_none_means_none(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.nearest("conditions", word) is None


def test_labels_are_for_people_and_an_unknown_id_is_shown_as_it_is(vocabulary: Vocabulary) -> None:
    assert vocabulary.label("conditions", "ptsd") == "PTSD"
    assert vocabulary.label("conditions", "made-up") == "made-up"
    assert vocabulary.treatment("made-up") is None
    with pytest.raises(KeyError):
        vocabulary.condition("made-up")


def test_the_first_category_is_the_main_one(vocabulary: Vocabulary) -> None:
    assert vocabulary.main_category == vocabulary.categories[0].id == "ketamine"


def test_a_directory_need_not_have_names(folder: Path) -> None:
    assert "Medicaid" in load_vocabulary(folder).names
    (folder / "names.csv").unlink()
    assert load_vocabulary(folder).names == frozenset()


@pytest.mark.parametrize("column", ["category", "conditions", "treatments", "payment", "languages"])
def test_no_two_options_are_called_the_same(vocabulary: Vocabulary, column: str) -> None:
    owner: dict[str, str] = {}
    for option in vocabulary.options(column):
        own = getattr(option, "synonyms", ())
        others = vocabulary.other_words.get((column, option.id), ())
        for word in (option.id, option.label, *own, *others):
            assert owner.setdefault(word.casefold().replace("-", " "), option.id) == option.id, word


def test_other_words_are_of_options_there_are(vocabulary: Vocabulary) -> None:
    for column, id in vocabulary.other_words:
        assert id in vocabulary.ids(column)


def test_an_id_is_surer_than_a_synonym_of_another_option(folder: Path) -> None:
    (folder / "synonyms.csv").write_text("column,id,synonyms\npayment,medicare,medicaid;Part B\n")
    changed = load_vocabulary(folder)
    assert changed.called("payment", "Medicaid") == "medicaid"
    assert changed.called("payment", "part b") == "medicare"
    assert changed.called("payment", "medicad") is None


def test_a_directory_may_have_no_other_words(folder: Path) -> None:
    (folder / "synonyms.csv").unlink()
    assert load_vocabulary(folder).called("payment", "Medicaid") == "medicaid"
