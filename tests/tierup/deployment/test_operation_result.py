"""The engine's arguments, and the exit code of an operation."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tierup.deployment import operation, traffic
from tierup.deployment.engine_process import EngineResult
from tierup.deployment.errors import ExitCode
from tierup.deployment.operation import OperationOptions, engine_arguments, exit_code, silent_failures
from tierup.deployment.progress import Progress
from tierup.deployment.project import Project
from tierup.deployment.workspace import Workspace
from tierup.engine import Engine
from tierup.program_loader import POLICY_PACK
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud, CloudResource

STACK = "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev"
TOPIC = "urn:pulumi:dev::trial::aws:sns/topic:Topic::first"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\n")
    return Workspace(
        project=Project(folder=tmp_path, name="trial", document={}),
        stack="dev",
        engine=Engine(path=Path("/pulumi"), version="v3.259.0", origin="path", has_language_host=True),
        folder=tmp_path,
        environment={},
        home=tmp_path,
    )


def exit_code_of(workspace: Workspace, *events: dict[str, Any], code: int = 255, **more: Any) -> ExitCode:
    progress = Progress()
    for event in events:
        progress.take(event)
    options = more.pop("options", OperationOptions())
    result = EngineResult(code=code, text=more.pop("text", ""), interrupted=more.pop("interrupted", False))
    return exit_code(workspace, "up", options, progress, result)[0]


def error_event(message: str, urn: str = "") -> dict[str, Any]:
    return {"diagnosticEvent": {"severity": "error", "urn": urn, "message": message}}


def step(kind: str) -> list[dict[str, Any]]:
    metadata = {"metadata": {"op": "create", "urn": TOPIC, "type": "aws:sns/topic:Topic"}}
    return [{"resourcePreEvent": metadata}, {kind: metadata}]


def test_the_exit_code_follows_the_events(workspace: Workspace) -> None:
    violation = {"policyEvent": {"policyName": "r", "enforcementLevel": "mandatory", "resourceUrn": TOPIC}}
    advisory = {"policyEvent": {"policyName": "r", "enforcementLevel": "advisory", "resourceUrn": TOPIC}}
    assert exit_code_of(workspace, code=0) == ExitCode.OK
    assert exit_code_of(workspace, advisory, code=0) == ExitCode.OK
    assert exit_code_of(workspace, violation) == ExitCode.POLICY
    assert exit_code_of(workspace, *step("resOpFailedEvent")) == ExitCode.FAILED
    assert exit_code_of(workspace, error_event("property x is unknown", TOPIC)) == ExitCode.FAILED
    assert (
        exit_code_of(workspace, error_event("Program failed with an unhandled exception:\nTraceback"))
        == ExitCode.FAILED
    )
    assert exit_code_of(workspace, error_event("tierup:tier is huge", STACK)) == ExitCode.SETTINGS
    assert exit_code_of(workspace, text="error: no stack named 'dev' found") == ExitCode.SETTINGS
    assert exit_code_of(workspace, interrupted=True) == ExitCode.INTERRUPTED


def test_a_stopped_sandbox_is_reported_as_the_cause(workspace: Workspace) -> None:
    plugin_stopped = error_event("aws (resource) plugin [aws] did not begin responding to RPC connections", TOPIC)
    assert exit_code_of(workspace, *step("resOpFailedEvent"), plugin_stopped) == ExitCode.ENGINE


def test_an_unexpected_change_has_its_own_exit_code(workspace: Workspace) -> None:
    events = step("resOutputsEvent")
    assert exit_code_of(workspace, *events, options=OperationOptions(expect_no_changes=True)) == ExitCode.CHANGES
    assert (
        exit_code_of(workspace, *events, error_event("boom", TOPIC), options=OperationOptions(expect_no_changes=True))
        == ExitCode.FAILED
    )


def test_the_policy_pack_is_passed_unless_disabled(workspace: Workspace) -> None:
    pack = str(workspace.project.folder / "policies")
    assert pack in engine_arguments(workspace, "up", OperationOptions())
    assert pack in engine_arguments(workspace, "preview", OperationOptions())
    assert pack not in engine_arguments(workspace, "up", OperationOptions(policies=False))
    assert pack not in engine_arguments(workspace, "destroy", OperationOptions())


def test_the_stacks_policy_config_file_is_passed(workspace: Workspace) -> None:
    assert "--policy-pack-config" not in engine_arguments(workspace, "up", OperationOptions())
    levels = workspace.project.folder / "policies" / "environments" / f"{workspace.stack}.json"
    levels.parent.mkdir()
    levels.write_text('{"all": "advisory"}')
    chosen = engine_arguments(workspace, "up", OperationOptions())
    assert chosen[chosen.index("--policy-pack-config") + 1] == str(levels)


def test_a_project_that_configures_policies_without_a_pack_gets_tierups_pack(workspace: Workspace) -> None:
    folder = workspace.project.folder / "policies"
    (folder / "PulumiPolicy.yaml").unlink()
    assert "--policy-pack" not in engine_arguments(workspace, "up", OperationOptions()), "a project of another pack"
    levels = folder / "environments" / f"{workspace.stack}.json"
    levels.parent.mkdir()
    levels.write_text("{}")
    arguments = engine_arguments(workspace, "up", OperationOptions())
    assert arguments[arguments.index("--policy-pack") + 1] == str(POLICY_PACK)
    assert arguments[arguments.index("--policy-pack-config") + 1] == str(levels)


def test_options_replace_pack_and_config(workspace: Workspace, tmp_path: Path) -> None:
    levels = tmp_path / "policies" / "environments" / "dev.json"
    levels.parent.mkdir()
    levels.write_text("{}")
    other = engine_arguments(workspace, "preview", OperationOptions(policy_pack=Path("/pack")))
    assert other[other.index("--policy-pack") + 1] == "/pack"
    assert "--policy-pack-config" not in other, "the levels are those of the project's own pack"
    config = engine_arguments(workspace, "preview", OperationOptions(policy_config=Path("/config.json")))
    assert config[config.index("--policy-pack-config") + 1] == "/config.json"


def test_preview_never_passes_yes(workspace: Workspace) -> None:
    assert "--yes" not in engine_arguments(workspace, "preview", OperationOptions())


def test_options_reach_the_engine(workspace: Workspace) -> None:
    chosen = engine_arguments(
        workspace, "up", OperationOptions(targets=[TOPIC], parallel=3, expect_no_changes=True, diff=True)
    )
    assert chosen[chosen.index("--target") + 1] == TOPIC
    assert chosen[chosen.index("--parallel") + 1] == "3"
    assert {"--expect-no-changes", "--diff"} <= set(chosen)


def test_a_full_disk_is_reported_as_the_cause(workspace: Workspace) -> None:
    progress = Progress()
    progress.take(error_event("failed to save snapshot: write dev.json.tmp: no space left on device", TOPIC))
    result = EngineResult(code=255, text="", interrupted=False)
    code, sentence = exit_code(workspace, "up", OperationOptions(), progress, result)
    assert code == ExitCode.FAILED
    assert "No space left on the disk" in sentence


def test_silent_failures_of_the_stack_are_warnings(tmp_path: Path) -> None:
    """The topic has no policy for CloudWatch, and only the alarm of this stack counts."""
    assert silent_failures(tmp_path, "urn:pulumi:dev::trial::") == []
    cloud = Cloud(cloud_path(tmp_path))
    topic = "arn:aws:sns:eu-west-1:123456789012:alarms"
    policy = '{"Version": "2012-10-17", "Statement": []}'
    cloud.add(
        CloudResource("aws:sns/topic:Topic", topic, TOPIC, "eu-west-1", "1", {}, {"arn": topic, "policy": policy})
    )
    alarm = "aws:cloudwatch/metricAlarm:MetricAlarm"
    for stack in ("dev", "prod"):
        urn = f"urn:pulumi:{stack}::trial::{alarm}::cpu"
        cloud.add(CloudResource(alarm, stack, urn, "eu-west-1", "1", {"alarmActions": [topic]}, {"arn": "arn:a"}))
    cloud.close()
    (found,) = silent_failures(tmp_path, "urn:pulumi:dev::trial::")
    assert (found.severity, found.urn) == ("warning", f"urn:pulumi:dev::trial::{alarm}::cpu")
    assert found.message.startswith(
        "The message does not reach the topic 'first'. User: cloudwatch.amazonaws.com is not"
    )


class BrokenModelError(Exception):
    """An error of the sandbox's own evaluation."""


def _always(value: object) -> Callable[..., object]:
    def function(*_: object, **__: object) -> object:
        return value

    return function


def _raise(*_: object, **__: object) -> None:
    raise BrokenModelError("mongodb://user:password@host")  # pragma: allowlist secret


def test_an_error_of_the_evaluation_is_a_warning_and_leaves_the_exit_code(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "_locked_stack", _always(contextlib.nullcontext()))
    monkeypatch.setattr(operation, "_begin_run", _always(1))
    monkeypatch.setattr(operation, "stream_operation", _always(EngineResult(code=0, text="", interrupted=False)))
    monkeypatch.setattr(traffic, "end_run", _raise)
    monkeypatch.setattr(operation, "silent_failures", _raise)
    printed = io.StringIO()
    outcome = operation.run(workspace, "up", OperationOptions(), Console(file=printed))
    assert (outcome.code, outcome.error, outcome.traffic) == (ExitCode.OK, "", None)
    assert [each.split(",")[0] for each in outcome.notices] == [
        "warning: The sandbox could not evaluate the traffic",
        "warning: The sandbox could not evaluate the rights of AWS services",
    ]
    assert "BrokenModelError in line" in printed.getvalue()
    assert "password" not in printed.getvalue()
