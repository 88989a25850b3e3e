"""Tests of the worker service."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.ecs.task import TaskArgs
from components.ecs.task_security_group import EgressTarget
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from tests.components.ecs.argument_changes import changed
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

ARGS = WorkerServiceArgs(
    task=TaskArgs(
        account_id=ACCOUNT,
        region=REGION,
        cluster_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a"],
        image="image:1",
        command=("node", "worker.js"),
        repository_arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api",
        cpu_units=256,
        memory_mib=512,
        log_retention_days=30,
        egress_targets={"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")},
        tags={"Stack": "dev"},
    ),
    desired_count=1,
)
SERVICE = "aws:ecs/service:Service"


def worker(args: WorkerServiceArgs) -> Recording[WorkerService]:
    return record(lambda: WorkerService("worker", args))


@pytest.fixture(scope="module")
def recording() -> Recording[WorkerService]:
    return worker(ARGS)


def test_creates_exactly_these_resources(recording: Recording[WorkerService]) -> None:
    parts = ("logs", "tasks", "to-https", "to-cache", "into-cache", "execution", "task", "service")

    assert recording.tree() == {"worker": None, **{f"worker-{part}": "worker" for part in parts}}


def test_has_no_ingress_rule_and_no_load_balancer(recording: Recording[WorkerService]) -> None:
    service = recording.one(SERVICE).inputs
    ingress_rules = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert {rule.inputs["securityGroupId"] for rule in ingress_rules} == {"sg-cache"}
    assert not {"loadBalancers", "healthCheckGracePeriodSeconds"} & service.keys()


def test_runs_its_command_and_depends_on_every_rule_and_policy(recording: Recording[WorkerService]) -> None:
    definition = recording.one("aws:ecs/taskDefinition:TaskDefinition")
    (container,) = json.loads(definition.inputs["containerDefinitions"])

    assert container["command"] == ["node", "worker.js"]
    assert {"worker-into-cache", "worker-execution", "worker-to-https"} <= recording.one(SERVICE).opts.depends_on


def test_spot_share_autoscaling_and_rollback_alarms_are_supported() -> None:
    service = worker(changed(ARGS, spot_percent=50, autoscaled=True, rollback_alarm_names=["jobs"])).one(SERVICE)

    assert [each["capacityProvider"] for each in service.inputs["capacityProviderStrategies"]] == [
        "FARGATE",
        "FARGATE_SPOT",
    ]
    assert service.inputs["forceNewDeployment"] is True, "the provider replaces the service otherwise"
    assert service.inputs["alarms"] == {"alarmNames": ["jobs"], "enable": True, "rollback": True}
    assert service.opts.ignore_changes == ("desiredCount",)


def test_rolled_back_deployment_raises() -> None:
    with pytest.raises(RuntimeError, match="rolled the deployment"):
        record(lambda: WorkerService("worker", ARGS), outputs={SERVICE: {"taskDefinition": "worker:1"}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"command": None}, r"command: missing \(got None\)"),
        ({"desired_count": -1}, r"desired_count: negative \(got -1\)"),
        ({"spot_percent": 100}, r"spot_percent: out of range \(got 100\)"),
        ({"memory_mib": 100}, r"memory_mib: .*\(got 100\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        changed(ARGS, **change)
