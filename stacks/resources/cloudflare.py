"""Cloudflare in place of CloudFront: what of it a stack uses. Imported only where tierup:cdn is cloudflare, because
the SDK takes three seconds."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_cloudflare as cloudflare
from pulumi import Input, Output

from components.alb.load_balancer import IngressSource
from components.cdn.cache_rules import CacheRule
from components.cdn.security_headers import SiteHeaders
from components.cloudflare.authenticated_origin_pulls import CloudflareOriginPulls, CloudflareOriginPullsArgs
from components.cloudflare.cache_rules import CloudflareCache, CloudflareCacheArgs
from components.cloudflare.dns_record import CloudflareRecord, CloudflareRecordArgs, certificate_records
from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
from components.cloudflare.plan import rate_limit_for
from components.cloudflare.response_headers import CloudflareHeaders, CloudflareHeadersArgs
from components.cloudflare.waf import CloudflareWaf, CloudflareWafArgs
from components.cloudflare.zone_settings import CloudflareZoneSettings, CloudflareZoneSettingsArgs
from components.dns.validation import DnsValidation
from components.s3.site_bucket import SiteBucket
from components.waf.rules import Mode
from stacks.catalog import thresholds
from stacks.catalog.phases import Feature
from stacks.config.model import NAMESPACE, Settings
from stacks.context import StackContext
from stacks.resources.credentials import Credentials


def look_up_zone(settings: Settings) -> DnsValidation:
    """How certificates are proved there. Raises pulumi.RunError where there is no such zone, or of other names."""
    zone_id = settings.cloudflare_zone_id or ""
    try:
        zone = cloudflare.get_zone(zone_id=zone_id)
    except Exception as error:  # an invoke that fails raises a bare Exception
        raise pulumi.RunError(
            f"there is no Cloudflare zone {zone_id} that the token may see ({error}): pulumi config set"
            f" {NAMESPACE}:cloudflareZoneId <id>, and give the token (cloudflare:apiToken) the right to it"
        ) from error
    outside = [
        name
        for name in (settings.domain, settings.api_host)
        if name != zone.name and not name.endswith(f".{zone.name}")
    ]
    if outside and zone.name:
        raise pulumi.RunError(
            f"{' and '.join(outside)} cannot be in the Cloudflare zone {zone.name}: set {NAMESPACE}:domain and"
            f" {NAMESPACE}:apiDomain to names below it, or {NAMESPACE}:cloudflareZoneId to their own zone"
        )
    return certificate_records(zone_id)


def callers() -> Mapping[str, IngressSource]:
    """Cloudflare's addresses, each by a name of its own, so that one that comes or goes moves no other."""
    ranges = cloudflare.get_ip_ranges()
    ipv4 = {_named(cidr): IngressSource(cidr_ipv4=cidr) for cidr in sorted(ranges.ipv4_cidrs or ())}
    return ipv4 | {_named(cidr): IngressSource(cidr_ipv6=cidr) for cidr in sorted(ranges.ipv6_cidrs or ())}


def _named(cidr: str) -> str:
    parts = "-".join(part for part in cidr.replace(":", ".").replace("/", ".").split(".") if part)
    return f"cloudflare-{parts}"


def api_name(context: StackContext, load_balancer: Input[str]) -> CloudflareRecord:
    """Plain before the API is behind Cloudflare, proxied from then on: an update in place."""
    return CloudflareRecord(
        "api-name",
        CloudflareRecordArgs(
            domain_name=context.settings.api_host,
            zone_id=_zone_id(context),
            target=load_balancer,
            proxied=context.has(Feature.API_BEHIND_CDN),
        ),
        context.opts,
    )


def show_certificate(context: StackContext, certificate: str) -> CloudflareOriginPulls:
    """What Cloudflare shows the load balancer that it comes to, for every name of the zone."""
    key = context.settings.cloudflare_client_key
    args = CloudflareOriginPullsArgs(
        zone_id=_zone_id(context), certificate=certificate, private_key="" if key is None else key
    )
    return CloudflareOriginPulls("origin-pulls", args, context.opts)


def serve_site(
    context: StackContext,
    bucket: SiteBucket,
    credentials: Credentials,
    headers: SiteHeaders,
    pages: CacheRule,
    cache_rules: list[CacheRule],
) -> Output[str]:
    """Puts Cloudflare before the bucket: the zone's settings and one ruleset a phase of a request."""
    settings, zone_id, opts = context.settings, _zone_id(context), context.opts
    CloudflareZoneSettings("zone", CloudflareZoneSettingsArgs(zone_id=zone_id), opts)
    _origin(context, bucket, credentials)
    addresses = sorted(cloudflare.get_ip_ranges().ipv4_cidrs or ())
    bucket.allow_reads_through(addresses=addresses, user_agent=credentials.values["BUCKET_KEY"])
    CloudflareCache(
        "cdn",
        CloudflareCacheArgs(
            zone_id=zone_id,
            plan=settings.cloudflare_plan,
            site_host=settings.domain,
            api_host=settings.api_host if context.has(Feature.API_BEHIND_CDN) else None,
            pages=pages,
            cache_rules=cache_rules,
            tiered=context.has(Feature.ORIGIN_SHIELD),
        ),
        opts,
    )
    CloudflareHeaders(
        "site-headers",
        CloudflareHeadersArgs(
            zone_id=zone_id, plan=settings.cloudflare_plan, site_host=settings.domain, headers=headers
        ),
        opts,
    )
    _web_acl(context)
    CloudflareRecord(
        "site-name",
        CloudflareRecordArgs(domain_name=settings.domain, zone_id=zone_id, target=bucket.regional_domain_name),
        opts,
    )
    return bucket.regional_domain_name


def _origin(context: StackContext, bucket: SiteBucket, credentials: Credentials) -> CloudflareOrigin:
    behind = context.has(Feature.API_BEHIND_CDN)
    args = CloudflareOriginArgs(
        zone_id=_zone_id(context),
        site_host=context.settings.domain,
        bucket_domain_name=bucket.regional_domain_name,
        bucket_key=credentials.values["BUCKET_KEY"],
        api_host=context.settings.api_host if behind else None,
        origin_key=credentials.values["ORIGIN_KEY"] if behind else None,
    )
    return CloudflareOrigin("origin", args, context.opts)


def _web_acl(context: StackContext) -> CloudflareWaf:
    settings = context.settings
    args = CloudflareWafArgs(
        zone_id=_zone_id(context),
        plan=settings.cloudflare_plan,
        mode=Mode(settings.waf_mode),
        origins=settings.origins,
        rate_limit=rate_limit_for(
            settings.cloudflare_plan,
            path_prefix="/api/",
            requests=thresholds.REQUESTS_PER_WINDOW,
            window_seconds=thresholds.RATE_LIMIT_WINDOW_SECONDS,
        ),
    )
    return CloudflareWaf("zone-firewall", args, context.opts)


def _zone_id(context: StackContext) -> str:
    return context.settings.cloudflare_zone_id or ""
