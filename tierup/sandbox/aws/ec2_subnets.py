"""EC2: subnets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from tierup.sandbox.behaviour import Behaviour, Call, Quota, Rejection, Stage, assumed, digest, rule

from . import regions
from .network import (
    APPLY,
    SUBNET,
    VPC,
    blocks_of_vpc,
    cidr_violations,
    ec2_arn,
    network_of,
    prefix_violations,
    to_vpc,
)
from .same_scope import known, others_in_region, output_of
from .sources import VPC_QUOTAS, api, schema_of, sdk


@rule("subnet-cidr-between-16-and-28", Stage.PLAN, source=api("ec2", "CreateSubnet"))
def subnet_cidr(call: Call) -> Iterator[Rejection]:
    yield from prefix_violations(call, allowed="Allowed for a subnet: /16 to /28.", code="InvalidSubnet.Range")


@rule("ipv6-only-subnet", Stage.PLAN, source=api("ec2", "CreateSubnet: CidrBlock, Ipv6Native"))
def ipv6_only(call: Call) -> Iterator[Rejection]:
    if known(call, "ipv6Native") is True and call.get("cidrBlock") is not None:
        yield Rejection(
            "cidrBlock", "cidrBlock is not supported for an IPv6 only subnet. Omit it.", "InvalidParameterCombination"
        )


@rule("subnet-inside-vpc", Stage.CREATE, source=api("ec2", "CreateSubnet"))
def subnet_inside_vpc(call: Call) -> Iterator[Rejection]:
    subnet = network_of(call.get("cidrBlock"))
    blocks = blocks_of_vpc(call, call.get("vpcId"))
    if not isinstance(subnet, ipaddress.IPv4Network) or not blocks:
        return
    if not any(subnet.subnet_of(block) for block in blocks):
        names = ", ".join(map(str, blocks))
        yield Rejection(
            "cidrBlock",
            f"the subnet's {subnet} is not inside {names}, the CIDR block of {call.get('vpcId')}",
            "InvalidSubnet.Range",
        )


@rule("subnet-cidr-does-not-overlap", Stage.CREATE, source=api("ec2", "CreateSubnet"))
def subnet_overlaps(call: Call) -> Iterator[Rejection]:
    own = network_of(call.get("cidrBlock"))
    for other in others_in_region(call, SUBNET, vpcId=call.get("vpcId")):
        other_block = network_of(other.outputs.get("cidrBlock"))
        if own and other_block and own.version == other_block.version and own.overlaps(other_block):
            yield Rejection(
                "cidrBlock",
                f"{own} overlaps {other_block} of subnet {other.id} ({other.name}) in the same VPC",
                "InvalidSubnet.Conflict",
            )


@rule("subnet-ipv6-cidr-of-44-to-64-bits", Stage.PLAN, source=api("ec2", "CreateSubnet"))
def subnet_ipv6_size(call: Call) -> Iterator[Rejection]:
    cidr = known(call, "ipv6CidrBlock")
    yield from cidr_violations("ipv6CidrBlock", cidr)
    network = network_of(cidr)
    if network and (network.version != 6 or network.prefixlen not in range(44, 65, 4)):
        yield Rejection(
            "ipv6CidrBlock",
            f"invalid IPv6 CIDR block (got {cidr}). Allowed are /44 to /64 in steps of four.",
            "InvalidSubnet.Range",
        )
    if known(call, "assignIpv6AddressOnCreation") and call.get("ipv6CidrBlock") is None:
        yield Rejection(
            "assignIpv6AddressOnCreation",
            "requires ipv6CidrBlock or another source of an IPv6 CIDR block",
            "InvalidParameterValue",
        )


@rule("subnet-ipv6-inside-vpc", *APPLY, source=api("ec2", "AssociateSubnetCidrBlock"))
def subnet_ipv6_fits(call: Call) -> Iterator[Rejection]:
    own, vpc = network_of(call.get("ipv6CidrBlock")), call.get("vpcId")
    if own is None:
        return
    block = output_of(call, VPC, vpc, "ipv6CidrBlock")
    around = network_of(block)
    if around is None or own.version != around.version or not own.subnet_of(around):  # pyright: ignore[reportArgumentType]  # versions agree
        has = f"the IPv6 CIDR block {block}" if block else "no IPv6 CIDR block"
        yield Rejection("ipv6CidrBlock", f"{own} is not inside {vpc}, which has {has}", "InvalidSubnet.Range")
    for other in others_in_region(call, SUBNET, vpcId=vpc):
        other_block = network_of(other.outputs.get("ipv6CidrBlock"))
        if other_block and other_block.version == own.version and own.overlaps(other_block):
            yield Rejection(
                "ipv6CidrBlock",
                f"{own} overlaps {other_block} of subnet {other.id} ({other.name}) in the same VPC",
                "InvalidSubnet.Conflict",
            )


def _ipv6_of_assigning_subnets(call: Call) -> Iterator[str]:
    """ipv6CidrBlock replaces while assignIpv6AddressOnCreation is set: ForceNewIf in terraform-provider-aws,
    internal/service/ec2/vpc_subnet.go (read 2026-11-28)."""
    if (call.old or {}).get("assignIpv6AddressOnCreation"):
        yield "ipv6CidrBlock"


@rule(
    "zone-of-the-region", Stage.PLAN, source=assumed("regions.py; in older regions the zones differ between accounts")
)
def zone_of_region(call: Call) -> Iterator[Rejection]:
    zone = known(call, "availabilityZone")
    here = regions.zones(call.region)
    ids = [regions.zone_id(each) for each in here]
    wanted = known(call, "availabilityZoneId")
    if wanted is not None and wanted not in ids:
        yield Rejection(
            "availabilityZoneId",
            f"not a zone id of {call.region} (got '{wanted}'). Allowed are {', '.join(ids)}.",
            "InvalidParameterValue",
        )
    local_zone = str(zone).startswith(f"{call.region}-")
    if zone is not None and here and zone not in here and not local_zone:
        yield Rejection(
            "availabilityZone",
            f"not an availability zone of {call.region} (got '{zone}'). Allowed are {', '.join(here)}.",
            "InvalidParameterValue",
        )


def _zone(call: Call) -> str:
    wanted = call.get("availabilityZoneId")
    named = {regions.zone_id(zone): zone for zone in regions.zones(call.region)}
    return named.get(wanted, f"{call.region}a")


def _zone_id(call: Call) -> str:
    return regions.zone_id(str(call.outputs.get("availabilityZone")))


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SUBNET,
        source=sdk("ec2/subnet"),
        id="subnet-{hex17}",
        outputs={
            "arn": ec2_arn("subnet"),
            "ownerId": "{account}",
            "availabilityZone": _zone,
            "availabilityZoneId": _zone_id,
            "assignIpv6AddressOnCreation": False,
            "enableDns64": False,
            "enableResourceNameDnsARecordOnLaunch": False,
            "enableResourceNameDnsAaaaRecordOnLaunch": False,
            "ipv6Native": False,
            "mapPublicIpOnLaunch": False,
            "privateDnsHostnameTypeOnLaunch": "ip-name",
            "cidrBlock": "",
            "ipv6CidrBlock": "",
        },
        derived={
            "ipv6CidrBlockAssociationId": lambda call: (
                f"subnet-cidr-assoc-{digest(call.id, 17)}" if call.get("ipv6CidrBlock") else ""
            ),
        },
        replaces=frozenset(
            {
                *("vpcId", "availabilityZone", "availabilityZoneId", "cidrBlock", "outpostArn", "ipv6Native"),
                *("ipv4IpamPoolId", "ipv4NetmaskLength", "ipv6IpamPoolId", "ipv6NetmaskLength"),
            }
        ),
        replaces_when=_ipv6_of_assigning_subnets,
        replace_source=schema_of("ec2/vpc_subnet.go"),
        enums={"privateDnsHostnameTypeOnLaunch": ("ip-name", "resource-name")},
        conflicts=(("availabilityZone", "availabilityZoneId"), ("cidrBlock", "ipv4NetmaskLength")),
        requires={
            "ipv4NetmaskLength": ("ipv4IpamPoolId",),
            "ipv6NetmaskLength": ("ipv6IpamPoolId",),
            "customerOwnedIpv4Pool": ("outpostArn", "mapCustomerOwnedIpOnLaunch"),
        },
        references=(to_vpc(),),
        quotas=(Quota(limit=200, per="vpcId", what="subnets per VPC", code="SubnetLimitExceeded", source=VPC_QUOTAS),),
        rules=(
            subnet_cidr,
            ipv6_only,
            zone_of_region,
            subnet_inside_vpc,
            subnet_overlaps,
            subnet_ipv6_size,
            subnet_ipv6_fits,
        ),
    ),
)
