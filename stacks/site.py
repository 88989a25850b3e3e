"""The site: its bucket, CloudFront before it, and the certificate, firewall and name of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from components.certificate import Certificate, CertificateArgs
from components.cloudfront import Cloudfront, CloudfrontArgs
from components.dns_alias import DnsAlias, DnsAliasArgs
from components.firewall import Firewall, FirewallArgs, Scope
from components.firewall_rules import Mode
from components.log_bucket import LogBucket
from components.site_bucket import SiteBucket, SiteBucketArgs
from components.site_headers import SiteHeaders

from . import first_release
from .phases import Block
from .plan import Plan

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront's certificates, firewalls and metrics are, whatever the stack's region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the frontend is kept, and who serves it."""

    bucket: SiteBucket
    firewall: Firewall
    cdn: Cloudfront


def make_site(plan: Plan, logs: LogBucket) -> Site:
    """With a first page in it, until a build is copied there."""
    settings = plan.settings
    certificate = Certificate(
        "site-certificate",
        CertificateArgs(
            domain_name=settings.domain, zone_id=plan.around.hosted_zone_id, region=EDGE_REGION, tags=plan.tags
        ),
        plan.opts,
    )
    bucket = SiteBucket(
        "site",
        SiteBucketArgs(index_html=first_release.PAGE, force_destroy=not settings.protect, tags=plan.tags),
        plan.opts,
    )
    firewall = Firewall(
        "site-firewall",
        FirewallArgs(
            scope=Scope.CLOUDFRONT,
            mode=Mode(settings.firewall_mode),
            log_retention_days=settings.log_retention_days,
            tags=plan.tags,
        ),
        plan.opts,
    )
    cdn = Cloudfront(
        "cdn",
        CloudfrontArgs(
            domain_names=[settings.domain],
            certificate_arn=certificate.arn,
            bucket_domain_name=bucket.regional_domain_name,
            headers=SiteHeaders(
                allowed_origins=[f"https://{settings.domain}"], connect_origins=[f"https://{settings.api_host}"]
            ),
            access_log_bucket_arn=logs.bucket_arn,
            web_acl_arn=firewall.arn,
            compress=plan.has(Block.COMPRESSION),
            tags=plan.tags,
        ),
        plan.opts,
    )
    bucket.allow_reads_from(cdn.arn)
    DnsAlias(
        "site-alias",
        DnsAliasArgs(
            domain_name=settings.domain,
            zone_id=plan.around.hosted_zone_id,
            target_domain_name=cdn.domain_name,
            target_zone_id=cdn.hosted_zone_id,
        ),
        plan.opts,
    )
    return Site(bucket=bucket, firewall=firewall, cdn=cdn)
