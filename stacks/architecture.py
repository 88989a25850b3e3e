"""The parts list: which blocks a stack has, of which size, and what is plugged into what.

In the order in which they stand: ground, secrets, database, cache, API, site, and those who watch. Phases only add
(`plan.has`), so a stack that moves up a phase keeps every resource it has.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.app_secrets import AppSecrets, AppSecretsArgs, GeneratedSecret
from components.cache import Cache, CacheArgs
from components.log_bucket import LogBucket, LogBucketArgs
from components.network import Network, NetworkArgs

from . import versions
from .api import make_api
from .database import make_database
from .phases import Block
from .plan import Plan, make_plan
from .settings import Settings
from .site import make_site
from .watching import watch


def build(settings: Settings) -> Mapping[str, pulumi.Input[str | list[str]]]:
    """Makes everything and returns the stack's outputs, none of them secret."""
    plan = make_plan(settings)
    network = _network(plan)
    logs = _log_bucket(plan)
    drawn = _drawn_secrets(plan)
    database = make_database(plan, network, drawn)
    cache = _cache(plan, network, drawn) if plan.has(Block.CACHE) else None
    api = make_api(plan, network, logs, drawn, database, cache)
    site = make_site(plan, logs)
    watchers = watch(plan, api, site, cache)
    return {
        "phase": settings.phase.value,
        "tier": settings.tier.value,
        "site_url": f"https://{settings.domain}",
        "site_bucket": site.bucket.bucket_name,
        "cdn_domain": site.cdn.domain_name,
        "cdn_distribution_id": site.cdn.distribution_id,
        "api_url": f"https://{settings.api_host}",
        "health_url": f"https://{settings.api_host}/health",
        "vite_api_url": f"https://{settings.api_host}/api",
        "load_balancer_dns": api.load_balancer.dns_name,
        "image_repository_url": api.images.url,
        "cluster_name": api.cluster.cluster_name,
        "service_name": api.service.service_name,
        "log_group": api.service.log_group_name,
        "database_host": database.host,
        **({"cache_endpoint": cache.endpoint} if cache else {}),
        **watchers,
    }


def _network(plan: Plan) -> Network:
    return Network(
        "network",
        NetworkArgs(
            vpc_cidr=plan.settings.vpc_cidr,
            zones=plan.around.zones,
            account_id=plan.around.account_id,
            region=plan.settings.region,
            flow_log_retention_days=plan.settings.log_retention_days,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _log_bucket(plan: Plan) -> LogBucket:
    return LogBucket(
        "logs",
        LogBucketArgs(
            account_id=plan.around.account_id,
            region=plan.settings.region,
            retention_days=plan.settings.log_retention_days,
            force_destroy=not plan.settings.protect,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _drawn_secrets(plan: Plan) -> AppSecrets:
    """Drawn once and kept. Apart from the connection URLs, which are made from them."""
    names = ["JWT_SECRET", "DATABASE_PASSWORD", *(["CACHE_TOKEN"] if plan.has(Block.CACHE) else [])]
    return AppSecrets(
        "drawn",
        AppSecretsArgs(
            generated={name: GeneratedSecret() for name in names},
            recovery_window_days=plan.recovery_days,
            tags=plan.tags,
        ),
        plan.opts,
    )


def _cache(plan: Plan, network: Network, drawn: AppSecrets) -> Cache:
    sizes = plan.settings.sizes
    several = sizes.cache_nodes > 1
    return Cache(
        "cache",
        CacheArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.data_subnet_ids.values()),
            engine_version=versions.VALKEY,
            node_type=sizes.cache_node_type,
            replicas=sizes.cache_nodes - 1,
            automatic_failover=several,
            multi_az=several,
            snapshot_days=sizes.cache_snapshot_days,
            auth_token=drawn.generated["CACHE_TOKEN"],
            log_retention_days=plan.settings.log_retention_days,
            tags=plan.tags,
        ),
        plan.opts,
    )
