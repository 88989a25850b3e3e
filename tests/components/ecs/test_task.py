"""Tests of the task that services, workers and one-off tasks share."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.ecs.sidecars import Sidecar, datadog_agent, log_router
from components.ecs.task import Task, TaskArgs, check_environment
from components.ecs.task_permissions import TaskPermissions
from components.iam.statement import PolicyStatement
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


def test_task_without_a_port_has_no_port_mapping_and_health_check() -> None:
    recording = task(ARGS)
    (app,) = containers(recording)

    assert set(recording.tree()) == {"job-logs", "job-tasks", "job-to-https", "job-execution", "job-task"}
    assert not {"portMappings", "healthCheck"} & app.keys()
    assert app["environment"] == [{"name": "NODE_OPTIONS", "value": "--max-old-space-size=768"}]


def test_task_that_exits_has_no_restart_policy() -> None:
    assert "restartPolicy" in containers(task(ARGS))[0]
    assert "restartPolicy" not in containers(task(ARGS, long_running=False))[0]


def test_sidecars_reduce_the_heap_and_add_variables_and_secrets() -> None:
    recording = task(replace(ARGS, sidecars=[AGENT]))
    app, agent = containers(recording)
    variables = {each["name"]: each["value"] for each in app["environment"]}
    (execution,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]

    assert variables == {"DD_ENV": "prod", "DD_SERVICE": "api", "NODE_OPTIONS": "--max-old-space-size=576"}
    assert app["dependsOn"] == [{"containerName": "datadog-agent", "condition": "START"}]
    assert agent["logConfiguration"]["options"]["awslogs-stream-prefix"] == "datadog-agent"
    assert [KEY] in [each["Resource"] for each in statements(execution)]


def test_log_router_gets_the_application_logs_and_logs_to_cloudwatch() -> None:
    app, router = containers(task(replace(ARGS, sidecars=[ROUTER])))

    assert app["logConfiguration"]["logDriver"] == "awsfirelens"
    assert router["logConfiguration"]["logDriver"] == "awslogs"


def test_logs_and_secrets_use_the_customer_managed_key() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    recording = task(replace(ARGS, log_key_arn=key, secrets_key_arn=key, secrets={"TOKEN": KEY}))
    (execution,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]
    (decrypt,) = [each for each in statements(execution) if each["Action"] == "kms:Decrypt"]

    assert recording.named("job-logs").inputs["kmsKeyId"] == key
    assert decrypt["Resource"] == [key]
    services = [f"secretsmanager.{REGION}.amazonaws.com", f"ssm.{REGION}.amazonaws.com"]
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": services}}


def test_private_registry_credentials_are_readable_by_the_execution_role() -> None:
    recording = task(replace(ARGS, image="ghcr.io/team/app:1", repository_credentials_arn=KEY))
    (app,) = containers(recording)

    assert app["repositoryCredentials"] == {"credentialsParameter": KEY}
    (policy,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]
    assert [KEY] in [each["Resource"] for each in statements(policy)]


def test_open_files_limit_is_set_on_the_application() -> None:
    (app,) = containers(task(replace(ARGS, open_files=100_000)))

    assert app["ulimits"] == [{"name": "nofile", "softLimit": 100_000, "hardLimit": 100_000}]


@pytest.mark.parametrize("count", [1_023, 1_048_577])
def test_open_files_limit_out_of_range_is_rejected(count: int) -> None:
    with pytest.raises(ValueError, match=rf"open_files: out of range \(got {count}\)"):
        replace(ARGS, open_files=count)


def test_permissions_reach_the_task_role() -> None:
    statement = PolicyStatement(actions=["s3:GetObject"], resources=["arn:aws:s3:::files/*"])
    managed = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
    recording = task(replace(ARGS, permissions=TaskPermissions(statements=[statement], managed_policy_arns=[managed])))
    policy, attachment = recording.named("job-application"), recording.named("job-amazonssmreadonlyaccess")

    assert statements(policy) == [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::files/*"]}]
    assert policy.inputs["role"] == attachment.inputs["role"] == "job-task-name"
    assert attachment.inputs["policyArn"] == managed


def large(name: str) -> Sidecar:
    return Sidecar(name=name, image="x:1", definition={"name": name, "image": "x:1"}, memory_mib=900)


@pytest.mark.parametrize(
    ("sidecars", "message"),
    [
        ([AGENT, AGENT], r"sidecars: a name is used twice \(got datadog-agent, datadog-agent\)"),
        ([ROUTER, replace(ROUTER, name="second")], r"sidecars: several log routers \(got log-router, second\)"),
        ([large("large")], r"sidecars: they leave too little .*\(got 900 of the task's 1024 MiB\)\. Use at most 896"),
    ],
)
def test_invalid_sidecars_are_rejected(sidecars: list[Sidecar], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, sidecars=sidecars)


@pytest.mark.parametrize(
    "name",
    [
        *("MONGODB_URI", "REDIS_URL", "SENTRY_DSN", "DATABASE_URL"),
        *("JWT_SECRET", "DB_PASSWORD", "GITHUB_TOKEN", "STRIPE_API_KEY", "jwt_secret", "PASSWORD"),
    ],
)
def test_plain_variable_with_the_name_of_a_secret_is_rejected(name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"environment: names that suggest a secret \(got {name}\)\. Set them in secrets"
    ):
        check_environment([name, "PORT"], [])


def test_other_names_may_be_plain_and_any_name_may_be_secret() -> None:
    plain, secret = ["NODE_ENV", "ALLOWED_ORIGINS", "TOKENIZER", "KEYSPACE"], ["MONGODB_URI", "ANYTHING"]
    check_environment(plain, secret)

    args = replace(ARGS, environment=dict.fromkeys(plain, "x"), secrets=dict.fromkeys(secret, KEY))
    assert (list(args.environment), list(args.secrets)) == (plain, secret)


def test_name_that_is_plain_and_secret_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"environment: names that are in secrets too \(got NODE_ENV\)"):
        check_environment(["NODE_ENV"], ["NODE_ENV"])


def test_replaced_revisions_of_the_task_definition_stay_active() -> None:
    assert task(ARGS).one("aws:ecs/taskDefinition:TaskDefinition").inputs["skipDestroy"] is True


def test_task_in_dual_stack_subnets_may_connect_to_ipv6_addresses() -> None:
    rule = task(replace(ARGS, ipv6=True)).named("job-to-https-ipv6").inputs

    assert (rule["cidrIpv6"], rule["fromPort"], rule["toPort"]) == ("::/0", 443, 443)
    assert "job-to-https-ipv6" not in task(ARGS).tree()


def test_execution_role_may_pull_from_the_repositories_of_all_images() -> None:
    registry = "444455556666.dkr.ecr.us-east-1.amazonaws.com"
    shared = replace(ROUTER, image=f"{registry}/team/router:1")
    recording = task(replace(ARGS, image=f"{registry}/shop/api:1.2.3", sidecars=[shared]))
    (execution,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "job-execution"]
    (pull,) = [each for each in statements(execution) if "ecr:BatchGetImage" in each["Action"]]

    assert pull["Resource"] == [
        ARGS.repository_arn,
        "arn:aws:ecr:us-east-1:444455556666:repository/shop/api",
        "arn:aws:ecr:us-east-1:444455556666:repository/team/router",
    ]
