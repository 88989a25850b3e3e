"""The origins of a CloudFront distribution: S3 buckets and custom origins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..rule import Resource, Stack, declared, items
from ..values import UnknownValue
from .behaviors import DISTRIBUTION

# name.s3.eu-west-1.amazonaws.com, name.s3.amazonaws.com, name.s3-website-eu-west-1.amazonaws.com,
# name.s3-website.eu-central-1.amazonaws.com, name.s3.dualstack.eu-west-1.amazonaws.com; names may have dots.
S3_HOST = re.compile(r"^(?P<bucket>.+?)\.s3(?P<website>-website)?[.-](?:[a-z0-9.-]+\.)?amazonaws\.com(?:\.cn)?$")


def origins(distribution: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every origin with its path."""
    return items(distribution.properties, "origins")


def is_s3(origin: Mapping[str, Any]) -> bool:
    """Return whether CloudFront reads the origin as a bucket. S3's website endpoints are custom origins."""
    return not declared(origin, "customOriginConfig") and not declared(origin, "vpcOriginConfig")


def s3_origin_ids(distribution: Resource) -> frozenset[str]:
    """Return the ids with which a cache behavior targets a bucket: of origins, and of groups of such origins."""
    ids = {str(origin.get("originId")) for _, origin in origins(distribution) if is_s3(origin)}
    groups = {
        str(group.get("originId"))
        for _, group in items(distribution.properties, "originGroups")
        if all(member.get("originId") in ids for _, member in items(group, "members"))
    }
    return frozenset(ids | groups)


def bucket_named_by(host: str) -> str | None:
    """Return the bucket of an S3 host name, None for any other host."""
    match = S3_HOST.match(host)
    return match["bucket"] if match else None


def serving(bucket: Resource, stack: Stack) -> list[Resource]:
    """Return the distributions that have the bucket as an origin."""
    by_source, by_name = _serving(stack)
    found = list(by_source.get(bucket.urn, ()))
    try:
        name = bucket.outputs.get("bucket")
    except UnknownValue:
        name = None
    return found + [each for each in by_name.get(str(name), ()) if each not in found]


@lru_cache(maxsize=1)  # called for each bucket of a stack
def _serving(stack: Stack) -> tuple[dict[str, list[Resource]], dict[str, list[Resource]]]:
    """Return the distributions by the URNs that their origins refer to, and by the bucket names in their origins."""
    by_source: dict[str, list[Resource]] = {}
    by_name: dict[str, list[Resource]] = {}
    for distribution in stack.of((DISTRIBUTION,)):
        for urn in distribution.references.get("origins", ()):
            by_source.setdefault(urn, []).append(distribution)
        for host in _hosts(distribution):
            if name := bucket_named_by(host):
                by_name.setdefault(name, []).append(distribution)
    return by_source, by_name


def _hosts(distribution: Resource) -> Iterator[str]:
    """Yield the known host names of the origins. For an unknown one, the data flow names the resource."""
    try:
        listed = list(origins(distribution))
    except UnknownValue:
        return
    for _, origin in listed:
        try:
            yield str(origin.get("domainName"))
        except UnknownValue:
            continue
