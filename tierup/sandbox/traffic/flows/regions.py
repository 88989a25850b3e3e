"""The flow of several regions: the region that answers requests writes to the cache, whose primary is in one region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..conditions import ConditionKind
from ..flow import Flow, FlowKind
from ..hop import Hop, World, fails, passes
from ..hops import dns, elasticache
from ..hops.weighted_records import resolve_weighted
from ..rows import Rows, label, listed

GLOBAL_GROUP = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
SERVING_REGION = "serving-region"


def weighted_names(rows: Rows) -> list[str]:
    """Return the names with weighted records that point at load balancers."""
    found = {
        dns.record_name(record)
        for record in rows.all(dns.RECORD)
        if listed(record.value("weightedRoutingPolicies"))
        and any(
            dns.target_of(rows, str(alias.get("name")))[0] is dns.TargetKind.LOAD_BALANCER
            for alias in listed(record.value("aliases"))
        )
    }
    return sorted(found)


def members(rows: Rows, group: CloudResource) -> list[CloudResource]:
    """Return the replication groups of a Global Datastore, in all regions."""
    id, first = str(group.value("globalReplicationGroupId") or group.id), group.inputs.get("primaryReplicationGroupId")
    return [
        each
        for each in rows.all(elasticache.REPLICATION_GROUP)
        if id == each.value("globalReplicationGroupId") or each.id in (first, group.value("primaryReplicationGroupId"))
    ]


def primary_of(rows: Rows, group: CloudResource) -> CloudResource | None:
    """Return the replication group that accepts the writes of a Global Datastore."""
    wanted = str(group.value("primaryReplicationGroupId"))
    return next((each for each in members(rows, group) if each.id == wanted), None)


def _writes(rows: Rows) -> Iterable[Flow]:
    for group in rows.all(GLOBAL_GROUP):
        for host in weighted_names(rows):
            yield Flow(
                id=f"writes of {host} to the cache", kind=SERVING_REGION, source=host, target="the primary cache",
                stack=group.stack, trace=partial(_to_primary, host=host, key=group.key),
            )  # fmt: skip


def _to_primary(world: World, host: str, key: int) -> Iterator[Hop]:
    group = next((each for each in world.rows.all(GLOBAL_GROUP) if each.key == key), None)
    if group is None:
        reason = "The Global Datastore does not exist."
        yield fails("cache-role", "", "globalReplicationGroupId", reason, sources.GLOBAL_DATASTORE)
        return
    resolved = resolve_weighted(world, host)
    if resolved is None:
        yield fails("dns", "", "name", f"No weighted record answers for {host}.", sources.WEIGHTED_RECORDS)
        return
    hop, answer = resolved
    yield hop
    if answer is None or answer.target is None:
        return
    region, primary = answer.target.region, primary_of(world.rows, group)
    if primary is None:
        reason = "The primary of the Global Datastore does not exist."
        yield fails("cache-role", label(group), "primaryReplicationGroupId", reason, sources.GLOBAL_DATASTORE)
        return
    if world.conditions.holds(ConditionKind.REGION_DOWN, primary.region):
        reason = f"The primary is in {primary.region}, which is down, and no other region is promoted automatically."
        yield fails("cache-role", label(group), "primaryReplicationGroupId", reason, sources.GLOBAL_DATASTORE)
    if primary.region != region:
        reason = f"Tasks in {region} answer the requests, and their cache is a secondary, which accepts only reads."
        yield fails("cache-role", label(group), "primaryReplicationGroupId", reason, sources.GLOBAL_DATASTORE)
    reason = f"The cache in {region} is the primary."
    yield passes("cache-role", label(group), "primaryReplicationGroupId", reason, sources.GLOBAL_DATASTORE)


FLOW_KINDS = (
    FlowKind(
        id=SERVING_REGION,
        description="The tasks of the region that answers requests write to the cache, of several regions.",
        derive=_writes,
    ),
)
