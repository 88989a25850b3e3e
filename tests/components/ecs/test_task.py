"""A task: the part that services, workers and single tasks share."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.ecs.sidecars import Sidecar, datadog_agent, log_router
from components.ecs.task import Task, TaskArgs
from tests.components.policy_documents import statements
from tests.engine_recorder import ACCOUNT, REGION, Recording, record

KEY = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:key-AbCdEf"
ARGS = TaskArgs(
    account_id=ACCOUNT,
    region=REGION,
    cluster_arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/app",
    vpc_id="vpc-1",
    subnet_ids=["subnet-a"],
    image="image:1",
    repository_arn=f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/api",
    cpu_units=256,
    memory_mib=1024,
    log_retention_days=30,
    tags={"Stack": "dev"},
)
AGENT = datadog_agent(
    image="public.ecr.aws/datadog/agent:7.70.0", api_key_arn=KEY, site="datadoghq.eu", environment="prod", service="api"
)
ROUTER = log_router(image="fluent-bit:2.32.5", options={"Name": "datadog"}, secret_options={"apikey": KEY})


def task(args: TaskArgs, **how: Any) -> Recording[Task]:
    return record(lambda: Task("job", args, child=ResourceOptions(), **how))


def containers(recording: Recording[Task]) -> list[dict[str, Any]]:
    definition = recording.one("aws:ecs/taskDefinition:TaskDefinition")
    return json.loads(definition.inputs["containerDefinitions"])


def test_without_a_port_nobody_calls_it() -> None:
    recording = task(ARGS)
    (program,) = containers(recording)

    assert set(recording.tree()) == {"job-logs", "job-tasks", "job-to-https", "job-execution", "job-task"}
    assert not {"portMappings", "healthCheck"} & program.keys()
    assert program["environment"] == [{"name": "NODE_OPTIONS", "value": "--max-old-space-size=768"}]


def test_one_that_is_meant_to_end_is_not_started_again() -> None:
    assert "restartPolicy" in containers(task(ARGS))[0]
    assert "restartPolicy" not in containers(task(ARGS, runs_on=False))[0]


def test_sidecars_share_the_memory_and_add_their_variables_and_secrets() -> None:
    recording = task(replace(ARGS, sidecars=[AGENT]))
    program, agent = containers(recording)
    variables = {each["name"]: each["value"] for each in program["environment"]}
    (execution,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]

    assert variables == {"DD_ENV": "prod", "DD_SERVICE": "api", "NODE_OPTIONS": "--max-old-space-size=576"}
    assert program["dependsOn"] == [{"containerName": "datadog-agent", "condition": "START"}]
    assert agent["logConfiguration"]["options"]["awslogs-stream-prefix"] == "datadog-agent"
    assert [KEY] in [each["Resource"] for each in statements(execution)]


def test_a_log_router_takes_the_programs_logs_and_its_own_stay_in_cloudwatch() -> None:
    program, router = containers(task(replace(ARGS, sidecars=[ROUTER])))

    assert program["logConfiguration"]["logDriver"] == "awsfirelens"
    assert router["logConfiguration"]["logDriver"] == "awslogs"


def test_the_customers_own_keys_seal_logs_and_secrets() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    recording = task(replace(ARGS, log_key_arn=key, secrets_key_arn=key, secrets={"TOKEN": KEY}))
    (execution,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]
    (decrypt,) = [each for each in statements(execution) if each["Action"] == "kms:Decrypt"]

    assert recording.named("job-logs").inputs["kmsKeyId"] == key
    assert decrypt["Resource"] == key
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}}


def large(name: str) -> Sidecar:
    return Sidecar(name=name, definition={"name": name, "image": "x:1"}, memory_mib=900)


@pytest.mark.parametrize(
    ("sidecars", "message"),
    [
        ([AGENT, AGENT], "sidecars: got datadog-agent, datadog-agent, allowed each name once"),
        ([ROUTER, replace(ROUTER, name="second")], "sidecars: got log-router, second for the logs, allowed one"),
        ([large("large")], "sidecars: got 900 of the task's 1024 MiB, allowed 896 or fewer"),
    ],
)
def test_sidecars_that_cannot_work_are_refused(sidecars: list[Sidecar], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, sidecars=sidecars)
