"""The architecture: which parts a stack has and how they are connected.

The order is that of their dependencies: foundation, secrets, database, cache, site, ingress, compute, maintenance,
monitoring. A phase only adds features (`context.has`), so a stack that moves up a phase keeps all of its resources.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks.catalog.phases import Feature
from stacks.change_guard import APPLIED_SETTINGS, applied_settings
from stacks.config.model import Settings
from stacks.context import create_context
from stacks.hosted_architecture import create_on_hosts
from stacks.resources.alert_routes import create_topic
from stacks.resources.cache import create_cache
from stacks.resources.compute import create_compute
from stacks.resources.credentials import create_credentials
from stacks.resources.database import create_database, grant_database_access
from stacks.resources.foundation import create_foundation
from stacks.resources.ingress import create_ingress
from stacks.resources.load_balancer import create_load_balancer
from stacks.resources.maintenance import create_maintenance
from stacks.resources.monitoring import create_monitoring
from stacks.resources.regional_monitoring import monitor_region
from stacks.resources.regions import create_regional_foundations, create_regions, region_outputs
from stacks.resources.site import create_site


def create(settings: Settings) -> Mapping[str, pulumi.Input[str | list[str]]]:
    """Create all resources and return the stack outputs. No output is secret."""
    context = create_context(settings)
    if settings.uses_hosts:
        return create_on_hosts(context)
    topic = create_topic("alarm", context, region=None)
    foundation = create_foundation(context, topic)
    further = create_regional_foundations(context)
    replica_keys = {name: each.foundation.key_arn for name, each in further.items()}
    credentials = create_credentials(context, foundation, replica_keys)
    database = create_database(context, foundation, credentials)
    cache = create_cache(context, foundation, credentials) if context.has(Feature.CACHE) else None
    api = create_load_balancer(context, foundation)
    site = create_site(context, foundation.logs, credentials, api)
    ingress = create_ingress(context, foundation, credentials, api, site.edge_rules)
    compute = create_compute(context, foundation, ingress, credentials, database, cache)
    regions = create_regions(context, further, credentials, database, cache, ingress, compute)
    grant_database_access(
        context, database, {**compute.task_roles, **(regions.task_roles if regions is not None else {})}
    )
    for region in regions.members.values() if regions is not None else ():
        monitor_region(region)
    maintenance = create_maintenance(context, foundation, credentials, compute, site)
    further_balancers = regions.load_balancers if regions is not None else {}
    monitoring = create_monitoring(context, topic, ingress, compute, site, cache, maintenance, further_balancers)
    return {
        "phase": settings.phase.value,
        "tier": settings.tier.value,
        "site_url": f"https://{settings.domain}",
        "site_bucket": site.bucket.bucket_name,
        "cdn_domain": site.domain_name,
        **({"cdn_distribution_id": site.cloudfront.distribution_id} if site.cloudfront else {}),
        "api_url": f"https://{settings.api_host}",
        "health_url": f"https://{settings.api_host}{settings.backend.health_check_path}",
        "vite_api_url": settings.api_url,
        "load_balancer_dns": ingress.load_balancer.dns_name,
        "image_repository_url": compute.images.url,
        **(
            {"service_image_repository_urls": pulumi.Output.all(*(each.url for each in compute.other_images.values()))}
            if compute.other_images
            else {}
        ),
        "cluster_name": compute.cluster.cluster_name,
        **({"service_name": compute.service.service_name} if compute.service else {}),
        **({"worker_name": compute.worker.service_name} if compute.worker else {}),
        **({"release_task": compute.release_task} if compute.release_task is not None else {}),
        **({"eks_cluster_name": compute.pods.cluster.cluster_name} if compute.pods else {}),
        **({"kubernetes_namespace": compute.pods.namespace} if compute.pods else {}),
        "log_group": compute.log_group_name,
        "vpc_id": foundation.network.vpc_id,
        "data_subnet_ids": pulumi.Output.all(*foundation.network.data_subnet_ids.values()),
        "database_host": database.host,
        **({"cache_endpoint": cache.endpoint} if cache else {}),
        **({"nat_public_ips": pulumi.Output.all(*ips)} if (ips := foundation.network.nat_public_ips) else {}),
        **(region_outputs(context, regions, ingress, compute, database) if regions is not None else {}),
        **monitoring,
        "resource_overrides": context.resource_overrides.applied(),
        APPLIED_SETTINGS: applied_settings(),
    }
