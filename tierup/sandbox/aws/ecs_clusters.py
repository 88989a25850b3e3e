"""ECS: clusters and their capacity providers."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Stage,
    located,
    rule,
)

from .ecs import CLUSTER, CLUSTER_CAPACITY_PROVIDERS, NAME_CHARACTERS, NAME_PATTERN, QUOTAS
from .sources import api, created_only, schema_of, sdk

CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider"


@rule("cluster-strategy-in-capacity-providers", Stage.PLAN, source=api("ecs", "PutClusterCapacityProviders"))
def strategy_of_providers(call: Call) -> Iterator[Rejection]:
    offered = call.get("capacityProviders") or []
    if offered is UNKNOWN or UNKNOWN in offered:
        return
    for at, provider in located(call.inputs, "defaultCapacityProviderStrategies[*].capacityProvider"):
        if provider is not UNKNOWN and provider not in offered:
            yield Rejection(
                at, f"{provider} is not among capacityProviders ({', '.join(offered)})", "InvalidParameterException"
            )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=CLUSTER,
        source=sdk("ecs/cluster"),
        id="arn:aws:ecs:{region}:{account}:cluster/{name}",
        outputs={"arn": "{id}", "settings": [{"name": "containerInsights", "value": "disabled"}]},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::ECS::Cluster"),
        enums={
            "settings[*].name": ("containerInsights",),
            "settings[*].value": ("enabled", "enhanced", "disabled"),
            "configuration.executeCommandConfiguration.logging": ("NONE", "DEFAULT", "OVERRIDE"),
        },
        name=Name(
            longest=255,
            pattern=NAME_PATTERN,
            allowed=NAME_CHARACTERS,
            taken="InvalidParameterException",
            source=api("ecs", "CreateCluster"),
        ),
        quotas=(
            Quota(limit=10_000, per="region", what="clusters per Region", code="LimitExceededException", source=QUOTAS),
        ),
    ),
    Behaviour(
        type=CLUSTER_CAPACITY_PROVIDERS,
        source=sdk("ecs/clustercapacityproviders"),
        id="{clusterName}",
        replaces=frozenset({"clusterName"}),
        replace_source=schema_of("ecs/cluster_capacity_providers.go"),
        ranges={
            "defaultCapacityProviderStrategies[*].weight": (0, 1000),
            "defaultCapacityProviderStrategies[*].base": (0, 100_000),
        },
        references=(
            Reference(
                path="clusterName",
                to=CLUSTER,
                by="name",
                code="ClusterNotFoundException",
                holds=False,
                source=api("ecs", "PutClusterCapacityProviders"),
            ),
            Reference(
                path="capacityProviders[*]",
                to=CAPACITY_PROVIDER,
                by="name",
                external="FARGATE|FARGATE_SPOT",
                code="InvalidParameterException",
                in_use="ResourceInUseException",
                source=api("ecs", "PutClusterCapacityProviders"),
            ),
        ),
        rules=(strategy_of_providers,),
    ),
)
