"""The ingress of the API: certificate, load balancer, web ACL, DNS record and, from phase scale on, the CDN.

Behind a CDN the load balancer accepts requests from the CDN only: its security group allows the CDN's addresses, and
its web ACL requires the secret header that the stack's CDN sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output, Resource, ResourceOptions

from components.alb.existing_load_balancer import ExistingLoadBalancer
from components.alb.listener_rule import RequestMatch
from components.alb.load_balancer import LoadBalancer
from components.alb.target_group import TargetSettings
from components.cdn.provider import ORIGIN_HEADER, CdnKind
from components.cloudfront.api_distribution import ApiDistribution, ApiDistributionArgs
from components.cloudfront.distribution import PriceClass
from components.cloudfront.origins import LoadBalancerOrigin
from components.dns.alias_record import AliasRecord, AliasRecordArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.dns.hosted_zone import HostedZone, HostedZoneArgs
from components.dns.regional_record import RegionalRecord, RegionalRecordArgs
from components.waf.client_rules import BotControl, OriginKey
from components.waf.rules import Mode, RateLimit
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from stacks.config.groups import API_PATH
from stacks.config.model import OriginLock
from stacks.context import EDGE_REGION, StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Foundation
from stacks.resources.load_balancer import ApiLoadBalancer, is_locked, load_balancer_origin, load_balancer_with

# Behind CloudFront all viewers share its addresses, so this rule has the highest limit that AWS WAF allows. The web ACL
# of the distribution limits each viewer.
_FLOOD: Final = RateLimit(path_prefix=API_PATH, requests=2_000_000_000, window_seconds=600)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ingress:
    """The ingress of the API."""

    load_balancer: LoadBalancer | ExistingLoadBalancer
    targets: TargetSettings
    match: RequestMatch | None  # the requests of a shared listener that are for this stack; None: all requests
    web_acl: WebAcl | None  # None with an existing load balancer, whose owner configures its web ACL
    edge_web_acl: WebAcl | None  # of the API's CloudFront distribution
    cdn: ApiDistribution | None
    record: Resource  # the DNS record of the API
    origin_zone_id: Input[str] | None  # the hosted zone of settings.origin_host; None with one region
    certificate_arn: Input[str]  # of the load balancer
    certificate: Certificate | None  # None with tierup:certificateArn
    edge_certificate_arn: Input[str] | None  # of the API's distribution, in us-east-1


def create_ingress(
    context: StackContext,
    foundation: Foundation,
    credentials: Credentials,
    api: ApiLoadBalancer,
    edge_rules: Sequence[Resource] = (),
    other_record: Resource | None = None,
) -> Ingress:
    """Create the ingress. `credentials.values` contains ORIGIN_KEY when the API is behind the CDN.

    `edge_rules` are Cloudflare's rules for the API's host name, which must exist before the name is proxied.
    `other_record` is the DNS record of the API when it points at another host, and the ingress is on standby.
    """
    load_balancer = api.load_balancer
    origin_key = credentials.values.get("ORIGIN_KEY")
    edge_web_acl, cdn, edge_certificate_arn = None, None, None
    host, origin_zone_id = load_balancer.dns_name, None
    if context.settings.regions:
        origin_zone_id, delegated = _origin_zone(context)
        regional = _regional_record(context, load_balancer, origin_zone_id)
        host = Output.all(regional.fqdn, *delegated).apply(lambda names: names[0])
    if origin_key is not None and CdnKind.CLOUDFRONT in context.settings.cdns:
        edge_web_acl = _edge_web_acl(context)
        origin = load_balancer_origin(context, host, origin_key)
        edge_certificate_arn = context.settings.edge_certificate_arn or _edge_certificate(context, api.certificate).arn
        cdn = _cdn(context, foundation, origin, edge_web_acl, edge_certificate_arn)
    records = [other_record] if other_record else _records(context, load_balancer, host, cdn, edge_rules)
    accepted = credentials.accepted.get("ORIGIN_KEY", ())
    web_acl = _web_acl(context, foundation, load_balancer, accepted, records)
    return Ingress(
        load_balancer=load_balancer,
        targets=api.targets,
        match=api.match,
        web_acl=web_acl,
        edge_web_acl=edge_web_acl,
        cdn=cdn,
        record=records[0],
        origin_zone_id=origin_zone_id,
        certificate_arn=api.certificate_arn,
        certificate=api.certificate,
        edge_certificate_arn=edge_certificate_arn,
    )


def create_regional_ingress(
    context: StackContext, foundation: Foundation, credentials: Credentials, home: Ingress
) -> Ingress:
    """Create the load balancer of a further region, its web ACL and its record. `context` is that of the region.

    The certificate has the same name as that of the first region, and shares its validation records.
    """
    shared = home.certificate.validation_records if home.certificate else None
    certificate = Certificate(
        context.named("api-certificate"),
        CertificateArgs(
            domain_name=context.settings.api_host,
            zone_id=None if home.certificate else context.lookups.hosted_zone_id,
            dns_validation=None if home.certificate else context.lookups.dns_validation,
            validation_records=shared,
            region=context.settings.region,
            tags=context.tags,
        ),
        context.opts,
    )
    load_balancer, match = load_balancer_with(context, foundation, certificate.arn)
    record = _regional_record(context, load_balancer, home.origin_zone_id or "")
    web_acl = _web_acl(context, foundation, load_balancer, credentials.accepted.get("ORIGIN_KEY", ()), [record])
    return Ingress(
        load_balancer=load_balancer,
        targets=home.targets,
        match=match,
        web_acl=web_acl,
        edge_web_acl=None,
        cdn=None,
        record=record,
        origin_zone_id=home.origin_zone_id,
        certificate_arn=certificate.arn,
        certificate=certificate,
        edge_certificate_arn=None,
    )


def _origin_zone(context: StackContext) -> tuple[Input[str], Sequence[Output[str]]]:
    """Return the hosted zone of the name by which the CDN reaches all regions, and the name once it is delegated.

    Behind Cloudflare, create the zone: Route 53 answers for that name only, with the weights and the health evaluation
    that a Cloudflare zone does not have.
    """
    if context.settings.cdn is CdnKind.CLOUDFRONT:
        return context.lookups.hosted_zone_id or "", ()
    from stacks.resources.cloudflare import delegate

    args = HostedZoneArgs(domain_name=context.settings.origin_host, tags=context.tags)
    zone = HostedZone("api-origin", args, context.opts)
    return zone.zone_id, [delegate(context, "api-origin-delegation", zone)]


def _regional_record(
    context: StackContext, load_balancer: LoadBalancer | ExistingLoadBalancer, zone_id: Input[str]
) -> RegionalRecord:
    """Create a region's record of the name by which the CDN reaches the load balancers of all regions."""
    settings = context.settings
    return RegionalRecord(
        context.named("api-origin"),
        RegionalRecordArgs(
            domain_name=settings.origin_host,
            zone_id=zone_id,
            region=settings.region,
            active=settings.region == settings.serving_region,
            target_domain_name=load_balancer.dns_name,
            target_zone_id=load_balancer.zone_id,
        ),
        context.opts,
    )


def _edge_web_acl(context: StackContext) -> WebAcl:
    """Create the web ACL of the distribution. It sees the client addresses, so restrictions, rate limit and bots are
    here."""
    settings = context.settings
    return WebAcl(
        "api-edge-web-acl",
        WebAclArgs(
            scope=Scope.CLOUDFRONT,
            mode=Mode(settings.waf_mode),
            rate_limit=settings.rate_limit.for_clients(),
            login_limits=settings.login_limit.for_clients(),
            client_restrictions=settings.client_restrictions,
            max_body_bytes=settings.max_body_bytes,
            body_exempt_paths=settings.body_exempt_paths,
            cors_origin=settings.site_origin,
            bot_control=BotControl(path_prefix=API_PATH) if settings.uses_bot_control else None,
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
    certificate_arn: Input[str],
) -> ApiDistribution:
    settings = context.settings
    return ApiDistribution(
        "api-cdn",
        ApiDistributionArgs(
            domain_name=settings.api_host,
            certificate_arn=certificate_arn,
            origin=origin,
            access_log_bucket_arn=foundation.logs.bucket_arn,
            web_acl_arn=web_acl.arn,
            price_class=settings.price_class or PriceClass.for_region(settings.region),
            tags=context.tags,
        ),
        context.opts,
    )


def _edge_certificate(context: StackContext, certificate: Certificate | None) -> Certificate:
    """Create CloudFront's certificate. It shares the validation records of the load balancer's certificate, if there is
    one."""
    args = CertificateArgs(
        domain_name=context.settings.api_host,
        zone_id=None if certificate else context.lookups.hosted_zone_id,
        dns_validation=None if certificate else context.lookups.dns_validation,
        validation_records=certificate.validation_records if certificate else None,
        region=EDGE_REGION,
        tags=context.tags,
    )
    return Certificate("api-edge-certificate", args, context.opts)


def _records(
    context: StackContext,
    load_balancer: LoadBalancer | ExistingLoadBalancer,
    host: Input[str],
    cdn: ApiDistribution | None,
    edge_rules: Sequence[Resource],
) -> Sequence[Resource]:
    """Create the DNS record of the API in the zone of each CDN, and return that of the CDN that serves first.

    `host` is the name by which a CDN reaches the load balancer, or those of all regions.
    """
    records: dict[CdnKind, Resource] = {}
    if CdnKind.CLOUDFRONT in context.settings.cdns:
        records[CdnKind.CLOUDFRONT] = _alias(context, load_balancer, cdn)
    if CdnKind.CLOUDFLARE in context.settings.cdns:
        from stacks.resources.cloudflare import api_name

        records[CdnKind.CLOUDFLARE] = api_name(context, host, edge_rules, cdn.domain_name if cdn else None)
    return [records.pop(context.settings.cdn), *records.values()]


def _alias(
    context: StackContext, load_balancer: LoadBalancer | ExistingLoadBalancer, cdn: ApiDistribution | None
) -> AliasRecord:
    """Create the API's record in Route 53. Its target becomes the CDN by an update in place."""
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
            # The load balancer may have no IPv6 address. So the AAAA record exists only while the name stays with the
            # CDN: a step that opens the lock before the name leaves the CDN deletes it while the CDN still serves.
            ipv6=is_locked(context) or context.settings.ipv6,
        ),
        context.opts,
    )


def _web_acl(
    context: StackContext,
    foundation: Foundation,
    load_balancer: LoadBalancer | ExistingLoadBalancer,
    origin_keys: Sequence[Output[str]],
    records: Sequence[Resource],
) -> WebAcl | None:
    settings = context.settings
    if isinstance(load_balancer, ExistingLoadBalancer):
        return None
    behind_cloudflare = bool(origin_keys) and CdnKind.CLOUDFLARE in settings.cdns
    behind_cloudfront = bool(origin_keys) and not behind_cloudflare
    # Requests without the header, those of CloudFront while both CDNs serve, do not count.
    client = "CF-Connecting-IP" if behind_cloudflare else None
    return WebAcl(
        context.named("api-web-acl"),
        WebAclArgs(
            scope=Scope.REGIONAL,
            load_balancer_arn=load_balancer.arn,
            mode=Mode(settings.waf_mode),
            rate_limit=_FLOOD if behind_cloudfront else settings.rate_limit.for_clients(client),
            login_limits=() if behind_cloudfront else settings.login_limit.for_clients(client),
            # Behind a CDN the web ACL of the CDN applies the restrictions.
            client_restrictions=None if origin_keys else settings.client_restrictions,
            max_body_bytes=settings.max_body_bytes,
            body_exempt_paths=settings.body_exempt_paths,
            cors_origin=settings.site_origin,
            bot_control=BotControl(path_prefix=API_PATH)
            if settings.uses_bot_control and not behind_cloudfront
            else None,
            origin_key=OriginKey(header=ORIGIN_HEADER, values=origin_keys)
            if origin_keys and settings.origin_lock is not OriginLock.OFF
            else None,
            origin_key_mode=Mode.COUNT if settings.origin_lock is OriginLock.COUNT else Mode.BLOCK,
            log_retention_days=settings.log_retention_days,
            log_key_arn=foundation.key_arn,
            tags=context.tags,
        ),
        # Requests have the secret header only after the DNS record points at the CDN.
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=list(records))) if origin_keys else context.opts,
    )
