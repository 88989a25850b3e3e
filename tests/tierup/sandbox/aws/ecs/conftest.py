"""Fixtures that the ECS tests share."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ecs import CLUSTER, CLUSTER_CAPACITY_PROVIDERS
from tierup.sandbox.aws.ecs_task_definitions import TASK_DEFINITION
from tierup.sandbox.aws.elb import LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.aws.network import INTERNET_GATEWAY, SUBNET, VPC
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import BLUE_GREEN_ROLE, FARGATE, RULE, SECOND, balanced, containers, to_groups


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
    account.add_existing(ROLE, "blue-green", arn=BLUE_GREEN_ROLE)
    account.add_existing(LISTENER_RULE, RULE, arn=RULE, actions=to_groups(targets, SECOND))
    account.add_existing(LISTENER_RULE, "arn:other", arn="arn:other", actions=to_groups("arn:foreign"))
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
