"""What stands before the API: certificate, load balancer, firewall, name and, from phase scale on, the CDN.

Behind a CDN the load balancer answers to nobody else: its security group lets in the CDN's addresses alone, and its
firewall only what carries the secret header that our CDN sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.alb.existing_load_balancer import ExistingLoadBalancer, ExistingLoadBalancerArgs
from components.alb.listener_rule import RequestMatch
from components.alb.load_balancer import IngressSource, LoadBalancer, LoadBalancerArgs
from components.alb.target_group import TargetSettings
from components.alb.trust_store import TrustStore, TrustStoreArgs
from components.cdn.provider import CLOUDFRONT_PREFIX_LIST, ORIGIN_HEADER, CdnKind
from components.cloudfront.api_distribution import ApiDistribution, ApiDistributionArgs
from components.cloudfront.distribution import PriceClass
from components.cloudfront.origins import LoadBalancerOrigin
from components.dns.alias_record import AliasRecord, AliasRecordArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.waf.client_rules import BotControl, OriginKey
from components.waf.rules import Mode, RateLimit
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from stacks.catalog import thresholds, versions
from stacks.catalog.phases import Feature
from stacks.context import EDGE_REGION, StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Foundation

SERVICE_PORT: Final = 5000  # the guide's PORT
_API: Final = "/api/"
_RATE_WINDOW_SECONDS: Final = 600  # of 60, 120, 300 and 600, which AWS WAF has, the nearest to the guide's 900
# CloudFront's addresses are shared by all of its viewers, so behind it this rule can stop a flood and nobody alone;
# who is counted alone is counted before CloudFront. The most that AWS WAF takes.
_FLOOD: Final = RateLimit(path_prefix=_API, requests=2_000_000_000, window_seconds=_RATE_WINDOW_SECONDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingress:
    """Where requests come in."""

    load_balancer: LoadBalancer | ExistingLoadBalancer
    targets: TargetSettings
    match: RequestMatch | None  # what of a shared listener is ours; None: all
    web_acl: WebAcl | None  # None before a load balancer of others, who keep their own
    edge_firewall: WebAcl | None  # before the API's CloudFront
    cdn: ApiDistribution | None
    name: Resource  # leads users here


def create_ingress(context: StackContext, foundation: Foundation, credentials: Credentials) -> Ingress:
    """`credentials.values` holds ORIGIN_KEY where the API is behind the CDN."""
    certificate = None if context.settings.certificate_arn else _certificate(context)
    certificate_arn = certificate.arn if certificate else context.settings.certificate_arn or ""
    load_balancer, match = _load_balancer(context, foundation, certificate_arn)
    origin_key = credentials.values.get("ORIGIN_KEY")
    edge_firewall, cdn = None, None
    if origin_key is not None and context.settings.cdn is CdnKind.CLOUDFRONT:
        edge_firewall = _edge_firewall(context)
        origin = LoadBalancerOrigin(
            domain_name=load_balancer.dns_name,
            origin_key=origin_key,
            read_timeout_seconds=min(context.settings.idle_timeout_seconds, 120),
            keepalive_seconds=min(context.settings.idle_timeout_seconds - 10, 110),
        )
        cdn = _cdn(context, foundation, origin, edge_firewall, certificate)
    name = _name(context, load_balancer, cdn)
    web_acl = _web_acl(context, foundation, load_balancer, origin_key, name)
    return Ingress(
        load_balancer=load_balancer,
        targets=_targets(context),
        match=match,
        web_acl=web_acl,
        edge_firewall=edge_firewall,
        cdn=cdn,
        name=name,
    )


def _certificate(context: StackContext) -> Certificate:
    return Certificate(
        "api-certificate",
        CertificateArgs(
            domain_name=context.settings.api_host,
            zone_id=context.lookups.hosted_zone_id,
            dns_validation=context.lookups.dns_validation,
            tags=context.tags,
        ),
        context.opts,
    )


def _targets(context: StackContext) -> TargetSettings:
    return TargetSettings(port=SERVICE_PORT, sticky_seconds=context.settings.sticky_seconds)


def _load_balancer(
    context: StackContext, foundation: Foundation, certificate_arn: Input[str]
) -> tuple[LoadBalancer | ExistingLoadBalancer, RequestMatch | None]:
    settings, existing = context.settings, context.settings.existing_load_balancer
    if existing is not None:
        match = RequestMatch(hosts=(settings.api_host,))
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
        "api",
        LoadBalancerArgs(
            vpc_id=foundation.network.vpc_id,
            subnet_ids=list(foundation.network.public_subnet_ids.values()),
            certificate_arn=certificate_arn,
            access_log_bucket=foundation.logs.bucket_name,
            ssl_policy=versions.TLS_POLICY,
            target_port=SERVICE_PORT,
            sticky_seconds=settings.sticky_seconds,
            idle_timeout_seconds=settings.idle_timeout_seconds,
            dual_stack=settings.ipv6,
            trust_store_arn=_trust_store(context),
            ingress_sources=_callers(context) if context.has(Feature.API_BEHIND_CDN) else None,
            deletion_protection=settings.protect,
            tags=context.tags,
        ),
        # Cloudflare shows its certificate before the load balancer asks for one, or it would turn everybody away.
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=_shown_certificates(context))),
    ), None


def _trust_store(context: StackContext) -> Output[str] | None:
    wanted = context.settings.client_certificates
    if wanted is None:
        return None
    args = TrustStoreArgs(
        bundle_bucket=wanted.bucket, bundle_key=wanted.key, bundle_version=wanted.version, tags=context.tags
    )
    return TrustStore("api-clients", args, context.opts).arn


def _shown_certificates(context: StackContext) -> list[Resource]:
    if context.settings.cloudflare_client_certificate is None:
        return []
    from stacks.resources.cloudflare import show_certificate

    return [show_certificate(context, context.settings.cloudflare_client_certificate)]


def _callers(context: StackContext) -> Mapping[str, IngressSource]:
    if context.settings.cdn is CdnKind.CLOUDFLARE:
        from stacks.resources.cloudflare import callers  # the SDK takes three seconds to import

        return callers()
    return {"cloudfront": IngressSource(prefix_list_id=aws.ec2.get_managed_prefix_list(name=CLOUDFRONT_PREFIX_LIST).id)}


def _edge_firewall(context: StackContext) -> WebAcl:
    """Sees the clients themselves: so who they are, how often they come and whether they are bots is judged here."""
    settings = context.settings
    return WebAcl(
        "api-edge-firewall",
        WebAclArgs(
            scope=Scope.CLOUDFRONT,
            mode=Mode(settings.waf_mode),
            rate_limit=api_rate_limit(),
            origins=settings.origins,
            bots=BotControl(path_prefix=_API) if settings.uses_bot_control else None,
            log_retention_days=settings.log_retention_days,
            tags=context.tags,
        ),
        context.opts,
    )


def _cdn(
    context: StackContext,
    foundation: Foundation,
    origin: LoadBalancerOrigin,
    web_acl: WebAcl,
    certificate: Certificate | None,
) -> ApiDistribution:
    settings = context.settings
    return ApiDistribution(
        "api-cdn",
        ApiDistributionArgs(
            domain_name=settings.api_host,
            certificate_arn=settings.edge_certificate_arn or _edge_certificate(context, certificate).arn,
            origin=origin,
            access_log_bucket_arn=foundation.logs.bucket_arn,
            web_acl_arn=web_acl.arn,
            price_class=PriceClass.for_region(settings.region),
            tags=context.tags,
        ),
        context.opts,
    )


def _edge_certificate(context: StackContext, certificate: Certificate | None) -> Certificate:
    """Proved by the records of the load balancer's, which are for the same name, where that one is ours."""
    args = CertificateArgs(
        domain_name=context.settings.api_host,
        zone_id=None if certificate else context.lookups.hosted_zone_id,
        validation_records=certificate.validation_records if certificate else None,
        region=EDGE_REGION,
        tags=context.tags,
    )
    return Certificate("api-edge-certificate", args, context.opts)


def _name(
    context: StackContext, load_balancer: LoadBalancer | ExistingLoadBalancer, cdn: ApiDistribution | None
) -> Resource:
    """The API's name: first the load balancer's, later the CDN's, by an update in place."""
    if context.settings.cdn is CdnKind.CLOUDFLARE:
        from stacks.resources.cloudflare import api_name

        return api_name(context, load_balancer.dns_name)
    target: tuple[Output[str], Output[str]] = (
        (cdn.domain_name, cdn.hosted_zone_id) if cdn else (load_balancer.dns_name, load_balancer.zone_id)
    )
    return AliasRecord(
        "api-alias",
        AliasRecordArgs(
            domain_name=context.settings.api_host,
            zone_id=context.lookups.hosted_zone_id or "",
            target_domain_name=target[0],
            target_zone_id=target[1],
            ipv6=cdn is not None or context.settings.ipv6,
        ),
        context.opts,
    )


def _web_acl(
    context: StackContext,
    foundation: Foundation,
    load_balancer: LoadBalancer | ExistingLoadBalancer,
    origin_key: Output[str] | None,
    name: Resource,
) -> WebAcl | None:
    settings = context.settings
    if isinstance(load_balancer, ExistingLoadBalancer):
        return None
    behind_cloudfront = origin_key is not None and settings.cdn is CdnKind.CLOUDFRONT
    behind_cloudflare = origin_key is not None and settings.cdn is CdnKind.CLOUDFLARE
    client = "CF-Connecting-IP" if behind_cloudflare else None
    return WebAcl(
        "api-firewall",
        WebAclArgs(
            scope=Scope.REGIONAL,
            load_balancer_arn=load_balancer.arn,
            mode=Mode(settings.waf_mode),
            rate_limit=_FLOOD if behind_cloudfront else api_rate_limit(client),
            # Behind a CDN they are judged there.
            origins=None if origin_key is not None else settings.origins,
            bots=BotControl(path_prefix=_API) if settings.uses_bot_control and not behind_cloudfront else None,
            origin_key=OriginKey(header=ORIGIN_HEADER, value=origin_key) if origin_key is not None else None,
            log_retention_days=settings.log_retention_days,
            log_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        # Requests carry the key once the name leads them through the CDN, and no sooner.
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[name]))
        if origin_key is not None
        else context.opts,
    )


def api_rate_limit(client_address_header: str | None = None) -> RateLimit:
    """The guide's limit in a window that AWS WAF has: 100 in 900 s are 66 in 600 s."""
    requests = thresholds.REQUESTS_PER_WINDOW * _RATE_WINDOW_SECONDS // thresholds.RATE_LIMIT_WINDOW_SECONDS
    return RateLimit(
        path_prefix=_API,
        requests=requests,
        window_seconds=_RATE_WINDOW_SECONDS,
        client_address_header=client_address_header,
    )
