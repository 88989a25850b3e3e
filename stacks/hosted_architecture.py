"""The architecture of a stack with a part on a managed host: the frontend, the API, or both.

What is on AWS is created by the same functions as in a stack without hosts, so its resources keep their names when a
part moves. A part that moves exists on both hosts while `tierup:frontendStandby` or `tierup:backendStandby` is set, and
its DNS record changes in place.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi import Resource

from stacks.catalog.hosts import BackendHost, FrontendHost
from stacks.change_guard import APPLIED_SETTINGS, applied_settings
from stacks.context import StackContext
from stacks.resources.alert_routes import create_topic
from stacks.resources.compute import Compute, create_compute
from stacks.resources.credentials import Credentials, create_credentials
from stacks.resources.database import HostedDatabase, create_hosted_database
from stacks.resources.foundation import Foundation, create_foundation, create_log_bucket
from stacks.resources.hosts import create_backend_host, create_frontend_host
from stacks.resources.ingress import Ingress, create_ingress
from stacks.resources.load_balancer import ApiLoadBalancer, create_load_balancer
from stacks.resources.maintenance import create_maintenance
from stacks.resources.monitoring import create_monitoring
from stacks.resources.site import Site, create_site

Outputs = Mapping[str, pulumi.Input[str | list[str]]]


def create_on_hosts(context: StackContext) -> Outputs:
    """Create all resources and return the stack outputs. No output is secret."""
    settings = context.settings
    topic = create_topic("alarm", context, region=None) if BackendHost.AWS in settings.backend_hosts else None
    foundation = create_foundation(context, topic) if topic else None
    credentials = create_credentials(context, foundation)
    database = create_hosted_database(context, foundation, credentials)
    frontend = create_frontend_host(context) if settings.frontend_hosts - {FrontendHost.AWS} else None
    backend = (
        create_backend_host(context, credentials, database) if settings.backend_hosts - {BackendHost.AWS} else None
    )
    api = create_load_balancer(context, foundation) if foundation else None
    site = None
    if FrontendHost.AWS in settings.frontend_hosts:
        logs = foundation.logs if foundation else create_log_bucket(context)
        site = create_site(context, logs, credentials, api, frontend.record if frontend else None)
    on_aws: Outputs = {}
    if foundation is not None and api is not None:
        other_record = backend.record if backend else None
        on_aws = _backend_on_aws(context, foundation, credentials, database, api, site, other_record)
    return {
        "phase": settings.phase.value,
        "tier": settings.tier.value,
        "site_url": f"https://{settings.domain}",
        **({"site_bucket": site.bucket.bucket_name, "cdn_domain": site.domain_name} if site else {}),
        **({"cdn_distribution_id": site.cloudfront.distribution_id} if site and site.cloudfront else {}),
        **(frontend.outputs if frontend else {}),
        "api_url": f"https://{settings.api_host}",
        "health_url": f"https://{settings.api_host}{settings.backend.health_check_path}",
        "vite_api_url": f"https://{settings.api_host}/api",
        **(backend.outputs if backend else {}),
        "database_host": database.host,
        **on_aws,
        "resource_overrides": context.resource_overrides.applied(),
        APPLIED_SETTINGS: applied_settings(),
    }


def _backend_on_aws(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    database: HostedDatabase,
    api: ApiLoadBalancer,
    site: Site | None,
    other_record: Resource | None,
) -> Outputs:
    """Create ingress, compute, maintenance and monitoring, and return their outputs."""
    if database.database is None:
        raise LookupError("tierup:backendHost: the database has no peering with the VPC. Report this defect.")
    edge_rules = site.edge_rules if site else ()
    ingress = create_ingress(context, foundation, credentials, api, edge_rules, other_record)
    compute = create_compute(context, foundation, ingress, credentials, database.database, None)
    maintenance = create_maintenance(context, foundation, credentials, compute, site)
    monitoring = create_monitoring(context, foundation.topic, ingress, compute, site, None, maintenance)
    return {**_compute_outputs(ingress, compute), **monitoring}


def _compute_outputs(ingress: Ingress, compute: Compute) -> Outputs:
    return {
        "load_balancer_dns": ingress.load_balancer.dns_name,
        "image_repository_url": compute.images.url,
        "cluster_name": compute.cluster.cluster_name,
        **({"service_name": compute.service.service_name} if compute.service else {}),
        **({"release_task": compute.release.run_task} if compute.release else {}),
        "log_group": compute.log_group_name,
    }
