"""What visitors say is wrong with a listing: taken in, limited, counted.

Nothing
about a visitor is kept: a source is only ever a salted hash in memory.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import statistics
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clinics.domain.columns import BY_NAME, COLUMNS, CellProblem
from clinics.domain.language import named, say
from clinics.domain.ports import (
    Correction,
    CorrectionStatus,
    NewCorrection,
    Store,
    StoreUnavailable,
)
from clinics.publishing.slowdown import network_of
from clinics.search.dataset import Dataset

_OWN = ("phone", "address", "website", "hours", "price", "treatments", "conditions", "payment")
_BESIDES = ("closed", "removal", "other")
_CORRECTED = [column for column in COLUMNS if column.correction]


class _Kinds(Mapping[str, str]):
    """What each kind of correction is called, in the language of whoever looks."""

    def __init__(self) -> None:
        self._columns = {c.correction: c for c in _CORRECTED if c.correction not in _OWN}

    def __getitem__(self, kind: str) -> str:
        column = self._columns.get(kind)
        if column:
            return named(f"columns.{column.name}", column.label)
        if kind in _OWN or kind in _BESIDES:
            return say(f"correct.kind_{kind}")
        raise KeyError(kind)

    def __iter__(self) -> Iterator[str]:
        return iter((*_OWN, *self._columns, *_BESIDES))

    def __len__(self) -> int:
        return len(_OWN) + len(self._columns) + len(_BESIDES)


KINDS: Mapping[str, str] = _Kinds()
"""What can be wrong with a listing: id -> words, in the order people see them."""

COLUMNS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{
            kind: tuple(column.name for column in _CORRECTED if column.correction == kind)
            for kind in KINDS
            if kind not in _BESIDES
        },
        "closed": ("status", "address", "phone"),
    }
)
"""Where in a listing a kind of correction points to; the other kinds point to no column."""

MIN_TEXT, MAX_TEXT, MAX_SOURCE = 5, 1000, 300
"""Characters of what is right (at least, at most), and of where somebody knows it from."""

SECONDS_A_DAY = 86_400


class CorrectionRefused(Exception):
    """A correction is not taken; `str()` of it is a sentence or two for whoever handed it in.

    `fields` has a sentence for each field that has to be changed, by its name, in their order.
    """

    def __init__(
        self, sentence: str = "", fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.fields = fields
        super().__init__(sentence or " ".join(fields.values()))


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many may be handed in within a stretch of time."""

    count: int
    seconds: float


class Limiter:
    """Takes so many corrections from one session, one network, and overall, in a stretch of time.

    Behind a proxy all visitors may seem to come from one network, so it can use up a quarter of
    what is taken overall, and no more. One per process, safe to use from many threads. It keeps at
    most `overall.count` times and hashes; the salt is made anew at each start and never leaves it.
    `now` gives seconds.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        per_session: Allowance = Allowance(5, 600),
        overall: Allowance = Allowance(200, 3600),
    ) -> None:
        self._now, self._per_session, self._overall = now, per_session, overall
        self._per_network = Allowance(max(1, overall.count // 4), overall.seconds)
        self._salt = secrets.token_bytes(16)
        self._taken: deque[tuple[float, bytes, bytes]] = deque(maxlen=overall.count)
        self._lock = threading.Lock()
        self.one_at_a_time = threading.Lock()
        """Held while the store is looked at and then written to, so that twice is once."""

    def admit(self, source: str, session: str = "") -> None:
        """Count one from this source; raises CorrectionRefused when it is one too many."""
        network = self._key(network_of(source))
        key = self._key(f"{network.hex()} {session}")
        with self._lock:
            now = self._now()
            of_network = [at for at, _, known in self._taken if known == network]
            if self._is_full(self._overall, [at for at, *_ in self._taken], now) or self._is_full(
                self._per_network, of_network, now
            ):
                raise CorrectionRefused(say("correct.too_many"))
            of_session = [at for at, known, _ in self._taken if known == key]
            if self._is_full(self._per_session, of_session, now):
                minutes = math.ceil(self._per_session.seconds / 60)
                raise CorrectionRefused(say("correct.several", n=minutes))
            self._taken.append((now, key, network))

    def _key(self, source: str) -> bytes:
        return hashlib.blake2b(source.encode(errors="replace"), key=self._salt).digest()

    @staticmethod
    def _is_full(allowance: Allowance, times: list[float], now: float) -> bool:
        return sum(now - at < allowance.seconds for at in times) >= allowance.count


def hand_in(
    store: Store,
    dataset: Dataset,
    new: NewCorrection,
    limiter: Limiter,
    source: str,
    session: str = "",
) -> int:
    """Keep a correction as waiting and return its id; the same again while it waits is one.

    `source` says where the request came from, and `session` which of those there it is; both are
    only counted. Raises CorrectionRefused with
    a sentence that gives the next step, also when the store does not answer.
    """
    kept = checked(new, dataset)
    limiter.admit(source, session)
    try:
        with limiter.one_at_a_time:
            twin = _waiting_twin(store, kept)
            return store.add_correction(kept) if twin is None else twin
    except StoreUnavailable as problem:
        raise CorrectionRefused(say("correct.not_now")) from problem


def checked(new: NewCorrection, dataset: Dataset) -> NewCorrection:
    """Return a correction as it is kept, without control characters; raises CorrectionRefused."""
    if dataset.find(new.clinic_id) is None:
        raise CorrectionRefused(say("correct.gone"))
    wanted: dict[str, Callable[[], str]] = {
        "kind": lambda: _kind(new.kind),
        "text": lambda: _text(new.text),
        "source": lambda: _source(new.source, dataset),
    }
    kept: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, read in wanted.items():
        try:
            kept[name] = read()
        except CorrectionRefused as problem:
            problems[name] = str(problem)
    if problems:
        raise CorrectionRefused(fields=problems)
    return NewCorrection(new.clinic_id, **kept)


def _kind(raw: str) -> str:
    if raw not in KINDS:
        raise CorrectionRefused(say("correct.choose"))
    return raw


def _text(raw: str) -> str:
    text = _readable(raw, "correct.long_text", MAX_TEXT)
    if not text:
        raise CorrectionRefused(say("correct.write", least=MIN_TEXT))
    if len(text) < MIN_TEXT:
        raise CorrectionRefused(say("correct.write_more", least=MIN_TEXT, n=len(text)))
    return text


def _source(raw: str, dataset: Dataset) -> str:
    source = " ".join(_readable(raw, "correct.long_source", MAX_SOURCE).split())
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:\S*", source, flags=re.IGNORECASE):
        try:
            BY_NAME["website"].parse(source, dataset.vocabulary)
        except CellProblem as problem:
            raise CorrectionRefused(
                say("correct.source_needs", needs=problem.needs, source=source)
            ) from problem
    return source


def _readable(raw: str, too_long: str, most: int) -> str:
    """Return the text with line breaks but without other control or invisible characters.

    `too_long` is the id of what is said of more characters than `most`.
    """
    if len(raw.strip()) > most:
        raise CorrectionRefused(say(too_long, most=most, n=len(raw.strip())))
    lines = "\n".join(raw.replace("\t", " ").splitlines())
    text = "".join(c for c in lines if c == "\n" or not unicodedata.category(c).startswith("C"))
    return text.strip()


def _waiting_twin(store: Store, new: NewCorrection) -> int | None:
    """Return the id of a waiting correction that says the same, or None."""
    for c in store.corrections(CorrectionStatus.WAITING, new.clinic_id):
        if (c.kind, c.text, c.source) == (new.kind, new.text, new.source):
            return c.id
    return None


@dataclass(frozen=True, slots=True)
class CorrectionFigures:
    """How many corrections came in and what became of them.

    `median_days` is how many days half of the handled ones took at most; None without any.
    """

    received: int
    accepted: int
    rejected: int
    median_days: float | None

    @property
    def handled(self) -> int:
        """How many a keeper has decided on."""
        return self.accepted + self.rejected

    @property
    def waiting(self) -> int:
        """How many no keeper has decided on yet."""
        return self.received - self.handled

    @property
    def sentence(self) -> str:
        """Say it in one sentence, as on the public page."""
        if not self.received:
            return say("correct.none_yet")
        waiting = say("correct.none_waiting")
        if self.waiting:
            waiting = say("correct.waiting", n=self.waiting)
        if self.median_days is None:
            return say("correct.none_handled", waiting=waiting)
        within = _within(self.median_days)
        return say("correct.handled", n=self.handled, within=within, waiting=waiting)


def _within(days: float) -> str:
    whole = math.ceil(days)
    return say("correct.within_a_day") if whole <= 1 else say("correct.within_days", n=whole)


def figures(corrections: Iterable[Correction]) -> CorrectionFigures:
    """Count corrections, and how long those that were handled took."""
    every = tuple(corrections)
    days = [
        max(0.0, (c.handled - c.received).total_seconds() / SECONDS_A_DAY)
        for c in every
        if c.handled is not None
    ]
    return CorrectionFigures(
        received=len(every),
        accepted=sum(c.status is CorrectionStatus.ACCEPTED for c in every),
        rejected=sum(c.status is CorrectionStatus.REJECTED for c in every),
        median_days=statistics.median(days) if days else None,
    )
