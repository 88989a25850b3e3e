"""The API: certificate, load balancer, firewall, name, image repository, and the service behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pulumi import ResourceOptions

from components.app_secrets import AppSecrets, AppSecretsArgs
from components.cache import Cache
from components.certificate import Certificate, CertificateArgs
from components.container_cluster import ContainerCluster, ContainerClusterArgs
from components.dns_alias import DnsAlias, DnsAliasArgs
from components.ecs_service import EcsService, EcsServiceArgs
from components.firewall import Firewall, FirewallArgs, Scope
from components.firewall_rules import Mode, RateLimit
from components.image_repository import ImageRepository, ImageRepositoryArgs
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.log_bucket import LogBucket
from components.network import Network
from components.task_firewall import Reach

from . import first_release, targets, versions
from .database import PORTS as DATABASE_PORTS
from .database import Database
from .plan import Plan

_SERVICE_PORT: Final = 5000  # the guide's PORT
_RATE_WINDOW_SECONDS: Final = 600  # of 60, 120, 300 and 600, which AWS WAF has, the nearest to the guide's 900


@dataclass(frozen=True, kw_only=True, slots=True)
class Api:
    """What stands before the service, and the service."""

    load_balancer: LoadBalancer
    firewall: Firewall
    images: ImageRepository
    cluster: ContainerCluster
    service: EcsService


def make_api(
    plan: Plan, network: Network, logs: LogBucket, drawn: AppSecrets, database: Database, cache: Cache | None
) -> Api:
    """`drawn` holds JWT_SECRET."""
    settings, sizes = plan.settings, plan.settings.sizes
    certificate = Certificate(
        "api-certificate",
        CertificateArgs(domain_name=settings.api_host, zone_id=plan.around.hosted_zone_id, tags=plan.tags),
        plan.opts,
    )
    load_balancer = LoadBalancer(
        "api",
        LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            certificate_arn=certificate.arn,
            access_log_bucket=logs.bucket_name,
            ssl_policy=versions.TLS_POLICY,
            target_port=_SERVICE_PORT,
            deletion_protection=settings.protect,
            tags=plan.tags,
        ),
        plan.opts,
    )
    firewall = Firewall(
        "api-firewall",
        FirewallArgs(
            scope=Scope.REGIONAL,
            load_balancer_arn=load_balancer.arn,
            mode=Mode(settings.firewall_mode),
            rate_limit=api_rate_limit(),
            log_retention_days=settings.log_retention_days,
            tags=plan.tags,
        ),
        plan.opts,
    )
    DnsAlias(
        "api-alias",
        DnsAliasArgs(
            domain_name=settings.api_host,
            zone_id=plan.around.hosted_zone_id,
            target_domain_name=load_balancer.dns_name,
            target_zone_id=load_balancer.zone_id,
            ipv6=False,
        ),
        plan.opts,
    )
    secrets = AppSecrets(
        "connection",
        AppSecretsArgs(
            given={
                "MONGODB_URI": database.uri,
                **({"REDIS_URL": cache.url} if cache else {}),
                **({"SENTRY_DSN": settings.sentry_dsn} if settings.sentry_dsn is not None else {}),
            },
            recovery_window_days=plan.recovery_days,
            tags=plan.tags,
        ),
        plan.opts,
    )
    images = ImageRepository(
        "docker", ImageRepositoryArgs(force_delete=not settings.protect, tags=plan.tags), plan.opts
    )
    cluster = ContainerCluster(
        "app", ContainerClusterArgs(exec_log_retention_days=settings.log_retention_days, tags=plan.tags), plan.opts
    )
    service = EcsService(
        "backend",
        EcsServiceArgs(
            account_id=plan.around.account_id,
            region=settings.region,
            cluster_arn=cluster.arn,
            vpc_id=network.vpc_id,
            subnet_ids=list(network.public_subnet_ids.values()),
            assign_public_ip=True,  # the way out without NAT; the security group lets the load balancer alone in
            load_balancer_security_group_id=load_balancer.security_group_id,
            target_group_arn=load_balancer.target_group_arn,
            image=settings.image or versions.FIRST_IMAGE,
            command=None if settings.image else first_release.SERVICE_COMMAND,
            repository_arn=images.arn,
            container_port=_SERVICE_PORT,
            cpu_units=sizes.task_cpu,
            memory_mib=sizes.task_memory,
            desired_count=sizes.tasks,
            environment={"NODE_ENV": "production", "ALLOWED_ORIGINS": f"https://{settings.domain}"},
            secrets={"JWT_SECRET": drawn.arns["JWT_SECRET"], **secrets.arns},
            reaches=_reaches(database, cache),
            log_retention_days=settings.log_retention_days,
            tags=plan.tags,
        ),
        # The first task must reach the database: its URI is known before the peering carries traffic.
        ResourceOptions.merge(plan.opts, ResourceOptions(depends_on=[database.peering])),
    )
    return Api(load_balancer=load_balancer, firewall=firewall, images=images, cluster=cluster, service=service)


def _reaches(database: Database, cache: Cache | None) -> Mapping[str, Reach]:
    first, last = DATABASE_PORTS
    reaches = {"database": Reach(from_port=first, to_port=last, cidr_ipv4=database.peering.cidr)}
    if cache:
        reaches["cache"] = Reach(from_port=cache.port, to_port=cache.port, security_group_id=cache.security_group_id)
    return reaches


def api_rate_limit() -> RateLimit:
    """The guide's limit in a window that AWS WAF has: 100 in 900 s are 66 in 600 s."""
    requests = targets.REQUESTS_PER_WINDOW * _RATE_WINDOW_SECONDS // targets.RATE_LIMIT_WINDOW_SECONDS
    return RateLimit(path_prefix="/api/", requests=requests, window_seconds=_RATE_WINDOW_SECONDS)
