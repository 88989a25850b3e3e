"""Caches as CloudWatch sees them, node by node."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..rule import Finding, Resource, Stack
from ..values import UnknownValue
from .alarms import WatchedMetric, watching

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
NAMESPACE = "AWS/ElastiCache"


def unwatched(
    stack: Stack, group: Resource, *metrics: str, when: Callable[[WatchedMetric], bool], wanted: str
) -> Iterator[Finding]:
    """A finding unless for each node of the group an alarm reads one of these metrics, for which `when` holds.

    Which node an alarm is on is not known at preview: they are counted.
    """
    nodes = _nodes(group)
    watched = 0
    unknown: UnknownValue | None = None
    for metric in metrics:
        for watch in watching(stack, NAMESPACE, metric, group, "CacheClusterId"):
            try:
                watched += when(watch) * (nodes if watch.of_all else 1)
            except UnknownValue as answer:
                unknown = answer
    if watched >= nodes:
        return
    if unknown is not None:
        raise unknown
    yield Finding(f"alarms on {metrics[0]}", f"raised in time for {watched} of {nodes} nodes", wanted)


def _nodes(group: Resource) -> int:
    properties = group.properties
    shards = int(properties.get("numNodeGroups") or 1)
    return int(properties.get("numCacheClusters") or shards * (1 + int(properties.get("replicasPerNodeGroup") or 0)))
