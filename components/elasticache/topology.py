"""The shapes that an ElastiCache replication group comes in: engine, nodes, replicas, shards."""

from __future__ import annotations

import re
from enum import StrEnum

REPLICAS = range(6)
"""Read replicas a shard. Source:
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(ReplicasPerNodeGroup; read 2026-11-24)."""

SHARDS = range(1, 501)
MOST_NODES = 90
"""Of all shards of one group together, before a quota increase.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(read 2026-11-24)."""

_NODE_TYPE = re.compile(r"cache\.[a-z0-9]+\.[a-z0-9]+")


class CacheEngine(StrEnum):
    """Both speak the same protocol; Valkey costs a fifth less and is the one AWS develops."""

    VALKEY = "valkey"
    """From 7.2 on."""
    REDIS = "redis"
    """Redis OSS, from 7.0 on."""


class Eviction(StrEnum):
    """What goes when memory is full."""

    VOLATILE_LRU = "volatile-lru"
    """The longest unused key among those with an expiry: cached answers go, a job queue's keys stay."""
    ALLKEYS_LRU = "allkeys-lru"
    """Any key. Only for a cache that holds nothing else."""
    NOEVICTION = "noeviction"
    """None; writes fail instead. For a cache that only holds queues."""


class ClusterMode(StrEnum):
    """Whether keys are spread over shards."""

    DISABLED = "disabled"
    """One shard, any client."""
    COMPATIBLE = "compatible"
    """One shard that answers clients of both protocols: the step between the other two."""
    ENABLED = "enabled"
    """Clients of the cluster protocol alone. For ever."""


def check_nodes(node_type: str, replicas: int, *, failover: bool, multi_az: bool) -> None:
    """Raises ValueError for a node, or a number of them, that ElastiCache does not offer."""
    if not _NODE_TYPE.fullmatch(node_type):
        raise ValueError(f"node_type is {node_type!r}; give an ElastiCache node type such as cache.t4g.micro")
    if node_type.startswith("cache.r6gd."):
        raise ValueError(f"node_type is {node_type}; r6gd nodes need data tiering, take cache.r7g instead")
    if replicas not in REPLICAS:
        raise ValueError(f"replicas is {replicas}; ElastiCache allows {REPLICAS.start} to {REPLICAS.stop - 1}")
    if failover and replicas == 0:
        raise ValueError("automatic_failover needs replicas of 1 or more: without a replica nothing takes over")
    if multi_az and not failover:
        raise ValueError("multi_az needs automatic_failover: a zone's loss is answered by failing over")


def check_shards(mode: ClusterMode, shards: int, replicas: int, *, failover: bool) -> None:
    """Raises ValueError for shards that ElastiCache does not offer in this mode."""
    if shards not in SHARDS:
        raise ValueError(f"shards is {shards}; ElastiCache allows {SHARDS.start} to {SHARDS.stop - 1}")
    if shards > 1 and mode is not ClusterMode.ENABLED:
        raise ValueError(f"shards is {shards} with cluster_mode {mode}; only enabled has several")
    if mode is not ClusterMode.DISABLED and not failover:
        raise ValueError(f"cluster_mode {mode} needs automatic_failover (and so replicas), says ElastiCache")
    nodes = shards * (1 + replicas)
    if nodes > MOST_NODES:
        raise ValueError(f"{shards} shards of {1 + replicas} nodes are {nodes}; the quota is {MOST_NODES} nodes")


def parameter_family(engine: CacheEngine, version: str) -> str:
    """The parameter group family of an engine version: valkey 8.1 -> valkey8, redis 7.1 -> redis7.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
    (CacheParameterGroupFamily; read 2026-11-24).
    Raises ValueError for Redis OSS before 7, which is out of support and has other families.
    """
    major = int(version.split(".")[0])
    if major < 7:
        raise ValueError(f"engine_version is {version}; take 7.0 or newer, because older ones are out of support")
    return f"{engine.value}{major}"
