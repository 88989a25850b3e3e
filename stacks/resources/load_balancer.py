"""The load balancer of the API with its certificate, which both the ingress and the site's CDN refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.alb.existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
from components.alb.fixed_response import FixedResponse, FixedResponseArgs
from components.alb.listener_rule import ALL_REQUESTS, RequestMatch
from components.alb.load_balancer import IngressSource, LoadBalancer, LoadBalancerArgs
from components.alb.target_group import TargetSettings
from components.alb.trust_store import TrustStore, TrustStoreArgs
from components.cdn.provider import CLOUDFRONT_PREFIX_LIST, CdnKind
from components.cloudfront.origins import LoadBalancerOrigin
from components.dns.certificate import Certificate, CertificateArgs
from stacks.catalog import versions
from stacks.catalog.phases import Feature
from stacks.config.model import OriginLock
from stacks.context import StackContext
from stacks.resources.foundation import Foundation

# Clients use open connections to the load balancer after the name points at the CDN. While they connect to it directly,
# connections end after a minute, so that a later switch to the CDN waits two minutes. A CDN keeps its connections.
_KEEP_ALIVE_SECONDS: Final = 60
_LOCKED_KEEP_ALIVE_SECONDS: Final = 3_600


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiLoadBalancer:
    """The load balancer of the API."""

    load_balancer: LoadBalancer | ExistingLoadBalancer
    match: RequestMatch | None  # the requests of a shared listener that are for this stack; None: all requests
    targets: TargetSettings
    certificate: Certificate | None  # None for tierup:certificateArn
    certificate_arn: Input[str]


def create_load_balancer(context: StackContext, foundation: Foundation) -> ApiLoadBalancer:
    """Create the load balancer of the API, or the stack's part of an existing one, with the API's certificate."""
    certificate = None if context.settings.certificate_arn else _certificate(context)
    certificate_arn = certificate.arn if certificate else context.settings.certificate_arn or ""
    load_balancer, match = load_balancer_with(context, foundation, certificate_arn)
    return ApiLoadBalancer(
        load_balancer=load_balancer,
        match=match,
        targets=_targets(context),
        certificate=certificate,
        certificate_arn=certificate_arn,
    )


def _maintenance(context: StackContext, load_balancer: LoadBalancer | ExistingLoadBalancer) -> None:
    FixedResponse(
        context.named("maintenance"),
        FixedResponseArgs(
            listener_arn=load_balancer.https_listener_arn,
            match=ALL_REQUESTS,
            priority=1,
            body=context.settings.maintenance.api_body,
            tags=context.tags,
        ),
        context.opts,
    )


def load_balancer_with(
    context: StackContext, foundation: Foundation, certificate_arn: Input[str]
) -> tuple[LoadBalancer | ExistingLoadBalancer, RequestMatch | None]:
    """Create the load balancer of a region with a certificate, and return it with the requests for this stack."""
    load_balancer, match = _load_balancer(context, foundation, certificate_arn)
    if context.settings.maintenance.enabled:
        _maintenance(context, load_balancer)
    return load_balancer, match


def load_balancer_origin(context: StackContext, host: Input[str], origin_key: Input[str]) -> LoadBalancerOrigin:
    """Return the load balancer as an origin of CloudFront. `origin_key` authenticates the distribution to it."""
    return LoadBalancerOrigin(
        domain_name=host,
        origin_key=origin_key,
        read_timeout_seconds=min(context.settings.idle_timeout_seconds, 120),
        keepalive_seconds=min(context.settings.idle_timeout_seconds - 10, 110),
    )


def _certificate(context: StackContext) -> Certificate:
    return Certificate(
        context.named("api-certificate"),
        CertificateArgs(
            domain_name=context.settings.api_host,
            zone_id=context.lookups.hosted_zone_id,
            dns_validation=context.lookups.dns_validation,
            tags=context.tags,
        ),
        context.opts,
    )


def _targets(context: StackContext) -> TargetSettings:
    return TargetSettings(
        port=context.settings.backend.port,
        health_check_path=context.settings.backend.health_check_path,
        sticky_seconds=context.settings.sticky_seconds,
    )


def _load_balancer(
    context: StackContext, foundation: Foundation, certificate_arn: Input[str]
) -> tuple[LoadBalancer | ExistingLoadBalancer, RequestMatch | None]:
    settings, existing = context.settings, context.settings.existing_load_balancer
    if existing is not None:
        match = RequestMatch(hosts=settings.api_hosts)
        args = ExistingLoadBalancerArgs(
            arn=existing.arn,
            vpc_id=foundation.network.vpc_id,
            match=match,
            priority=existing.priority,
            targets=_targets(context),
            certificate_arn=certificate_arn,
            tags=context.tags,
        )
        return ExistingLoadBalancer("api", args, context.opts), match
    return LoadBalancer(
        context.named("api"),
        LoadBalancerArgs(
            vpc_id=foundation.network.vpc_id,
            subnet_ids=list(foundation.network.public_subnet_ids.values()),
            certificate_arn=certificate_arn,
            access_log_bucket=foundation.logs.bucket_name,
            ssl_policy=versions.TLS_POLICY,
            target_port=settings.backend.port,
            health_check_path=settings.backend.health_check_path,
            sticky_seconds=settings.sticky_seconds,
            idle_timeout_seconds=settings.idle_timeout_seconds,
            dual_stack=settings.ipv6,
            trust_store_arn=_trust_store(context),
            ingress_sources=_cloudfront_sources(context) if is_locked(context) else None,
            second_ingress_sources=_cloudflare_sources(context) if is_locked(context) else None,
            client_keep_alive_seconds=_LOCKED_KEEP_ALIVE_SECONDS if is_locked(context) else _KEEP_ALIVE_SECONDS,
            deletion_protection=settings.protect,
            tags=context.tags,
        ),
        # Cloudflare must present its certificate before the load balancer requires one.
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=_cloudflare_certificates(context))),
    ), None


def is_locked(context: StackContext) -> bool:
    """Return whether only the CDN may connect to the load balancer."""
    return context.has(Feature.API_BEHIND_CDN) and context.settings.origin_lock is OriginLock.ON


def _trust_store(context: StackContext) -> Output[str] | None:
    wanted = context.settings.client_certificates
    if wanted is None:
        return None
    args = TrustStoreArgs(
        bundle_bucket=wanted.bucket, bundle_key=wanted.key, bundle_version=wanted.version, tags=context.tags
    )
    return TrustStore(context.named("api-clients"), args, context.opts).arn


def _cloudflare_certificates(context: StackContext) -> list[Resource]:
    if context.settings.cloudflare_client_certificate is None:
        return []
    from stacks.resources.cloudflare import present_certificate

    return [present_certificate(context, context.settings.cloudflare_client_certificate)]


def _cloudfront_sources(context: StackContext) -> Mapping[str, IngressSource]:
    if CdnKind.CLOUDFRONT not in context.settings.cdns:
        return {}
    return {"cloudfront": IngressSource(prefix_list_id=_cloudfront_addresses(context))}


def _cloudflare_sources(context: StackContext) -> Mapping[str, IngressSource] | None:
    if CdnKind.CLOUDFLARE not in context.settings.cdns:
        return None
    from stacks.resources.cloudflare import ingress_sources  # importing the SDK takes three seconds

    return ingress_sources()


def _cloudfront_addresses(context: StackContext) -> str:
    """Return the id of CloudFront's prefix list, which differs from region to region."""
    region = context.settings.region if context.suffix else None
    return aws.ec2.get_managed_prefix_list(name=CLOUDFRONT_PREFIX_LIST, region=region).id
