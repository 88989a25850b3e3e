"""Engine, node type, replicas and shards of an ElastiCache replication group, and the combinations AWS supports."""

from __future__ import annotations

import re
from enum import StrEnum

REPLICAS = range(6)
"""Read replicas of each shard. Source:
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(ReplicasPerNodeGroup; read 2026-11-24)."""

SHARDS = range(1, 501)
MAX_NODES = 90
"""Default quota of nodes in one replication group, all shards together.
Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
(read 2026-11-24)."""

_NODE_TYPE = re.compile(r"cache\.[a-z0-9]+\.[a-z0-9]+")


class CacheEngine(StrEnum):
    """The engine of a cache. Both have the same protocol; Valkey costs 20 percent less, and AWS develops it."""

    VALKEY = "valkey"
    """Valkey, version 7.2 or newer."""
    REDIS = "redis"
    """Redis OSS, version 7.0 or newer."""


class Eviction(StrEnum):
    """The eviction policy for full memory (parameter maxmemory-policy)."""

    VOLATILE_LRU = "volatile-lru"
    """Evict the least recently used key with an expiry: cached responses are evicted, keys of job queues stay."""
    ALLKEYS_LRU = "allkeys-lru"
    """Evict the least recently used key. Only for a cache without other data."""
    NOEVICTION = "noeviction"
    """Evict no key; writes fail instead. For a cache with job queues only."""


class ClusterMode(StrEnum):
    """The cluster mode, which decides whether keys are distributed over shards."""

    DISABLED = "disabled"
    """One shard, for clients without the cluster protocol."""
    COMPATIBLE = "compatible"
    """One shard, for clients with and without the cluster protocol: the step between the other two modes."""
    ENABLED = "enabled"
    """One or more shards, for clients with the cluster protocol only. It cannot be changed back."""


# Sizes with two vCPUs or fewer in the families that ElastiCache offers.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html (from memory, to be checked)
_TWO_VCPU_SIZES = frozenset({"micro", "small", "medium", "large"})
_BURSTABLE = re.compile(r"cache\.t\d")


class CpuMetric(StrEnum):
    """The CloudWatch metric of a node's CPU. The engine executes commands in one thread."""

    CPU = "CPUUtilization"
    """All cores of the node. For nodes with two vCPUs or fewer, where 45 to 50 percent is a fully used engine
    thread."""
    ENGINE_CPU = "EngineCPUUtilization"
    """The engine's thread. For nodes with four vCPUs or more."""


def cpu_metric(node_type: str) -> CpuMetric:
    """Return the CPU metric that AWS recommends for this node type.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html (read 2026-11-28)
    """
    return CpuMetric.CPU if node_type.rpartition(".")[2] in _TWO_VCPU_SIZES else CpuMetric.ENGINE_CPU


def has_cpu_credits(node_type: str) -> bool:
    """Return whether the node type is burstable, and so has the metric CPUCreditBalance."""
    return _BURSTABLE.match(node_type) is not None


def check_nodes(node_type: str, replicas: int, *, failover: bool, multi_az: bool) -> None:
    """Raise ValueError for node types, replicas and failover options that ElastiCache does not support together."""
    if not _NODE_TYPE.fullmatch(node_type):
        raise ValueError(
            f"node_type: not an ElastiCache node type (got {node_type!r}). Set a type such as cache.t4g.micro."
        )
    if node_type.startswith("cache.r6gd."):
        raise ValueError(f"node_type: r6gd nodes need data tiering (got {node_type}). Set cache.r7g instead.")
    if replicas not in REPLICAS:
        raise ValueError(f"replicas: out of range (got {replicas}). Set {REPLICAS.start} to {REPLICAS.stop - 1}.")
    if failover and replicas == 0:
        raise ValueError("automatic_failover: needs a replica (got replicas 0). Set replicas to 1 or more.")
    if multi_az and not failover:
        raise ValueError("multi_az: needs automatic_failover (got False). Set automatic_failover to True.")


def check_shards(mode: ClusterMode, shards: int, replicas: int, *, failover: bool) -> None:
    """Raise ValueError for shards that ElastiCache does not support in this cluster mode."""
    if shards not in SHARDS:
        raise ValueError(f"shards: out of range (got {shards}). Set {SHARDS.start} to {SHARDS.stop - 1}.")
    if shards > 1 and mode is not ClusterMode.ENABLED:
        raise ValueError(
            f"shards: several shards need cluster_mode enabled (got {shards} with {mode}). "
            "Set 1, or enable cluster mode."
        )
    if mode is not ClusterMode.DISABLED and not failover:
        raise ValueError(
            f"cluster_mode: {mode} needs automatic_failover (got False). "
            "Set automatic_failover to True, and replicas to 1 or more."
        )
    nodes = shards * (1 + replicas)
    if nodes > MAX_NODES:
        raise ValueError(
            f"shards: too many nodes (got {nodes}: {shards} shards of {1 + replicas}). "
            f"Use at most {MAX_NODES} nodes, the default quota."
        )


def parameter_family(engine: CacheEngine, version: str) -> str:
    """Return the parameter group family of an engine version: valkey 8.1 -> valkey8, redis 7.1 -> redis7.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
    (CacheParameterGroupFamily; read 2026-11-24).
    Raises ValueError for versions before 7, which are out of support and have other families.
    """
    major = int(version.split(".")[0])
    if major < 7:
        raise ValueError(f"engine_version: out of support (got {version}). Set 7.0 or newer.")
    return f"{engine.value}{major}"
