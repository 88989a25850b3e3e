"""CloudFront: names that its modules share. All its resources are global."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    Call,
    Name,
    assumed,
    documented,
    located,
)
from .sources import api

ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"

CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"

REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"

HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"

FUNCTION = "aws:cloudfront/function:Function"

VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"

CREATE = api("cloudfront", "CreateDistribution")

QUOTAS = documented(
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html", read="2026-11-24"
)


def cache_behaviors(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in ("defaultCacheBehavior", "orderedCacheBehaviors[*]"):
        for at, each in located(call.inputs, path):
            if isinstance(each, dict):
                yield at, each


def name_rule(longest: int, taken: str, *, pattern: str = r"[\w.-]+") -> Name:
    return Name(
        longest=longest,
        pattern=pattern,
        allowed="letters, digits, '-' and '_'",
        unique="account",
        taken=taken,
        source=assumed("lengths and characters from memory; the API model has them only for functions"),
    )


def etag_of(call: Call) -> str:
    return f"E{call.hex(13, repr(sorted(call.inputs.items(), key=str))).upper()}"
