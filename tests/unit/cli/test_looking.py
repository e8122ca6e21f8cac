"""The command look-up: off until switched on, leaves proposals, publishes nothing."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinics import bootstrap
from clinics.adapters.memory import MemoryStore
from clinics.adapters.polite_web import PoliteWeb
from clinics.adapters.public_web import resolved
from clinics.cli import main as command_line
from clinics.domain.data_files import read_table
from clinics.domain.field_sources import read as read_sources
from clinics.domain.sources import Decision, Listing
from clinics.publishing.proposals import body_of, edits_of, fills_gap, is_shown
from clinics.settings import ROOT, SettingsError, read_settings
from scripts.demo_registries import CENSUS_PATH, CMS_PATH, NPI_PATH
from scripts.demo_sources import StandIn, stand_in
from tests.folders import DATA

OK, NO, USAGE = 0, 1, 2
SHIPPED = frozenset((DATA / "clinics.csv").read_bytes().splitlines())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    kept = MemoryStore()
    monkeypatch.setattr(bootstrap, "chosen_store", lambda _: kept)
    return kept


@pytest.fixture
def stand(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A stand-in that is switched on, and asked without pauses."""
    defaults = {**(PoliteWeb.__init__.__kwdefaults__ or {}), "pause": 0.0}
    monkeypatch.setattr(PoliteWeb.__init__, "__kwdefaults__", defaults)
    with stand_in() as made:
        monkeypatch.setenv("CLINICS_FINDTREATMENT_URL", made.address)
        yield made


@pytest.fixture
def run(store: MemoryStore, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = command_line.main(["look-up", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_nothing_is_asked_before_it_is_switched_on(run: Run) -> None:
    code, out, err = run()
    assert (code, out) == (NO, "")
    assert "No public source is switched on, so nothing was asked." in err
    assert "nothing of this directory or its visitors is sent" in err


def test_one_look_leaves_proposals_and_publishes_nothing(
    run: Run, stand: StandIn, store: MemoryStore
) -> None:
    code, out, _ = run()
    assert code == OK
    assert "FindTreatment.gov: 210 places read, 204 of them listed here; " in out
    assert "They wait for a keeper" in out
    assert store.live_number() == 0
    fields = [one.field for one in store.proposals()]
    assert fields.count("phone") == 10 + 1
    assert fields.count("website") > 60
    assert fields.count("new") == 1
    assert set(fields) == {"phone", "website", "new"}, "nothing that the list does not say anew"
    for one in store.proposals():  # nothing is proposed to another listing than its own
        name, _, rest = body_of(one).record.partition("|")
        if one.field != "new":
            assert one.clinic_id.startswith(name[:60].rstrip("-"))
            assert rest.rpartition("|")[2] in one.clinic_id
    assert run()[1].startswith(out.partition("; ")[0])
    assert len(store.proposals()) == len(fields)


@pytest.fixture
def sites(stand: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Only clinics' own pages are switched on."""
    monkeypatch.delenv("CLINICS_FINDTREATMENT_URL")
    monkeypatch.setenv("CLINICS_WEBSITES", stand.origin)
    return stand


def shipped() -> dict[str, Listing]:
    return {row["id"]: row for _, row in read_table(DATA / "clinics.csv")}


def test_one_round_fills_the_telephones_of_the_shipped_ketamine_listings(
    run: Run, sites: StandIn, store: MemoryStore
) -> None:
    code, out, _ = run("--source", "site")
    assert code == OK
    live = shipped()
    ketamine = {id: one for id, one in live.items() if one["category"] == "ketamine"}
    proposed = {one.clinic_id: one for one in store.proposals() if one.field == "phone"}
    assert len(proposed.keys() & ketamine) >= 20
    for one in store.proposals():  # nothing but what the made-up page of that listing says
        body = body_of(one)
        assert one.field in ("phone", "address", "hours", "caveat", "gone")
        if one.field == "phone":
            assert body.value == sites.phones[one.clinic_id]
    today = dt.date(2026, 11, 28)
    gaps = [
        one
        for one in store.proposals()
        if is_shown(one) and one.field != "gone" and fills_gap(one, live[one.clinic_id], today)
    ]
    accepted = edits_of(gaps, live, {})
    after = {id: {**one, **accepted.changes.get(id, {})} for id, one in ketamine.items()}
    assert sum(bool(one["phone"]) for one in ketamine.values()) <= 7
    assert sum(bool(one["phone"]) for one in after.values()) >= 20
    for id, cells in accepted.changes.items():  # "Accept all" accepts nothing that is wrong
        assert set(cells) <= {"phone", "address", "city", "state", "zip", "hours", "field_sources"}
        assert (cells.get("city", live[id]["city"]), cells.get("state", live[id]["state"])) == (
            live[id]["city"], live[id]["state"],
        )  # fmt: skip
        assert cells.get("phone", sites.phones[id]) == sites.phones[id]
    assert not any(one["status"] for one in after.values())
    for why in ("do not want to be read by programs", "give several numbers"):
        assert why in out


def test_faulty_pages_of_the_stand_in_propose_nothing(
    run: Run, sites: StandIn, store: MemoryStore
) -> None:
    run()
    fields = [one.field for one in store.proposals() if is_shown(one)]
    assert "gone" not in fields, "a page that is gone is said after a week only"
    assert [one.field for one in store.proposals()].count("gone") == 2


def test_one_listing_and_no_trace_of_a_dry_run(
    run: Run, sites: StandIn, store: MemoryStore
) -> None:
    code, out, _ = run("--dry-run", "--only", "the-mood-center-columbia")
    assert code == OK
    assert "The clinic's own page: read for 1 listing; " in out
    assert (
        f"the-mood-center-columbia: phone: not stated -> {sites.phones['the-mood-center-columbia']}"
        in out
    )
    assert store.proposals() == ()
    assert set(sites.asked) == {"/robots.txt", "/"}


def test_the_probe_reads_one_page(run: Run, sites: StandIn) -> None:
    code, out, _ = run("--probe")
    assert code == OK
    assert out.startswith("The clinic's own page: ")
    assert "telephones: " in out


@pytest.mark.parametrize(
    "value", ["yes", "https://made-up.example", "http://localhost:80", "http://127.0.0.1"]
)
def test_no_setting_sends_pages_elsewhere(value: str) -> None:
    with pytest.raises(SettingsError, match="CLINICS_WEBSITES needs none or on"):
        read_settings({"CLINICS_WEBSITES": value})


def test_pages_of_the_web_are_held_to_public_addresses() -> None:
    settings = read_settings({"CLINICS_WEBSITES": "on"})
    web = bootstrap._polite_web(settings, settings.websites, every_host=True)._web
    assert web._resolve is resolved
    assert not any(map(web._may_ask, ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1")))
    assert not web._may_use_port(8571)


def test_a_stand_in_for_pages_is_the_one_port_of_this_machine() -> None:
    settings = read_settings({"CLINICS_WEBSITES": "http://127.0.0.1:8571"})
    web = bootstrap._polite_web(settings, settings.websites, every_host=True)._web
    assert web._resolve("made-up.example", 80) == ("127.0.0.1",)
    assert not any(map(web._may_use_port, (80, 22, 443)))


def test_a_dry_run_prints_and_keeps_nothing(run: Run, stand: StandIn, store: MemoryStore) -> None:
    code, out, _ = run("--dry-run", "--only", "umms-pact-21201")
    assert code == OK
    assert "umms-pact-21201: phone: (410) 328-2564 -> (301) 555-0047" in out
    assert out.endswith("Nothing was kept.\n")
    assert store.proposals() == ()


def test_trouble_is_a_sentence_and_an_exit_code(
    run: Run, stand: StandIn, store: MemoryStore
) -> None:
    stand.fault = "unrelated"
    code, out, _ = run()
    assert code == NO
    assert "answered something else than the list of MD. Nothing of it is proposed." in out
    assert store.proposals() == ()


def test_the_probe_compares_the_shape_of_one_row(run: Run, stand: StandIn) -> None:
    code, out, _ = run("--probe")
    assert (code, len([path for path in stand.asked if "exportsAsJson" in path])) == (OK, 1)
    assert out == "FindTreatment.gov: 199 rows in MD. Missing: nothing. New: nothing.\n"
    stand.fault = "html"
    assert run("--probe")[0] == NO


def test_the_geocoder_that_is_set_is_probed_with_the_sources(
    run: Run, stand: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_LISTINGS_GEOCODER_URL", f"census+{stand.origin}{CENSUS_PATH}")
    assert run("--probe")[1].endswith("The US Census geocoder: 1 match. Missing: nothing.\n")


def test_the_registries_are_asked_each_by_its_own_switch(
    run: Run, stand: StandIn, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_NPI_URL", f"{stand.origin}{NPI_PATH}")
    code, out, _ = run("--source", "npi", "--only", "rock-creek-therapy-washington")
    assert code == OK
    assert "maybe the same" not in out
    (one,) = store.proposals()
    assert (one.field, one.clinic_id) == ("same", "rock-creek-therapy-washington")
    assert not [path for path in stand.asked if path.startswith(CMS_PATH)]
    monkeypatch.setenv("CLINICS_CMS_URL", f"{stand.origin}{CMS_PATH}")
    code, out, _ = run("--source", "cms-g2083")
    assert code == OK
    assert "Medicare data by provider and service (CMS): 2 places read" in out
    assert [one.field for one in store.proposals("cms-g2083")].count("new") == 1
    assert run("--source", "npi", "--probe")[1] == (
        "The national provider registry (NPPES): 1 record of 1174270805. Missing: nothing. "
        "New: nothing.\n"
    )
    assert run("--source", "cms-g2083", "--probe")[0] == OK


@pytest.mark.parametrize("arguments", [["--source", "elsewhere"], ["--only", "nobody"]])
def test_a_source_or_listing_that_there_is_not_is_said(
    run: Run, stand: StandIn, arguments: list[str]
) -> None:
    assert run(*arguments)[0] == USAGE


@pytest.mark.parametrize(
    ("value", "kept"),
    [("none", "none"), ("On", "on"), ("https://made-up.example/locator", None),
     ("http://127.0.0.1:8571/locator", None)],
)  # fmt: skip
def test_the_switch(value: str, kept: str | None) -> None:
    settings = read_settings({"CLINICS_FINDTREATMENT_URL": value})
    assert settings.findtreatment_url == (kept or value)


@pytest.mark.parametrize(
    "value",
    ["yes", "http://made-up.example", "http://localhost:80", "http://10.0.0.1", "ftp://x.example",
     "https://ana:pw@made-up.example", "http://127.0.0.1:0", "https://[", "file:///etc"],
)  # fmt: skip
def test_no_setting_opens_the_inside_of_a_network(value: str) -> None:
    with pytest.raises(SettingsError, match="CLINICS_FINDTREATMENT_URL needs none, on, or"):
        read_settings({"CLINICS_FINDTREATMENT_URL": value})


def test_a_source_on_the_web_is_held_to_public_addresses() -> None:
    settings = read_settings({"CLINICS_FINDTREATMENT_URL": "https://made-up.example/locator"})
    web = bootstrap._polite_web(settings, settings.findtreatment_url)._web
    assert not web._may_ask("127.0.0.1")
    assert not web._may_ask("10.0.0.1")
    assert not web._may_use_port(8571)


def test_a_stand_in_is_the_one_port_of_this_machine_and_nothing_else() -> None:
    settings = read_settings({"CLINICS_FINDTREATMENT_URL": "http://127.0.0.1:8571/locator"})
    web = bootstrap._polite_web(settings, settings.findtreatment_url)._web
    assert web._may_ask("127.0.0.1")
    assert not any(map(web._may_ask, ("127.0.0.2", "::1", "10.0.0.1", "169.254.169.254")))
    assert web._may_use_port(8571)
    assert not any(map(web._may_use_port, (80, 22, 443)))


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("chosen_sources", {"clinics/bootstrap.py", "clinics/cli/looking.py", "ui/resources.py"}),
        ("resources.sources", {"ui/manage/proposals.py"}),
        ("PoliteWeb", {"clinics/adapters/cms.py", "clinics/adapters/find_treatment.py",
                       "clinics/adapters/nppes.py", "clinics/adapters/polite_web.py",
                       "clinics/adapters/websites.py", "clinics/bootstrap.py"}),
    ],
)  # fmt: skip
def test_no_page_or_route_of_visitors_can_ask_a_source(word: str, places: set[str]) -> None:
    files = [path for room in ("clinics", "ui", "pages") for path in (ROOT / room).rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if word in path.read_text(encoding="utf-8")
    }
    assert found == places


# A file for a person to look at


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_a_file_is_written_in_which_only_gaps_are_filled(
    run: Run, stand: StandIn, store: MemoryStore, tmp_path: Path
) -> None:
    out, summary = tmp_path / "clinics.csv", tmp_path / "summary.md"
    code, said, err = run("--write", str(out), "--summary", str(summary))
    assert (code, err) == (OK, "")
    before, after = rows_of(DATA / "clinics.csv"), rows_of(out)
    assert list(before) == list(after), "no listing is made, and none goes"
    filled = 0
    for id, row in after.items():
        changed = {name for name in row if row[name] != before[id][name]} - {"field_sources"}
        assert not any(before[id][name] for name in changed), "what is stated stays"
        sources = read_sources(row["field_sources"])
        assert changed == set(sources)
        assert {one.source for one in sources.values()} <= {"findtreatment"}
        filled += len(changed)
    assert filled > 60
    assert f"{filled} gaps filled in." in said
    assert store.proposals() == ()
    assert store.live_number() == 0
    text = summary.read_text(encoding="utf-8")
    assert text.startswith(f"A look at public sources fills {filled} gaps.")
    assert "Nothing is published by this alone" in text
    assert "    new: a new listing: " in text
    new = [line for line in out.read_bytes().splitlines() if line not in SHIPPED]
    assert len(new) == sum(before[id] != after[id] for id in before)


def test_nothing_to_fill_writes_nothing_and_trouble_is_an_exit_code(
    run: Run, stand: StandIn, tmp_path: Path
) -> None:
    stand.fault = "html"
    out, summary = tmp_path / "clinics.csv", tmp_path / "summary.md"
    assert run("--write", str(out), "--summary", str(summary))[0] == NO
    assert not out.exists()
    assert summary.read_text(encoding="utf-8").count("\nNothing.") == 2


def test_what_was_rejected_is_not_written_where_there_is_a_store(
    run: Run, stand: StandIn, store: MemoryStore, tmp_path: Path
) -> None:
    run()
    gap = next(one for one in store.proposals() if one.field == "website")
    store.decide([gap.key], Decision.REJECTED, "Ana", "It is wrong")
    run("--write", str(tmp_path / "clinics.csv"))
    assert rows_of(tmp_path / "clinics.csv")[gap.clinic_id]["website"] == ""


def test_it_needs_no_store(
    run: Run, stand: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "chosen_store", lambda _: None)
    assert run("--write", str(tmp_path / "clinics.csv"))[0] == OK
    assert (tmp_path / "clinics.csv").exists()
