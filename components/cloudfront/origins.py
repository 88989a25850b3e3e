"""The origins of the distributions: the site's bucket with its failover bucket, and the API's load balancer.

This module creates no resources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import pulumi_aws as aws
from pulumi import Input

from components.cdn.provider import ORIGIN_HEADER

SITE = "site"
FAILOVER = "site-failover"
SITE_OR_FAILOVER = "site-or-failover"
API = "api"

_FAILED = (500, 502, 503, 504)
"""Status codes that cause a failover. 403 and 404 are omitted: a file missing in one bucket is missing in both."""
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html (read 2026-11-24)
_HIGHEST_TIMEOUT_SECONDS = 120
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")

_SHIELD_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-2", "sa-east-1", "eu-central-1", "eu-west-1", "eu-west-2"),
        *("ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2"),
    }
)
_NEAREST_SHIELD_REGION = {
    "us-west-1": "us-west-2",
    "af-south-1": "eu-west-1",
    "ap-east-1": "ap-southeast-1",
    "ca-central-1": "us-east-1",
    "eu-south-1": "eu-central-1",
    "eu-west-3": "eu-west-2",
    "eu-north-1": "eu-west-2",
    "me-south-1": "ap-south-1",
}
"""Regions with Origin Shield, and the nearest one for other regions.
Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html, as stored in
awsdocs/amazon-cloudfront-developer-guide, doc_source/origin-shield.md (read 2026-11-28)."""

Origin: TypeAlias = "aws.cloudfront.DistributionOriginArgsDict"
OriginGroup: TypeAlias = "aws.cloudfront.DistributionOriginGroupArgsDict"


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalLoadBalancer:
    """An internal load balancer that CloudFront reaches through a VPC origin. Its VPC must have an internet gateway.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
    (from memory, to be checked)
    """

    arn: Input[str]
    """ARN of the internal load balancer."""
    origin_name: str
    """Name of the VPC origin, 1 to 64 characters, unique in the account. The type has no automatic name."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.origin_name) <= 64:
            raise ValueError(
                f"origin_name: not a VPC origin's name (got {self.origin_name!r}). Use 1 to 64 characters, unique in "
                "the account."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerOrigin:
    """A load balancer behind a distribution, public or internal.

    A public load balancer (the default) accepts CloudFront's prefix list only (provider.CLOUDFRONT_PREFIX_LIST), and
    its web ACL only requests with the secret header. A load balancer that already serves clients is not replaced. Only
    CloudFront can connect to an internal one, through a VPC origin, but a load balancer cannot change its scheme.
    """

    domain_name: Input[str]
    """DNS name of the load balancer. Its certificate must contain the viewers' host name, because CloudFront forwards
    the Host header and compares the certificate with it."""
    origin_key: Input[str]
    """Value of the header cdn.provider.ORIGIN_HEADER; secret."""
    internal: InternalLoadBalancer | None = None
    """The VPC origin of an internal load balancer; None for a public one."""
    read_timeout_seconds: int = 60
    """Seconds until a response must begin, 1 to 120. CloudFront's default of 30 is less than the load balancer's 60."""
    keepalive_seconds: int = 50
    """Seconds that CloudFront keeps an idle connection, 1 to 120. It must be less than the load balancer's idle timeout
    (60 by default); otherwise CloudFront sends requests into closing connections, which fail with 502."""

    def __post_init__(self) -> None:
        for field, seconds in (
            ("read_timeout_seconds", self.read_timeout_seconds),
            ("keepalive_seconds", self.keepalive_seconds),
        ):
            if not 1 <= seconds <= _HIGHEST_TIMEOUT_SECONDS:
                raise ValueError(
                    f"{field}: outside CloudFront's default quota (got {seconds}). Give 1 to "
                    f"{_HIGHEST_TIMEOUT_SECONDS}."
                )


def shield_region(origin_region: str) -> str | None:
    """Return the region of Origin Shield for an origin; None if AWS's table lists none for its region.

    Raises ValueError for a text that does not have the form of an AWS region.
    """
    if not _REGION.fullmatch(origin_region):
        raise ValueError(
            f"origin_shield_for: not an AWS region (got {origin_region!r}). Give the origin's region, such as "
            "eu-west-1."
        )
    return origin_region if origin_region in _SHIELD_REGIONS else _NEAREST_SHIELD_REGION.get(origin_region)


def bucket_origin(origin_id: str, domain_name: Input[str], access_control_id: Input[str], region: str | None) -> Origin:
    """Return the origin of a private bucket, which CloudFront reads with signed requests.

    `region` is the bucket's, for Origin Shield; None disables it.
    """
    origin: Origin = {
        "origin_id": origin_id,
        "domain_name": domain_name,
        "origin_access_control_id": access_control_id,
    }
    shield = None if region is None else shield_region(region)
    if shield is None:
        return origin
    return {**origin, "origin_shield": {"enabled": True, "origin_shield_region": shield}}


def failover_group() -> OriginGroup:
    """Return the origin group of the site's bucket and its failover bucket. Only GET, HEAD and OPTIONS fail over."""
    return {
        "origin_id": SITE_OR_FAILOVER,
        "failover_criteria": {"status_codes": list(_FAILED)},
        "members": [{"origin_id": SITE}, {"origin_id": FAILOVER}],
    }


def load_balancer_origin(origin: LoadBalancerOrigin, vpc_origin_id: Input[str] | None) -> Origin:
    """Return the origin of a load balancer, with TLS 1.2, the secret header and no Origin Shield.

    AWS advises against Origin Shield for dynamic content that is proxied to the origin (origin-shield.html, as above).
    """
    common: Origin = {
        "origin_id": API,
        "domain_name": origin.domain_name,
        "custom_headers": [{"name": ORIGIN_HEADER, "value": origin.origin_key}],
    }
    if vpc_origin_id is not None:
        return {
            **common,
            "vpc_origin_config": {
                "vpc_origin_id": vpc_origin_id,
                "origin_read_timeout": origin.read_timeout_seconds,
                "origin_keepalive_timeout": origin.keepalive_seconds,
            },
        }
    return {
        **common,
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": origin.read_timeout_seconds,
            "origin_keepalive_timeout": origin.keepalive_seconds,
        },
    }
