"""The cache: Valkey, from one node to many shards."""

from __future__ import annotations

import hashlib

from components.elasticache.replication_group import Cache, CacheArgs, CacheLogin, ClusterMode
from components.elasticache.users import CacheUsers, CacheUsersArgs
from components.kms.key import KeyUse
from stacks.catalog import versions
from stacks.config import model as setting
from stacks.context import Plan
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Ground


def make_cache(plan: Plan, ground: Ground, credentials: Credentials) -> Cache:
    """Its clients open their own way in: it is made before them, who need its URL."""
    settings, sizes = plan.settings, plan.settings.sizes
    by_token = settings.cache_login is setting.CacheLogin.TOKEN
    several = sizes.cache_nodes > 1
    sharded = settings.cluster_mode is ClusterMode.ENABLED
    return Cache(
        "cache",
        CacheArgs(
            vpc_id=ground.network.vpc_id,
            subnet_ids=list(ground.network.data_subnet_ids.values()),
            engine_version=versions.VALKEY,
            node_type=sizes.cache_node_type,
            replicas=sizes.cache_nodes - 1,
            cluster_mode=settings.cluster_mode,
            shards=sizes.cache_shards if sharded else 1,
            automatic_failover=several,
            multi_az=several,
            snapshot_days=sizes.cache_snapshot_days,
            auth_token=credentials.values["CACHE_TOKEN"] if by_token else None,
            login=None if by_token else _login(plan, credentials),
            log_retention_days=settings.log_retention_days,
            key_arn=ground.key_arn_for(plan, KeyUse.CACHE),
            log_key_arn=ground.key_arn,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _login(plan: Plan, credentials: Credentials) -> CacheLogin:
    password = credentials.values["CACHE_PASSWORD"]
    users = CacheUsers(
        "cache-users",
        CacheUsersArgs(
            group_id=_group_id(plan),
            password=password,
            default_password=credentials.values["CACHE_TOKEN"],
            default_works=plan.settings.cache_login is setting.CacheLogin.CHANGING,
            tags=plan.tags,
        ),
        plan.opts,
    )
    return CacheLogin(user_group_id=users.group_id, username=users.username, password=password)


def _group_id(plan: Plan) -> str:
    """ElastiCache names no user group by itself. Of the domain, which one stack has and which outlives a rename."""
    return f"t{hashlib.sha256(plan.settings.domain.encode()).hexdigest()[:12]}"
