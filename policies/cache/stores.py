"""The resource types of caches, of ElastiCache and MemoryDB."""

from __future__ import annotations

from ..rule import NotApplicable, Resource, declared
from .encrypted import CLUSTER, REDIS_LIKE, REPLICATION_GROUP

SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache"
MEMORYDB = "aws:memorydb/cluster:Cluster"
CACHES = (REPLICATION_GROUP, CLUSTER, SERVERLESS, MEMORYDB)


def require_standalone_redis(cache: Resource) -> None:
    """Raise NotApplicable for Memcached, which stores nothing durably, and for a member of a replication group."""
    if cache.type == CLUSTER and declared(cache.properties, "replicationGroupId"):
        raise NotApplicable("the replication group it belongs to is evaluated")
    if cache.type in (CLUSTER, SERVERLESS) and cache.properties.get("engine") not in REDIS_LIKE:
        raise NotApplicable("Memcached stores nothing durably")
