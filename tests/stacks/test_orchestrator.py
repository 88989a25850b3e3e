"""Tests of tierup:orchestrator: pods on EKS beside the tasks of ECS, and instead of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from stacks import architecture
from stacks.catalog import versions
from stacks.config.errors import InvalidConfigError
from stacks.config.reading import parse
from tests.engine_recorder import Recording, record
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.deployed import deployment
from tests.stacks.test_architecture import CALLS, OUTPUTS
from tierup.sandbox.traffic import evaluate

ADMIN = "arn:aws:iam::111122223333:role/ci/deploy"
EKS = {"phase": "scale", "tier": "medium", "eks": json.dumps({"adminRoles": [ADMIN]})}
CLUSTER = "aws:eks/cluster:Cluster"
SERVICE = "aws:ecs/service:Service"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
OF_EKS: Mapping[str, Mapping[str, Any]] = {
    CLUSTER: {
        "endpoint": "https://api.example",
        "certificateAuthority": {"data": "Y2E="},
        "vpcConfig": {"clusterSecurityGroupId": "sg-cluster"},
    }
}


STATES: tuple[tuple[Any, ...], ...] = (("ecs-and-eks", 10), ("eks",))


def settings(**changes: str) -> Any:
    given = {**MINIMAL_CONFIG, **{f"tierup:{key}": text for key, text in changes.items()}}
    return parse(given, secret_keys=(), stack="prod")


@functools.cache
def recorded(orchestrator: str, percent: int | None = None) -> Recording[Mapping[str, Any]]:
    """Record the program. Cached, because a run takes seconds."""
    share = {} if percent is None else {"eksTrafficPercent": str(percent)}
    chosen = settings(**EKS, orchestrator=orchestrator, **share)
    outputs = {**OUTPUTS, **OF_EKS}
    return record(lambda: architecture.create(chosen), outputs=outputs, calls=CALLS, stack="prod")


def errors(**changes: str) -> dict[str, str]:
    """Return the problems of an invalid configuration by key."""
    with pytest.raises(InvalidConfigError) as caught:
        settings(**changes)
    return {error.key: error.problem for error in caught.value.errors}


def test_tasks_and_pods_divide_the_requests_while_a_stack_moves() -> None:
    recording = recorded("ecs-and-eks", 10)
    share = recording.named("backend-share").inputs

    assert [each["weight"] for each in share["actions"][0]["forward"]["targetGroups"]] == [10, 90]
    assert share["priority"] < recording.named("backend-production").inputs["priority"]
    assert [each.name for each in recording.of(SERVICE)] == ["backend-service", "worker-service"]
    assert [each.name for each in recording.of(DEPLOYMENT)] == ["backend", "worker"]


@pytest.mark.exhaustive
def test_pods_get_only_test_requests_at_zero_percent() -> None:
    recording = recorded("ecs-and-eks")

    assert "backend-share" not in recording.tree()
    assert recording.named("backend-test").inputs["conditions"][1]["httpHeader"]["values"] == ["eks"]


def test_pods_get_every_request_when_only_eks_runs_the_api() -> None:
    recording = recorded("eks")
    groups = recording.named("backend-share").inputs["actions"][0]["forward"]["targetGroups"]

    assert [each["weight"] for each in groups] == [100]
    assert recording.of(SERVICE) == []
    assert "service_name" not in recording.result
    assert recording.value(recording.result["eks_cluster_name"]) == "tierup-prod"


def test_cluster_has_the_catalog_s_versions_the_administrators_and_the_key_of_the_stack() -> None:
    recording = recorded("eks")
    cluster = recording.one(CLUSTER).inputs
    addons = {each.inputs["addonName"]: each.inputs["addonVersion"] for each in recording.of("aws:eks/addon:Addon")}

    assert cluster["version"] == versions.KUBERNETES
    assert cluster["encryptionConfig"]["resources"] == ["secrets"]
    assert addons == versions.EKS_ADDONS
    assert [each.inputs["principalArn"] for each in recording.of("aws:eks/accessEntry:AccessEntry")] == [ADMIN]
    key_policy = recording.named("stack-key").inputs["policy"]
    assert "eks.eu-west-1.amazonaws.com" in key_policy


def test_cluster_can_be_deleted_only_while_tasks_run() -> None:
    protected = {name: recorded(*name).one(CLUSTER).inputs["deletionProtection"] for name in STATES}

    assert protected == {("ecs-and-eks", 10): False, ("eks",): True}


def test_pods_have_the_image_sizes_and_secrets_of_the_task() -> None:
    recording = recorded("ecs-and-eks", 10)
    deployment = next(each for each in recording.of(DEPLOYMENT) if each.name == "backend")
    spec = deployment.inputs["spec"]
    container = spec["template"]["spec"]["containers"][0]
    variables = {each["name"] for each in container["env"]}
    definitions = {each.name: each for each in recording.of("aws:ecs/taskDefinition:TaskDefinition")}
    task = json.loads(definitions["backend-task"].inputs["containerDefinitions"])[0]

    assert (spec["replicas"], container["image"]) == (4, task["image"])
    assert container["resources"]["requests"] == {"cpu": "1000m", "memory": "2048Mi"}
    assert {each["name"] for each in (*task["environment"], *task["secrets"])} <= variables


def test_pods_read_their_secrets_with_a_role_of_their_service_account() -> None:
    recording = recorded("eks")
    roles = {each.name: each for each in recording.of("aws:iam/role:Role")}
    policies = {each.name: each for each in recording.of("aws:iam/rolePolicy:RolePolicy")}
    trust = json.loads(roles["backend-pods-pods"].inputs["assumeRolePolicy"])["Statement"][0]
    statements = json.loads(policies["backend-pods-pods"].inputs["policy"])["Statement"]
    actions = [action for each in statements for action in each["Action"]]

    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert {"secretsmanager:GetSecretValue", "kms:Decrypt"} <= set(actions)


def test_load_balancer_and_dependencies_accept_pods() -> None:
    recording = recorded("eks")
    rules = {each.name for each in recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")}

    assert {"pods-from-load-balancer-5000", "pods-into-cache", "pods-into-database"} <= rules


def test_alarms_monitor_the_target_group_of_pods() -> None:
    alarms = {each.name for each in recorded("eks").of("aws:cloudwatch/metricAlarm:MetricAlarm")}

    assert any(name.startswith("alarms-pods") for name in alarms)
    assert not any("service-cpu" in name for name in alarms)


@pytest.mark.exhaustive
def test_stack_without_pods_is_the_same_as_before() -> None:
    given = settings(phase="scale", tier="medium")
    recording = record(lambda: architecture.create(given), outputs=OUTPUTS, calls=CALLS, stack="prod")

    assert [each.name for each in recording.resources if each.type.startswith(("aws:eks", "kubernetes:"))] == []
    assert "eks." not in str(recording.named("stack-key").inputs)


@pytest.mark.exhaustive
def test_keda_scales_pods_on_requests_and_on_the_queue_of_the_worker() -> None:
    """The sandbox's providers create all of it, and delete it again."""
    worker = {"scaleOnQueue": {"queueName": "jobs", "messagesPerTask": 20}}
    eks = {"adminRoles": [ADMIN], "keda": True}
    given = {**EKS, "orchestrator": "eks", "eks": json.dumps(eks), "worker": json.dumps(worker)}
    with deployment(given) as made:
        assert made.errors == []
        scaled = {each.name: each.inputs["spec"] for each in made.cloud.find(SCALED_OBJECT)}
        assert {name: spec["triggers"][-1]["type"] for name, spec in scaled.items()} == {
            "backend": "aws-cloudwatch",
            "worker": "aws-sqs-queue",
        }
        url = scaled["worker"]["triggers"][-1]["metadata"]["queueURL"]
        assert url.startswith("https://sqs.eu-west-1.amazonaws.com/")
        assert url.endswith("/jobs")
        assert list(made.cloud.find("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")) == []
        roles = [each.value("serviceAccount") for each in made.cloud.find(IDENTITY)]
        assert "keda-operator" in roles
        assert [each.flow.id for each in evaluate(made.cloud).failed] == []


@pytest.mark.parametrize(
    ("changes", "key", "problem"),
    [
        ({"phase": "optimization"}, "orchestrator", "nodes of EKS run in private subnets"),
        ({"eks": "{}"}, "eks.adminRoles", "nobody can use the Kubernetes API"),
        ({"deployment": "blue-green"}, "deployment", "either target group of blue/green"),
        ({"eksTrafficPercent": "10"}, "eksTrafficPercent", "pods get every request"),
        ({"rotationDays": "10"}, "rotationDays", "when Auto Mode replaces their node"),
        ({"backend": '{"port": 80}'}, "backend.port", "no right to listen"),
        ({"backend": '{"openFiles": 4096}'}, "backend.openFiles", "Kubernetes has no such limit"),
        (
            {"worker": '{"scaleOnQueue": {"queueName": "jobs", "messagesPerTask": 10}}'},
            "worker.scaleOnQueue",
            "CPU and memory only",
        ),
        (
            {"orchestrator": "ecs", "eksTrafficPercent": "10"},
            "eksTrafficPercent",
            "no effect when tierup:orchestrator is ecs",
        ),
    ],
)
def test_what_pods_do_not_support_is_refused(changes: dict[str, str], key: str, problem: str) -> None:
    found = errors(**{**EKS, "orchestrator": "eks", **changes})

    assert problem in found[f"tierup:{key}"]


def test_public_access_of_every_address_is_refused() -> None:
    found = errors(**{**EKS, "eks": json.dumps({"adminRoles": [ADMIN], "publicCidrs": ["0.0.0.0/0"]})})

    assert "every address reaches the Kubernetes API" in next(iter(found.values()))


@pytest.mark.exhaustive
@pytest.mark.parametrize("orchestrator", [{"orchestrator": "eks"}, {"orchestrator": "ecs-and-eks"}])
def test_every_flow_of_pods_is_served(orchestrator: Mapping[str, str]) -> None:
    with deployment({**EKS, **orchestrator}) as made:
        assert made.errors == []
        report = evaluate(made.cloud)
    assert [(each.flow.id, each.decisive) for each in (*report.failed, *report.unknown, *report.opened)] == []
    assert {"backend pods to cache", "backend pods to database", "load balancer to backend pods"} <= {
        each.flow.id for each in report.served
    }
