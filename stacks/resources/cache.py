"""The cache: Valkey, from one node to many shards."""

from __future__ import annotations

import hashlib

from components.elasticache.replication_group import CacheAuth, ClusterMode, ReplicationGroup, ReplicationGroupArgs
from components.elasticache.users import CacheUsers, CacheUsersArgs
from components.kms.key import KeyUse
from stacks.catalog import versions
from stacks.config import model as setting
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Foundation


def create_cache(context: StackContext, foundation: Foundation, credentials: Credentials) -> ReplicationGroup:
    """Its clients open their own way in: it is made before them, who need its URL."""
    settings, sizes = context.settings, context.settings.sizes
    by_token = settings.cache_auth is setting.CacheAuthMode.TOKEN
    several = sizes.cache_nodes > 1
    sharded = settings.cluster_mode is ClusterMode.ENABLED
    return ReplicationGroup(
        "cache",
        ReplicationGroupArgs(
            vpc_id=foundation.network.vpc_id,
            subnet_ids=list(foundation.network.data_subnet_ids.values()),
            engine_version=versions.VALKEY,
            node_type=sizes.cache_node_type,
            replicas=sizes.cache_nodes - 1,
            cluster_mode=settings.cluster_mode,
            shards=sizes.cache_shards if sharded else 1,
            automatic_failover=several,
            multi_az=several,
            snapshot_days=sizes.cache_snapshot_days,
            auth_token=credentials.values["CACHE_TOKEN"] if by_token else None,
            auth=None if by_token else _login(context, credentials),
            log_retention_days=settings.log_retention_days,
            key_arn=foundation.key_arn_for(context, KeyUse.CACHE),
            log_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        context.opts,
    )


def _login(context: StackContext, credentials: Credentials) -> CacheAuth:
    password = credentials.values["CACHE_PASSWORD"]
    users = CacheUsers(
        "cache-users",
        CacheUsersArgs(
            group_id=_group_id(context),
            password=password,
            default_password=credentials.values["CACHE_TOKEN"],
            default_user_enabled=context.settings.cache_auth is setting.CacheAuthMode.MIGRATING,
            tags=context.tags,
        ),
        context.opts,
    )
    return CacheAuth(user_group_id=users.group_id, username=users.username, password=password)


def _group_id(context: StackContext) -> str:
    """ElastiCache names no user group by itself. Of the domain, which one stack has and which outlives a rename."""
    return f"t{hashlib.sha256(context.settings.domain.encode()).hexdigest()[:12]}"
