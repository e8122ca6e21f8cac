"""What the load on the web server says is read right, and both sides are asked the same."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from lab.benchmarks import load, web, web_peers
from lab.benchmarks.constant_app import app_of
from tests.folders import DATA
from tests.integration.asking import asked

SAID = {
    "requests": 4_000, "seconds": 2.0, "bytes": 8_000_000, "p50_ms": 12.5, "p99_ms": 80.25,
    "not_answered": 0, "refused": 0,
}  # fmt: skip
NEAR_HOME = {"lat": 38.98, "lon": -77.0, "radius": 25.0, "condition": "ptsd", "most": "5"}


def printed(**changes: float) -> str:
    return f"Running 2s test @ http://127.0.0.1\n  1 threads\n\n{json.dumps(SAID | changes)}\n"


def test_the_last_line_is_what_counts() -> None:
    found = load.read(printed())
    assert (found.a_second, found.p50_ms, found.p99_ms) == (2_000.0, 12.5, 80.25)


@pytest.mark.parametrize("fault", ["not_answered", "refused"])
def test_a_load_with_answers_that_were_none_does_not_count(fault: str) -> None:
    with pytest.raises(RuntimeError, match="3 "):
        load.read(printed(**{fault: 3}))


@pytest.mark.slow
def test_no_question_comes_twice_and_all_are_near() -> None:
    found = web.questions()
    assert len(found) > 2_000
    assert len({(question.zip, question.condition) for question in found}) == len(found)


def test_other_clinics_than_ours_are_not_let_pass() -> None:
    ours = [{"id": "a", "distance_miles": 1.0}, {"id": "edge", "distance_miles": 24.99}]
    web.compare(ours, [{"id": "a", "miles": 1.01}])
    with pytest.raises(AssertionError, match="other clinics"):
        web.compare(ours, [{"id": "b", "miles": 1.0}])


def test_datasette_is_given_every_clinic(tmp_path: Path) -> None:
    options = web_peers.write_database(DATA / "clinics.csv", tmp_path)
    with sqlite3.connect(tmp_path / "clinics.db") as kept:
        (number,) = kept.execute("select count(*) from clinics").fetchone()
        row = kept.execute(web_peers.NEAR, NEAR_HOME).fetchone()
    kept.close()
    lines = (DATA / "clinics.csv").read_text(encoding="utf-8").splitlines()
    assert number == len(lines) - 1
    assert row is not None
    assert options[0] == "-i"


def test_the_constant_is_as_long_as_it_is_told() -> None:
    assert asked(app_of(1_234, "text/html"), "/any/path").body == b"x" * 1_234


def test_the_ratios_are_ours_to_the_peers() -> None:
    def result(how: str, who: str, a_second: float) -> dict[str, object]:
        return {"kind": web.API, "how": how, "who": who, "a_second": a_second}

    results = [
        result(web.AGAIN, web.OURS, 300.0), result(web.ANOTHER, web.OURS, 200.0),
        result(web.AGAIN, web.DATASETTE, 100.0), result(web.ANOTHER, web.DATASETTE, 50.0),
        result(web.AGAIN, web.CONSTANT, 600.0),
    ]  # fmt: skip
    found = {(how, peer): ratio for _, how, peer, ratio, _ in web.ratios(results)}
    assert found == {
        (web.AGAIN, web.DATASETTE): 3.0, (web.ANOTHER, web.DATASETTE): 4.0,
        (web.AGAIN, web.CONSTANT): 0.5, (web.ANOTHER, web.CONSTANT): 200 / 600,
    }  # fmt: skip
