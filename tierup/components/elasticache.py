"""ElastiCache: replication groups of Valkey and Redis OSS, and their users."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.elasticache.global_replication_group import GlobalReplicationGroup, GlobalReplicationGroupArgs
    from components.elasticache.replication_group import CacheAuth, ReplicationGroup, ReplicationGroupArgs
    from components.elasticache.topology import CacheEngine, ClusterMode, Eviction
    from components.elasticache.users import CacheUsers, CacheUsersArgs, UserEngine

__all__ = [
    "CacheAuth",
    "CacheEngine",
    "CacheUsers",
    "CacheUsersArgs",
    "ClusterMode",
    "Eviction",
    "GlobalReplicationGroup",
    "GlobalReplicationGroupArgs",
    "ReplicationGroup",
    "ReplicationGroupArgs",
    "UserEngine",
]
