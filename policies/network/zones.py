"""NET-006: services and data stores have subnets in at least two Availability Zones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..ecs.services import SERVICE
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
)
from .sources import SUBNETS, sources

SUBNET_LISTS = {
    SERVICE: "subnets",
    "aws:elasticache/subnetGroup:SubnetGroup": "subnetIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "subnetIds",
    "aws:memorydb/subnetGroup:SubnetGroup": "subnetIds",
    "aws:docdb/subnetGroup:SubnetGroup": "subnetIds",
    "aws:rds/subnetGroup:SubnetGroup": "subnetIds",
}
MINIMUM_ZONES = 2


def check(resource: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    key = SUBNET_LISTS[resource.type]
    holder, property_, path = resource.properties, key, key
    if resource.type == SERVICE:
        property_, path = "networkConfiguration", f"networkConfiguration.{key}"
        if not declared(resource.properties, property_):
            raise NotApplicable("its tasks use the network of their instances")
        holder = block(resource.properties, property_)
    elif not declared(resource.properties, key):
        raise NotApplicable("AWS uses the default VPC, which has a subnet in each zone")
    count = len(holder.get(key) or ())
    if count < MINIMUM_ZONES:
        yield Finding(path, f"{count} given", f"{MINIMUM_ZONES} or more, each in another zone")
        return
    subnets = sources(resource, property_, stack, SUBNETS)
    zones = {_zone(subnet) for subnet in subnets}
    if len(zones) >= MINIMUM_ZONES:
        return
    if len(subnets) < count:
        raise Indeterminate("some of its subnets are not in this stack, so the rule cannot see their zones")
    yield Finding(path, f"all {count} in one zone", f"{MINIMUM_ZONES} zones or more")


def _zone(subnet: Resource) -> str:
    for properties in (subnet.properties, subnet.outputs):
        for key in ("availabilityZone", "availabilityZoneId"):
            if zone := properties.get(key):
                return zone
    raise Indeterminate(f"{subnet.name} sets no availability zone")


RULE = StackRule(
    id="NET-006",
    name="subnets-in-zones",
    title="Services and data stores have subnets in at least two Availability Zones.",
    item=ChecklistItem.BASELINE,
    pitfall=Pitfall.SINGLE_INSTANCE,
    severity=Severity.HIGH,
    applies_to=tuple(SUBNET_LISTS),
    check=check,
    remediation="Give the resource a subnet in each of at least two Availability Zones.",
    example="""aws.ecs.Service(
    "api",
    desired_count=2,
    network_configuration={"subnets": [subnet.id for subnet in private_subnets]},  # one in each zone
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/aws/api-docs/ecs/service/",
    read=date(2026, 11, 24),
    unproven="The rule does not see how many tasks or nodes run; a single one runs in one zone only.",
)
