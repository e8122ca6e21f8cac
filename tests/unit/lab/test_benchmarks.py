"""The benchmarks run at a tiny size, without the packages they compare with. Nothing is timed."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lab.benchmarks import (
    csv_check,
    facets,
    index_build,
    lighthouse,
    one_look,
    search_core,
    summary_sessions,
)
from lab.benchmarks.browser import MISSING
from lab.benchmarks.made_up_clinics import SHAPES, made_up, places
from lab.benchmarks.measure import rounds
from lab.benchmarks.search_peers import numpy_scan, pandas_geopy, sqlite_rtree
from lab.benchmarks.sent import kind_of
from lab.benchmarks.servers import HELLO, OURS, TUTORIAL
from lab.benchmarks.streamlit_client import Page, clicked
from lab.benchmarks.summary import page

EVERYONE = (OURS, HELLO, TUTORIAL)
ROOT = Path(__file__).resolve().parents[3]
ABOUT = {
    "date": "2026-11-23", "cpu": "made up", "cores": 2, "python": "3.11", "system": "Linux",
    "load_1_min": 0.1, "load_at_end": 0.2, "quick": True, "versions": {"duckdb": ""},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_made_up_clinics_are_the_same_every_time_and_say_what_they_are(shape: str) -> None:
    table = made_up(50, shape).table
    assert table.equals(made_up(50, shape).table)
    assert table["name"].str.startswith("Made-up ").all()
    assert table["id"].is_unique


def test_dense_places_have_more_around_them_than_sparse_ones() -> None:
    clinics = made_up(3_000, "clustered")

    def around(density: str) -> int:
        return sum(
            int(
                (
                    (abs(clinics.lat - p.point.lat) < 0.5) & (abs(clinics.lon - p.point.lon) < 0.5)
                ).sum()
            )
            for p in places(clinics, 20, density)
        )

    assert around("dense") > around("sparse")


def test_the_peers_that_need_no_more_packages_find_what_we_find() -> None:
    clinics = made_up(5_000, "clustered")
    dataset = search_core.dataset_of(clinics)
    for place in places(clinics, 5, "dense"):
        ours = search_core.find(dataset, place)
        for make in (pandas_geopy, numpy_scan, sqlite_rtree):
            answer = make(clinics.table)(place.point)
            search_core.check_answer(make.__name__, ours, answer, place, dataset)


def test_another_answer_than_ours_is_not_let_pass() -> None:
    clinics = made_up(2_000, "clustered")
    dataset = search_core.dataset_of(clinics)
    (place,) = places(clinics, 1, "dense")
    ours = search_core.find(dataset, place)
    far = [id for id in clinics.table["id"][:60] if id not in {h.clinic.id for h in ours.hits}]
    with pytest.raises(AssertionError, match=r"has another answer"):
        search_core.check_answer("made-up", ours, (ours.total, far), place, dataset)


@pytest.mark.parametrize("query", facets.QUERIES, ids=str)
def test_pandas_counts_the_options_as_we_do(query: str) -> None:
    clinics = made_up(300, "clustered")
    ours = facets.ours(search_core.dataset_of(clinics), facets.QUERIES[query], None)
    for make in (facets.by_explode, facets.by_dummies):
        counted = make(clinics.table)(facets.QUERIES[query])
        assert counted == facets.of_options(ours)


def test_a_contender_that_takes_too_long_drops_out_and_the_first_question_is_not_counted() -> None:
    turns: list[int] = []
    looked: list[tuple[int, int]] = []
    slow = {"ours": turns.append, "slow": lambda _question: None}
    times = rounds(slow, 7, 0.0, lambda question, answers: looked.append((question, len(answers))))
    assert turns == [-1, 0]
    assert [len(each.milliseconds) for each in times.values()] == [1, 1]
    assert looked[:3] == [(-1, 2), (0, 2), (1, 0)]


def test_our_check_finds_the_planted_faults_and_no_others(tmp_path: Path) -> None:
    data, faulty = csv_check.file_of(300)
    path = tmp_path / "clinics.csv"
    path.write_bytes(data)
    assert len(faulty) == 3
    assert csv_check.ours(path) == faulty


def test_the_summary_is_written_from_what_is_measured(tmp_path: Path) -> None:
    results = {
        "machine": ABOUT,
        "search_core": {"results": search_core.run({200: 2}, SHAPES, 1.0, with_peers=False)},
        "index_build": {"results": index_build.run([200], times=1, with_peers=False)},
        "facets": {"results": facets.run(200, 1, 1.0, with_peers=False)},
        "csv_check": {"results": [{"rows": 200, "faulty": 2, "bytes": 1, "checked": {
            "ours": {"seconds": 1.0, "computing_seconds": 1.0, "peak_mb": 1, "whole_process_mb": 1}
        }}]},
    }  # fmt: skip
    text = page(json.loads(json.dumps(results)))
    assert "made up, 2 cores" in text
    assert "| 200 | clustered | dense |" in text
    assert "| exact to 1 m against geodesic, every result |" in text


def test_the_site_does_not_know_of_the_benchmarks() -> None:
    for path in [p for folder in ("clinics", "ui", "pages") for p in (ROOT / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("lab.benchmarks"), path


def heading(text: str, place: int) -> ForwardMsg:
    found = ForwardMsg()
    found.delta.new_element.heading.body = text
    found.metadata.delta_path.extend([0, place])
    return found


def a_run(*messages: ForwardMsg) -> list[ForwardMsg]:
    begun, over = ForwardMsg(), ForwardMsg(script_finished=0)
    begun.new_session.config.max_cached_message_age = 2
    return [begun, *messages, over]


def test_a_page_is_what_its_last_run_drew() -> None:
    shown = Page()
    assert [shown.take(m) for m in a_run(heading("20 clinics", 0), heading("more", 1))][-1]
    for each in a_run(heading("9 clinics", 0)):
        shown.take(each)
    assert [each.body for each in shown.of_kind("heading")] == ["9 clinics"]


def test_a_long_message_is_kept_while_it_is_used_and_said_to_be_kept() -> None:
    shown, long = Page(), heading("long", 0)
    long.hash, long.metadata.cacheable = "abc", True
    short = ForwardMsg(ref_hash="abc")
    short.metadata.delta_path.extend([0, 5])
    for each in [*a_run(long), *a_run(short)]:
        shown.take(each)
    assert [each.body for each in shown.of_kind("heading")] == ["long"]
    asked = BackMsg.FromString(shown.rerun())
    assert list(asked.rerun_script.cached_message_hashes) == ["abc"]
    for each in [*a_run(), *a_run()]:
        shown.take(each)
    assert not BackMsg.FromString(shown.rerun()).rerun_script.cached_message_hashes


def test_a_click_goes_with_the_address_and_the_page_as_last_told() -> None:
    shown, part = Page(), ForwardMsg()
    part.delta.new_element.bidi_component.id = "$$ID-1-filter_condition"
    address = ForwardMsg()
    address.page_info_changed.query_string = "near=20912"
    for each in a_run(part, address):
        shown.take(each)
    click = clicked(shown.component("filter_condition"), "choose", ["ptsd"])
    asked = BackMsg.FromString(shown.rerun(click)).rerun_script
    assert asked.query_string == "near=20912"
    (sent_with_it,) = asked.widget_states.widgets
    assert sent_with_it.id == "$$STREAMLIT_INTERNAL_KEY_$$ID-1-filter_condition__events"
    assert json.loads(sent_with_it.json_trigger_value) == [{"event": "choose", "value": ["ptsd"]}]
    with pytest.raises(LookupError, match="No component “other” is on the page"):
        shown.component("other")


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/", "streamlit_files"),
        ("/static/js/index.js", "streamlit_files"),
        ("/component/streamlit_folium.st_folium/index.html", "map_files"),
        ("/assets/leaflet/leaflet.js", "map_files"),
        ("/assets/map.0a1b2c3d4e.js", "map_files"),
        ("/assets/basemap.geojson", "own_files"),
    ],
)
def test_files_are_counted_by_whose_they_are(path: str, whose: str) -> None:
    assert kind_of(path) == whose


def test_the_rows_of_the_app_are_judged_and_a_missing_browser_is_one_sentence() -> None:
    times = {"n": 1, "p50_ms": 10.0, "p95_ms": 20.0}
    crowd = {**times, "reruns_a_second": 100.0, "start_mb": 1.0, "opened_mb": 2.0, "end_mb": 3.0}
    shown = {"times": dict.fromkeys(EVERYONE, times), "crowds": dict.fromkeys(EVERYONE, crowd)}
    results = {
        "sessions": {"results": [{"clinics": 100, "visitors": 50, **shown}]},
        "in_browser": {"results": [{"clinics": 100, "missing": MISSING}]},
    }  # fmt: skip
    judged = {aim: reached for aim, _, reached in summary_sessions.verdicts(results)}
    assert list(judged.values()) == ["yes", "yes", "yes", "**no**", *["not measured"] * 4]
    assert summary_sessions.rows("in_browser", results["in_browser"]["results"])[0][0] == MISSING


def test_a_choice_and_a_filter_on_a_slow_phone_are_held_to_their_aims() -> None:
    times = {"n": 1, "p50_ms": 100.0, "p95_ms": 110.0}
    slow = dict.fromkeys(("filter", "card", "pin", "phone"), times)
    each = {"clinics": 100, "click": times, "slow": slow, "cold": {OURS: times, HELLO: times}}
    late = {**each, "slow": {**slow, "pin": {**times, "p50_ms": 130.0}}}
    for one, expected in ((each, "yes"), (late, "**no**")):
        rows = summary_sessions.verdicts({"in_browser": {"results": [one]}})
        assert [row[2] for row in rows] == ["yes", "yes", expected, "yes"]
    assert len(summary_sessions.rows("in_browser", [each])) == 7


def looked(read: float, answered: float, shift: float = 0.0, size: float = 600_000) -> dict:
    figures = {"read": read, "answered": answered, "shift": shift, "bytes": size}
    return {"n": 1, "largest": read, "requests": 100.0, **figures}


def test_the_first_look_is_held_against_hello_world() -> None:
    looks = {OURS: looked(1_000, 8_000), HELLO: looked(14_000, 15_000)}
    quick = {"screen": "phone", "idle_processors": 1.0, "looks": looks}
    slow = {**quick, "looks": {**looks, OURS: looked(1_500, 9_000, 0.1, 800_000)}}
    for each, expected in ((quick, "yes"), (slow, "**no**")):
        results = {"first_look": {"results": [each]}}
        assert {row[2] for row in summary_sessions.verdicts(results)} == {expected}
    rows = summary_sessions.rows("first_look", [quick])
    assert rows[0][:4] == ("phone", OURS, "1000", "0.07")
    missing = summary_sessions.rows("first_look", [{"missing": MISSING}])
    assert MISSING in missing[0]
    assert summary_sessions.verdicts({"first_look": {"results": [{"missing": MISSING}]}}) == []


def test_a_look_finds_every_listing_and_its_second_proposes_nothing_new() -> None:
    measured = one_look.measure(60)  # it raises where it finds anything else
    assert (measured["listings"], measured["proposals"]) == (60, 60)
    results = {"one_look": {"results": [measured]}}
    assert [row[2] for row in summary_sessions.verdicts(results)] == ["yes", "yes"]
    slow = {**measured, "first_computing_seconds": 60.0, "peak_mb": 900.0}
    judged = summary_sessions.verdicts({"one_look": {"results": [measured, slow]}})
    assert len(judged) == 2
    (row,) = summary_sessions.rows("one_look", [measured])
    assert len(row) == len(summary_sessions.HEADS["one_look"])


def test_scores_and_sizes_are_rows_of_their_tables_and_say_what_is_missing() -> None:
    crowd = {"reruns_a_second": 40.0, "p95_ms": 1200.0, "start_mb": 180.0, "end_mb": 220.0}
    one = {"start_s": 2.04, "first_page": {"p50_ms": 90.4}, "rerun": {"p50_ms": 22.0}}
    sizes = [
        {"clinics": 10_000, "processes": 1, **one, **crowd},
        {"clinics": 230, "processes": 2, **crowd},
    ]
    assert summary_sessions.table("scale", sizes).splitlines()[1:] == [
        "10,000\t1\t2.0\t90\t22\t40\t1200\t180\t220",
        "230\t2\t\t\t\t40\t1200\t180\t220",
    ]
    scores = dict.fromkeys(lighthouse.CATEGORIES, 97.0)
    found = summary_sessions.rows(
        "lighthouse",
        [{"screen": "mobile", "who": OURS, "scores": scores}, {"missing": lighthouse.MISSING}],
    )
    assert found[0] == ("mobile", OURS, "97", "97", "97", "97")
    assert found[1][0] == lighthouse.MISSING
    assert {len(row) for row in found} == {len(summary_sessions.HEADS["lighthouse"])}
