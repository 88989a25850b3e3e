"""The worker: the API's image with another command, that nobody can call."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.ecs.task_security_group import EgressTarget
from components.ecs.worker_service import WorkerService, WorkerServiceArgs
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

ARGS = WorkerServiceArgs(
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
    desired_count=1,
    log_retention_days=30,
    egress_targets={"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")},
    tags={"Stack": "dev"},
)
SERVICE = "aws:ecs/service:Service"


def worker(args: WorkerServiceArgs) -> Recording[WorkerService]:
    return record(lambda: WorkerService("worker", args))


@pytest.fixture(scope="module")
def recording() -> Recording[WorkerService]:
    return worker(ARGS)


def test_it_is_made_of_these_and_no_others(recording: Recording[WorkerService]) -> None:
    parts = ("logs", "tasks", "to-https", "to-cache", "into-cache", "execution", "task", "service")

    assert recording.tree() == {"worker": None, **{f"worker-{part}": "worker" for part in parts}}


def test_nothing_comes_in_and_no_load_balancer_is_asked(recording: Recording[WorkerService]) -> None:
    service = recording.one(SERVICE).inputs
    into = recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

    assert {rule.inputs["securityGroupId"] for rule in into} == {"sg-cache"}
    assert not {"loadBalancers", "healthCheckGracePeriodSeconds"} & service.keys()


def test_it_runs_its_own_command_after_all_it_needs(recording: Recording[WorkerService]) -> None:
    definition = recording.one("aws:ecs/taskDefinition:TaskDefinition")
    (container,) = json.loads(definition.inputs["containerDefinitions"])

    assert container["command"] == ["node", "worker.js"]
    assert {"worker-into-cache", "worker-execution", "worker-to-https"} <= recording.one(SERVICE).opts.depends_on


def test_its_tasks_may_run_on_spot_and_its_number_be_autoscalings() -> None:
    service = worker(replace(ARGS, spot_percent=50, autoscaled=True, rollback_alarm_names=["jobs"])).one(SERVICE)

    assert [each["capacityProvider"] for each in service.inputs["capacityProviderStrategies"]] == [
        "FARGATE",
        "FARGATE_SPOT",
    ]
    assert service.inputs["forceNewDeployment"] is True, "or the provider makes a new service"
    assert service.inputs["alarms"] == {"alarmNames": ["jobs"], "enable": True, "rollback": True}
    assert service.opts.ignore_changes == ("desiredCount",)


def test_a_deployment_that_ecs_rolled_back_fails_the_update() -> None:
    with pytest.raises(RuntimeError, match="rolled the deployment"):
        record(lambda: WorkerService("worker", ARGS), outputs={SERVICE: {"taskDefinition": "worker:1"}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"command": None}, "command: got none"),
        ({"desired_count": -1}, "desired_count: got -1"),
        ({"spot_percent": 100}, "spot_percent: got 100"),
        ({"memory_mib": 100}, "memory_mib: got 100"),
    ],
)
def test_wrong_arguments_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **change)
