"""The target of a Cloudflare record: a load balancer, a bucket, or a host that only Cloudflare reaches."""

from __future__ import annotations

from ..cdn.origins import bucket_named_by
from ..load_balancer.balancers import LOAD_BALANCERS
from ..network.sources import sources
from ..region.multi_region import AWS_RECORD
from ..rule import Resource, Stack, known
from ..s3.buckets import BUCKETS
from ..values import UnknownValue
from .zones import CONNECTOR, Zone

WEB_TYPES = ("A", "AAAA", "CNAME")
"""The types of records that can be proxied."""
# Hosts of Cloudflare's own services, which cannot be reached without it.
CLOUDFLARE_HOSTS = (".cfargotunnel.com", ".pages.dev", ".workers.dev", ".r2.dev", ".r2.cloudflarestorage.com")
OTHER_CDNS = (".cloudfront.net",)


def balancers(record: Resource, stack: Stack) -> list[Resource]:
    """Return the load balancers of the stack that the record leads to, also by the records of a name in Route 53."""
    found = {each.urn: each for each in sources(record, "content", stack, LOAD_BALANCERS, "dnsName")}
    names = {content(record), *(_name(each) for each in sources(record, "content", stack, (AWS_RECORD,), "fqdn"))}
    for each in stack.of((AWS_RECORD,)):
        if _name(each) in names - {""}:
            found.update({target.urn: target for target in sources(each, "aliases", stack, LOAD_BALANCERS)})
    return list(found.values())


def _name(record: Resource) -> str:
    """Return the name of a record in lower case, empty where it is unknown."""
    return str(known(record.properties, "name") or "").rstrip(".").lower()


def leads_to_files(record: Resource, stack: Stack) -> bool:
    """Return whether the record leads to a file store, which sets no headers and runs no code."""
    return bool(sources(record, "content", stack, BUCKETS)) or bucket_named_by(content(record)) is not None


def serves_files(zone: Zone, stack: Stack) -> bool:
    """Return whether a proxied record leads to a file store."""
    return bool(zone.of(CONNECTOR)) or any(leads_to_files(record, stack) for record in zone.proxied)


def content(record: Resource) -> str:
    """Return the record's content in lower case, empty where it is unknown."""
    try:
        return str(record.properties.get("content") or record.properties.get("value") or "").lower()
    except UnknownValue:
        return ""
