"""Status, logs, restarts, pauses and sessions of services on ECS (moto's server and documented answers)."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.tierup.preflight.cloud_servers import AwsServer
from tests.tierup.release.test_ecs_compute import CLUSTER, REGION, SERVICE, compute, described, event, stopped
from tierup.deployment.errors import CommandError, ExitCode
from tierup.release import pauses
from tierup.release.data_endpoints import endpoint_of
from tierup.release.ecs_compute import EcsCompute
from tierup.release.service_status import ServiceStatus
from tierup.release.sessions import check_plugin, execute, forward
from tierup.release.time_options import time_since

__all__ = ["compute"]

DEFINITION = f"arn:aws:ecs:{REGION}:123456789012:task-definition/backend:1"


def test_the_status_counts_tasks_and_targets(aws: AwsServer, compute: EcsCompute) -> None:
    ec2, elb = boto3.client("ec2", region_name=REGION), boto3.client("elbv2", region_name=REGION)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    groups = [
        elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")["TargetGroups"][0]
        for name in ("first", "second")
    ]
    first, second = (str(each["TargetGroupArn"]) for each in groups)
    elb.register_targets(TargetGroupArn=first, Targets=[{"Id": "172.31.0.5", "Port": 80}])
    aws.answers["DescribeServices"] = [
        described(
            desiredCount=2,
            runningCount=1,
            pendingCount=1,
            taskDefinition=DEFINITION,
            loadBalancers=[
                {"targetGroupArn": first, "advancedConfiguration": {"alternateTargetGroupArn": second}},
            ],
            events=[event(number, f"event {number}.") for number in range(5)],
        )
    ]
    (status,) = compute.status([SERVICE])
    assert (status.desired, status.running, status.pending) == (2, 1, 1)
    assert (status.deployment, status.image) == ("in progress", "app:v1")
    assert sum(status.targets.values()) == 1
    assert [line.partition(" event ")[2] for line in status.events] == ["0.", "1.", "2."]
    assert not status.healthy


@pytest.mark.parametrize(
    ("changed", "healthy"),
    [
        ({}, True),
        ({"running": 1}, False),
        ({"targets": {"healthy": 1, "unhealthy": 1}}, False),
        ({"targets": {"healthy": 2, "draining": 1}}, True),
        ({"alarms": ["errors"]}, False),
        ({"deployment": "failed"}, False),
    ],
)
def test_a_service_is_healthy_if_all_of_it_runs(changed: dict[str, Any], healthy: bool) -> None:
    good: dict[str, Any] = {
        "name": "backend", "desired": 2, "running": 2, "pending": 0, "deployment": "completed", "image": "app:v1",
    }  # fmt: skip
    status = ServiceStatus(**{**good, **changed})
    assert status.healthy is healthy
    assert status.as_document()["healthy"] is healthy


def test_alarms_are_requested_in_groups(aws: AwsServer, compute: EcsCompute) -> None:
    client = boto3.client("cloudwatch", region_name=REGION)
    for name in ("quiet", "fired"):
        client.put_metric_alarm(
            AlarmName=name, MetricName="m", Namespace="n", Statistic="Sum", Period=60, EvaluationPeriods=1,
            Threshold=1, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
    client.set_alarm_state(AlarmName="fired", StateValue="ALARM", StateReason="test")
    names = ["quiet", *(f"other-{number}" for number in range(100)), "fired"]
    before = aws.calls["DescribeAlarms"]
    assert compute.fired_alarms(names) == ["fired"]
    assert aws.calls["DescribeAlarms"] - before == 2


def test_logs_of_several_pages_are_in_order(aws: AwsServer, compute: EcsCompute) -> None:
    client = boto3.client("logs", region_name=REGION)
    now = int(time.time() * 1000)
    for task, offset in (("one", 0), ("two", 1)):
        stream = f"backend/backend/{task}"
        client.create_log_stream(logGroupName="backend-logs", logStreamName=stream)
        client.put_log_events(
            logGroupName="backend-logs",
            logStreamName=stream,
            logEvents=[
                {"timestamp": now + 2 * number + offset, "message": f"{task} {number}"} for number in range(6_000)
            ],
        )
    found = compute.log_events("backend-logs", since=datetime.now(UTC) - timedelta(minutes=1))
    assert len(found) == 12_000
    assert [each.message for each in found[:3]] == ["one 0", "two 0", "one 1"]
    assert aws.calls["FilterLogEvents"] > 1
    assert compute.log_events("backend-logs", since=datetime.now(UTC) + timedelta(hours=1)) == []


def test_denied_logs_are_one_sentence(aws: AwsServer, compute: EcsCompute) -> None:
    aws.errors["FilterLogEvents"] = ["AccessDeniedException"]
    with pytest.raises(CommandError, match="may not call FilterLogEvents"):
        compute.log_events("backend-logs", since=datetime.now(UTC))


# --- changes ---


@pytest.fixture
def service(compute: EcsCompute) -> EcsCompute:
    """Create the service with two tasks, which Application Auto Scaling scales."""
    ecs = boto3.client("ecs", region_name=REGION)
    ecs.create_service(
        cluster="app", serviceName="backend-1", taskDefinition="backend", desiredCount=2, launchType="FARGATE"
    )
    boto3.client("application-autoscaling", region_name=REGION).register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=SERVICE.scaling_id,
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=2,
        MaxCapacity=4,
    )
    return compute


def suspended() -> set[bool]:
    client = boto3.client("application-autoscaling", region_name=REGION)
    (target,) = client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 4)
    return set(target["SuspendedState"].values())


def test_a_pause_stops_the_tasks_and_autoscaling_until_they_are_resumed(service: EcsCompute) -> None:
    assert service.desired_count(SERVICE) == 2
    service.scale(SERVICE, 0, suspended=True)
    assert (service.desired_count(SERVICE), suspended()) == (0, {True})
    service.scale(SERVICE, 2, suspended=False)
    assert (service.desired_count(SERVICE), suspended()) == (2, {False})


def test_a_restart_starts_a_deployment(aws: AwsServer, service: EcsCompute) -> None:
    service.restart(SERVICE)
    assert aws.calls["UpdateService"] >= 1
    aws.errors["UpdateService"] = ["AccessDeniedException"]
    with pytest.raises(CommandError, match="may not call UpdateService"):
        service.restart(SERVICE)


def test_a_service_that_does_not_exist_is_reported(compute: EcsCompute) -> None:
    with pytest.raises(CommandError, match=r"--service: ECS has no such service \(got backend-1\)"):
        compute.desired_count(SERVICE)


def test_a_one_off_task_has_the_network_of_its_service(aws: AwsServer, compute: EcsCompute) -> None:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}}
    aws.answers["DescribeServices"] = [described(taskDefinition=DEFINITION, networkConfiguration=network)]
    request = compute.task_request(SERVICE, ["node", "seed.js"])
    assert (request["taskDefinition"], request["networkConfiguration"]) == (DEFINITION, network)
    assert request["overrides"] == {"containerOverrides": [{"name": "backend", "command": ["node", "seed.js"]}]}
    client = boto3.client("ecs", region_name=REGION)
    known = client.meta.service_model.operation_model("RunTask").input_shape.members
    assert set(request) <= set(known)


def test_paused_services_survive_the_tag() -> None:
    paused = {"backend": 2, "worker": 1}
    assert pauses.decode({pauses.PAUSED: pauses.encode(paused)}) == paused
    assert pauses.decode({}) == {}
    assert pauses.decode({pauses.PAUSED: "[]"}) == {}
    with pytest.raises(CommandError, match="too many services"):
        pauses.encode({f"service-{number}": 1 for number in range(40)})


@pytest.mark.parametrize(
    ("text", "age"),
    [("90s", timedelta(seconds=90)), ("10m", timedelta(minutes=10)), ("2h", timedelta(hours=2)), ("3d", timedelta(3))],
)
def test_a_relative_time_is_before_now(text: str, age: timedelta) -> None:
    assert abs(datetime.now(UTC) - age - time_since("--since", text)) < timedelta(seconds=5)


def test_an_absolute_time_is_utc_unless_it_has_a_zone() -> None:
    assert time_since("--since", "2026-11-28T08:00:00") == datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert time_since("--since", "2026-11-28T08:00:00+01:00") == datetime(2026, 11, 28, 7, tzinfo=UTC)
    with pytest.raises(CommandError, match=r"--since: not a time \(got 'yesterday'\)"):
        time_since("--since", "yesterday")


# --- sessions ---


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a plugin that writes its arguments to a file and exits with 3. Return the file."""
    written = tmp_path / "arguments.json"
    script = tmp_path / "session-manager-plugin"
    script.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(written)!r}, 'w').write(json.dumps(sys.argv[1:]))\n"
        "raise SystemExit(3)\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return written


def runs(aws: AwsServer, *, exec_enabled: bool = True) -> None:
    task = stopped(
        "0123abcd",
        lastStatus="RUNNING",
        enableExecuteCommand=exec_enabled,
        containers=[{"name": "agent", "runtimeId": "other"}, {"name": "backend", "runtimeId": "0123abcd-77"}],
    )
    aws.tasks[CLUSTER] = [stopped("ended"), stopped("ended-too"), task]


SESSION = {"sessionId": "s-1", "streamUrl": "wss://example.com", "tokenValue": "token"}
TARGET = "ecs:app_0123abcd_0123abcd-77"


def test_exec_starts_a_session_in_a_running_task(aws: AwsServer, compute: EcsCompute, plugin: Path) -> None:
    runs(aws)
    aws.answers["ExecuteCommand"] = [{"clusterArn": CLUSTER, "session": SESSION}]
    assert execute(compute, check_plugin(), SERVICE, "node -v") == 3
    session, region, operation, profile, parameters, endpoint = json.loads(plugin.read_text())
    assert (json.loads(session), json.loads(parameters)) == (SESSION, {"Target": TARGET})
    assert (region, operation, profile, endpoint) == (REGION, "StartSession", "", aws.url)


def test_connect_forwards_a_port_through_a_running_task(aws: AwsServer, compute: EcsCompute, plugin: Path) -> None:
    runs(aws)
    answer = {"SessionId": "s-1", "TokenValue": "token", "StreamUrl": "wss://example.com"}
    aws.answers["StartSession"] = [answer]
    assert forward(compute, check_plugin(), SERVICE, host="cache.example.com", port=6379, local_port=7000) == 3
    session, _, _, _, parameters, _ = json.loads(plugin.read_text())
    assert json.loads(session) == answer
    assert json.loads(parameters) == {
        "Target": TARGET,
        "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"host": ["cache.example.com"], "portNumber": ["6379"], "localPortNumber": ["7000"]},
    }


def test_a_task_without_ecs_exec_is_reported(aws: AwsServer, compute: EcsCompute) -> None:
    runs(aws, exec_enabled=False)
    with pytest.raises(CommandError, match=r"tierup:ecsExec: must be true") as raised:
        execute(compute, "plugin", SERVICE, "sh")
    assert raised.value.code is ExitCode.SETTINGS


def test_a_service_without_a_running_task_is_reported(aws: AwsServer, compute: EcsCompute) -> None:
    with pytest.raises(CommandError, match="no task runs"):
        execute(compute, "plugin", SERVICE, "sh")


def test_a_denied_session_is_reported(aws: AwsServer, compute: EcsCompute) -> None:
    runs(aws)
    aws.errors["ExecuteCommand"] = ["AccessDeniedException"]
    with pytest.raises(CommandError, match="may not call ExecuteCommand"):
        execute(compute, "plugin", SERVICE, "sh")


def test_a_missing_plugin_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="session-manager-plugin: must be installed"):
        check_plugin()


def test_the_endpoints_are_those_of_the_stack() -> None:
    outputs = {"database_host": "app.abcde.mongodb.net", "cache_endpoint": "master.cache.euw1.cache.amazonaws.com"}
    cache = endpoint_of("cache", outputs)
    assert (cache.host, cache.port) == ("master.cache.euw1.cache.amazonaws.com", 6379)
    database = endpoint_of("database", outputs, lambda host: (f"node-0.{host}", 27017))
    assert (database.host, database.port) == ("node-0.app.abcde.mongodb.net", 27017)
    for target in ("cache", "database"):
        with pytest.raises(CommandError, match=r"^TARGET: the stack has no"):
            endpoint_of(target, {})
