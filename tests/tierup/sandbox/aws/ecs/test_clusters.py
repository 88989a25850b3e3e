"""Tests of the behaviour rows of ECS clusters."""

from __future__ import annotations

from tierup.sandbox.aws.ecs import CLUSTER_CAPACITY_PROVIDERS
from tierup.sandbox.cloud import CloudResource

from ..account import Account


def test_default_strategy_must_use_capacity_providers(account: Account, cluster: CloudResource) -> None:
    (rejection,) = account.planned(
        CLUSTER_CAPACITY_PROVIDERS,
        clusterName=cluster.outputs["name"],
        capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    assert rejection.path == "defaultCapacityProviderStrategies[0].capacityProvider"
