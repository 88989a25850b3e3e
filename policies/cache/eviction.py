"""CACHE-007: the eviction policy of a cache is set explicitly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    NotApplicable,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    items,
    shown,
)
from ..values import UnknownValue
from .encrypted import REPLICATION_GROUP

PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"
POLICY = "maxmemory-policy"
ALLOWED = Parameter(
    name="evictionPolicies",
    schema={"type": "array", "items": {"type": "string"}, "minItems": 1},
    default=("allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl", "noeviction"),
    what="The values of maxmemory-policy that a cache may have; a queue needs noeviction.",
)


def check(cache: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    if declared(cache.properties, "globalReplicationGroupId"):
        raise NotApplicable("a secondary of a Global Datastore has the parameters of its primary")
    allowed = parameters[ALLOWED.name]
    wanted = f"one of {', '.join(allowed)}"
    group = next((g for g in stack.of((PARAMETER_GROUP,)) if _names(cache, g)), None)
    if group is not None:
        chosen = {entry.get("name"): entry.get("value") for _, entry in items(group.properties, "parameters")}
        if chosen.get(POLICY) not in allowed:
            yield Finding(f"{group.name}: parameters, {POLICY}", shown(chosen.get(POLICY)), wanted)
        return
    if not declared(cache.properties, "parameterGroupName") or _default(cache):
        found = f"AWS's default, whose {POLICY} is volatile-lru"
        yield Finding("parameterGroupName", found, f"a custom parameter group with {wanted}")
        return
    raise Indeterminate("its parameter group is not in this stack")


def _names(cache: Resource, group: Resource) -> bool:
    if group.urn in cache.references.get("parameterGroupName", frozenset()):
        return True
    try:
        name = cache.properties.get("parameterGroupName")
        return name is not None and name == group.outputs.get("name")
    except UnknownValue:
        return False


def _default(cache: Resource) -> bool:
    return str(cache.properties["parameterGroupName"]).startswith("default.")


RULE = StackRule(
    id="CACHE-007",
    name="cache-eviction",
    title="A cache's custom parameter group sets which keys are evicted when its memory is full.",
    item=ChecklistItem.RESPONSE_CACHING,
    severity=Severity.LOW,
    # Advisory: the default is right for a cache whose keys all expire.
    level=Level.ADVISORY,
    applies_to=(REPLICATION_GROUP,),
    check=check,
    remediation="Set maxmemory-policy in a ParameterGroup: an lru policy for a cache, noeviction for a queue.",
    example="""parameters = aws.elasticache.ParameterGroup(
    "cache",
    family="valkey8",
    parameters=[{"name": "maxmemory-policy", "value": "volatile-lru"}],
)
aws.elasticache.ReplicationGroup("cache", parameter_group_name=parameters.name)""",
    source="https://docs.aws.amazon.com/whitepapers/latest/database-caching-strategies-using-redis/evictions.html",
    read=date(2026, 11, 24),
    parameters=(ALLOWED,),
    unproven=(
        "The rule does not see whether the policy is right for the data: with allkeys-lru, a job queue loses jobs."
    ),
)
