"""Tests of the lookups of load balancers, listeners and ECS clusters."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.ecs import CLUSTER
from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.aws.elb import LISTENER, LOAD_BALANCER
from tierup.sandbox.aws.service_lookups import INVOKES
from tierup.sandbox.registry import Configuration, InvokeError

from .account import Account

BALANCER = {"arn": "arn:balancer", "name": "shared", "securityGroups": ["sg-1"], "tagsAll": {"Stack": "dev"}}


@pytest.fixture
def account() -> Account:
    account = Account()
    account.add_existing(LOAD_BALANCER, "arn:balancer", **BALANCER)
    account.add_existing(LISTENER, "arn:https", arn="arn:https", loadBalancerArn="arn:balancer", port=443)
    account.add_existing(LISTENER, "arn:http", arn="arn:http", loadBalancerArn="arn:balancer", port=80)
    account.add_existing(CLUSTER, "arn:cluster", arn="arn:cluster", name="main")
    account.add_existing(SERVICE, "arn:api", arn="arn:api", name="api", cluster="arn:cluster", taskDefinition="api:1")
    return account


def ask(account: Account, token: str, region: str = "eu-west-1", **arguments: Any) -> Any:
    return INVOKES[token](arguments, account.cloud, Configuration(region=region))


def test_lookup_returns_existing_resource(account: Account) -> None:
    by_name = ask(account, "aws:lb/getLoadBalancer:getLoadBalancer", name="shared")
    listener = ask(account, "aws:lb/getListener:getListener", loadBalancerArn="arn:balancer", port=443)
    cluster = ask(account, "aws:ecs/getCluster:getCluster", clusterName="main")

    assert (by_name["arn"], by_name["securityGroups"], by_name["tags"]) == ("arn:balancer", ["sg-1"], {"Stack": "dev"})
    assert (listener["arn"], listener["mutualAuthentications"]) == ("arn:https", [])
    assert (cluster["arn"], cluster["status"]) == ("arn:cluster", "ACTIVE")


def test_service_lookup_returns_the_running_task_definition(account: Account) -> None:
    service = ask(account, "aws:ecs/getService:getService", clusterArn="arn:cluster", serviceName="api")

    assert (service["taskDefinition"], service["clusterArn"], service["serviceName"]) == ("api:1", "arn:cluster", "api")


@pytest.mark.parametrize(
    ("token", "arguments"),
    [
        ("aws:lb/getLoadBalancer:getLoadBalancer", {"name": "other"}),
        ("aws:lb/getLoadBalancer:getLoadBalancer", {}),
        ("aws:lb/getListener:getListener", {"loadBalancerArn": "arn:balancer"}),  # two match
        ("aws:ecs/getCluster:getCluster", {"clusterName": "main", "region": "us-east-1"}),
        ("aws:ecs/getService:getService", {"clusterArn": "arn:other", "serviceName": "api"}),
    ],
)
def test_lookup_without_single_match_fails(account: Account, token: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvokeError):
        ask(account, token, **arguments)
