"""The way back from a switch that stopped: from any of its steps to the settings before it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from tests.tierup.switch.configs import config, wanted
from tierup.deployment.project import Project
from tierup.switch.config_values import differences, value_at
from tierup.switch.journal import Journal
from tierup.switch.planner import RefusedSwitchError, plan_switch
from tierup.switch.runner import Session, plan_back


def no_workspace() -> Any:
    raise AssertionError("planning opens no workspace")


def stopped(folder: Path, start: dict[str, Any], target: tuple[str, str], done: int, *, running: bool = False) -> Any:
    """Return the plan, the session and the journal of a switch that has done some steps."""
    plan = plan_switch(start, wanted(*target), "prod")
    paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
    journal = Journal(
        title="t",
        origin={path: value_at(start, path) for path in paths},
        steps=[step.changes for step in plan.steps],
        done=done,
        running=running,
    )
    written = journal.config(start, done + running)
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": written}))
    project = Project(folder=folder, name="tierup", document={})
    session = Session(
        project=project, stack="prod", console=Console(file=io.StringIO()), open_workspace=no_workspace
    )  # fmt: skip
    return plan, session, journal


@pytest.mark.parametrize(("done", "running"), [(0, True), (1, False), (1, True)])
def test_the_way_back_ends_with_the_settings_before(tmp_path: Path, done: int, *, running: bool) -> None:
    start = config("mvp", "small")
    _, session, journal = stopped(tmp_path, start, ("scale", "medium"), done, running=running)
    back = plan_back(session, journal)
    assert back.steps
    kept = {"tierup:kmsKey", "tierup:sizeOverrides.databaseDiskGb"}
    assert set(differences(start, back.steps[-1].config)) <= kept
    assert differences(back.steps[-1].config, back.target) == {}


def test_a_switch_that_has_begun_no_step_needs_no_way_back(tmp_path: Path) -> None:
    _, session, journal = stopped(tmp_path, config("mvp", "small"), ("scale", "medium"), 0)
    assert plan_back(session, journal).steps == []


def test_a_step_that_cannot_be_reversed_is_refused_once_it_has_ended(tmp_path: Path) -> None:
    plan, session, journal = stopped(tmp_path, config("scale", "medium"), ("enterprise", "large"), 0)
    ended = replace(journal, done=len(plan.steps))
    with pytest.raises(RefusedSwitchError) as caught:
        plan_back(session, ended)
    assert {each.id for each in caught.value.changes} >= {"cache-cluster-mode-back"}


def test_a_step_that_failed_is_tried_back_because_it_may_not_have_changed_anything(tmp_path: Path) -> None:
    plan, session, journal = stopped(tmp_path, config("scale", "medium"), ("enterprise", "large"), 1, running=True)
    assert any("cacheClusterMode" in path for path in plan.steps[1].changes)
    back = plan_back(session, journal)
    assert back.steps
    assert value_at(back.steps[-1].config, "tierup:phase") == "scale"
