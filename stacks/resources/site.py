"""The site: its bucket, the CDN before it with certificate, firewall and name, and its copy in another region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Output

from components.cdn.cache_rules import ASSETS, PAGES, PAGES_SERVED_STALE, CacheRule
from components.cdn.provider import CdnKind
from components.cdn.security_headers import SiteHeaders
from components.cloudfront.site_distribution import Cloudfront, CloudfrontArgs
from components.dns.alias_record import DnsAlias, DnsAliasArgs
from components.dns.certificate import Certificate, CertificateArgs
from components.s3.site_bucket import SiteBucket, SiteBucketArgs
from components.s3.site_replication import SiteReplication, SiteReplicationArgs
from components.waf.rules import Mode
from components.waf.web_acl import Firewall, FirewallArgs, Scope
from stacks.catalog.phases import Block
from stacks.context import EDGE_REGION, Plan
from stacks.resources import first_release
from stacks.resources.credentials import Credentials
from stacks.resources.foundation import Ground

# Beside hashed assets and pages: what Vite copies from public/ under plain names, and what phones look for.
_BY_PATH = (
    ASSETS,
    CacheRule(name="images", path="/images/*", edge_seconds=86_400, stale_while_revalidate_seconds=86_400),
    CacheRule(name="well-known", path="/.well-known/*", edge_seconds=3_600),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the frontend is kept, and who serves it."""

    bucket: SiteBucket
    domain_name: Output[str]  # where its name points to
    cloudfront: Cloudfront | None
    firewall: Firewall | None  # None with Cloudflare, whose own stands before it


def make_site(plan: Plan, ground: Ground, credentials: Credentials) -> Site:
    """With a first page in it, until a build is copied there."""
    certificate_arn = _certificate_arn(plan) if plan.settings.cdn is CdnKind.CLOUDFRONT else None
    bucket = _bucket("site", plan)
    headers = SiteHeaders(
        allowed_origins=[f"https://{plan.settings.domain}"],
        connect_origins=[f"https://{plan.settings.api_host}", f"wss://{plan.settings.api_host}"],
    )
    pages, rules = _cache_rules(plan)
    if certificate_arn is None:
        from stacks.resources.cloudflare import serve_site  # the SDK takes three seconds to import

        cdn = serve_site(plan, bucket, credentials, headers, pages, list(rules))
        return Site(bucket=bucket, domain_name=cdn.domain_name, cloudfront=None, firewall=None)
    firewall = _firewall(plan)
    copy = _copy(plan, bucket) if plan.has(Block.STAND_IN_ORIGIN) else None
    cloudfront = Cloudfront(
        "cdn",
        CloudfrontArgs(
            domain_names=[plan.settings.domain],
            certificate_arn=certificate_arn,
            bucket_domain_name=bucket.regional_domain_name,
            headers=headers,
            access_log_bucket_arn=ground.logs.bucket_arn,
            web_acl_arn=firewall.arn,
            compress=plan.has(Block.COMPRESSION),
            pages=pages,
            cache_rules=rules,
            origin_shield_region=plan.settings.region if plan.has(Block.ORIGIN_SHIELD) else None,
            failover_bucket_domain_name=copy.regional_domain_name if copy else None,
            tags=plan.tags,
        ),
        plan.opts,
    )
    for each in (bucket, copy):
        if each is not None:
            each.allow_reads_from(cloudfront.arn)
    DnsAlias(
        "site-alias",
        DnsAliasArgs(
            domain_name=plan.settings.domain,
            zone_id=plan.around.hosted_zone_id or "",
            target_domain_name=cloudfront.domain_name,
            target_zone_id=cloudfront.hosted_zone_id,
        ),
        plan.opts,
    )
    return Site(bucket=bucket, domain_name=cloudfront.domain_name, cloudfront=cloudfront, firewall=firewall)


def _cache_rules(plan: Plan) -> tuple[CacheRule, Sequence[CacheRule]]:
    return (PAGES_SERVED_STALE, _BY_PATH) if plan.has(Block.CACHE_BY_PATH) else (PAGES, (ASSETS,))


def _certificate_arn(plan: Plan) -> Output[str] | str:
    if plan.settings.edge_certificate_arn:
        return plan.settings.edge_certificate_arn
    args = CertificateArgs(
        domain_name=plan.settings.domain, zone_id=plan.around.hosted_zone_id, region=EDGE_REGION, tags=plan.tags
    )
    return Certificate("site-certificate", args, plan.opts).arn


def _bucket(name: str, plan: Plan, region: str | None = None) -> SiteBucket:
    args = SiteBucketArgs(
        index_html=first_release.PAGE, force_destroy=not plan.settings.protect, region=region, tags=plan.tags
    )
    return SiteBucket(name, args, plan.opts)


def _copy(plan: Plan, bucket: SiteBucket) -> SiteBucket:
    """The site's files once more, in the region that the database's second nodes are in."""
    copy = _bucket("site-copy", plan, plan.other_regions[0])
    SiteReplication(
        "site-replication",
        SiteReplicationArgs(
            bucket_name=bucket.bucket_name, bucket_arn=bucket.bucket_arn, copy_arn=copy.bucket_arn, tags=plan.tags
        ),
        plan.opts,
    )
    return copy


def _firewall(plan: Plan) -> Firewall:
    return Firewall(
        "site-firewall",
        FirewallArgs(
            scope=Scope.CLOUDFRONT,
            mode=Mode(plan.settings.firewall_mode),
            origins=plan.settings.origins,
            log_retention_days=plan.settings.log_retention_days,
            tags=plan.tags,
        ),
        plan.opts,
    )
