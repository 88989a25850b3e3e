"""Tests of the Fargate vCPU quotas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tierup.sandbox.aws.ecs_services import SERVICE
from tierup.sandbox.aws.ecs_task_definitions import TASK_DEFINITION
from tierup.sandbox.aws.ecs_vcpu_quotas import VCPU_QUOTAS, shares
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import FARGATE, containers

Revision = Callable[[str, str], str]


@pytest.fixture
def revision(account: Account) -> Revision:
    """Return a function that registers a revision and returns its ARN."""

    def register(family: str, cpu: str) -> str:
        memory = str(2 * int(cpu))
        inputs = {**FARGATE, "cpu": cpu, "memory": memory}
        return account.make(TASK_DEFINITION, family, family=family, containerDefinitions=containers(), **inputs).id

    return register


@pytest.fixture
def service(cluster: CloudResource, subnets: list[str]) -> dict[str, Any]:
    return {
        "cluster": cluster.outputs["arn"],
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": subnets},
    }


@pytest.mark.parametrize(("desired", "accepted"), [(3, True), (4, False)])
def test_new_account_runs_six_vcpus(
    account: Account, service: dict[str, Any], revision: Revision, desired: int, accepted: bool
) -> None:
    rejections = account.rejections(
        SERVICE, "api", taskDefinition=revision("api", "2048"), desiredCount=desired, **service
    )
    assert [each.path for each in rejections] == ([] if accepted else ["desiredCount"])
    assert accepted or "needs 8" in rejections[0].message


def test_services_of_a_region_share_the_quota(account: Account, service: dict[str, Any], revision: Revision) -> None:
    account.make(SERVICE, "api", taskDefinition=revision("api", "2048"), desiredCount=2, **service)
    worker = {"taskDefinition": revision("worker", "1024"), **service}
    assert not account.codes(SERVICE, "worker", desiredCount=2, **worker)
    assert account.codes(SERVICE, "worker", desiredCount=3, **worker) == {"InvalidParameterException"}


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        # Without a circuit breaker a rolling deployment replaces tasks one by one, if one more fits.
        ({}, True),
        # With it, tasks that cannot be placed fail the deployment.
        ({"deploymentCircuitBreaker": {"enable": True, "rollback": True}}, False),
        ({"deploymentCircuitBreaker": {"enable": True, "rollback": True}, "deploymentMaximumPercent": 150}, True),
        ({"deploymentMaximumPercent": 100, "deploymentMinimumHealthyPercent": 50}, True),
    ],
)
def test_deployment_needs_room_for_its_surge(
    account: Account, service: dict[str, Any], revision: Revision, settings: dict[str, Any], accepted: bool
) -> None:
    made = account.make(SERVICE, "api", taskDefinition=revision("api", "2048"), desiredCount=2, **service, **settings)
    codes = account.change_codes(made, taskDefinition=revision("api", "2048"))
    assert codes == (set() if accepted else {"InvalidParameterException"})


def test_deployment_that_changes_no_task_has_no_surge(
    account: Account, service: dict[str, Any], revision: Revision
) -> None:
    breaker = {"enable": True, "rollback": True}
    made = account.make(
        SERVICE, "api", taskDefinition=revision("api", "2048"), desiredCount=3, deploymentCircuitBreaker=breaker,
        **service,
    )  # fmt: skip
    assert not account.change_codes(made, enableEcsManagedTags=True)


def test_raised_quota_allows_more(account: Account, service: dict[str, Any], revision: Revision) -> None:
    account.cloud.set_quota(SERVICE, VCPU_QUOTAS[0].what, 100)
    assert not account.codes(SERVICE, "api", taskDefinition=revision("api", "2048"), desiredCount=40, **service)


def test_spot_has_its_own_quota() -> None:
    strategies = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    assert shares({"capacityProviderStrategies": strategies}, 5) == {"FARGATE": 2, "FARGATE_SPOT": 3}
    assert [quota.limit for quota in VCPU_QUOTAS] == [6, 6]
