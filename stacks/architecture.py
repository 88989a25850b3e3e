"""The parts list: which blocks a stack has, of which size, and what is plugged into what.

In the order in which they stand: ground, secrets, database, cache, what stands before the API, what runs, site, upkeep,
and those who watch. Phases only add (`plan.has`), so a stack that moves up a phase keeps every resource it has.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks.catalog.phases import Block
from stacks.config.model import Settings
from stacks.context import make_plan
from stacks.resources.cache import make_cache
from stacks.resources.compute import run
from stacks.resources.credentials import make_credentials
from stacks.resources.database import let_in, make_database
from stacks.resources.foundation import make_ground
from stacks.resources.ingress import make_front
from stacks.resources.maintenance import make_upkeep
from stacks.resources.monitoring import Watch, make_topic
from stacks.resources.site import make_site


def build(settings: Settings) -> Mapping[str, pulumi.Input[str | list[str]]]:
    """Makes everything and returns the stack's outputs, none of them secret."""
    plan = make_plan(settings)
    topic = make_topic("alarm", plan, region=None)
    ground = make_ground(plan, topic)
    credentials = make_credentials(plan, ground)
    database = make_database(plan, ground, credentials)
    cache = make_cache(plan, ground, credentials) if plan.has(Block.CACHE) else None
    front = make_front(plan, ground, credentials)
    running = run(plan, ground, front, credentials, database, cache)
    let_in(plan, database, running.task_roles)
    site = make_site(plan, ground, credentials)
    upkeep = make_upkeep(plan, ground, credentials, running, site)
    watchers = Watch(plan, topic, front, running, site, cache, upkeep)
    return {
        "phase": settings.phase.value,
        "tier": settings.tier.value,
        "site_url": f"https://{settings.domain}",
        "site_bucket": site.bucket.bucket_name,
        "cdn_domain": site.domain_name,
        **({"cdn_distribution_id": site.cloudfront.distribution_id} if site.cloudfront else {}),
        "api_url": f"https://{settings.api_host}",
        "health_url": f"https://{settings.api_host}/health",
        "vite_api_url": f"https://{settings.api_host}/api",
        "load_balancer_dns": front.load_balancer.dns_name,
        "image_repository_url": running.images.url,
        "cluster_name": running.cluster.cluster_name,
        "service_name": running.service.service_name,
        **({"worker_name": running.worker.service_name} if running.worker else {}),
        "log_group": running.service.log_group_name,
        "database_host": database.host,
        **({"cache_endpoint": cache.endpoint} if cache else {}),
        **({"nat_public_ips": pulumi.Output.all(*ips)} if (ips := ground.network.nat_public_ips) else {}),
        **watchers.outputs,
        "adjustments": plan.adjustments.applied(),
    }
