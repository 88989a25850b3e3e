"""Where a Cloudflare record leads: to a load balancer, to a bucket, or to something that only Cloudflare reaches."""

from __future__ import annotations

from ..cdn.origins import bucket_named_by
from ..network.sources import sources
from ..rule import Resource, Stack
from ..storage.buckets import BUCKETS
from ..values import UnknownValue
from .zones import CONNECTOR, Zone

WEB_TYPES = ("A", "AAAA", "CNAME")
"""The types that can go through the proxy."""
LOAD_BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
# Hosts of Cloudflare's own: nobody gets there past it.
CLOUDFLARES = (".cfargotunnel.com", ".pages.dev", ".workers.dev", ".r2.dev", ".r2.cloudflarestorage.com")
OTHER_CDNS = (".cloudfront.net",)


def balancers(record: Resource, stack: Stack) -> list[Resource]:
    """The load balancers of the stack that the record leads to."""
    return sources(record, "content", stack, LOAD_BALANCERS, "dnsName")


def leads_to_files(record: Resource, stack: Stack) -> bool:
    """Whether the record leads to a store of files, which sends no headers of its own and runs no code."""
    return bool(sources(record, "content", stack, BUCKETS)) or bucket_named_by(content(record)) is not None


def serves_files(zone: Zone, stack: Stack) -> bool:
    """Whether anything behind the proxy is a store of files."""
    return bool(zone.of(CONNECTOR)) or any(leads_to_files(record, stack) for record in zone.proxied)


def content(record: Resource) -> str:
    """What the record says, in lower case; empty where that is not known yet."""
    try:
        return str(record.properties.get("content") or record.properties.get("value") or "").lower()
    except UnknownValue:
        return ""
