"""Tests of the behaviour rows of EventBridge Scheduler."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ecs import CLUSTER
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.scheduler import SCHEDULE, SCHEDULE_GROUP

from .account import Account
from .policy_inputs import trust

CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/main"
ROLE_ARN = "arn:aws:iam::123456789012:role/scheduler"
NETWORK = {"networkConfiguration": {"subnets": []}}
FAMILY = "arn:aws:ecs:eu-west-1:123456789012:task-definition/job"


@pytest.fixture
def account() -> Account:
    account = Account()
    account.add_existing(CLUSTER, CLUSTER_ARN, arn=CLUSTER_ARN, name="main")
    account.add_existing(
        ROLE, "scheduler", arn=ROLE_ARN, name="scheduler", assumeRolePolicy=trust("scheduler.amazonaws.com")
    )
    return account


def schedule(**changes: Any) -> dict[str, Any]:
    return {
        "scheduleExpression": "cron(0 3 * * ? *)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {"arn": CLUSTER_ARN, "roleArn": ROLE_ARN, "ecsParameters": parameters()},
        **changes,
    }


def parameters(**changes: Any) -> dict[str, Any]:
    return {"taskDefinitionArn": FAMILY, "launchType": "FARGATE", **NETWORK, **changes}


def target(**changes: Any) -> dict[str, Any]:
    return {"arn": CLUSTER_ARN, "roleArn": ROLE_ARN, "ecsParameters": parameters(), **changes}


def test_schedule_is_created_in_group(account: Account) -> None:
    group = account.make(SCHEDULE_GROUP, "jobs", name="jobs")
    made = account.make(SCHEDULE, "nightly", name="nightly", **schedule(groupName="jobs"))

    assert group.outputs["arn"].endswith(":schedule-group/jobs")
    assert (made.id, made.outputs["arn"].partition(":schedule/")[2]) == ("jobs/nightly", "jobs/nightly")
    assert made.outputs["scheduleExpressionTimezone"] == "UTC"
    assert account.replaced_by(made, groupName="default") == {"groupName"}
    assert not account.replaced_by(made, scheduleExpression="rate(1 day)")
    assert account.codes(SCHEDULE, "again", name="nightly", **schedule(groupName="jobs")) == {"ConflictException"}
    assert not account.codes(SCHEDULE, "elsewhere", name="nightly", **schedule())
    assert account.codes(SCHEDULE, "lost", **schedule(groupName="none")) == {"ResourceNotFoundException"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"scheduleExpression": "0 3 * * *"}, "scheduleExpression"),
        ({"scheduleExpression": "cron(0 3 * * * *)"}, "scheduleExpression"),
        ({"scheduleExpression": "rate(0 days)"}, "scheduleExpression"),
        ({"flexibleTimeWindow": {"mode": "FLEXIBLE"}}, "flexibleTimeWindow.maximumWindowInMinutes"),
        ({"flexibleTimeWindow": {"mode": "OFF", "maximumWindowInMinutes": 5}},
         "flexibleTimeWindow.maximumWindowInMinutes"),
        ({"state": "PAUSED"}, "state"),
        ({"target": target(ecsParameters=parameters(networkConfiguration=None))},
         "target.ecsParameters.networkConfiguration"),
        ({"target": target(ecsParameters=parameters(capacityProviderStrategies=[{"capacityProvider": "FARGATE"}]))},
         "target.ecsParameters.launchType"),
        ({"target": target(retryPolicy={"maximumRetryAttempts": 186})}, "target.retryPolicy.maximumRetryAttempts"),
    ],
)  # fmt: skip
def test_invalid_schedule_is_rejected(account: Account, changes: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(SCHEDULE, **schedule(**changes))] == [path]


def test_scheduler_must_be_able_to_assume_role(account: Account) -> None:
    account.add_existing(
        ROLE, "task", arn=f"{ROLE_ARN}-2", name="task", assumeRolePolicy=trust("ecs-tasks.amazonaws.com")
    )
    (rejection,) = account.rejections(SCHEDULE, **schedule(target=target(roleArn=f"{ROLE_ARN}-2")))

    assert (rejection.path, "must allow AWS EventBridge Scheduler" in rejection.message) == ("target.roleArn", True)
    assert account.codes(SCHEDULE, **schedule(target=target(roleArn=f"{ROLE_ARN}-3"))) == {"ValidationException"}


def test_schedule_target_must_exist(account: Account) -> None:
    lost = target(ecsParameters=parameters(taskDefinitionArn=f"{FAMILY}:3"))
    assert account.codes(SCHEDULE, **schedule(target=lost)) == {"ValidationException"}
    assert account.codes(SCHEDULE, **schedule(target=target(arn=f"{CLUSTER_ARN}-2"))) == {"ValidationException"}
