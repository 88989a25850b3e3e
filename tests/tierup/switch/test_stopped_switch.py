"""A switch that stops says how to continue, and leaves the settings file and the journal as they were."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from tests.tierup.switch.configs import config, wanted
from tierup.deployment.error_messages import NO_SPACE
from tierup.deployment.errors import CommandError
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine
from tierup.switch import runner
from tierup.switch.config_values import value_at
from tierup.switch.journal import Journal
from tierup.switch.planner import plan_switch


@pytest.mark.parametrize(
    "error", [CommandError(NO_SPACE), OSError(28, "No space left on device")], ids=["of the engine", "of the system"]
)
def test_a_journal_that_cannot_be_written_stops_the_switch_before_its_settings_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: object, **options: object) -> Any:
        raise error

    monkeypatch.setattr(runner.journals, "advance", fail)
    plan = plan_switch(config("mvp", "small"), wanted("scale", "medium"), "prod")
    paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
    journal = Journal(
        title="t",
        origin={path: value_at(plan.start, path) for path in paths},
        steps=[step.changes for step in plan.steps],
    )
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(yaml.safe_dump({"config": plan.start}))
    before = file.read_text()
    project = Project(folder=tmp_path, name="tierup", document={})
    engine = Engine(path=tmp_path / "pulumi", version="v3.259.0", origin="path", has_language_host=True)
    workspace = Workspace(project=project, stack="prod", engine=engine, folder=tmp_path, environment={})
    session = runner.Session(
        project=project, stack="prod", console=Console(file=io.StringIO()), open_workspace=lambda: workspace
    )
    with pytest.raises(CommandError) as caught:
        runner.resume(session, workspace, journal, previewed=True)
    assert "space left on the disk" in caught.value.message
    assert "`tierup switch --stack prod --resume`" in caught.value.message
    assert file.read_text() == before
