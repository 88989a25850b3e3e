"""Tests of a scheduled task: its schedule and the permissions of its role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.ecs.scheduled_task import ScheduledTask, ScheduledTaskArgs
from tests.components.policy_documents import statements
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

ARGS = ScheduledTaskArgs(
    account_id=ACCOUNT,
    region=REGION,
    cluster_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app",
    task_definition_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/indexes:7",
    execution_role_arn="arn:execution",
    task_role_arn="arn:task",
    subnet_ids=["subnet-a"],
    security_group_id="sg-tasks",
    schedule="cron(0 3 * * ? *)",
    tags={"Stack": "dev"},
)
SCHEDULE = "aws:scheduler/schedule:Schedule"


def scheduled(args: ScheduledTaskArgs) -> Recording[ScheduledTask]:
    return record(lambda: ScheduledTask("nightly", args))


@pytest.fixture(scope="module")
def recording() -> Recording[ScheduledTask]:
    return scheduled(ARGS)


def test_creates_exactly_these_resources(recording: Recording[ScheduledTask]) -> None:
    parts = ("nightly-schedules", "nightly-schedule", "nightly-scheduler")

    assert recording.tree() == {"nightly": None, **dict.fromkeys(parts, "nightly")}
    assert recording.named("nightly-schedules").inputs["tags"] == {"Stack": "dev", "Name": "nightly-schedules"}


def test_schedule_runs_the_task_and_depends_on_its_role_policy(recording: Recording[ScheduledTask]) -> None:
    schedule = recording.one(SCHEDULE)
    target = schedule.inputs["target"]

    assert schedule.inputs["scheduleExpression"] == "cron(0 3 * * ? *)"
    assert schedule.inputs["flexibleTimeWindow"] == {"mode": "OFF"}
    assert target["arn"] == ARGS.cluster_arn
    assert target["ecsParameters"]["taskDefinitionArn"] == ARGS.task_definition_arn
    assert target["ecsParameters"]["networkConfiguration"] == {
        "subnets": ["subnet-a"],
        "securityGroups": ["sg-tasks"],
        "assignPublicIp": False,
    }
    assert "nightly-scheduler" in schedule.opts.depends_on


def test_role_may_run_this_task_in_this_cluster_and_pass_its_roles(recording: Recording[ScheduledTask]) -> None:
    allowed = {each["Action"]: each for each in statements(recording.one("aws:iam/rolePolicy:RolePolicy"))}
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")

    assert allowed["ecs:RunTask"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/indexes:*"
    assert allowed["ecs:RunTask"]["Condition"] == {"ArnEquals": {"ecs:cluster": ARGS.cluster_arn}}
    assert allowed["ecs:TagResource"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/app/*"
    assert allowed["iam:PassRole"]["Resource"] == ["arn:execution", "arn:task"]
    assert allowed["iam:PassRole"]["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_optional_arguments_are_inputs_of_the_schedule() -> None:
    schedule = scheduled(
        replace(ARGS, timezone="Europe/Berlin", window_minutes=15, retries=0, enabled=False, on_spot=True)
    ).one(SCHEDULE)
    strategies = schedule.inputs["target"]["ecsParameters"]["capacityProviderStrategies"]

    assert schedule.inputs["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert schedule.inputs["flexibleTimeWindow"] == {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}
    assert schedule.inputs["state"] == "DISABLED"
    assert schedule.inputs["target"]["retryPolicy"]["maximumRetryAttempts"] == 0
    assert strategies == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schedule": "0 3 * * *"}, r"schedule: not a schedule expression \(got '0 3"),
        ({"timezone": "CEST"}, r"timezone: not a time zone name \(got 'CEST'\)"),
        ({"window_minutes": 1441}, r"window_minutes: out of range \(got 1441\)\. Set 0 to 1440"),
        ({"retries": 186}, r"retries: out of range \(got 186\)\. Set 0 to 185"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_name_that_is_too_long_for_aws_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"name: too long \(got 'a{47}'\)\. Use at most 46 characters"):
        record(lambda: ScheduledTask("a" * 47, ARGS))
