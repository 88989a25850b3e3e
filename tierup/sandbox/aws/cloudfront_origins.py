"""CloudFront: the origins, origin groups and origin shield of a distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Call,
    Plain,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .cloudfront import CREATE, cache_behaviors
from .s3 import bucket_of_domain
from .sources import api


def origins_of(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "origins[*]"):
        if isinstance(each, dict):
            yield at, each


@rule("target-origin-exists", Stage.PLAN, source=CREATE)
def target_origins_exist(call: Call) -> Iterator[Rejection]:
    ids = [each.get("originId") for _, each in origins_of(call)] + [
        each.get("originId") for _, each in located(call.inputs, "originGroups[*]") if isinstance(each, dict)
    ]
    if UNKNOWN in ids or call.get("origins") is UNKNOWN:
        return
    for at, each in cache_behaviors(call):
        target = each.get("targetOriginId")
        if target is not UNKNOWN and target not in ids:
            yield Rejection(
                f"{at}.targetOriginId",
                f"there is no origin '{target}'. The distribution has {', '.join(map(str, ids))}.",
                "NoSuchOrigin",
            )
    for repeated in {each for each in ids if ids.count(each) > 1}:
        yield Rejection("origins", f"duplicate origin id (got '{repeated}')", "InvalidArgument")


@rule("origin-has-one-config", Stage.PLAN, source=api("cloudfront", "Origin"))
def origin_configs(call: Call) -> Iterator[Rejection]:
    for at, each in origins_of(call):
        kinds = [kind for kind in ("s3OriginConfig", "customOriginConfig", "vpcOriginConfig") if each.get(kind)]
        if len(kinds) > 1:
            yield Rejection(
                at,
                "an origin has only one of s3OriginConfig, customOriginConfig and vpcOriginConfig (got"
                f" {' and '.join(kinds)}).",
                "InvalidArgument",
            )
        domain = each.get("domainName")
        s3 = isinstance(domain, str) and bucket_of_domain(domain) is not None
        if isinstance(domain, str) and not kinds and not s3 and each.get("originAccessControlId") is None:
            yield Rejection(
                f"{at}.customOriginConfig",
                f"'{domain}' is not an S3 bucket. It requires customOriginConfig.",
                "InvalidArgument",
            )
        if isinstance(domain, str) and ("/" in domain or ":" in domain):
            yield Rejection(
                f"{at}.domainName",
                f"invalid domain name (got '{domain}'). Allowed are a host name without scheme, port and path.",
                "InvalidArgument",
            )


_FAILOVER_STATUSES = (400, 403, 404, 416, 429, 500, 502, 503, 504)


@rule("origin-group-has-two-members", Stage.PLAN, source=api("cloudfront", "OriginGroup"))
def origin_groups(call: Call) -> Iterator[Rejection]:
    origins = [each.get("originId") for _, each in origins_of(call)]
    groups: set[Plain] = set()
    for at, group in located(call.inputs, "originGroups[*]"):
        if not isinstance(group, dict):
            continue
        groups.add(group.get("originId"))
        members = list(located(group, "members[*].originId"))
        if group.get("members") is not UNKNOWN and len(members) != 2:
            yield Rejection(
                f"{at}.members", f"an origin group has exactly two members (got {len(members)}).", "InvalidArgument"
            )
        if len(members) == 2 and members[0][1] == members[1][1] is not UNKNOWN:
            yield Rejection(f"{at}.members", f"the members are the same origin '{members[0][1]}'.", "InvalidArgument")
        for place, member in members:
            if member is not UNKNOWN and UNKNOWN not in origins and member not in origins:
                yield Rejection(f"{at}.{place}", f"there is no origin '{member}'", "NoSuchOrigin")
        for place, status in located(group, "failoverCriteria.statusCodes[*]"):
            if status is not UNKNOWN and status not in _FAILOVER_STATUSES:
                yield Rejection(
                    f"{at}.{place}",
                    f"invalid status code (got {status:g}). Allowed are {', '.join(map(str, _FAILOVER_STATUSES))}.",
                    "InvalidArgument",
                )
    for at, each in cache_behaviors(call):
        methods = each.get("allowedMethods")
        if each.get("targetOriginId") in groups and isinstance(methods, list) and "POST" in methods:
            yield Rejection(
                f"{at}.allowedMethods",
                "a behavior with an origin group allows only GET, HEAD and OPTIONS. Other requests never fail over.",
                "InvalidArgument",
            )


_SHIELD_REGIONS = (
    "us-east-2", "us-east-1", "us-west-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2",
    "ap-northeast-1", "eu-central-1", "eu-west-1", "eu-west-2", "sa-east-1", "me-central-1",
)  # fmt: skip


@rule(
    "origin-shield-has-region",
    Stage.PLAN,
    source=assumed(
        "regions with a regional edge cache, as public programs copy the table of the guide (read 2026-11-28);"
        " me-central-1 from memory; page to check:"
        " https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html"
    ),
)
def origin_shields(call: Call) -> Iterator[Rejection]:
    for at, each in origins_of(call):
        shield = each.get("originShield")
        region = shield.get("originShieldRegion") if isinstance(shield, dict) else None
        if isinstance(region, str) and region not in _SHIELD_REGIONS:
            yield Rejection(
                f"{at}.originShield.originShieldRegion",
                f"Origin Shield is not available in this region (got {region}). Allowed are"
                f" {', '.join(_SHIELD_REGIONS)}.",
                "InvalidArgument",
            )
        if isinstance(shield, dict) and shield.get("enabled") is True and shield.get("originShieldRegion") is None:
            yield Rejection(
                f"{at}.originShield.originShieldRegion", "required if Origin Shield is enabled", "InvalidArgument"
            )
