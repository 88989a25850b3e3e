"""One-off tasks and the progress of deployments on ECS, as moto's server and the documented answers show them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from tests.tierup.preflight.cloud_servers import AwsServer
from tierup.deployment.errors import CommandError, ExitCode
from tierup.preflight.aws_clients import AwsClients
from tierup.release.ecs_compute import EcsCompute
from tierup.release.stack_services import StackService

REGION = "eu-west-1"
CLUSTER = f"arn:aws:ecs:{REGION}:123456789012:cluster/app"
SERVICE = StackService(
    name="backend",
    urn="urn",
    arn=f"arn:aws:ecs:{REGION}:123456789012:service/app/backend-1",
    cluster=CLUSTER,
    service_name="backend-1",
    log_group="backend-logs",
    scaled=True,
    inputs={},
)


@pytest.fixture
def compute(aws: AwsServer) -> EcsCompute:
    ecs = boto3.client("ecs", region_name=REGION)
    ecs.create_cluster(clusterName="app")
    logs = {"awslogs-group": "backend-logs", "awslogs-stream-prefix": "backend", "awslogs-region": REGION}
    ecs.register_task_definition(
        family="backend",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[
            {
                "name": "backend",
                "image": "app:v1",
                "memory": 512,
                "logConfiguration": {"logDriver": "awslogs", "options": logs},
            }
        ],
    )
    boto3.client("logs", region_name=REGION).create_log_group(logGroupName="backend-logs")
    return EcsCompute(AwsClients({}, REGION), poll_seconds=0.01)


def request(aws: AwsServer) -> dict[str, Any]:
    ec2 = boto3.client("ec2", region_name=REGION)
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "ENABLED"}}
    return {
        "cluster": CLUSTER,
        "taskDefinition": "backend",
        "launchType": "FARGATE",
        "networkConfiguration": network,
    }


def stopped(task_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "taskArn": f"arn:aws:ecs:{REGION}:123456789012:task/app/{task_id}",
        "taskDefinitionArn": f"arn:aws:ecs:{REGION}:123456789012:task-definition/backend:1",
        "lastStatus": "STOPPED",
        "createdAt": time.time(),
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "backend", "exitCode": 0}],
        **changed,
    }


def log(task_id: str, *lines: str) -> None:
    client = boto3.client("logs", region_name=REGION)
    stream = f"backend/backend/{task_id}"
    client.create_log_stream(logGroupName="backend-logs", logStreamName=stream)
    now = int(time.time() * 1000)
    client.put_log_events(
        logGroupName="backend-logs",
        logStreamName=stream,
        logEvents=[{"timestamp": now + number, "message": line} for number, line in enumerate(lines)],
    )


def run(aws: AwsServer, compute: EcsCompute, **changed: Any) -> tuple[Any, list[str]]:
    """Run a task whose container ends as given, and which logs two lines."""
    said: list[str] = []

    def notify(line: str) -> None:
        said.append(line)
        if line.endswith("was started."):
            task_id = line.split()[1]
            log(task_id, "migrating", "done")
            pending = stopped(task_id, lastStatus="PENDING")
            aws.answers["DescribeTasks"] = [
                {"tasks": []}, {"tasks": [pending]}, {"tasks": [stopped(task_id, **changed)]},
            ]  # fmt: skip

    return compute.run_task(request(aws), "backend", notify), said


def test_a_task_is_run_to_its_end(aws: AwsServer, compute: EcsCompute) -> None:
    result, said = run(aws, compute)
    assert (result.exit_code, result.reason, result.succeeded) == (0, "", True)
    assert list(result.log_lines) == ["migrating", "done"]
    assert [line.rpartition(": ")[2] for line in said[1:]] == ["PENDING.", "STOPPED."]


def test_a_task_that_fails_has_a_reason(aws: AwsServer, compute: EcsCompute) -> None:
    result, _ = run(aws, compute, containers=[{"name": "agent", "exitCode": 0}, {"name": "backend", "exitCode": 3}])
    assert (result.exit_code, result.succeeded) == (3, False)
    assert result.reason == "container backend exited with 3; Essential container in task exited"


def test_a_task_that_does_not_start_has_a_reason(aws: AwsServer, compute: EcsCompute) -> None:
    reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s)"
    result, _ = run(aws, compute, stopCode="TaskFailedToStart", stoppedReason=reason, containers=[{"name": "backend"}])
    assert (result.exit_code, result.reason, result.succeeded) == (None, reason, False)


def test_a_task_that_ecs_does_not_accept_is_an_error(aws: AwsServer, compute: EcsCompute) -> None:
    aws.answers["RunTask"] = [{"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time"}]}]
    with pytest.raises(CommandError, match="Capacity is unavailable"):
        compute.run_task(request(aws), "backend", print)


@pytest.mark.parametrize(
    ("code", "reason", "exit_code"),
    [
        ("AccessDeniedException", r"may not call RunTask.*Allow RunTask in the policy", ExitCode.FAILED),
        ("UnrecognizedClientException", "UnrecognizedClientException", ExitCode.CREDENTIALS),
    ],
)
def test_an_error_of_aws_is_one_sentence(
    aws: AwsServer, compute: EcsCompute, code: str, reason: str, exit_code: ExitCode
) -> None:
    aws.errors["RunTask"] = [code]
    with pytest.raises(CommandError, match=reason) as raised:
        compute.run_task(request(aws), "backend", print)
    assert raised.value.code is exit_code


def test_a_throttled_call_is_repeated(aws: AwsServer, compute: EcsCompute) -> None:
    aws.errors["RunTask"] = ["ThrottlingException", ""]
    result, _ = run(aws, compute)
    assert result.succeeded
    assert aws.calls["RunTask"] == 2


# --- deployments ---


def described(**changed: Any) -> dict[str, Any]:
    deployment = {
        "id": "ecs-svc/2",
        "status": "PRIMARY",
        "desiredCount": 2,
        "runningCount": 1,
        "failedTasks": 0,
        "rolloutState": "IN_PROGRESS",
    }
    return {
        "services": [
            {
                "serviceArn": SERVICE.arn,
                "serviceName": "backend-1",
                "deployments": [{**deployment, **changed.pop("deployment", {})}],
                "events": [],
                **changed,
            }
        ],
        "failures": [],
    }


def event(number: int, text: str, age: float = 0.0) -> dict[str, Any]:
    return {"id": f"event-{number}", "createdAt": time.time() + 1 - age, "message": f"(service backend-1) {text}"}


def test_the_progress_of_a_deployment_is_reported_once(aws: AwsServer, compute: EcsCompute) -> None:
    old, first, second = event(1, "is old.", age=3600), event(2, "has started 1 tasks."), event(3, "is steady.")
    aws.answers["DescribeServices"] = [
        described(events=[first, old]),
        described(events=[first, old]),
        described(events=[second, first, old], deployment={"runningCount": 2, "rolloutState": "COMPLETED"}),
    ]
    assert compute.news([SERVICE]) == [
        "backend: has started 1 tasks.",
        "backend: 1 of 2 new tasks run (in progress).",
    ]
    assert compute.news([SERVICE]) == []
    assert compute.news([SERVICE]) == ["backend: is steady.", "backend: 2 of 2 new tasks run (completed)."]


def test_the_targets_of_a_deployment_are_reported_when_their_states_change(aws: AwsServer, compute: EcsCompute) -> None:
    ec2, elb = boto3.client("ec2", region_name=REGION), boto3.client("elbv2", region_name=REGION)
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = elb.create_target_group(Name="api", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")["TargetGroups"][0]
    arn = str(group["TargetGroupArn"])
    aws.answers["DescribeServices"] = [described(loadBalancers=[{"targetGroupArn": arn}])]
    assert compute.news([SERVICE]) == ["backend: 1 of 2 new tasks run (in progress)."]
    for count, address in enumerate(("172.31.0.5", "172.31.0.6"), 1):
        elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": address, "Port": 80}])
        (line,) = compute.news([SERVICE])
        assert line.startswith(f"backend: {count} target")
        assert compute.news([SERVICE]) == []


def test_a_failed_deployment_has_reasons_and_log_lines(aws: AwsServer, compute: EcsCompute) -> None:
    tasks = [
        stopped("one", containers=[{"name": "backend", "exitCode": 1}]),
        stopped("two", containers=[{"name": "backend", "exitCode": 1}]),
        stopped("three", stopCode="ServiceSchedulerInitiated", stoppedReason="Scaling activity"),
    ]
    aws.tasks[CLUSTER] = tasks  # listed in pages of two
    log("one", "Error: no such table")
    boto3.client("cloudwatch", region_name=REGION).put_metric_alarm(
        AlarmName="release-errors",
        MetricName="HTTPCode_Target_5XX_Count",
        Namespace="AWS/ApplicationELB",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    boto3.client("cloudwatch", region_name=REGION).set_alarm_state(
        AlarmName="release-errors", StateValue="ALARM", StateReason="test"
    )
    failed = {"rolloutState": "FAILED", "rolloutStateReason": "ECS deployment circuit breaker: tasks failed to start."}
    alarms = {"alarms": {"alarmNames": ["release-errors"], "enable": True, "rollback": True}}
    aws.answers["DescribeServices"] = [described(deployment=failed, deploymentConfiguration=alarms)]
    assert compute.failure([SERVICE]) == [
        "backend: ECS deployment circuit breaker: tasks failed to start.",
        "backend: alarm release-errors is in state ALARM.",
        "backend: a task stopped: container backend exited with 1; Essential container in task exited.",
        "backend: last log lines of a stopped task:",
        "  Error: no such table",
    ]


def test_what_aws_denies_does_not_hide_the_failure(aws: AwsServer, compute: EcsCompute) -> None:
    aws.errors["DescribeServices"] = ["AccessDeniedException"]
    (line,) = compute.failure([SERVICE])
    assert "may not call DescribeServices" in line


def test_tasks_of_earlier_deployments_are_left_out(aws: AwsServer, compute: EcsCompute) -> None:
    earlier = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    aws.tasks[CLUSTER] = [stopped("old", createdAt=earlier), stopped("new")]
    assert [each["taskArn"].rpartition("/")[2] for each in compute.stopped_tasks(SERVICE)] == ["new"]
