"""The settings of the application's containers reach the tasks, roles and health checks that they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from stacks import architecture
from stacks.catalog.phases import Phase
from stacks.config.containers import RESERVED_VARIABLES
from stacks.config.errors import InvalidConfigError
from stacks.config.reading import parse
from tests.components.policy_documents import statements
from tests.engine_recorder import Recorded, Recording, record
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.test_architecture import CALLS, OUTPUTS

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:stripe-AbCdEf"  # pragma: allowlist secret
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/app/flag"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
TASKS = {
    "report": {"command": ["node", "report.js"], "schedule": "rate(1 day)", "environment": {"MODE": "report"}},
}
SERVICES = {"reports": {"image": IMAGE, "paths": ["/reports"], "priority": 10, "environment": {"MODE": "reports"}}}


def built(phase: Phase = Phase.SCALE, secrets: Mapping[str, str] | None = None, **settings: object) -> Recording[Any]:
    given = {**MINIMAL_CONFIG, "tierup:phase": phase, "tierup:tier": "medium", "tierup:image": IMAGE}
    given["tierup:sizeOverrides"] = '{"databaseMaxPoolSize": 20}'
    given |= {
        f"tierup:{key}": value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()
    }
    keys: tuple[str, ...] = ()
    if secrets is not None:
        given["tierup:appSecrets"] = json.dumps(secrets)
        keys = ("tierup:appSecrets",)
    parsed = parse(given, secret_keys=keys, stack="prod")
    values = {name: pulumi.Output.secret(value) for name, value in (secrets or {}).items()}
    parsed = parsed.model_copy(update={"app_secrets": values})
    return record(lambda: architecture.create(parsed), outputs=OUTPUTS, calls=CALLS, stack="prod")


def definition(recording: Recording[Any], name: str) -> Recorded:
    (found,) = [each for each in recording.of("aws:ecs/taskDefinition:TaskDefinition") if each.name == f"{name}-task"]
    return found


def container(recording: Recording[Any], name: str) -> Any:
    return json.loads(definition(recording, name).inputs["containerDefinitions"])[0]


def variables(recording: Recording[Any], name: str) -> Mapping[str, str]:
    return {each["name"]: each["value"] for each in container(recording, name)["environment"]}


def secret_names(recording: Recording[Any], name: str) -> set[str]:
    return {each["name"] for each in container(recording, name)["secrets"]}


def test_environment_of_the_backend_is_shared_by_the_tasks_of_its_image() -> None:
    recording = built(
        Phase.ENTERPRISE, backend={"environment": {"LOG_LEVEL": "info"}}, services=SERVICES, scheduledTasks=TASKS
    )

    assert [variables(recording, name).get("LOG_LEVEL") for name in ("backend", "worker", "report")] == ["info"] * 3
    assert variables(recording, "report")["MODE"] == "report"
    assert "LOG_LEVEL" not in variables(recording, "reports"), "another image"
    assert variables(recording, "reports")["MODE"] == "reports"


def test_secrets_by_arn_are_references_that_the_execution_role_may_read() -> None:
    recording = built(backend={"secrets": {"STRIPE_KEY": SECRET, "FLAG": PARAMETER}})
    given = {each["name"]: each["valueFrom"] for each in container(recording, "backend")["secrets"]}
    (policy,) = [each for each in recording.of("aws:iam/rolePolicy:RolePolicy") if each.name == "backend-execution"]
    by_action = {str(each["Action"]): each["Resource"] for each in statements(policy)}

    assert given["STRIPE_KEY"] == SECRET
    assert given["FLAG"] == PARAMETER
    assert SECRET in by_action["secretsmanager:GetSecretValue"]
    assert by_action["ssm:GetParameters"] == [PARAMETER]


def test_app_secrets_are_stored_and_given_to_the_tasks_of_the_image_and_to_services_that_name_them() -> None:
    services = {**SERVICES, "billing": {**SERVICES["reports"], "priority": 20, "appSecrets": ["STRIPE_KEY"]}}
    recording = built(Phase.ENTERPRISE, secrets={"STRIPE_KEY": "sk_1", "OTHER_KEY": "x"}, services=services)

    assert recording.named("app-secret-stripe-key-value").type == "aws:secretsmanager/secretVersion:SecretVersion"
    assert {"STRIPE_KEY", "OTHER_KEY"} <= secret_names(recording, "backend") & secret_names(recording, "worker")
    assert secret_names(recording, "billing") & {"STRIPE_KEY", "OTHER_KEY"} == {"STRIPE_KEY"}
    assert not secret_names(recording, "reports") & {"STRIPE_KEY", "OTHER_KEY"}


def test_both_target_groups_of_a_service_accept_its_health_check_codes() -> None:
    service = {**SERVICES["reports"], "healthCheckCodes": "200,401", "deployment": "blue-green"}
    recording = built(Phase.ENTERPRISE, services={"reports": service})
    groups = [each for each in recording.of("aws:lb/targetGroup:TargetGroup") if each.name.startswith("reports")]
    assert [each.inputs["healthCheck"]["matcher"] for each in groups] == ["200,401"] * 2


def test_permissions_reach_the_task_role_only() -> None:
    permissions = {
        "buckets": {"uploads": "read-write"},
        "queues": {QUEUE: "send"},
        "statements": [{"actions": ["events:PutEvents"], "resources": ["*"]}],
        "managedPolicies": ["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"],
    }
    recording = built(backend={"permissions": permissions})
    policy = recording.named("backend-application")
    allowed = {action for each in statements(policy) for action in each["Action"]}

    assert policy.inputs["role"] == "backend-task-name"
    assert {"s3:PutObject", "sqs:SendMessage", "events:PutEvents"} <= allowed
    assert recording.named("backend-amazonssmreadonlyaccess").inputs["role"] == "backend-task-name"


def test_port_and_health_path_agree_between_target_group_container_and_outputs() -> None:
    recording = built(backend={"port": 8080, "healthCheckPath": "/ready"})
    targets = recording.named("api-targets")

    assert targets.inputs["port"] == 8080
    assert targets.inputs["healthCheck"]["path"] == "/ready"
    assert container(recording, "backend")["portMappings"][0]["containerPort"] == 8080
    assert variables(recording, "backend")["PORT"] == "8080"
    assert recording.result["health_url"].endswith("/ready")


def test_architecture_user_and_registry_reach_the_task_definition() -> None:
    backend = {"architecture": "X86_64", "user": "10001:10001", "openFiles": 100000, "repositoryCredentials": SECRET}
    recording = built(backend=backend)
    service = container(recording, "backend")

    assert definition(recording, "backend").inputs["runtimePlatform"]["cpuArchitecture"] == "X86_64"
    assert service["user"] == "10001:10001"
    assert service["repositoryCredentials"] == {"credentialsParameter": SECRET}
    assert service["ulimits"][0]["hardLimit"] == 100000
    assert "ulimits" not in container(recording, "worker"), "limits of open files are those of one container"


def test_sidecars_and_log_router_run_beside_the_service() -> None:
    backend = {
        "sidecars": {"proxy": {"image": "envoy:1.35.0", "memory": 64}},
        "logRouter": {
            "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
            "options": {"Name": "stdout"},
        },
    }
    recording = built(backend=backend)
    names = [each["name"] for each in json.loads(definition(recording, "backend").inputs["containerDefinitions"])]

    assert names == ["backend", "log-router", "proxy"]
    assert container(recording, "backend")["logConfiguration"]["logDriver"] == "awsfirelens"
    assert container(recording, "worker")["logConfiguration"]["logDriver"] == "awsfirelens"


def test_worker_scales_on_the_messages_of_a_queue_for_each_task() -> None:
    recording = built(worker={"scaleOnQueue": {"queueName": "jobs", "messagesPerTask": 20}})
    tracking = recording.named("worker-scaling-queue").inputs["targetTrackingScalingPolicyConfiguration"]
    expression = tracking["customizedMetricSpecification"]["metrics"][-1]

    assert tracking["targetValue"] == 20
    assert expression["expression"] == "waiting / IF(FILL(running, 0) > 0, running, 1)"
    assert expression["returnData"] is True


def test_release_task_runs_the_services_image_and_may_connect_to_the_database() -> None:
    recording = built(releaseTask={"command": ["node", "migrate.js"]}, databaseAuth="iam")
    release = container(recording, "release")

    assert release["image"] == IMAGE
    assert release["command"] == ["node", "migrate.js"]
    assert json.loads(recording.value(recording.result["release_task"]))["capacityProviderStrategy"]
    assert "MONGODB_URI" in secret_names(recording, "release")


@pytest.mark.parametrize(
    ("setting", "value", "key", "problem"),
    [
        ("backend", {"environment": {"PORT": "1"}}, "backend", "the stack sets PORT itself"),
        ("backend", {"environment": {"API_KEY": "visible"}}, "backend", "names that suggest a secret"),
        ("backend", {"secrets": {"A": "plain"}}, "backend", "a value is not the ARN of a Secrets Manager secret"),
        ("backend", {"sidecars": {"worker": {"image": "x:1"}}}, "backend", "names of the stack's own containers"),
        (
            "backend",
            {"permissions": {"statements": [{"actions": ["*"], "resources": ["*"]}]}},
            "backend",
            "not the names of actions",
        ),
        (
            "services",
            {"reports": {**SERVICES["reports"], "appSecrets": ["NONE"]}},
            "services.reports.appSecrets",
            "not keys of tierup:appSecrets",
        ),
    ],
)
def test_settings_that_could_not_work_are_rejected_without_their_values(
    setting: str, value: object, key: str, problem: str
) -> None:
    with pytest.raises(InvalidConfigError) as raised:
        built(Phase.ENTERPRISE, None, **{setting: value})
    (error,) = [each for each in raised.value.errors if each.key.startswith(f"tierup:{key}")]

    assert problem in str(error)
    assert "visible" not in str(error)


def test_app_secrets_in_plain_text_are_rejected() -> None:
    given = {**MINIMAL_CONFIG, "tierup:appSecrets": '{"STRIPE_KEY": "sk_live"}'}
    with pytest.raises(InvalidConfigError) as raised:
        parse(given, secret_keys=(), stack="prod")

    assert "stored in plain text" in str(raised.value)
    assert "sk_live" not in str(raised.value)


def test_every_variable_of_the_stack_is_reserved_or_may_be_replaced() -> None:
    recording = built(Phase.ENTERPRISE)
    replaceable = {
        "NODE_ENV",
        "NODE_OPTIONS",
        "ALLOWED_ORIGINS",
        "BUSINESS_METRICS_NAMESPACE",
        "BUSINESS_METRICS_STACK",
    }
    given = {*variables(recording, "backend"), *secret_names(recording, "backend")}

    assert given
    assert given - replaceable <= RESERVED_VARIABLES
