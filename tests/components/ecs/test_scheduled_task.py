"""Scheduled tasks: run by the clock, in a role that may run this one and no other."""

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


def test_it_is_made_of_these_and_no_others(recording: Recording[ScheduledTask]) -> None:
    parts = ("nightly-schedules", "nightly-schedule", "nightly-scheduler")

    assert recording.tree() == {"nightly": None, **dict.fromkeys(parts, "nightly")}
    assert recording.named("nightly-schedules").inputs["tags"] == {"Stack": "dev", "Name": "nightly-schedules"}


def test_the_task_runs_as_asked_once_its_role_may(recording: Recording[ScheduledTask]) -> None:
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


def test_the_role_runs_this_task_in_this_cluster_and_passes_its_two_roles(recording: Recording[ScheduledTask]) -> None:
    rights = {each["Action"]: each for each in statements(recording.one("aws:iam/rolePolicy:RolePolicy"))}
    (trust,) = statements(recording.one("aws:iam/role:Role"), "assumeRolePolicy")

    assert rights["ecs:RunTask"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/indexes:*"
    assert rights["ecs:RunTask"]["Condition"] == {"ArnEquals": {"ecs:cluster": ARGS.cluster_arn}}
    assert rights["ecs:TagResource"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/app/*"
    assert rights["iam:PassRole"]["Resource"] == ["arn:execution", "arn:task"]
    assert rights["iam:PassRole"]["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_arguments_reach_the_resources() -> None:
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
        ({"schedule": "0 3 * * *"}, "schedule: got '0 3"),
        ({"timezone": "CEST"}, "timezone: got 'CEST', allowed UTC or a name such as Europe/Berlin"),
        ({"window_minutes": 1441}, "window_minutes: got 1441, allowed 0 to 1440"),
        ({"retries": 186}, "retries: got 186, allowed 0 to 185"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)


def test_a_name_that_aws_would_refuse_is_refused_first() -> None:
    with pytest.raises(ValueError, match=r"name: got 'a{47}', allowed 46 characters or fewer"):
        record(lambda: ScheduledTask("a" * 47, ARGS))
