"""Caches as CloudWatch sees them, node by node."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Resource, Stack
from .alarms import Watch, watching

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
NAMESPACE = "AWS/ElastiCache"


def watches(stack: Stack, group: Resource, *metrics: str) -> Iterator[Watch]:
    """The alarms on any of these metrics of the group or of one of its nodes."""
    for metric in metrics:
        yield from watching(stack, NAMESPACE, metric, group, "CacheClusterId")
