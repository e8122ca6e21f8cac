"""Reads the explainer: the topics under `explainer/` of the data folder, and their tables."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from clinics.domain.data_files import (
    DataFileError,
    Faults,
    one_of,
    read_rows,
    reason,
)
from clinics.domain.language import ENGLISH, LANGUAGES, spoken
from clinics.domain.model import Approval, Grade
from clinics.domain.site import ApprovalWords, Dated, dated, load_site
from clinics.explainer.costs import LIMITS
from clinics.explainer.model import (
    GROUPS,
    PHASES,
    SOURCE_GRADES,
    TOOLS,
    VERDICTS,
    Block,
    Claim,
    CrisisLine,
    Explainer,
    Phase,
    Price,
    Question,
    Reference,
    Topic,
)

T = TypeVar("T")
Row = Mapping[str, str]

_PARTS = re.compile(r"\A\+\+\+\n(.*?\n)\+\+\+\n(.*)\Z", re.DOTALL)
_PICTURE = "!["
"""A picture would be fetched from its own host, which would learn who reads what."""

_KEYS = {field.name for field in fields(Topic)} - {"id", "body", "language", "elsewhere"}


def load_explainer(folder: Path) -> Explainer:
    """Read the explainer; raises DataFileError for a broken table, leaves out a broken topic."""
    faults = Faults()
    date = faults.read(lambda: dated(folder)) or Dated("")
    site = faults.read(lambda: load_site(folder))
    topics, left_out = _read_topics(folder / "explainer", date)

    def rows(name: str, parse: Callable[[Row], T]) -> tuple[T, ...]:
        return faults.read(lambda: _rows(folder / name, parse, date)) or ()

    explainer = Explainer(
        topics=tuple(sorted(topics, key=lambda topic: (topic.order, topic.id))),
        references=faults.read(lambda: _references(folder / "references.csv", date)) or {},
        claims=rows("claims.csv", _claim),
        questions=rows("questions.csv", _question),
        schedule=rows("schedule.csv", _phase),
        prices=rows("prices.csv", _price),
        crisis_lines=rows("crisis_lines.csv", _crisis_line),
        left_out=tuple(left_out),
        weak_facts=frozenset(rows("weak_facts.csv", lambda row: row["fact"])),
        approval_words=site.approval_words if site else ApprovalWords(),
    )
    faults.end()
    return explainer


def broken_topics(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with each topic that cannot be read."""
    return tuple(_read_topics(folder / "explainer", Dated(""))[1])


def _read_topics(folder: Path, date: Dated) -> tuple[list[Topic], list[str]]:
    """Read every topic, in the language that is spoken where it is translated."""
    topics: list[Topic] = []
    left_out: list[str] = []
    english = Dated(date.english)
    for path in sorted(folder.glob("*.md")):
        own = folder / spoken() / path.name
        ways = [(path, english, ENGLISH)]
        if own.is_file():
            ways.insert(0, (own, date, spoken()))
        for way, written, language in ways:
            try:
                topic = read_topic(way, written, language)
                topics.append(replace(topic, elsewhere=tuple(_called_elsewhere(path, language))))
                break
            except DataFileError as problem:
                left_out.append(str(problem))
    return topics, left_out


def _called_elsewhere(english: Path, language: str) -> Iterator[str]:
    """Yield what a topic is called in other languages; a broken one calls it nothing."""
    for other in LANGUAGES:
        folder = english.parent if other == ENGLISH else english.parent / other
        if other != language and (folder / english.name).is_file():
            with suppress(DataFileError):
                topic = read_topic(folder / english.name, Dated(""), other)
                yield from (topic.title, topic.shortcut, *topic.words)


def read_topic(path: Path, date: Dated, language: str = ENGLISH) -> Topic:
    """Read one topic; raises DataFileError with the file, the line and what is wrong."""
    try:
        text = date.text(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise DataFileError(f"{path.name} cannot be read: {reason(problem)}.") from problem
    parts = _PARTS.match(text)
    if not parts:
        raise DataFileError(f"{path.name}, line 1: it needs a head between two lines of +++.")
    if not parts[2].strip():
        raise DataFileError(f"{path.name}: it needs a text under its head; it has none.")
    if _PICTURE in text:
        line = text[: text.index(_PICTURE)].count("\n") + 1
        raise DataFileError(f"{path.name}, line {line}: it needs to be text; it has a picture.")
    name = path.name if language == ENGLISH else f"{language}/{path.name}"
    topic = _topic(path.stem, _Head(name, parts[1]), parts[2].strip())
    return replace(topic, language=language)


class _Head:
    """The head of a topic; whatever is asked of it is there and of the right kind, or it raises."""

    def __init__(self, file: str, text: str) -> None:
        self._file, self._lines = file, text.splitlines()
        try:
            self._values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as problem:
            found = re.search(r"line (\d+)", str(problem))
            line = int(found[1]) + 1 if found else len(self._lines) + 1
            needs = 'it needs lines such as title = "Cost", each name once'
            raise DataFileError(f"{file}, line {line}: {needs}.") from problem
        for name in self._values.keys() - _KEYS:
            raise self._wrong(name, f"“{name}” is not a name that a head has")

    def _wrong(self, name: str, what: str) -> DataFileError:
        """Say what is wrong with a name of the head, with its line in the file."""
        pattern = re.compile(rf"\s*(\[{name}\]|{name}\s*=)")
        line = next((n for n, text in enumerate(self._lines, 2) if pattern.match(text)), 2)
        return DataFileError(f"{self._file}, line {line}: {what}.")

    def _value(self, name: str) -> object:
        if name not in self._values:
            raise self._wrong(name, f"the head needs “{name}”; it has none")
        return self._values[name]

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; the default where the head does not have the name."""
        if default is not None and name not in self._values:
            return default
        value = self._value(name)
        if not isinstance(value, str):
            raise self._wrong(name, f"“{name}” needs a text in quotes; it has {value}")
        return value

    def one_of(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return one of these texts; the default where the head does not have the name."""
        if default is not None and name not in self._values:
            return default
        value, words = self.text(name), ", ".join(word or "empty" for word in allowed)
        if value not in allowed:
            raise self._wrong(name, f"“{name}” can be {words}; it is “{value}”")
        return value

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts; the default where the head does not have the name."""
        if default is not None and name not in self._values:
            return default
        value = self._value(name)
        if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise self._wrong(name, f'“{name}” needs a list such as ["one", "two"]; it has {value}')
        return tuple(value)

    def day(self, name: str) -> dt.date:
        """Return a day."""
        value = self._value(name)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self._wrong(name, f"“{name}” needs a day such as 2027-05-22; it has {value}")
        return value

    def day_or_none(self, name: str) -> dt.date | None:
        """Return a day; None where the head does not have the name."""
        return self.day(name) if name in self._values else None

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, f"“{name}” needs a whole number; it has {value}")
        return value

    def block(self) -> Block | None:
        """Return the five sentences, all of them, or None without a block."""
        if "block" not in self._values:
            return None
        names, value = [field.name for field in fields(Block)], self._value("block")
        if not isinstance(value, dict) or sorted(value) != sorted(names):
            raise self._wrong("block", f"[block] needs exactly {', '.join(names)}")
        return Block(**{name: str(value[name]) for name in names})


def _topic(id: str, head: _Head, body: str) -> Topic:
    grade = head.one_of("grade", ["", *Grade])
    approvals = (approval for approval in Approval if approval is not Approval.OTHER)
    approval = head.one_of("approval", ["", *approvals])
    return Topic(
        id=id,
        title=head.text("title"),
        summary=head.text("summary"),
        group=head.one_of("group", GROUPS),
        conditions=head.texts("conditions"),
        treatments=head.texts("treatments"),
        grade=Grade(grade) if grade else None,
        approval=Approval(approval) if approval else None,
        reviewed=head.day("reviewed"),
        recheck=head.day("recheck"),
        order=head.whole("order"),
        facts=head.texts("facts"),
        block=head.block(),
        body=body,
        tool=head.one_of("tool", TOOLS, default=""),
        shortcut=head.text("shortcut", ""),
        words=head.texts("words", default=()),
        translated_from=head.day_or_none("translated_from"),
        read_by_clinician=head.day_or_none("read_by_clinician"),
    )


def _rows(path: Path, parse: Callable[[Row], T], date: Dated) -> tuple[T, ...]:
    return tuple(item for _, item in read_rows(path, lambda row: parse(date.row(row))))


def _number(row: Row, name: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", row[name]):
        raise ValueError(f"“{name}” needs a number; it is “{row[name]}”.")
    return float(row[name])


def _day(row: Row, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(row[name])
    except ValueError as problem:
        message = f"“{name}” needs a day such as 2025-11-20; it is “{row[name]}”."
        raise ValueError(message) from problem


def _several(row: Row, name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in row[name].split(";") if part.strip())


def _references(path: Path, date: Dated) -> dict[str, Reference]:
    references: dict[str, Reference] = {}
    for reference in _rows(path, _reference, date):
        if reference.number in references:
            raise DataFileError(f"{path.name}: number {reference.number} is there twice.")
        references[reference.number] = reference
    return references


def _reference(row: Row) -> Reference:
    grade = one_of(row, "grade", SOURCE_GRADES)
    number, title, organization = row["number"], row["title"], row["organization"]
    read_in = row.get("read_in", "")
    return Reference(number, title, organization, row["year"], row["address"], grade, read_in)


def _claim(row: Row) -> Claim:
    number, verdict = int(_number(row, "number")), one_of(row, "verdict", VERDICTS)
    references, facts = _several(row, "references"), _several(row, "facts")
    return Claim(number, row["claim"], verdict, row["answer"], references, facts)


def _question(row: Row) -> Question:
    return Question(row["id"], row["question"], row["why"], _several(row, "references"))


def _phase(row: Row) -> Phase:
    start = _number(row, "start_week")
    end = _number(row, "end_week") if row["end_week"] else None
    if end is not None and end < start:
        raise ValueError(f"“end_week” is {end:g}, before “start_week”, which is {start:g}.")
    return Phase(
        product=row["product"],
        phase=one_of(row, "phase", PHASES),
        label=row["label"],
        start_week=start,
        end_week=end,
        sessions=_sessions(row),
        note=row["note"],
        references=_several(row, "references"),
    )


def _sessions(row: Row) -> int | None:
    """Return a whole number within the limits of the estimate, or None for an empty cell."""
    least, most = LIMITS["sessions"]
    said = row["sessions"]
    if said and not (re.fullmatch(r"\d{1,4}", said) and least <= int(said) <= most):
        needs = f"“sessions” needs a whole number from {least} to {most}, or nothing"
        raise ValueError(f"{needs}; it is “{said}”.")
    return int(said) if said else None


def _price(row: Row) -> Price:
    low, high = _number(row, "low_usd"), _number(row, "high_usd")
    most = LIMITS["price_high"][1]
    if high > most:
        raise ValueError(f"“high_usd” can be at most {most:,}; it is {high:,g}.")
    if high < low:
        raise ValueError(f"“high_usd” is {high:g}, below “low_usd”, which is {low:g}.")
    as_of, references = _day(row, "as_of"), _several(row, "references")
    product, remark = row.get("product", ""), row.get("remark", "")
    return Price(row["item"], low, high, as_of, row["note"], references, product, remark)


def _crisis_line(row: Row) -> CrisisLine:
    references = _several(row, "references")
    return CrisisLine(
        row["county"], row["state"], row["name"], row["phone"], row["note"], references
    )
