"""The cache: Valkey on ElastiCache, from one node to several shards."""

from __future__ import annotations

import hashlib

from pulumi import Output

from components.elasticache.global_replication_group import GlobalReplicationGroup, GlobalReplicationGroupArgs
from components.elasticache.replication_group import CacheAuth, ClusterMode, ReplicationGroup, ReplicationGroupArgs
from components.elasticache.users import CacheUsers, CacheUsersArgs
from components.kms.key import KeyUse
from stacks.catalog import versions
from stacks.config.groups import generations
from stacks.config.model import CacheAuthMode
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Foundation


def create_cache(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    global_group_id: Output[str] | None = None,
) -> ReplicationGroup:
    """Create the cache, in a further region as a secondary of `global_group_id`.

    It allows no client yet: each client adds its own security group rule, because it needs the URL.
    """
    settings, sizes = context.settings, context.settings.sizes
    by_token = settings.cache_auth is CacheAuthMode.TOKEN
    several = sizes.cache_nodes > 1
    sharded = settings.cluster_mode is ClusterMode.ENABLED
    rotation = generations(settings.rotation.cache)
    return ReplicationGroup(
        context.named("cache"),
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
            snapshot_name=settings.cache_snapshot_name,
            snapshot_days=sizes.cache_snapshot_days,
            auth_token=credentials.accepted["CACHE_TOKEN"][-1] if by_token else None,
            url_auth_token=credentials.values["CACHE_TOKEN"] if by_token else None,
            auth_token_only=rotation.used > 0 and len(rotation.accepted) == 1,
            auth=None if by_token else _auth(context, credentials),
            log_retention_days=settings.log_retention_days,
            key_arn=foundation.key_arn_for(context, KeyUse.CACHE),
            log_key_arn=foundation.key_arn,
            global_group_id=global_group_id,
            tags=context.tags,
        ),
        context.opts,
    )


def create_global_cache(context: StackContext, cache: ReplicationGroup) -> GlobalReplicationGroup:
    """Create the Global Datastore of a cache, which the caches of the further regions join."""
    args = GlobalReplicationGroupArgs(
        suffix=_group_id(context),
        primary_group_id=cache.replication_group_id,
        node_type=context.settings.sizes.cache_node_type,
    )
    return GlobalReplicationGroup("cache-regions", args, context.opts)


def _auth(context: StackContext, credentials: Credentials) -> CacheAuth:
    password = credentials.values["CACHE_PASSWORD"]
    users = CacheUsers(
        context.named("cache-users"),
        CacheUsersArgs(
            group_id=_group_id(context),
            passwords=credentials.accepted["CACHE_PASSWORD"],
            default_passwords=credentials.accepted["CACHE_TOKEN"],
            default_user_enabled=context.settings.cache_auth is CacheAuthMode.MIGRATING,
            tags=context.tags,
        ),
        context.opts,
    )
    return CacheAuth(user_group_id=users.group_id, username=users.username, password=password)


def _group_id(context: StackContext) -> str:
    """Return the id of the user group, which ElastiCache does not generate. It is derived from the domain, because the
    domain is unique to a stack and survives a rename of the stack."""
    return f"t{hashlib.sha256(context.settings.domain.encode()).hexdigest()[:12]}"
