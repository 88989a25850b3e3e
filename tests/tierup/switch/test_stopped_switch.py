"""A switch that stops says how to continue, and leaves the settings file and the journal as they were."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from tests.tierup.switch.configs import config, wanted
from tierup.deployment.error_messages import NO_SPACE
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine
from tierup.switch import runner, zone_checks
from tierup.switch.config_values import value_at
from tierup.switch.effects import StepEffects
from tierup.switch.journal import DELEGATION_UNCHANGED, Journal
from tierup.switch.planned_effects import Description
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
    session, workspace, journal, file = begun(tmp_path, wanted("scale", "medium"))
    before = file.read_text()
    with pytest.raises(CommandError) as caught:
        runner.resume(session, workspace, journal, previewed=True)
    assert "space left on the disk" in caught.value.message
    assert "`tierup switch --stack prod --resume`" in caught.value.message
    assert file.read_text() == before


def test_a_change_of_the_cdn_checks_the_dns_zones_before_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Any] = []

    def fail(project: Project, stack: str, config: Mapping[str, Any], console: Console) -> None:
        checked.append({key: config[f"tierup:{key}"] for key in ("cdn", "cdnStandby")})
        raise CommandError("Preflight: 1 check of the DNS zones failed.", ExitCode.PREFLIGHT)

    monkeypatch.setattr(zone_checks, "check_zones", fail)
    changes = {"tierup:cdn": "cloudflare", "tierup:cloudflareZoneId": "0" * 32}
    session, workspace, journal, file = begun(tmp_path, changes)
    before = file.read_text()
    with pytest.raises(CommandError, match="1 check of the DNS zones failed") as caught:
        runner.resume(session, workspace, journal, previewed=True)
    assert caught.value.code is ExitCode.PREFLIGHT
    assert caught.value.message.count("--resume") == 1
    assert checked == [{"cdn": "cloudfront", "cdnStandby": "cloudflare"}]
    assert file.read_text() == before


@pytest.mark.parametrize(("done", "unchanged"), [(0, True), (1, False)])
def test_a_way_back_waits_for_resolvers_only_if_the_delegation_may_have_changed(
    done: int, unchanged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Journal] = []

    def begin(workspace: Workspace, journal: Journal, instead_of: Journal | None = None) -> Journal:
        assert instead_of is not None
        written.append(journal)
        return replace(journal, done=len(journal.steps))

    def end(workspace: Workspace, journal: Journal) -> None:
        assert journal.direction == "back"

    monkeypatch.setattr(runner.journals, "begin", begin)
    monkeypatch.setattr(runner.journals, "end", end)
    changes = {"tierup:cdn": "cloudflare", "tierup:cloudflareZoneId": "0" * 32}
    session, workspace, journal, _ = begun(tmp_path, changes)
    journal = replace(journal, done=done, running=not done)
    plan = runner.plan_back(session, journal)
    effects = [StepEffects(changes=(), previewed=False) for _ in plan.steps]
    runner.start(session, workspace, Description(plan=plan, effects=effects, cost=None), (), back_from=journal)
    assert [each.delegated_at == DELEGATION_UNCHANGED for each in written] == [unchanged]


def begun(folder: Path, changes: Mapping[str, Any]) -> tuple[runner.Session, Workspace, Journal, Path]:
    """Return a switch on a real account that has done no step, with its settings file."""
    start = {**config("mvp", "small"), "tierup:apiDomain": "api.example.com"}
    plan = plan_switch(start, changes, "prod")
    paths = dict.fromkeys(path for step in plan.steps for path in step.changes)
    journal = Journal(
        title="t",
        origin={path: value_at(plan.start, path) for path in paths},
        steps=[step.changes for step in plan.steps],
    )
    file = folder / "Pulumi.prod.yaml"
    file.write_text(yaml.safe_dump({"config": plan.start}))
    project = Project(folder=folder, name="tierup", document={})
    engine = Engine(path=folder / "pulumi", version="v3.259.0", origin="path", has_language_host=True)
    workspace = Workspace(project=project, stack="prod", engine=engine, folder=folder, environment={})
    session = runner.Session(
        project=project, stack="prod", console=Console(file=io.StringIO()), open_workspace=lambda: workspace
    )
    return session, workspace, journal, file
