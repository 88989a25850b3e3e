"""NET-007: the subnets of a data store have no route to an internet gateway."""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.services import SERVICE
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
from .zones import SUBNET_LISTS

STORES = tuple(type_ for type_ in SUBNET_LISTS if type_ != SERVICE)


def check(store: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    key = SUBNET_LISTS[store.type]
    if not declared(store.properties, key):
        raise NotApplicable("the resource names no subnets")
    subnets = sources(store, key, stack, SUBNETS)
    not_found = []
    for subnet in subnets:
        table = route_table_of(subnet, stack)
        if table is None:
            not_found.append(subnet.name)
            continue
        for route in internet_routes(table, stack):
            yield Finding(
                f"{key} ({subnet.name})",
                f"route {route} leads to an internet gateway",
                "no route to an internet gateway",
            )
    if not_found or len(subnets) < len(store.properties.get(key) or ()):
        raise Indeterminate("some of its subnets or route tables are not in this stack")


RULE = StackRule(
    id="NET-007",
    name="store-subnets-private",
    title="A data store is in subnets without a route to an internet gateway.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,  # defence in depth: a cache has no public address in any subnet
    applies_to=STORES,
    check=check,
    remediation="Move the data store to subnets whose route table has no route to an internet gateway.",
    example="""aws.elasticache.SubnetGroup("cache", subnet_ids=[subnet.id for subnet in data_subnets])""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-46",
    read=None,
)
