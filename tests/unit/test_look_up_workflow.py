"""The weekly look: off until switched on, may do little, and publishes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from clinics.cli.main import _parser
from clinics.settings import ROOT, Settings

TEXT = (ROOT / ".github" / "workflows" / "look-up.yml").read_text(encoding="utf-8")


@pytest.fixture
def workflow() -> dict[Any, Any]:
    return dict(yaml.safe_load(TEXT))


def test_it_is_off_until_a_variable_of_the_repository_switches_it_on(workflow: Any) -> None:
    look, propose = (workflow["jobs"][name] for name in ("look", "propose"))
    assert look["if"].startswith("vars.CLINICS_LOOK_UP == 'on' && !github.event.repository.fork")
    assert propose["needs"] == "look"
    assert "needs.look.outputs.filled == 'yes'" in propose["if"]


def test_it_runs_weekly_and_by_hand_and_for_nobody_else(workflow: Any) -> None:
    (when,) = workflow[True]["schedule"]  # YAML 1.1 reads "on" as true
    assert re.fullmatch(r"\d+ \d+ \* \* \d", when["cron"])
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}


def test_what_asks_sources_may_write_nothing_and_what_writes_runs_nothing(workflow: Any) -> None:
    look, propose = (workflow["jobs"][name] for name in ("look", "propose"))
    assert workflow["permissions"] == {}
    assert look["permissions"] == {"contents": "read"}
    assert look["steps"][0]["with"] == {"persist-credentials": False}
    assert propose["permissions"] == {"contents": "write", "pull-requests": "write"}
    steps = "\n".join(step.get("run", "") for step in propose["steps"])
    assert "python" not in steps
    assert "merge" not in steps
    assert "${{" not in steps, "nothing from outside is put into a script"
    assert "secrets." not in TEXT


def test_every_action_has_a_version_and_is_of_github_itself(workflow: Any) -> None:
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"]
            if "uses" in step]  # fmt: skip
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)


def test_it_runs_the_command_that_there_is_without_a_store(workflow: Any) -> None:
    look = workflow["jobs"]["look"]
    (script,) = (step["run"] for step in look["steps"] if step.get("id") == "look")
    (command,) = re.findall(r"python -m clinics (look-up [^|]+)", script)
    options = _parser().parse_args(command.split())
    assert str(options.write) == "found/clinics.csv"
    assert look["env"].pop("CLINICS_DATABASE_URL") == "none"
    for name, value in look["env"].items():
        assert value == f"${{{{ vars.{name} }}}}", "a source is on only where the owner says so"
    own = {f"CLINICS_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert {"CLINICS_FINDTREATMENT_URL", "CLINICS_USER_AGENT"} <= own & look["env"].keys()
