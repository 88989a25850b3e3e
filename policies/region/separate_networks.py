"""REG-005: the networks of a stack do not overlap, so that they can be peered."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    shown,
)

VPC = "aws:ec2/vpc:Vpc"
BLOCKS = {VPC: "cidrBlock", "mongodbatlas:index/networkContainer:NetworkContainer": "atlasCidrBlock"}
"""By type of network, the property of its address range."""


def check(vpc: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    others = [each for each in stack.of(tuple(BLOCKS)) if each.urn != vpc.urn and declared(each.properties, _key(each))]
    if not others:
        raise NotApplicable("the stack has one network")
    if not declared(vpc.properties, _key(vpc)):
        raise NotApplicable("IP Address Manager assigns the block, and assigns none twice")
    own = _block(vpc)
    for other in others:
        if own.overlaps(block := _block(other)):
            yield Finding(_key(vpc), shown(str(own)), f"a block outside of {block}, which {other.name} has")


def _key(network: Resource) -> str:
    return BLOCKS[network.type]


def _block(network: Resource) -> IPv4Network:
    value = network.properties[_key(network)]
    try:
        return IPv4Network(str(value), strict=False)
    except ValueError:
        raise Indeterminate(f"{_key(network)} of {network.name} is not an IPv4 block") from None


RULE = StackRule(
    id="REG-005",
    name="networks-do-not-overlap",
    title="The networks of a stack have address ranges that do not overlap.",
    item=ChecklistItem.BASELINE,
    pitfall=Pitfall.SINGLE_REGION,
    severity=Severity.MEDIUM,
    # Advisory: two networks that are never connected may have the same range.
    level=Level.ADVISORY,
    applies_to=(VPC,),
    check=check,
    remediation="Give each region's VPC its own block: neither a peering nor a transit gateway connects equal ranges.",
    example="""aws.ec2.Vpc("vpc", cidr_block="10.20.0.0/16")
aws.ec2.Vpc("vpc-eu-central-1", region="eu-central-1", cidr_block="10.21.0.0/16")""",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
    read=None,
    unproven="The rule does not see the networks of other stacks and accounts.",
)
