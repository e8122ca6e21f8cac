"""The tools around the code: pinned packages, a browser that is found, a guard that guards."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from scripts.ensure_browser import MISSING, find_browser
from scripts.list_licenses import license, locked

ROOT = Path(__file__).resolve().parents[2]
DIAL = 'socket.create_connection(("192.0.2.1", 80), timeout=1)'
DIALLING = {
    "connect": (DIAL, "192.0.2.1"),
    "connect_ex": ("socket.socket().connect_ex(('192.0.2.1', 80))", "192.0.2.1"),
    "name": ("socket.getaddrinfo('made-up.example', 443)", "made-up.example"),
    "thread": (f"t = threading.Thread(target=lambda: {DIAL}); t.start(); t.join()", "192.0.2.1"),
    "swallowed": (f"with suppress(Exception): {DIAL}", "192.0.2.1"),
}
IMPORTED_BY_OTHERS = {
    "tzdata": "the standard library's zoneinfo reads it",
    "authlib": "Streamlit's st.login signs keepers in with it",
    "httpx": "Authlib asks the identity provider with it",
    "psycopg[binary]": "SQLAlchemy loads it when the database's address names PostgreSQL",
}
AT_HOME = "s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"


def requirements(name: str) -> dict[str, str]:
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return dict(line.split("==") for line in lines if line and not line.startswith("-r"))


def run(tmp_path: Path, bodies: dict[str, str], mark: str = "", **environ: str) -> str:
    """Run tests of these bodies under this project's conftest and return what pytest prints."""
    head = "import pytest, socket, threading\nfrom contextlib import suppress\n"
    tests = [f"{mark}\ndef test_{name}():\n    {body}\n" for name, body in bodies.items()]
    (tmp_path / "test_made_up.py").write_text("\n".join([head, *tests]))
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-rA", "-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "CI": "", "COLUMNS": "300", **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.slow
def test_a_test_that_dials_out_fails_with_a_sentence_and_others_do_not(tmp_path: Path) -> None:
    said = run(tmp_path, {name: body for name, (body, _) in DIALLING.items()} | {"home": AT_HOME})
    for name, (_, host) in DIALLING.items():
        sentence = f"This test dialled out to {host}; tests run without a network."
        assert re.search(rf"^(FAILED|ERROR) .*::test_{name} - .*{sentence}", said, re.MULTILINE)
    assert re.search(r"^PASSED .*::test_home$", said, re.MULTILINE)
    assert not re.search(r"^(FAILED|ERROR) .*::test_home", said, re.MULTILINE)


@pytest.mark.slow
def test_no_setting_of_the_shell_changes_what_a_test_sees(tmp_path: Path) -> None:
    body = """import os
    found = {name: v for name, v in os.environ.items() if name.startswith("CLINICS_")}
    assert list(found) == ["CLINICS_DATA_DIR"], found
    assert found["CLINICS_DATA_DIR"].endswith("site"), found"""
    said = run(tmp_path, {"it": body}, CLINICS_DATA_DIR=str(tmp_path), CLINICS_TILES="x")
    assert "1 passed" in said


def test_only_tests_of_the_data_read_what_is_shown() -> None:
    of_the_data = ROOT / "tests" / "unit" / "data"
    said = re.compile(
        r"import .*\bSHOWN\b|^SHOWN = ROOT|ROOT / \"data\"|resolve\(\)\.parent.* / \"data\"", re.M
    )
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if of_the_data not in path.parents and said.search(path.read_text(encoding="utf-8"))
    }
    assert reading == {
        "tests/folders.py",  # where it is said
        "tests/unit/test_docs.py",  # leaves out the page on the data
        "tests/unit/test_settings.py",  # what is read without a setting
        "tests/unit/test_tooling.py",  # these words
    }


@pytest.mark.slow
def test_without_a_browser_browser_tests_are_skipped_here_and_fail_in_ci(tmp_path: Path) -> None:
    mark = "@pytest.mark.browser"
    assert "1 skipped" in run(tmp_path, {"it": "pass"}, mark, CHROMIUM="/nowhere")
    in_ci = run(tmp_path, {"it": "pass"}, mark, CHROMIUM="/nowhere", CI="true")
    assert "1 error" in in_ci
    assert "The browser tests need Chromium" in in_ci


def test_a_browser_is_the_one_asked_for_or_the_first_on_the_path(tmp_path: Path) -> None:
    for name in ("google-chrome", "my-browser"):
        (tmp_path / name).touch(mode=0o755)
    path = str(tmp_path)
    assert find_browser({"PATH": path}) == str(tmp_path / "google-chrome")
    mine = str(tmp_path / "my-browser")
    assert find_browser({"PATH": path, "CHROMIUM": mine}) == mine
    assert find_browser({"PATH": path, "CHROMIUM": "/nowhere"}) is None
    assert find_browser({"PATH": "/nowhere"}) is None


def test_what_is_missing_is_said_in_one_sentence() -> None:
    assert MISSING.endswith(".")
    assert MISSING.count(". ") == 0


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-torture.txt"]
)
def test_every_package_is_pinned_to_one_version_and_from_nowhere_special(name: str) -> None:
    pins = requirements(name)
    assert pins
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version.strip()) for version in pins.values())
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--" not in text


def test_the_pins_are_exactly_the_packages_that_the_service_imports() -> None:
    imported: set[str] = set()
    folders = [ROOT / folder for folder in ("clinics", "ui", "pages")]
    for path in [ROOT / "app.py", *(p for folder in folders for p in folder.rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    known = packages_distributions()
    used = {known[name][0].casefold() for name in imported if name in known}
    used -= {"clinic-directory"}
    used -= {"textstat"}  # only check-content measures texts, and says so where it is missing
    pinned = {name.casefold() for name in requirements("requirements.txt")}
    assert IMPORTED_BY_OTHERS.keys() <= pinned
    assert pinned - IMPORTED_BY_OTHERS.keys() == used


def test_continuous_integration_runs_what_anybody_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    assert {"run": "make test"} in workflow["jobs"]["test"]["steps"]
    assert workflow["permissions"] == {"contents": "read"}


def test_the_oldest_python_it_is_meant_for_is_tested() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    oldest = workflow["jobs"]["test"]["strategy"]["matrix"]["python"][0]
    assert f'requires-python = ">={oldest}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", ["bug", "listing", "source"])
def test_an_issue_form_asks_for_what_is_needed_and_each_thing_once(name: str) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text())
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert {"name", "description", "body"} <= form.keys()
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_who_opens_an_issue_is_told_where_to_find_help_now() -> None:
    config = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml").read_text())
    assert "988" in config["contact_links"][0]["about"]


def test_a_commit_is_checked_by_the_ruff_of_this_environment() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert all(hook["entry"].startswith(".venv/bin/ruff ") for hook in hooks)


@pytest.mark.parametrize("folder", ["tests/golden", "tests/finds", "data/sources"])
def test_git_changes_no_byte_of_files_that_are_tested_byte_by_byte(folder: str) -> None:
    lines = (ROOT / ".gitattributes").read_text().splitlines()
    assert lines.index(f"{folder}/** -text") > lines.index("* text=auto eol=lf")


def test_the_makefile_has_its_targets() -> None:
    text = (ROOT / "Makefile").read_text()
    for target in ("run", "check", "test", "coverage", "lint", "format", "data", "clean"):
        assert re.search(rf"^{target}:", text, flags=re.MULTILINE), target


def test_the_lock_has_what_is_required_in_the_same_version_and_hashes_for_every_package() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = locked(text)
    for name, version in requirements("requirements.txt").items():
        assert packages[name.partition("[")[0].casefold()] == version
    hashes = r"(?:\\\n    --hash=sha256:[0-9a-f]{64} ?)+"
    entries = re.findall(f"^[a-z0-9].*{hashes}", text, re.MULTILINE)
    assert len(entries) == len(packages) > len(requirements("requirements.txt"))
    assert "://" not in text


def test_the_page_of_licenses_has_every_locked_package() -> None:
    page = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9._-]+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert {name: version for name, version, _ in rows[1:]} == locked(text)
    assert {name: said for name, _, said in rows}["jinja2"] == license("jinja2")


def test_a_port_that_is_taken_is_said_before_the_service_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = ["make", "--old-file=.venv/run.stamp", "run", f"PORT={port}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    said = f"Port {port} is taken by another program; choose another: make run PORT={port + 1}."
    assert done.returncode != 0
    assert done.stderr.startswith(f"{said}\n")


@pytest.mark.parametrize(
    ("pip_says", "said"),
    [
        (
            "Retrying after connection broken by 'NewConnectionError'",
            "The packages cannot be fetched: pip cannot reach its index. Connect to the network "
            "and run the command again, or name a mirror in PIP_INDEX_URL.\n",
        ),
        ("No space left on device", "No space left on device\n"),
    ],
)
def test_why_packages_cannot_be_installed_is_said(tmp_path: Path, pip_says: str, said: str) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\n[ "$1" = -m ] || exit 0\necho "{pip_says}" >&2\nexit 1\n')
    python.chmod(0o755)
    command = [ROOT / "scripts" / "make_venv.sh", tmp_path / "venv", "requirements.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, said)
