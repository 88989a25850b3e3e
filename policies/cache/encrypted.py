"""CACHE-001: a cache is encrypted at rest and in transit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, declared, shown

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "aws:elasticache/cluster:Cluster"
REDIS_LIKE = ("redis", "valkey")


def check(cache: Resource, _parameters: Parameters) -> Iterator[Finding]:
    properties = cache.properties
    if cache.type == CLUSTER:
        if declared(properties, "replicationGroupId"):
            raise NotApplicable("the replication group it belongs to sets its encryption")
        engine = properties.get("engine")
        if engine in REDIS_LIKE:
            # AWS encrypts Redis OSS and Valkey only in replication groups, which may have one node.
            yield Finding(
                "engine",
                f"{shown(engine)} as a single cluster, which cannot be encrypted at rest",
                "a replication group",
            )
        elif properties.get("transitEncryptionEnabled") is not True:
            yield Finding("transitEncryptionEnabled", shown(properties.get("transitEncryptionEnabled")), "true")
        return
    if declared(properties, "globalReplicationGroupId"):
        raise NotApplicable("a secondary of a Global Datastore has the encryption of its primary")
    # The provider's default is to encrypt Valkey at rest, and not to encrypt Redis.
    at_rest = properties.get("atRestEncryptionEnabled")
    if at_rest is None and properties.get("engine") == "valkey":
        at_rest = True
    if str(at_rest).lower() != "true":  # a string in some versions of the provider
        yield Finding("atRestEncryptionEnabled", shown(at_rest), "true")
    in_transit = properties.get("transitEncryptionEnabled")
    if in_transit is not True:
        yield Finding("transitEncryptionEnabled", shown(in_transit), "true")
    elif properties.get("transitEncryptionMode") == "preferred":
        yield Finding("transitEncryptionMode", '"preferred", which accepts unencrypted connections too', '"required"')


RULE = ResourceRule(
    id="CACHE-001",
    name="cache-encrypted",
    title="A cache is encrypted at rest and in transit.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation="Set at_rest_encryption_enabled (which replaces an existing group) and transit_encryption_enabled.",
    example="""aws.elasticache.ReplicationGroup(
    "cache",
    engine="valkey",
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-4",
    read=date(2026, 11, 24),
)
