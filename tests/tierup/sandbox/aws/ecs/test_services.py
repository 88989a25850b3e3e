"""Tests of the behaviour rows of ECS services."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ecs import CLUSTER, CLUSTER_CAPACITY_PROVIDERS
from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.aws.ecs_task_definitions import TASK_DEFINITION
from tierup.sandbox.aws.elb import LISTENER, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.aws.logs import LOG_GROUP
from tierup.sandbox.aws.network import SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.aws.secretsmanager import SECRET
from tierup.sandbox.aws.servicediscovery import HTTP_NAMESPACE
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from ..policy_inputs import allow, make_role
from .inputs import FARGATE, containers


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
        ({"launchType": "FARGATE", "platformVersion": "2.0.0"}, "platformVersion"),
        ({"launchType": "EC2", "platformVersion": "1.4.0"}, "platformVersion"),
        ({"launchType": "FARGATE", "orderedPlacementStrategies": [{"type": "binpack", "field": "cpu"}]},
         "orderedPlacementStrategies"),
        ({"iamRole": "arn:aws:iam::123456789012:role/ecs"}, "iamRole"),
        ({"availabilityZoneRebalancing": "ENABLED", "deploymentMaximumPercent": 100,
          "deploymentMinimumHealthyPercent": 0}, "availabilityZoneRebalancing"),
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
    assert account.codes(SERVICE, **{**inputs, "taskDefinition": "missing:1"}) == {"ClientException"}
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
    group = account.make(SECURITY_GROUP, "foreign", vpcId=other).id
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


def test_changed_strategy_requires_forced_deployment(account: Account, served: dict[str, Any]) -> None:
    """The provider rejects the plan, and does not replace the service."""
    service = account.make(SERVICE, "api", **served)
    spot = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]

    assert account.change_codes(service, capacityProviderStrategies=spot) == {"PlanError"}
    assert not account.change_codes(service, capacityProviderStrategies=spot, forceNewDeployment=True)
    assert not account.replaced_by(service, capacityProviderStrategies=spot, forceNewDeployment=True)


def test_service_without_launch_type_adopts_default_strategy(account: Account, served: dict[str, Any]) -> None:
    """The cluster's default strategy applies where the service has no launch type."""
    default = [{"capacityProvider": "FARGATE", "weight": 1}]
    (providers,) = account.cloud.find(CLUSTER_CAPACITY_PROVIDERS)
    account.change(providers, defaultCapacityProviderStrategies=default)
    inputs = {key: value for key, value in served.items() if key != "capacityProviderStrategies"}
    service = account.make(SERVICE, "api", **inputs)
    assert (service.outputs["capacityProviderStrategies"], service.outputs["launchType"]) == (default, "")
    # The provider plans to remove the strategy that it finds, and fails.
    assert account.change_codes(service) == {"PlanError"}


def test_task_without_log_group_or_secret_is_rejected_at_the_service(account: Account, served: dict[str, Any]) -> None:
    """ECS registers such a task definition, and its tasks fail."""
    logging = {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "/ecs/api", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "api"},
    }
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:url-AbCdEf"
    definitions = containers(
        portMappings=[{"containerPort": 5000, "name": "http"}],
        logConfiguration=logging,
        secrets=[{"name": "URL", "valueFrom": f"{arn}:url::"}],
    )
    rights = allow("logs:*", "secretsmanager:GetSecretValue")
    role = make_role(account, "execution", "ecs-tasks.amazonaws.com", rights).outputs["arn"]
    task = account.make(
        TASK_DEFINITION, "logged", family="logged", containerDefinitions=definitions, executionRoleArn=role, **FARGATE
    )
    served = {**served, "taskDefinition": task.outputs["arn"]}
    found = account.rejections(SERVICE, **served)
    assert [(each.code, each.retried) for each in found] == [("ResourceInitializationError", True)] * 2
    account.add_existing(SECRET, arn, arn=arn)
    account.make(LOG_GROUP, name="/ecs/api")
    assert not account.codes(SERVICE, **served)


def test_subnet_in_zone_without_fargate_is_rejected() -> None:
    account = Account("ap-northeast-1")
    vpc = account.make(VPC, "vpc", cidrBlock="10.0.0.0/16").id
    good = account.make(SUBNET, "good", vpcId=vpc, cidrBlock="10.0.0.0/24", availabilityZone="ap-northeast-1a")
    assert good.outputs["availabilityZoneId"] == "apne1-az4"
    account.add_existing(SUBNET, "subnet-3", vpcId=vpc, availabilityZoneId="apne1-az3")
    task = account.make(TASK_DEFINITION, "api", family="api", containerDefinitions=containers(), **FARGATE)
    cluster = account.make(CLUSTER, "main").outputs["arn"]
    inputs = {"cluster": cluster, "taskDefinition": task.outputs["arn"], "launchType": "FARGATE"}
    (rejection,) = account.rejections(SERVICE, networkConfiguration={"subnets": [good.id, "subnet-3"]}, **inputs)
    assert rejection.path == "networkConfiguration.subnets[1]"


def test_service_connect_requires_port_name_and_namespace(account: Account, served: dict[str, Any]) -> None:
    namespace = account.make(HTTP_NAMESPACE, "app").outputs["arn"]

    def codes(port: str, arn: str, **timeout: int) -> set[str]:
        connect = {"enabled": True, "namespace": arn, "services": [{"portName": port, "timeout": timeout}]}
        return account.codes(SERVICE, **served, serviceConnectConfiguration=connect)

    assert codes("http", namespace) == set()
    vpc = next(account.cloud.find(VPC)).id
    private = account.make("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", name="app.local", vpc=vpc)
    assert codes("http", private.outputs["arn"]) == set()
    assert codes("web", namespace) == {"InvalidParameterException"}
    assert codes("http", namespace, idleTimeoutSeconds=60) == set()
    assert codes("http", namespace, idleTimeoutSeconds=-1) == {"InvalidParameterException"}
    # The port mapping has no appProtocol, so it is TCP.
    assert codes("http", namespace, perRequestTimeoutSeconds=30) == {"InvalidParameterException"}
    assert codes("http", f"{namespace}-missing") == {"NamespaceNotFoundException"}
    connect = {"enabled": True, "namespace": namespace}
    account.make(SERVICE, "api", **served, serviceConnectConfiguration=connect)
    (held,) = account.cloud.find(HTTP_NAMESPACE)
    assert account.delete_codes(held) == {"ResourceInUse"}


def test_inactive_revision_cannot_be_deployed(account: Account, cluster: CloudResource, subnets: list[str]) -> None:
    first = account.make(TASK_DEFINITION, "one", family="api", containerDefinitions=containers(), **FARGATE)
    inputs = {
        "cluster": cluster.outputs["arn"], "launchType": "FARGATE", "networkConfiguration": {"subnets": subnets},
    }  # fmt: skip
    service = account.make(SERVICE, "api", taskDefinition=first.outputs["arn"], **inputs)
    second = account.make(TASK_DEFINITION, "two", family="api", containerDefinitions=containers(), **FARGATE)
    updated = account.change(service, taskDefinition=second.outputs["arn"])
    account.cloud.remove(first)
    (rejection,) = account.rejections(SERVICE, "other", taskDefinition=first.outputs["arn"], **inputs)
    assert rejection.message.startswith("TaskDefinition is inactive")
    assert account.change_codes(updated, taskDefinition="api:1") == {"ClientException"}
    assert not account.change_codes(updated, taskDefinition="api:2")
