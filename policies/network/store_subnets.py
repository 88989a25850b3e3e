"""NET-007: a data store's subnets have no route to an internet gateway."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
)
from .routes import internet_routes, route_table_of
from .sources import SUBNETS, sources
from .zones import SERVICE, SUBNET_LISTS

STORES = tuple(type_ for type_ in SUBNET_LISTS if type_ != SERVICE)


def check(store: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    key = SUBNET_LISTS[store.type]
    if not declared(store.properties, key):
        raise NotApplicable("names no subnets")
    subnets = sources(store, key, stack, SUBNETS)
    unseen = []
    for subnet in subnets:
        table = route_table_of(subnet, stack)
        if table is None:
            unseen.append(subnet.name)
            continue
        for route in internet_routes(table, stack):
            yield Finding(f"{key} ({subnet.name})", f"route {route} leads to an internet gateway", "no such route")
    if unseen or len(subnets) < len(store.properties.get(key) or ()):
        raise Indeterminate("not all its subnets and their route tables are of this stack")


RULE = StackRule(
    id="NET-007",
    name="store-subnets-private",
    title="A data store stands in subnets that the internet has no route to, whatever its security group says.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # a cache has no public address even so: this is a second wall
    applies_to=STORES,
    check=check,
    remediation="Put it into subnets whose route table has no route to an internet gateway.",
    example="""aws.elasticache.SubnetGroup("cache", subnet_ids=[subnet.id for subnet in data_subnets])""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-46",
    read=None,
)
