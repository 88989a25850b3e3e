"""REG-003: the caches of several regions are one Global Datastore."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..monitoring.caches import REPLICATION_GROUP
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
)
from .places import regions_of

GLOBAL_GROUP = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"


def check(cache: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if len(regions_of(stack.of((REPLICATION_GROUP,)))) == 1:
        raise NotApplicable("the stack has caches in one region")
    if declared(cache.properties, "globalReplicationGroupId"):
        return
    if any(True for _ in stack.referring((GLOBAL_GROUP,), "primaryReplicationGroupId", cache, "id")):
        return
    yield Finding("globalReplicationGroupId", "not set", "a Global Datastore with the caches of the other regions")


RULE = StackRule(
    id="REG-003",
    name="regional-caches-replicate",
    title="The caches of several regions replicate to each other.",
    item=ChecklistItem.REPLICA_SET,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.MEDIUM,
    # Advisory: a cache whose entries can all be computed again may be separate in each region.
    level=Level.ADVISORY,
    applies_to=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Create a GlobalReplicationGroup around the primary, and set global_replication_group_id of the other caches."
    ),
    example="""group = aws.elasticache.GlobalReplicationGroup(
    "cache", global_replication_group_id_suffix="cache", primary_replication_group_id=cache.id
)
aws.elasticache.ReplicationGroup(
    "cache-eu-central-1",
    region="eu-central-1",
    global_replication_group_id=group.global_replication_group_id,
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/Redis-Global-Clusters-Getting-Started.html",
    read=date(2026, 11, 28),
    unproven="The rule does not see whether the application tolerates a cache that accepts no writes until a failover.",
)
