"""Where a distribution fetches from, as plain data: the site's bucket with its stand-in, and the API's load balancer.

The resources are in cloudfront.py and cloudfront_api.py.
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
"""Statuses at which the stand-in is asked. Not 403 and 404: a file that is missing here is missing there."""
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html (read 2026-11-24)
_HIGHEST_TIMEOUT_SECONDS = 120
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")

Origin: TypeAlias = "aws.cloudfront.DistributionOriginArgsDict"
OriginGroup: TypeAlias = "aws.cloudfront.DistributionOriginGroupArgsDict"


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalLoadBalancer:
    """One that only its VPC can reach, and CloudFront by a VPC origin. The VPC has an internet gateway all the same.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
    (from memory, to be checked)
    """

    arn: Input[str]
    """Of a load balancer that is internal."""
    origin_name: str
    """Of the VPC origin, once in an account: the type has no automatic name."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.origin_name) <= 64:
            raise ValueError(f"origin_name: got {self.origin_name!r}, allowed 1 to 64 characters, once in an account")


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerOrigin:
    """A load balancer behind a distribution, by one of two ways.

    Public (the default): anybody could connect, so its security group lets in CloudFront's prefix list alone
    (cdn.CLOUDFRONT_PREFIX_LIST) and its firewall only requests with the secret header. A load balancer that already
    serves users stays the one it is. Internal: by a VPC origin nobody but CloudFront can connect at all; but whether a
    load balancer is internal is decided when it is made.
    """

    domain_name: Input[str]
    """The load balancer's own DNS name. Its certificate must be for the name that viewers ask for: CloudFront forwards
    their Host header, and then compares the certificate with that."""
    origin_key: Input[str]
    """Secret value of the header cdn.ORIGIN_HEADER."""
    internal: InternalLoadBalancer | None = None
    """Connect through a VPC origin."""
    read_timeout_seconds: int = 60
    """How long an answer may take to begin. CloudFront's own default of 30 is less than the load balancer's 60."""
    keepalive_seconds: int = 50
    """How long CloudFront keeps an idle connection: less than the load balancer's idle timeout, which is 60 unless set,
    or requests are sent into connections that are just being closed (502)."""

    def __post_init__(self) -> None:
        for field, seconds in (
            ("read_timeout_seconds", self.read_timeout_seconds),
            ("keepalive_seconds", self.keepalive_seconds),
        ):
            if not 1 <= seconds <= _HIGHEST_TIMEOUT_SECONDS:
                raise ValueError(
                    f"{field}: got {seconds}, allowed 1 to {_HIGHEST_TIMEOUT_SECONDS}: CloudFront's default quota"
                )


def check_shield_region(region: str | None) -> None:
    """Raises ValueError unless `region` looks like an AWS region, or is None."""
    if region is not None and not _REGION.fullmatch(region):
        raise ValueError(
            f"origin_shield_region: got {region!r}, allowed an AWS region such as eu-west-1, best the origin's own: "
            "all of CloudFront's locations then ask the origin through that one"
        )


def bucket_origin(
    origin_id: str, domain_name: Input[str], access_control_id: Input[str], shield_region: str | None
) -> Origin:
    """A private bucket, read with signed requests."""
    origin: Origin = {
        "origin_id": origin_id,
        "domain_name": domain_name,
        "origin_access_control_id": access_control_id,
    }
    return _shielded(origin, shield_region)


def failover_group() -> OriginGroup:
    """The site's bucket, and the stand-in where that does not answer. For GET, HEAD and OPTIONS; others never fail
    over."""
    return {
        "origin_id": SITE_OR_FAILOVER,
        "failover_criteria": {"status_codes": list(_FAILED)},
        "members": [{"origin_id": SITE}, {"origin_id": FAILOVER}],
    }


def load_balancer_origin(
    origin: LoadBalancerOrigin, vpc_origin_id: Input[str] | None, shield_region: str | None
) -> Origin:
    """A load balancer, over TLS 1.2, with the header that shows who asks."""
    common: Origin = {
        "origin_id": API,
        "domain_name": origin.domain_name,
        "custom_headers": [{"name": ORIGIN_HEADER, "value": origin.origin_key}],
    }
    if vpc_origin_id is not None:
        way: Origin = {
            **common,
            "vpc_origin_config": {
                "vpc_origin_id": vpc_origin_id,
                "origin_read_timeout": origin.read_timeout_seconds,
                "origin_keepalive_timeout": origin.keepalive_seconds,
            },
        }
    else:
        way = {
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
    return _shielded(way, shield_region)


def _shielded(origin: Origin, region: str | None) -> Origin:
    if region is None:
        return origin
    return {**origin, "origin_shield": {"enabled": True, "origin_shield_region": region}}
