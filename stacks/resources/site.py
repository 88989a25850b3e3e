"""The site: its bucket, the CDN with certificate, web ACL and DNS record, and its copy in another region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pulumi import Input, Output, Resource

from components.cdn.cache_rules import CacheRule
from components.cdn.provider import CdnKind
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.distribution import PriceClass
from components.cloudfront.site_distribution import SiteApi, SiteDistribution, SiteDistributionArgs
from components.dns.alias_record import AliasRecord, AliasRecordArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.s3.error_pages import SiteErrorPages, SiteErrorPagesArgs
from components.s3.log_bucket import LogBucket
from components.s3.site_bucket import SiteBucket, SiteBucketArgs
from components.s3.site_replication import SiteReplication, SiteReplicationArgs
from components.waf.client_rules import BotControl
from components.waf.rules import Mode
from components.waf.web_acl import Scope, WebAcl, WebAclArgs
from stacks.catalog.phases import Feature, features
from stacks.catalog.site_cache import site_cache_rules
from stacks.config.groups import API_PATH
from stacks.context import EDGE_REGION, StackContext
from stacks.resources import first_release
from stacks.resources.api_route import ApiRoute, after
from stacks.resources.credentials import Credentials
from stacks.resources.load_balancer import ApiLoadBalancer
from stacks.resources.one_domain import create_api_route


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The bucket of the frontend, and the CDN that serves it."""

    bucket: SiteBucket
    domain_name: Output[str]  # the target of the DNS record
    record: Resource  # the DNS record of the site
    certificate_arn: Input[str] | None  # of CloudFront, in us-east-1; None without it: Cloudflare has its own
    cloudfront: SiteDistribution | None
    web_acl: WebAcl | None  # of CloudFront; None without it, because Cloudflare has its own WAF rules
    edge_rules: Sequence[Resource] = ()  # Cloudflare's rules, which must exist before the API's name is proxied


def create_site(
    context: StackContext,
    logs: LogBucket,
    credentials: Credentials,
    api: ApiLoadBalancer | None,
    other_record: Resource | None = None,
) -> Site:
    """Create the site with a placeholder page, which the first build replaces.

    `api` is None when another host serves the API, which then has its own name. `other_record` is the DNS record
    of the site's name when it points at another host, and the site is on standby.
    """
    settings = context.settings
    certificate_arn, site_records = _edge_certificate(context) if CdnKind.CLOUDFRONT in settings.cdns else (None, None)
    route = create_api_route(context, credentials, api, site_records) if api is not None else None
    bucket = _bucket("site", context, first_release.PAGE)
    headers = SiteHeaders(
        allowed_origins=settings.site_origins,
        connect_origins=[f"https://{settings.api_host}", f"wss://{settings.api_host}"],
        csp_sources=settings.content_security_policy,
    )
    pages, rules = settings.site_cache.applied(*site_cache_rules(features(settings.phase)))
    web_acl, cloudfront, edge_rules = None, None, ()
    records: dict[CdnKind, Resource] = {}
    if certificate_arn is not None:
        web_acl = _web_acl(context)
        copy = _copy(context, bucket) if context.has(Feature.FAILOVER_ORIGIN) else None
        cloudfront = _distribution(context, bucket, copy, certificate_arn, logs, web_acl, headers, pages, rules, route)
        if CdnKind.CLOUDFLARE not in settings.cdns:
            bucket.allow_reads_from(cloudfront.arn)
        if copy is not None:
            copy.allow_reads_from(cloudfront.arn)
        records[CdnKind.CLOUDFRONT] = other_record or _alias("site-alias", context, settings.domain, cloudfront)
        for host in settings.further_site_names:
            _alias(f"site-alias-{host}", context, host, cloudfront)
    if CdnKind.CLOUDFLARE in settings.cdns:
        from stacks.resources.cloudflare import serve_site  # importing the SDK takes three seconds

        records[CdnKind.CLOUDFLARE], edge_rules = serve_site(
            context, bucket, credentials, headers, pages, list(rules), route, other_record, cloudfront
        )
    serves = cloudfront if settings.cdn is CdnKind.CLOUDFRONT else None
    return Site(
        bucket=bucket,
        domain_name=serves.domain_name if serves else bucket.regional_domain_name,
        record=records[settings.cdn],
        certificate_arn=certificate_arn,
        cloudfront=cloudfront,
        web_acl=web_acl,
        edge_rules=edge_rules,
    )


def _distribution(
    context: StackContext,
    bucket: SiteBucket,
    copy: SiteBucket | None,
    certificate_arn: Input[str],
    logs: LogBucket,
    web_acl: WebAcl,
    headers: SiteHeaders,
    pages: CacheRule,
    rules: Sequence[CacheRule],
    route: ApiRoute | None,
) -> SiteDistribution:
    settings = context.settings
    maintenance = settings.maintenance
    return SiteDistribution(
        "cdn",
        SiteDistributionArgs(
            domain_names=[settings.domain, *settings.further_site_names],
            redirected_names=settings.site_redirects,
            certificate_arn=certificate_arn,
            bucket_domain_name=bucket.regional_domain_name,
            headers=headers,
            access_log_bucket_arn=logs.bucket_arn,
            web_acl_arn=web_acl.arn,
            pages=pages,
            cache_rules=rules,
            price_class=settings.price_class or PriceClass.for_region(settings.region),
            origin_shield_for=settings.region if context.has(Feature.ORIGIN_SHIELD) else None,
            failover_bucket_domain_name=copy.regional_domain_name if copy else None,
            edge_function=settings.site_edge_function,
            maintenance_page=maintenance.html if maintenance.enabled and maintenance.site else None,
            error_pages=_error_pages(context, bucket),
            cache_tags=bool(settings.site_cache_tags),
            api=SiteApi(path=route.path, origin=route.origin) if route else None,
            tags=context.tags,
        ),
        after(context.opts, route),
    )


def _alias(name: str, context: StackContext, host: str, cloudfront: SiteDistribution) -> AliasRecord:
    args = AliasRecordArgs(
        domain_name=host,
        zone_id=context.lookups.hosted_zone_id or "",
        target_domain_name=cloudfront.domain_name,
        target_zone_id=cloudfront.hosted_zone_id,
    )
    return AliasRecord(name, args, context.opts)


def _error_pages(context: StackContext, bucket: SiteBucket) -> Mapping[int, str]:
    """Create the site's error pages, if there are any. Return their paths by status code."""
    pages = context.settings.site_error_pages.pages()
    if not pages.documents:
        return {}
    args = SiteErrorPagesArgs(bucket_name=bucket.bucket_name, pages=pages, tags=context.tags)
    return SiteErrorPages("site-errors", args, context.opts).paths


def _edge_certificate(context: StackContext) -> tuple[Output[str] | str, Input[Sequence[str]] | None]:
    """Return the ARN of CloudFront's certificate and, if the stack creates it, its validation records."""
    if context.settings.edge_certificate_arn:
        return context.settings.edge_certificate_arn, None
    args = CertificateArgs(
        domain_name=context.settings.domain,
        alternative_names=context.settings.further_site_names,
        zone_id=context.lookups.hosted_zone_id,
        dns_validation=context.lookups.dns_validation,
        region=EDGE_REGION,
        tags=context.tags,
    )
    certificate = Certificate("site-certificate", args, context.opts)
    return certificate.arn, certificate.validation_records


def _bucket(name: str, context: StackContext, index_html: str | None, region: str | None = None) -> SiteBucket:
    args = SiteBucketArgs(
        index_html=index_html, force_destroy=not context.settings.protect, region=region, tags=context.tags
    )
    return SiteBucket(name, args, context.opts)


def _copy(context: StackContext, bucket: SiteBucket) -> SiteBucket:
    """Create the replica of the site bucket, in the second region of the database.

    It has no placeholder page, which would hide an outage behind status 200 until the site is uploaded again.
    """
    copy = _bucket("site-copy", context, None, context.other_regions[0])
    SiteReplication(
        "site-replication",
        SiteReplicationArgs(
            bucket_name=bucket.bucket_name,
            bucket_arn=bucket.bucket_arn,
            destination_arn=copy.bucket_arn,
            tags=context.tags,
        ),
        context.opts,
    )
    return copy


def _web_acl(context: StackContext) -> WebAcl:
    """Create the web ACL of the distribution. With `tierup:apiPath` it has the rules of the API's web ACL as well."""
    settings = context.settings
    args = WebAclArgs(
        scope=Scope.CLOUDFRONT,
        mode=Mode(settings.waf_mode),
        client_restrictions=settings.client_restrictions,
        log_retention_days=settings.log_retention_days,
        tags=context.tags,
    )
    if settings.api_path is not None:
        args = replace(
            args,
            rate_limit=settings.rate_limit.for_clients(),
            login_limits=settings.login_limit.for_clients(),
            max_body_bytes=settings.max_body_bytes,
            body_exempt_paths=settings.body_exempt_paths,
            cors_origin=settings.site_origin,
            bot_control=BotControl(path_prefix=API_PATH) if settings.uses_bot_control else None,
        )
    return WebAcl("site-web-acl", args, context.opts)
