"""`tierup status`, `logs`, `run`, `exec`, `connect`, `restart`, `pause` and `resume` on an account (moto's server)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from tests.tierup.preflight.cloud_servers import AwsServer
from tests.tierup.preflight.conftest import aws, aws_server, environment
from tests.tierup.release.test_ecs_compute import CLUSTER, REGION, SERVICE, compute, described, event, log
from tests.tierup.release.test_services import DEFINITION, SESSION, plugin, runs, service, suspended
from tierup.cli import services as commands
from tierup.cli.app import app
from tierup.cli.release_workspace import OpenedStack
from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import ExitCode
from tierup.deployment.project import find
from tierup.release.ecs_compute import EcsCompute

__all__ = ["aws", "aws_server", "compute", "environment", "plugin", "service"]

URN = "urn:pulumi:prod::app::{type}::{name}"
SETTINGS = f"config: {{'aws:region': {REGION}, 'tierup:databaseName': shop}}\n"


def resource(type: str, name: str, /, **outputs: Any) -> dict[str, Any]:
    return {"type": type, "urn": URN.format(type=type, name=name), "id": outputs.get("id", name), "outputs": outputs}


STATE = Checkpoint(
    resources=[
        resource("pulumi:pulumi:Stack", "app-prod", cache_endpoint="master.cache.euw1.cache.amazonaws.com"),
        resource(
            "aws:ecs/service:Service", "backend-service", id=SERVICE.arn, cluster=CLUSTER, name=SERVICE.service_name
        ),
        resource("aws:cloudwatch/logGroup:LogGroup", "backend-logs", name="backend-logs"),
        resource("aws:appautoscaling/target:Target", "backend-target", resourceId=SERVICE.scaling_id),
        resource(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "errors",
            name="errors",
            arn=f"arn:aws:cloudwatch:{REGION}:1:errors",
        ),
    ]
)


@pytest.fixture
def tags(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """Open a deployed stack whose state is STATE. Return its tags, which the engine would store."""
    found: dict[str, str] = {}
    (tmp_path / "Pulumi.yaml").write_text("name: app\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text(SETTINGS)
    project = find(tmp_path)
    workspace = SimpleNamespace(home=None, stack="prod", flags="--stack prod", project=project)

    def opened(*_: object, as_json: bool, **__: object) -> OpenedStack:
        console = Console(file=sys.stderr if as_json else sys.stdout, width=200)
        return OpenedStack(
            project=project,
            stack="prod",
            console=console,
            workspace=cast("Any", workspace),
            open_again=lambda: cast("Any", workspace),
        )

    def state(_: object) -> Checkpoint:
        return STATE

    def read_tags(_: object) -> dict[str, str]:
        return dict(found)

    def set_tag(_: object, name: str, value: str) -> None:
        found[name] = value

    def remove_tag(_: object, name: str) -> None:
        found.pop(name, None)

    monkeypatch.setattr(commands, "open_stack", opened)
    monkeypatch.setattr("tierup.deployment.stack_state.read_state", state)
    monkeypatch.setattr("tierup.deployment.stack_tags.read_tags", read_tags)
    monkeypatch.setattr("tierup.release.pauses.set_tag", set_tag)
    monkeypatch.setattr("tierup.release.pauses.remove_tag", remove_tag)
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def documents(result: Result) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def running(aws: AwsServer, **changed: Any) -> None:
    aws.answers["DescribeServices"] = [
        described(desiredCount=1, runningCount=1, taskDefinition=DEFINITION, **changed),
    ]


# --- status ---


def test_status_shows_a_healthy_service_and_exits_with_0(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str]
) -> None:
    running(aws, deployment={"rolloutState": "COMPLETED"}, events=[event(1, "has reached a steady state.")])
    result = run("status")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[1].split() == ["backend", "1/1", "completed", "none", "app:v1"]
    assert "has reached a steady state." in result.stdout


def test_status_exits_with_1_for_a_fired_alarm(aws: AwsServer, compute: EcsCompute, tags: dict[str, str]) -> None:
    running(aws, deployment={"rolloutState": "COMPLETED"})
    cloudwatch = boto3.client("cloudwatch", region_name=REGION)
    cloudwatch.put_metric_alarm(
        AlarmName="errors", MetricName="5xx", Namespace="AWS/ApplicationELB", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    result = run("status", "--json")
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["healthy"], shown["alarms"]) == (1, False, ["errors"])


# --- logs ---


def test_logs_show_time_service_and_task_of_each_line(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str]
) -> None:
    log("0123abcd99", "listening on 5000", "GET /health")
    log("4567abcd99", "listening on 5000")
    result = run("logs")
    assert result.exit_code == 0, result.output
    lines = [line.split(" ", 2)[2] for line in result.stdout.splitlines()]
    assert sorted(lines) == [
        "backend/0123abcd GET /health",
        "backend/0123abcd listening on 5000",
        "backend/4567abcd listening on 5000",
    ]


def test_logs_are_limited_to_a_task_a_pattern_and_a_time(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str]
) -> None:
    log("0123abcd99", "listening on 5000", "ERROR: no such table")
    log("4567abcd99", "ERROR: no such table")
    found = documents(run("logs", "--task", "0123", "--filter", "ERROR", "--json"))
    assert [(each["service"], each["task"], each["message"]) for each in found] == [
        ("backend", "0123abcd99", "ERROR: no such table")
    ]
    assert documents(run("logs", "--since", "2099-01-01", "--json")) == []
    refused = run("logs", "--since", "yesterday")
    assert (refused.exit_code, refused.stderr.startswith("--since: not a time")) == (ExitCode.SETTINGS, True)


def test_followed_logs_show_each_line_once(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log("first", "one")
    polls: list[float] = []

    def poll(seconds: float) -> None:
        polls.append(seconds)
        if len(polls) == 3:
            raise KeyboardInterrupt
        log(f"later-{len(polls)}", f"line {len(polls)}")

    monkeypatch.setattr(commands, "time", SimpleNamespace(sleep=poll))
    result = run("logs", "--follow", "--json")
    assert [each["message"] for each in documents(result)] == ["one", "line 1", "line 2"]
    assert (result.exit_code, result.stderr) == (ExitCode.INTERRUPTED, "")


def test_denied_logs_are_one_sentence(aws: AwsServer, compute: EcsCompute, tags: dict[str, str]) -> None:
    aws.errors["FilterLogEvents"] = ["AccessDeniedException"]
    result = run("logs")
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (ExitCode.FAILED, 1)
    assert "may not call FilterLogEvents" in result.stderr


# --- tasks ---


def test_run_prints_the_log_lines_and_exits_as_the_command(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str]
) -> None:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
    running(aws, networkConfiguration=network)
    arn = f"arn:aws:ecs:{REGION}:123456789012:task/app/0123abcd"
    task = {"taskArn": arn, "clusterArn": CLUSTER, "taskDefinitionArn": DEFINITION, "createdAt": time.time()}
    ended = {**task, "lastStatus": "STOPPED", "containers": [{"name": "backend", "exitCode": 3}]}
    aws.answers["RunTask"] = [{"tasks": [task], "failures": []}]
    aws.answers["DescribeTasks"] = [{"tasks": [ended]}]
    log("0123abcd", "Error: no such table")
    result = run("run", "--", "node", "seed.js")
    assert (result.exit_code, result.stdout) == (3, "Error: no such table\n")
    assert "Task 0123abcd of backend was started." in result.stderr
    assert "The task failed: container backend exited with 3." in result.stderr


def test_exec_runs_the_command_in_a_running_task(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str], plugin: Path
) -> None:
    runs(aws)
    aws.answers["ExecuteCommand"] = [{"clusterArn": CLUSTER, "session": SESSION}]
    result = run("exec", "--", "node", "-e", "console.log(1)")
    assert result.exit_code == 3, result.output  # that of the plugin
    assert json.loads(json.loads(plugin.read_text())[0]) == SESSION


def test_connect_forwards_the_port_of_the_cache(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str], plugin: Path
) -> None:
    runs(aws)
    aws.answers["StartSession"] = [{"SessionId": "s-1", "TokenValue": "token", "StreamUrl": "wss://example.com"}]
    result = run("connect", "cache", "--local-port", "7000")
    assert result.exit_code == 3, result.output
    assert "Forwarding localhost:7000 to master.cache.euw1.cache.amazonaws.com:6379." in result.stdout
    forwarded = json.loads(json.loads(plugin.read_text())[4])["Parameters"]
    assert forwarded["localPortNumber"] == ["7000"]


def test_connect_has_users_of_the_database_only(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str], plugin: Path
) -> None:
    result = run("connect", "cache", "--user", "admin")
    assert (result.exit_code, plugin.exists()) == (ExitCode.SETTINGS, False)
    assert result.stderr.startswith("--user: only the database has short-lived users")


# --- changes ---


def test_restart_starts_a_deployment_of_each_service(aws: AwsServer, service: EcsCompute, tags: dict[str, str]) -> None:
    before = aws.calls["UpdateService"]
    result = run("restart", "--json")
    assert (result.exit_code, json.loads(result.stdout)["services"]) == (0, {"backend": None})
    assert aws.calls["UpdateService"] == before + 1


def test_a_pause_is_undone_by_resume_with_the_number_of_tasks_before(
    aws: AwsServer, service: EcsCompute, tags: dict[str, str]
) -> None:
    paused = run("pause", "--yes")
    assert (paused.exit_code, paused.stdout) == (0, "backend: paused (2 tasks).\n")
    assert (service.desired_count(SERVICE), suspended()) == (0, {True})
    again = run("pause", "--yes")
    assert (again.exit_code, again.stdout) == (0, "No service had to change.\n")

    resumed = run("resume")
    assert (resumed.exit_code, resumed.stdout) == (0, "backend: resumed (2 tasks).\n")
    assert (service.desired_count(SERVICE), suspended(), tags) == (2, {False}, {})


def test_a_denied_pause_can_be_resumed(aws: AwsServer, service: EcsCompute, tags: dict[str, str]) -> None:
    aws.errors["UpdateService"] = ["AccessDeniedException"]
    denied = run("pause", "--yes")
    assert (denied.exit_code, service.desired_count(SERVICE), suspended()) == (ExitCode.FAILED, 2, {True})
    aws.errors.clear()
    assert run("resume").exit_code == 0
    assert (service.desired_count(SERVICE), suspended()) == (2, {False})


def test_a_throttled_restart_is_repeated(aws: AwsServer, service: EcsCompute, tags: dict[str, str]) -> None:
    before = aws.calls["UpdateService"]
    aws.errors["UpdateService"] = ["ThrottlingException", ""]
    assert run("restart").exit_code == 0
    assert aws.calls["UpdateService"] == before + 2


def test_an_unknown_service_is_refused_with_the_allowed_names(
    aws: AwsServer, compute: EcsCompute, tags: dict[str, str]
) -> None:
    result = run("restart", "--service", "api")
    assert (result.exit_code, result.stderr) == (
        ExitCode.SETTINGS,
        "--service: no such service (got api). Allowed: backend.\n",
    )
