"""CACHE-003: a cache tolerates the loss of a node and of an Availability Zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    shown,
)
from .encrypted import CLUSTER, REPLICATION_GROUP
from .stores import MEMORYDB, require_standalone_redis

MINIMUM = Parameter(
    name="minimumReplicas",
    schema={"type": "integer", "minimum": 0, "maximum": 5},
    default=1,
    what="The minimum number of replicas of each shard of a cache, in addition to its primary.",
)


def check(cache: Resource, parameters: Parameters) -> Iterator[Finding]:
    require_standalone_redis(cache)
    minimum = parameters[MINIMUM.name]
    if cache.type == CLUSTER:
        if minimum > 0:
            yield Finding("engine", "a single cluster, which has no replica", "a replication group with one")
        return
    key, found, replicas = _replicas(cache)
    if replicas < minimum:
        yield Finding(key, found, f"{minimum} or more replicas")
    if replicas == 0 or cache.type == MEMORYDB:  # MemoryDB always fails over automatically
        return
    for switch in ("automaticFailoverEnabled", "multiAzEnabled"):
        if (value := cache.properties.get(switch)) is not True:
            yield Finding(switch, shown(value), "true, so that the replica can become the primary")


def _replicas(cache: Resource) -> tuple[str, str, float]:
    """Return the path of the number, its text for a finding, and the replicas of a shard."""
    properties = cache.properties
    if cache.type == MEMORYDB:
        replicas = properties.get("numReplicasPerShard")
        replicas = 1 if replicas is None else replicas
        return "numReplicasPerShard", shown(replicas), replicas
    if properties.get("numNodeGroups") is not None or properties.get("replicasPerNodeGroup") is not None:
        replicas = properties.get("replicasPerNodeGroup")
        return "replicasPerNodeGroup", shown(replicas), replicas or 0
    # Version 6 of the provider removed the older name.
    key = next((name for name in ("numCacheClusters", "numberCacheClusters") if properties.get(name)), None)
    nodes = properties[key] if key else 1
    return key or "numCacheClusters", f"{shown(nodes)}, only the primary" if nodes == 1 else shown(nodes), nodes - 1


RULE = ResourceRule(
    id="CACHE-003",
    name="cache-failover",
    title="A cache has a replica in another Availability Zone and fails over automatically.",
    item=ChecklistItem.REPLICA_SET,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.MEDIUM,
    # Advisory: the data of a cache can be computed again, and a second node doubles its price.
    level=Level.ADVISORY,
    applies_to=(REPLICATION_GROUP, CLUSTER, MEMORYDB),
    check=check,
    remediation="Give the group two nodes or more, automatic_failover_enabled and multi_az_enabled.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
    read=date(2026, 11, 24),
    parameters=(MINIMUM,),
)
