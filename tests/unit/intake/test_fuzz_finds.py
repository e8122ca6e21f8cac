"""What fuzzing found once stays found: each find is a file, and is tried as fuzzing tries it.

The names of the files in `tests/finds` are hashes of what is in them, made by `lab.torture.fuzz`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from clinics.domain.ports import PlaceNotUnderstood
from clinics.domain.vocabulary import Vocabulary
from clinics.places.find import find_place
from clinics.search.query import MAX_NEAR, parse_query
from lab.torture import fuzz
from lab.torture.fuzz_targets import LARGEST, TARGETS, kept_finds
from tests.typed_places import GAZETTEER

KEPT = [(name, path) for name in TARGETS for path in kept_finds(name)]


@pytest.mark.parametrize(("name", "path"), KEPT, ids=lambda part: getattr(part, "name", part))
def test_what_was_found_once_keeps_every_promise_now(name: str, path: Path) -> None:
    TARGETS[name].attempt(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_begins_with_keeps_every_promise(name: str) -> None:
    seeds = list(TARGETS[name].seeds())
    assert len(seeds) >= 50
    assert all(len(seed) <= LARGEST for seed in seeds)
    for seed in seeds[::11]:
        TARGETS[name].attempt(seed)


def test_a_place_that_is_too_long_is_so_wherever_it_is_cut(vocabulary: Vocabulary) -> None:
    """The first find: cut to end in a space it was short enough when it was read again."""
    long = "n" * MAX_NEAR + " " + "n" * 50
    query, _ = parse_query({"near": [long]}, vocabulary)
    again, _ = parse_query({"near": [query.near]}, vocabulary)
    assert again.near == query.near
    with pytest.raises(PlaceNotUnderstood):
        find_place(again.near, GAZETTEER, None)


def test_without_the_fuzzer_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    outcome = fuzz.fuzzed({"near": 1})
    assert outcome.figures == {"fuzzing": fuzz.MISSING}
    assert not outcome.broken
