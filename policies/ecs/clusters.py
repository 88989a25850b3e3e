"""The resource type that the rules on ECS clusters share."""

from __future__ import annotations

CLUSTER = "aws:ecs/cluster:Cluster"
