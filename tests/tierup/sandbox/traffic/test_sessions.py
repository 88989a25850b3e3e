"""Users open sessions in tasks by ECS Exec: the role's rights, the way to Systems Manager, and the log group."""

from __future__ import annotations

import json

import pytest

from tests.tierup.sandbox.traffic import small_stack
from tests.tierup.sandbox.traffic.cloud_rows import row, world
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.flow import follow
from tierup.sandbox.traffic.flow_registry import derive
from tierup.sandbox.traffic.hop import Verdict
from tierup.sandbox.traffic.hops import ecs, iam, network

ROLE_ARN = "arn:aws:iam::123456789012:role/backend-task"
CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/app"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
        ],
    }
)


def rows(*, action: str = "ssmmessages:*", log_group: str = "exec", egress: str = "0.0.0.0/0") -> list[CloudResource]:
    """Return a small stack whose service has ECS Exec."""
    task = small_stack.definition(1)
    task = row(task.type, task.name, **{**task.outputs, "taskRoleArn": ROLE_ARN, "id": task.id})
    service = small_stack.service(task, enableExecuteCommand=True, cluster=CLUSTER_ARN)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    options = {"logging": "OVERRIDE", "logConfiguration": {"cloudWatchLogGroupName": "exec"}}
    kept = [each for each in small_stack.stack() if each.name not in ("backend-task", "backend-service", "tasks-out")]
    return [
        *kept,
        task,
        service,
        small_stack.rule("tasks-out", network.EGRESS, "tasks", 443, cidrIpv4=egress),
        row(ecs.CLUSTER, "app", arn=CLUSTER_ARN, configuration={"executeCommandConfiguration": options}),
        row(ecs.LOG_GROUP, "app-exec", name=log_group),
        row(iam.ROLE, "backend-task", id="backend-task", name="backend-task", arn=ROLE_ARN, assumeRolePolicy=TRUST),
        row("aws:iam/rolePolicy:RolePolicy", "backend-exec", role="backend-task", policy=json.dumps(policy)),
    ]


def session(found: list[CloudResource]) -> tuple[Verdict, str]:
    (flow,) = [each for each in derive(world(*found).rows) if each.kind == "session"]
    result = follow(flow, world(*found))
    assert flow.id == "user to a session in backend"
    return result.verdict, result.decisive.name if result.decisive else ""


def test_a_session_opens_in_a_task_whose_role_may_open_its_channels() -> None:
    assert session(rows()) == (Verdict.PASS, "")


@pytest.mark.parametrize(
    ("found", "hop"),
    [
        (rows(action="ssmmessages:OpenDataChannel"), "iam"),
        (rows(log_group="other"), "logs"),
        (rows(egress="10.0.0.0/16"), "security-group"),
    ],
    ids=["role", "log group", "security group"],
)
def test_a_session_needs_the_role_the_log_group_and_the_way_out(found: list[CloudResource], hop: str) -> None:
    assert session(found) == (Verdict.FAIL, hop)


def test_a_service_without_ecs_exec_has_no_sessions() -> None:
    assert [each for each in derive(world(*small_stack.stack()).rows) if each.kind == "session"] == []
