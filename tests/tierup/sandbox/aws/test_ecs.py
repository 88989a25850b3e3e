"""Tests of the behaviour rows of ECS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.sandbox.aws.ecs import (
    CLUSTER,
    CLUSTER_CAPACITY_PROVIDERS,
    MEMORY_BY_CPU,
    SECRET,
    SERVICE,
    TASK_DEFINITION,
)
from tierup.sandbox.aws.elasticloadbalancing import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.aws.network import INTERNET_GATEWAY, SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.aws.servicediscovery import HTTP_NAMESPACE
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account

TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}'
)
FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512"}
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:url-AbCdEf"
LOGGING: dict[str, Any] = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "api"},
}


def containers(*changes: dict[str, Any], **inputs: Any) -> str:
    """Return container definitions: the API container with `inputs`, and one more container for each of `changes`."""
    api = {"name": "api", "image": "node:22", "portMappings": [{"containerPort": 5000}], **inputs}
    return json.dumps([api, *({"name": "other", "image": "node:22", **change} for change in changes)])


@pytest.fixture
def role(account: Account) -> str:
    return account.make(ROLE, "execution", assumeRolePolicy=TRUST).outputs["arn"]


@pytest.fixture
def task(account: Account) -> CloudResource:
    return account.make(TASK_DEFINITION, "api", family="api", containerDefinitions=containers(), **FARGATE)


@pytest.fixture
def cluster(account: Account) -> CloudResource:
    return account.make(CLUSTER, "main")


@pytest.fixture
def vpc(account: Account) -> str:
    vpc = account.make(VPC, "vpc", cidrBlock="10.0.0.0/16").id
    account.make(INTERNET_GATEWAY, "gateway", vpcId=vpc)
    return vpc


@pytest.fixture
def subnets(account: Account, vpc: str) -> list[str]:
    return [
        account.make(SUBNET, zone, vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZone=f"eu-west-1{zone}").id
        for number, zone in enumerate("ab")
    ]


@pytest.fixture
def targets(account: Account, vpc: str) -> str:
    made = account.make(TARGET_GROUP, "api", port=5000, protocol="HTTP", targetType="ip", vpcId=vpc)
    return made.outputs["arn"]


@pytest.mark.parametrize(("cpu", "memory"), [("256", "512"), ("1024", "8192"), ("4096", "30720"), (".5 vCPU", "4 GB")])
def test_valid_fargate_size_is_accepted(account: Account, cpu: str, memory: str) -> None:
    inputs = {**FARGATE, "cpu": cpu, "memory": memory}
    assert not account.planned(TASK_DEFINITION, family="api", containerDefinitions=containers(), **inputs)


@pytest.mark.parametrize(
    ("cpu", "memory", "path"),
    [
        ("256", "4096", "memory"),
        ("512", "512", "memory"),
        ("1024", "2560", "memory"),
        ("300", "512", "cpu"),
        ("1 GB", "512", "cpu"),
        (None, "512", "cpu"),
    ],
)
def test_invalid_fargate_size_is_rejected(account: Account, cpu: str | None, memory: str, path: str) -> None:
    inputs = {**FARGATE, "memory": memory}
    inputs.pop("cpu")
    if cpu is not None:
        inputs["cpu"] = cpu
    found = account.planned(TASK_DEFINITION, family="api", containerDefinitions=containers(), **inputs)
    assert [rejection.path for rejection in found] == [path]


def test_largest_fargate_size_matches_aws() -> None:
    assert MEMORY_BY_CPU[2048][-1] == 16 * 1024
    assert MEMORY_BY_CPU[8192][1] - MEMORY_BY_CPU[8192][0] == 4 * 1024
    assert (MEMORY_BY_CPU[16384][0], MEMORY_BY_CPU[16384][-1]) == (32 * 1024, 120 * 1024)


def test_fargate_requires_awsvpc(account: Account) -> None:
    (rejection,) = account.planned(
        TASK_DEFINITION, family="api", containerDefinitions=containers(), **{**FARGATE, "networkMode": "bridge"}
    )
    assert rejection.path == "networkMode"


@pytest.mark.parametrize(
    ("definitions", "says"),
    [
        ("{", "not JSON"),
        ("{}", "JSON list of objects"),
        ("[]", "1 to 10 containers"),
        (json.dumps([{"name": "api"}]), "has no image"),
        (json.dumps([{"image": "node:22"}]), "has no name"),
        (containers(essential=False), "essential"),
        (containers({"name": "api"}), "must be unique"),
        (containers(portMappings=[{"containerPort": 5000, "hostPort": 80}]), "hostPort 80"),
        (containers(portMappings=[{"containerPort": "web"}]), "containerPort (got 'web')"),
        (containers(portMappings=[{"containerPort": 53, "protocol": "quic"}]), "protocol"),
        (containers(environment=[{"name": "PORT", "value": 5000}]), "must be a string"),
        (containers(environment=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]), "duplicate name"),
        (containers(healthCheck={"command": ["curl"]}), "CMD-SHELL"),
        (containers(logConfiguration={"logDriver": "json-file"}), "Fargate does not support"),
    ],
)
def test_invalid_container_definitions_are_rejected(account: Account, definitions: str, says: str) -> None:
    found = account.planned(TASK_DEFINITION, family="api", containerDefinitions=definitions, **FARGATE)
    assert {(rejection.path, rejection.code) for rejection in found} == {("containerDefinitions", "ClientException")}
    assert any(says in rejection.message for rejection in found)


def test_message_contains_no_environment_value(account: Account) -> None:
    definitions = containers(environment=[{"name": "TOKEN", "value": ["hunter2"]}])
    (rejection,) = account.planned(TASK_DEFINITION, family="api", containerDefinitions=definitions, **FARGATE)
    assert "hunter2" not in rejection.message


def test_unknown_container_definitions_are_accepted(account: Account) -> None:
    assert not account.planned(TASK_DEFINITION, family="api", containerDefinitions=UNKNOWN, **FARGATE)


def test_awslogs_and_secrets_require_execution_role(account: Account, role: str) -> None:
    for extra in ({"logConfiguration": LOGGING}, {"secrets": [{"name": "URL", "valueFrom": SECRET_ARN}]}):
        inputs = {"family": "api", "containerDefinitions": containers(**extra), **FARGATE}
        (rejection,) = account.planned(TASK_DEFINITION, **inputs)
        assert rejection.path == "executionRoleArn"
        assert not account.planned(TASK_DEFINITION, executionRoleArn=role, **inputs)


def test_missing_secret_of_task_is_rejected(account: Account, role: str) -> None:
    secrets = [{"name": "URL", "valueFrom": f"{SECRET_ARN}:url::"}]
    inputs = {"family": "api", "containerDefinitions": containers(secrets=secrets), "executionRoleArn": role, **FARGATE}
    assert account.codes(TASK_DEFINITION, **inputs) == {"ResourceInitializationError"}
    account.add_existing(SECRET, SECRET_ARN, arn=SECRET_ARN)
    assert not account.codes(TASK_DEFINITION, **inputs)


def test_missing_log_group_of_task_is_rejected(account: Account, role: str) -> None:
    inputs = {
        "family": "api",
        "containerDefinitions": containers(logConfiguration=LOGGING),
        "executionRoleArn": role,
        **FARGATE,
    }
    assert account.codes(TASK_DEFINITION, **inputs) == {"ResourceInitializationError"}
    options = {**LOGGING["options"], "awslogs-create-group": "true"}
    made_by_task = containers(logConfiguration={**LOGGING, "options": options})
    assert not account.codes(TASK_DEFINITION, **{**inputs, "containerDefinitions": made_by_task})
    account.make(LOG_GROUP, name="/ecs/api")
    assert not account.codes(TASK_DEFINITION, **inputs)


def test_missing_role_of_task_is_rejected(account: Account) -> None:
    gone = "arn:aws:iam::123456789012:role/gone"
    assert account.codes(
        TASK_DEFINITION, family="api", containerDefinitions=containers(), taskRoleArn=gone, **FARGATE
    ) == {"ClientException"}


def test_changed_task_definition_is_new_revision(account: Account, task: CloudResource) -> None:
    assert task.outputs["revision"] == 1
    assert task.outputs["arn"] == "arn:aws:ecs:eu-west-1:123456789012:task-definition/api:1"
    assert task.outputs["arnWithoutRevision"] == "arn:aws:ecs:eu-west-1:123456789012:task-definition/api"
    assert account.replaced_by(task, containerDefinitions=containers(image="node:24")) == {"containerDefinitions"}
    assert not account.replaced_by(task, tags={"Name": "api"})
    inputs = {"family": "api", "containerDefinitions": containers(image="node:24"), **FARGATE}
    second = account.make(TASK_DEFINITION, "api", **inputs)
    assert second.outputs["revision"] == 2
    account.cloud.remove(task)
    account.cloud.remove(second)
    assert account.make(TASK_DEFINITION, "api", **inputs).outputs["revision"] == 3


def test_cluster_with_services_cannot_be_deleted(
    account: Account, cluster: CloudResource, task: CloudResource, subnets: list[str]
) -> None:
    service = account.make(
        SERVICE,
        "api",
        cluster=cluster.outputs["arn"],
        taskDefinition=task.outputs["arn"],
        launchType="FARGATE",
        networkConfiguration={"subnets": subnets},
    )
    cluster_name, name = cluster.outputs["name"], service.outputs["name"]
    assert service.id == f"arn:aws:ecs:eu-west-1:123456789012:service/{cluster_name}/{name}"
    assert account.delete_codes(cluster) == {"ClusterContainsServicesException"}


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        (
            {"launchType": "FARGATE", "capacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1}]},
            "capacityProviderStrategies",
        ),
        ({"launchType": "FARGATE", "networkConfiguration": None}, "networkConfiguration"),
        ({"launchType": "LAMBDA"}, "launchType"),
        ({"deploymentMaximumPercent": 100, "deploymentMinimumHealthyPercent": 100}, "deploymentMaximumPercent"),
        ({"healthCheckGracePeriodSeconds": 60}, "healthCheckGracePeriodSeconds"),
        ({"schedulingStrategy": "DAEMON", "launchType": "FARGATE"}, "schedulingStrategy"),
        ({"taskDefinition": None}, "taskDefinition"),
        ({"networkConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg"] * 6}},
         "networkConfiguration.securityGroups"),
        ({"capacityProviderStrategies": [{"capacityProvider": "FARGATE", "base": 1, "weight": 1},
                                         {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1}]},
         "capacityProviderStrategies"),
    ],
)  # fmt: skip
def test_invalid_service_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    given = {"taskDefinition": "api", "networkConfiguration": {"subnets": ["subnet-1"]}, **inputs}
    found = account.planned(SERVICE, **{name: value for name, value in given.items() if value is not None})
    assert [rejection.path for rejection in found] == [path]


def test_service_must_match_task_definition(
    account: Account, cluster: CloudResource, task: CloudResource, subnets: list[str], targets: str, vpc: str
) -> None:
    balancer = account.make(LOAD_BALANCER, "api", subnets=subnets)
    forward = [{"type": "forward", "targetGroupArn": targets}]
    account.make(LISTENER, "http", loadBalancerArn=balancer.id, port=80, defaultActions=forward)
    inputs = {
        "cluster": cluster.outputs["arn"],
        "taskDefinition": task.outputs["arn"],
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": subnets},
    }

    def behind(name: str, port: int, group: str = targets) -> list[dict[str, Any]]:
        return [{"containerName": name, "containerPort": port, "targetGroupArn": group}]

    assert not account.codes(SERVICE, loadBalancers=behind("api", 5000), **inputs)
    (rejection,) = account.rejections(SERVICE, loadBalancers=behind("web", 5000), **inputs)
    assert (rejection.path, rejection.code) == ("loadBalancers[0].containerName", "InvalidParameterException")
    (rejection,) = account.rejections(SERVICE, loadBalancers=behind("api", 80), **inputs)
    assert rejection.path == "loadBalancers[0].containerPort"
    instances = account.make(TARGET_GROUP, "hosts", port=80, protocol="HTTP", vpcId=vpc).outputs["arn"]
    found = account.rejections(SERVICE, loadBalancers=behind("api", 5000, instances), **inputs)
    assert {rejection.path for rejection in found} == {"loadBalancers[0].targetGroupArn"}
    assert any("requires ip" in rejection.message for rejection in found)
    assert account.codes(SERVICE, **{**inputs, "taskDefinition": "gone:1"}) == {"ClientException"}
    assert not account.codes(SERVICE, **{**inputs, "taskDefinition": "api"})
    assert not account.codes(SERVICE, **{**inputs, "taskDefinition": "api:1"})


def test_target_group_without_load_balancer_is_rejected(
    account: Account, cluster: CloudResource, task: CloudResource, subnets: list[str], targets: str
) -> None:
    (rejection,) = account.rejections(
        SERVICE,
        cluster=cluster.outputs["arn"],
        taskDefinition=task.outputs["arn"],
        launchType="FARGATE",
        networkConfiguration={"subnets": subnets},
        loadBalancers=[{"containerName": "api", "containerPort": 5000, "targetGroupArn": targets}],
    )
    assert rejection.code == "InvalidParameterException"
    assert "does not have an associated load balancer" in rejection.message


def test_service_in_two_vpcs_is_rejected(
    account: Account, cluster: CloudResource, task: CloudResource, subnets: list[str]
) -> None:
    other = account.make(VPC, "other", cidrBlock="10.1.0.0/16").id
    group = account.make(SECURITY_GROUP, "theirs", vpcId=other).id
    inputs = {
        "cluster": cluster.outputs["arn"],
        "taskDefinition": task.outputs["arn"],
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": subnets, "securityGroups": [group]},
    }
    (rejection,) = account.rejections(SERVICE, **inputs)
    assert rejection.path == "networkConfiguration.securityGroups[0]"


def test_capacity_provider_must_be_in_cluster(
    account: Account, cluster: CloudResource, task: CloudResource, subnets: list[str]
) -> None:
    inputs = {
        "cluster": cluster.outputs["arn"],
        "taskDefinition": task.outputs["arn"],
        "networkConfiguration": {"subnets": subnets},
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    }
    assert account.codes(SERVICE, **inputs) == {"InvalidParameterException"}
    account.make(
        CLUSTER_CAPACITY_PROVIDERS,
        clusterName=cluster.outputs["name"],
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE", "weight": 1}],
    )
    service = account.make(SERVICE, "api", **inputs)
    assert service.outputs["platformVersion"] == "LATEST"
    moved = {"capacityProviderStrategies": None, "launchType": "FARGATE"}
    assert account.replaced_by(service, **moved)
    assert not account.replaced_by(service, forceNewDeployment=True, **moved)
    assert not account.replaced_by(service, desiredCount=3)


def test_default_strategy_must_use_capacity_providers(account: Account, cluster: CloudResource) -> None:
    (rejection,) = account.planned(
        CLUSTER_CAPACITY_PROVIDERS,
        clusterName=cluster.outputs["name"],
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    assert rejection.path == "defaultCapacityProviderStrategies[0].capacityProvider"


@pytest.mark.parametrize(("size", "rejected"), [(20, True), (21, False), (200, False), (201, True)])
def test_ephemeral_storage_out_of_range_is_rejected(account: Account, size: int, rejected: bool) -> None:
    inputs = {"containerDefinitions": containers(), "ephemeralStorage": {"sizeInGib": size}, **FARGATE}
    found = account.planned(TASK_DEFINITION, family="api", **inputs)
    assert [rejection.path for rejection in found] == (["ephemeralStorage.sizeInGib"] if rejected else [])


SECOND = "arn:second"
RULE = "arn:rule"
SHIFT_ROLE = "arn:aws:iam::123456789012:role/shift"
ADVANCED = {"alternateTargetGroupArn": SECOND, "productionListenerRule": RULE, "roleArn": SHIFT_ROLE}


@pytest.fixture
def served(account: Account, cluster: CloudResource, subnets: list[str], targets: str) -> dict[str, Any]:
    """Return the inputs of a rolling service behind a load balancer, with all that blue/green deployments need."""
    named = {"portMappings": [{"containerPort": 5000, "name": "http"}]}
    task = account.make(TASK_DEFINITION, "api", family="api", containerDefinitions=containers(**named), **FARGATE)
    listener = account.make(
        LISTENER,
        loadBalancerArn=account.make(LOAD_BALANCER, "api", subnets=subnets).id,
        port=80,
        defaultActions=[{"type": "forward", "targetGroupArn": targets}],
    )
    assert listener.id
    account.add_existing(TARGET_GROUP, SECOND, arn=SECOND, targetType="ip")
    account.add_existing(ROLE, "shift", arn=SHIFT_ROLE)
    account.add_existing(LISTENER_RULE, RULE, arn=RULE, actions=to_groups(targets, SECOND))
    account.add_existing(LISTENER_RULE, "arn:other", arn="arn:other", actions=to_groups("arn:theirs"))
    account.make(
        CLUSTER_CAPACITY_PROVIDERS, clusterName=cluster.outputs["name"], capacityProviders=["FARGATE", "FARGATE_SPOT"]
    )
    return {
        "cluster": cluster.outputs["arn"],
        "taskDefinition": task.outputs["arn"],
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}],
        "networkConfiguration": {"subnets": subnets},
        "loadBalancers": balanced(targets),
    }


def to_groups(*arns: str) -> list[dict[str, Any]]:
    return [{"type": "forward", "forward": {"targetGroups": [{"arn": arn, "weight": 1} for arn in arns]}}]


def balanced(targets: str, **advanced: Any) -> list[dict[str, Any]]:
    entry: dict[str, Any] = {"containerName": "api", "containerPort": 5000, "targetGroupArn": targets}
    return [{**entry, "advancedConfiguration": advanced} if advanced else entry]


BLUE_GREEN = {"deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "5"}}


def test_blue_green_requires_two_updates(account: Account, served: dict[str, Any], targets: str) -> None:
    service = account.make(SERVICE, "api", **served)
    shift = {"loadBalancers": balanced(targets, **ADVANCED)}

    assert account.change_codes(service, **shift, **BLUE_GREEN) == {"InvalidParameterException"}
    prepared = account.change(service, **shift)
    assert not account.replaced_by(prepared, **BLUE_GREEN)
    shifting = account.change(prepared, **BLUE_GREEN)
    assert not account.change_codes(shifting, deploymentConfiguration={"strategy": "ROLLING"})


def test_new_service_can_start_with_blue_green(account: Account, served: dict[str, Any], targets: str) -> None:
    assert not account.codes(SERVICE, **{**served, "loadBalancers": balanced(targets, **ADVANCED)}, **BLUE_GREEN)


@pytest.mark.parametrize(
    ("advanced", "path"),
    [
        ({}, "loadBalancers[0].advancedConfiguration"),
        ({"alternateTargetGroupArn": "first"}, "loadBalancers[0].advancedConfiguration.alternateTargetGroupArn"),
        ({"alternateTargetGroupArn": "arn:gone"}, "loadBalancers[0].advancedConfiguration.alternateTargetGroupArn"),
        ({"productionListenerRule": "arn:gone"}, "loadBalancers[0].advancedConfiguration.productionListenerRule"),
        ({"productionListenerRule": "arn:other"}, "loadBalancers[0].advancedConfiguration.productionListenerRule"),
        ({"roleArn": "arn:aws:iam::123456789012:role/gone"}, "loadBalancers[0].advancedConfiguration.roleArn"),
    ],
)
def test_invalid_blue_green_service_is_rejected(
    account: Account, served: dict[str, Any], targets: str, advanced: dict[str, str], path: str
) -> None:
    given = {key: targets if value == "first" else value for key, value in advanced.items()}
    balancers = balanced(targets, **({**ADVANCED, **given} if advanced else {}))
    found = account.rejections(SERVICE, **{**served, "loadBalancers": balancers}, **BLUE_GREEN)

    assert path in [rejection.path for rejection in found]


def test_invalid_strategy_and_bake_time_are_rejected(account: Account, served: dict[str, Any], targets: str) -> None:
    given = {**served, "loadBalancers": balanced(targets, **ADVANCED)}
    long, unknown = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "1441"}, {"strategy": "GREEN"}

    assert [each.path for each in account.planned(SERVICE, **given, deploymentConfiguration=long)] == [
        "deploymentConfiguration.bakeTimeInMinutes"
    ]
    assert [each.path for each in account.planned(SERVICE, **given, deploymentConfiguration=unknown)] == [
        "deploymentConfiguration.strategy"
    ]


def test_changed_strategy_replaces_service_without_forced_deployment(account: Account, served: dict[str, Any]) -> None:
    service = account.make(SERVICE, "api", **served)
    spot = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]

    assert account.replaced_by(service, capacityProviderStrategies=spot)
    assert not account.replaced_by(service, capacityProviderStrategies=spot, forceNewDeployment=True)


def test_service_connect_requires_port_name_and_namespace(account: Account, served: dict[str, Any]) -> None:
    namespace = account.make(HTTP_NAMESPACE, "app").outputs["arn"]

    def codes(port: str, arn: str) -> set[str]:
        connect = {"enabled": True, "namespace": arn, "services": [{"portName": port}]}
        return account.codes(SERVICE, **served, serviceConnectConfiguration=connect)

    assert codes("http", namespace) == set()
    assert codes("web", namespace) == {"InvalidParameterException"}
    assert codes("http", f"{namespace}-gone") == {"NamespaceNotFoundException"}
    connect = {"enabled": True, "namespace": namespace}
    account.make(SERVICE, "api", **served, serviceConnectConfiguration=connect)
    (held,) = account.cloud.find(HTTP_NAMESPACE)
    assert account.delete_codes(held) == {"ResourceInUse"}
