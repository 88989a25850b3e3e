"""ECS: names that its modules share."""

from __future__ import annotations

from tierup.sandbox.behaviour import (
    Call,
    assumed,
)

CLUSTER = "aws:ecs/cluster:Cluster"

CLUSTER_CAPACITY_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"

QUOTAS = assumed(
    "ECS's default quotas from secondary sources; page to check:"
    " https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"
)

NAME_PATTERN = r"[A-Za-z0-9_-]+"

NAME_CHARACTERS = "letters, digits, hyphens and underscores"


def is_fargate(call: Call) -> bool:
    """Return whether the task definition requires compatibility with Fargate."""
    compatible = call.get("requiresCompatibilities")
    return isinstance(compatible, list) and "FARGATE" in compatible
