"""Cloudflare as the CDN. Imported only when tierup:cdn is cloudflare, because importing the SDK takes three seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi_cloudflare as cloudflare
from pulumi import Input, Output, Resource, ResourceOptions

from components.alb.load_balancer import IngressSource
from components.cdn.cache_rules import CacheRule
from components.cdn.security_headers import SiteHeaders
from components.cloudflare.advanced_certificate import AdvancedCertificate, AdvancedCertificateArgs
from components.cloudflare.authenticated_origin_pulls import CloudflareOriginPulls, CloudflareOriginPullsArgs
from components.cloudflare.cache_rules import CloudflareCache, CloudflareCacheArgs
from components.cloudflare.cache_tags import CloudflareCacheTags, CloudflareCacheTagsArgs
from components.cloudflare.delegation import CloudflareDelegation, CloudflareDelegationArgs
from components.cloudflare.dns_record import UNPROXIED_TTL_SECONDS, CloudflareRecord, CloudflareRecordArgs
from components.cloudflare.error_pages import CloudflareErrorPages, CloudflareErrorPagesArgs
from components.cloudflare.origin_rules import CloudflareOrigin, CloudflareOriginArgs
from components.cloudflare.plan import rate_limit_for
from components.cloudflare.redirects import CloudflareRedirects, CloudflareRedirectsArgs
from components.cloudflare.response_headers import CloudflareHeaders, CloudflareHeadersArgs
from components.cloudflare.waf import CloudflareWaf, CloudflareWafArgs, MaintenancePage
from components.cloudflare.zone_settings import CloudflareZoneSettings, CloudflareZoneSettingsArgs
from components.cloudfront.site_distribution import SiteDistribution
from components.dns.hosted_zone import HostedZone
from components.s3.site_bucket import SiteBucket
from components.waf.rules import Mode
from stacks.catalog.phases import Feature
from stacks.config.groups import API_PATH
from stacks.context import StackContext
from stacks.resources.api_route import ApiRoute, after
from stacks.resources.credentials import Credentials


def ingress_sources() -> Mapping[str, IngressSource]:
    """Return Cloudflare's address ranges by a stable name each, so that a new range does not rename the others."""
    ranges = cloudflare.get_ip_ranges()
    ipv4 = {_range_name(cidr): IngressSource(cidr_ipv4=cidr) for cidr in sorted(ranges.ipv4_cidrs or ())}
    return ipv4 | {_range_name(cidr): IngressSource(cidr_ipv6=cidr) for cidr in sorted(ranges.ipv6_cidrs or ())}


def _range_name(cidr: str) -> str:
    parts = "-".join(part for part in cidr.replace(":", ".").replace("/", ".").split(".") if part)
    return f"cloudflare-{parts}"


def api_name(
    context: StackContext, load_balancer: Input[str], rules: Sequence[Resource], other_cdn: Input[str] | None
) -> CloudflareRecord:
    """Create the DNS record of the API. It becomes proxied when the API is behind Cloudflare, by an update in place.

    `rules` set the headers and the caching of the API's responses, so they exist before the name is proxied.
    `other_cdn` is the host name of the API's distribution, at which the record points while CloudFront serves.
    """
    serves = context.settings.cloudflare_serves
    return CloudflareRecord(
        "api-record",
        CloudflareRecordArgs(
            domain_name=context.settings.api_host,
            zone_id=_zone_id(context),
            target=load_balancer if serves or other_cdn is None else other_cdn,
            proxied=serves and context.has(Feature.API_BEHIND_CDN),
        ),
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=list(rules))),
    )


def host_name(
    context: StackContext,
    name: str,
    domain: str,
    target: Input[str],
    verification: tuple[Input[str], Input[str]] | None,
    opts: ResourceOptions,
) -> CloudflareRecord:
    """Create the record of a name that a host outside AWS serves. It is not proxied: the host issues the certificate.

    `verification` is the name and value of a TXT record that proves the ownership of the name to the host.
    """
    if verification is not None:
        text, value = verification
        cloudflare.DnsRecord(
            f"{name}-verification",
            zone_id=_zone_id(context),
            name=text,
            type="TXT",
            # Cloudflare stores the content of a TXT record in quotes, and adds them where they are missing.
            content=Output.from_input(value).apply(lambda known: f'"{known}"'),
            ttl=UNPROXIED_TTL_SECONDS,
            opts=opts,
        )
    args = CloudflareRecordArgs(domain_name=domain, zone_id=_zone_id(context), target=target, proxied=False)
    return CloudflareRecord(name, args, opts)


def delegate(context: StackContext, name: str, zone: HostedZone) -> Output[str]:
    """Delegate the name of the regions to the hosted zone that answers for it. Return the name once it is delegated."""
    args = CloudflareDelegationArgs(
        domain_name=context.settings.origin_host, zone_id=_zone_id(context), name_servers=zone.name_servers
    )
    return CloudflareDelegation(name, args, context.opts).fqdn


def present_certificate(context: StackContext, certificate: str) -> CloudflareOriginPulls:
    """Let Cloudflare present a client certificate to the load balancer, for every host name of the zone."""
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
    route: ApiRoute | None = None,
    other_record: Resource | None = None,
    distribution: SiteDistribution | None = None,
) -> tuple[Resource, Sequence[Resource]]:
    """Serve the site bucket through Cloudflare: zone settings, DNS record, and one ruleset for each request phase.

    `other_record` is the DNS record of the name when it points at another host. `distribution` serves the site too,
    while the CDN changes. The records point at it, and are not proxied, until Cloudflare serves.

    Return the DNS record, and the rules that must exist before a name of the zone is proxied.
    """
    settings, zone_id, opts = context.settings, _zone_id(context), context.opts
    CloudflareZoneSettings("zone", CloudflareZoneSettingsArgs(zone_id=zone_id), opts)
    path = route.path if route else None
    origin = _origin(context, bucket, credentials, path)
    addresses = sorted(cloudflare.get_ip_ranges().ipv4_cidrs or ())
    bucket.allow_reads_through(
        addresses=addresses,
        user_agent=credentials.values["BUCKET_KEY"],
        distribution_arn=distribution.arn if distribution else None,
    )
    cache = CloudflareCache(
        "cdn",
        CloudflareCacheArgs(
            zone_id=zone_id,
            plan=settings.cloudflare_plan,
            site_host=settings.domain,
            site_aliases=settings.site_aliases,
            api_host=settings.api_host if context.has(Feature.API_BEHIND_CDN) else None,
            api_path=path,
            pages=pages,
            cache_rules=cache_rules,
            tiered=context.has(Feature.ORIGIN_SHIELD),
        ),
        opts,
    )
    CloudflareHeaders(
        "site-headers",
        CloudflareHeadersArgs(
            zone_id=zone_id,
            plan=settings.cloudflare_plan,
            site_host=settings.domain,
            site_aliases=settings.site_aliases,
            headers=headers,
            api_path=path,
        ),
        opts,
    )
    maintenance = _maintenance(context, path)
    _error_pages(context, path, maintenance)
    _web_acl(context, maintenance)
    rules: list[Resource] = [origin, cache]
    if settings.cloudflare_advanced_certificate:
        rules.append(_certificate(context))
    # Rules select the names, and Cloud Connector sends all paths but that of the API to the bucket.
    target = route.load_balancer if route else bucket.regional_domain_name
    serves = settings.cloudflare_serves
    if distribution is not None and not serves:
        target = distribution.domain_name
    record = other_record or CloudflareRecord(
        "site-record",
        CloudflareRecordArgs(domain_name=settings.domain, zone_id=zone_id, target=target, proxied=serves),
        after(ResourceOptions.merge(opts, ResourceOptions(depends_on=rules)), route),
    )
    for host in settings.site_aliases:
        CloudflareRecord(
            f"site-record-{host}",
            CloudflareRecordArgs(domain_name=host, zone_id=zone_id, target=target, proxied=serves),
            after(ResourceOptions.merge(opts, ResourceOptions(depends_on=rules)), route),
        )
    if settings.site_redirects:
        _redirects(context)
    if settings.site_cache_tags:
        tags = CloudflareCacheTagsArgs(zone_id=zone_id, hosts=settings.site_hosts, tags=settings.site_cache_tags)
        CloudflareCacheTags("site-cache-tags", tags, opts)
    return record, rules


def _redirects(context: StackContext) -> None:
    """Redirect further names to the site. Their records point at it; while they are proxied, the rule answers first."""
    settings, zone_id = context.settings, _zone_id(context)
    args = CloudflareRedirectsArgs(zone_id=zone_id, hosts=settings.site_redirects, target=settings.domain)
    rules = CloudflareRedirects("site-redirects", args, context.opts)
    for host in settings.site_redirects:
        CloudflareRecord(
            f"site-record-{host}",
            CloudflareRecordArgs(
                domain_name=host,
                zone_id=zone_id,
                target=settings.domain,
                proxied=settings.cloudflare_serves,
            ),
            ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[rules])),
        )


def _certificate(context: StackContext) -> Resource:
    """Create an advanced certificate of both names at the edge. The zone needs Advanced Certificate Manager."""
    return AdvancedCertificate(
        "edge-certificate",
        AdvancedCertificateArgs(
            zone_id=_zone_id(context),
            hosts=(context.lookups.cloudflare_zone_name or "", *context.settings.host_names),
        ),
        context.opts,
    )


def _origin(
    context: StackContext, bucket: SiteBucket, credentials: Credentials, api_path: str | None
) -> CloudflareOrigin:
    behind = context.has(Feature.API_BEHIND_CDN)
    args = CloudflareOriginArgs(
        zone_id=_zone_id(context),
        site_host=context.settings.domain,
        site_aliases=context.settings.site_aliases,
        bucket_domain_name=bucket.regional_domain_name,
        bucket_key=credentials.values["BUCKET_KEY"],
        api_host=context.settings.api_host if behind else None,
        origin_key=credentials.values["ORIGIN_KEY"] if behind else None,
        api_path=api_path,
    )
    return CloudflareOrigin("origin", args, context.opts)


def _maintenance(context: StackContext, api_path: str | None) -> MaintenancePage | None:
    settings = context.settings
    if not (settings.maintenance.enabled and settings.maintenance.site):
        return None
    return MaintenancePage(hosts=settings.site_hosts, html=settings.maintenance.html, api_path=api_path)


def _error_pages(context: StackContext, api_path: str | None, maintenance: MaintenancePage | None) -> None:
    settings = context.settings
    pages = settings.site_error_pages.pages()
    if not pages.documents and maintenance is None:
        return
    args = CloudflareErrorPagesArgs(
        zone_id=_zone_id(context),
        plan=settings.cloudflare_plan,
        hosts=settings.site_hosts,
        pages=pages,
        maintenance=maintenance,
        api_path=api_path,
    )
    CloudflareErrorPages("site-errors", args, context.opts)


def _web_acl(context: StackContext, maintenance: MaintenancePage | None) -> CloudflareWaf:
    settings = context.settings
    args = CloudflareWafArgs(
        zone_id=_zone_id(context),
        plan=settings.cloudflare_plan,
        mode=Mode(settings.waf_mode),
        origins=settings.client_restrictions,
        maintenance=maintenance,
        rate_limit=rate_limit_for(
            settings.cloudflare_plan,
            path_prefix=API_PATH,
            requests=settings.rate_limit.requests,
            window_seconds=settings.rate_limit.window_seconds,
            exempt_paths=settings.rate_limit.exempt_paths,
            exempt_addresses=settings.rate_limit.exempt_addresses,
        ),
    )
    return CloudflareWaf("zone-waf", args, context.opts)


def _zone_id(context: StackContext) -> str:
    return context.settings.cloudflare_zone_id or ""
