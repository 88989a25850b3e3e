"""Tests of a one-off task."""

from __future__ import annotations

import json

import pytest

from components.ecs.one_off_task import OneOffTask, OneOffTaskArgs
from components.ecs.task import TaskArgs
from tests.components.ecs.argument_changes import changed
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app"
ARGS = OneOffTaskArgs(
    task=TaskArgs(
        account_id=ACCOUNT,
        region=REGION,
        cluster_arn=CLUSTER,
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        image="image:1",
        command=("node", "indexes.js"),
        repository_arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api",
        cpu_units=256,
        memory_mib=512,
        log_retention_days=30,
        tags={"Stack": "dev"},
    ),
)


@pytest.fixture(scope="module")
def recording() -> Recording[OneOffTask]:
    return record(lambda: OneOffTask("indexes", ARGS))


def test_creates_exactly_these_resources_and_no_service(recording: Recording[OneOffTask]) -> None:
    parts = ("logs", "tasks", "to-https", "execution", "task")

    assert recording.tree() == {"indexes": None, **{f"indexes-{part}": "indexes" for part in parts}}
    assert not recording.of("aws:ecs/service:Service")


def test_run_task_has_every_input(recording: Recording[OneOffTask]) -> None:
    run = json.loads(recording.value(recording.result.run_task))

    assert run["cluster"] == CLUSTER
    assert run["taskDefinition"].endswith(":indexes-task")
    assert run["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-a", "subnet-b"],
        "securityGroups": ["indexes-tasks-id"],
        "assignPublicIp": "DISABLED",
    }


def test_task_definition_arn_resolves_after_its_rules_and_policies(recording: Recording[OneOffTask]) -> None:
    assert {"indexes-to-https", "indexes-execution"} <= recording.sources(recording.result.task_definition_arn)


def test_missing_command_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"command: missing \(got None\)\. Set a command that exits"):
        changed(ARGS, command=None)
