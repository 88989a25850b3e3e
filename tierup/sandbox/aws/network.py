"""Type tokens, references and CIDR arithmetic that services inside a VPC share."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from tierup.sandbox.behaviour import Call, Plain, Reference, Rejection, Stage

from .same_scope import known, output_of
from .sources import EC2_ERRORS

VPC = "aws:ec2/vpc:Vpc"
SECONDARY_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
SUBNET = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INSTANCE = "aws:ec2/instance:Instance"
EKS_CLUSTER = "aws:eks/cluster:Cluster"
ATLAS_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"

APPLY = (Stage.CREATE, Stage.UPDATE)

# Each builder sets the error code that EC2 returns when the resource does not exist.


def refers(path: str, to: str | tuple[str, ...], code: str, **more: Any) -> Reference:
    """Return a reference to an EC2 resource; `code` is EC2's error code if it does not exist."""
    return Reference(path=path, to=to, code=code, source=EC2_ERRORS, **more)


def to_vpc(path: str = "vpcId", **more: Any) -> Reference:
    """Return a reference to a VPC by its id."""
    return refers(path, VPC, "InvalidVpcID.NotFound", **more)


def to_subnet(path: str = "subnetId", code: str = "InvalidSubnetID.NotFound", **more: Any) -> Reference:
    """Return a reference to a subnet by its id."""
    return refers(path, SUBNET, code, **more)


def to_security_group(path: str, code: str = "InvalidGroup.NotFound", **more: Any) -> Reference:
    """Return a reference to a security group, which may be that of a VPC by default or that of an EKS cluster."""
    also = {VPC: "defaultSecurityGroupId", EKS_CLUSTER: "vpcConfig.clusterSecurityGroupId"}
    return refers(path, SECURITY_GROUP, code, also=also, **more)


def to_route_table(path: str = "routeTableId", **more: Any) -> Reference:
    """Return a reference to a route table, which may be a VPC's main route table."""
    return refers(path, ROUTE_TABLE, "InvalidRouteTableID.NotFound", also={VPC: "mainRouteTableId"}, **more)


def to_peering(path: str = "vpcPeeringConnectionId", **more: Any) -> Reference:
    """Return a reference to a peering connection, which may be the output of an Atlas NetworkPeering."""
    return refers(path, PEERING, "InvalidVpcPeeringConnectionID.NotFound", also={ATLAS_PEERING: "connectionId"}, **more)


def ec2_arn(kind: str) -> str:
    """Return the template of an EC2 ARN; `kind` is the part before the id ("route-table")."""
    return f"arn:aws:ec2:{{region}}:{{account}}:{kind}/{{id}}"


def network_of(value: Plain) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the network of a CIDR block, or None if the text is not the CIDR block of a network address."""
    try:
        return ipaddress.ip_network(value) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None


def cidr_violations(path: str, value: Plain) -> Iterator[Rejection]:
    """Yield what is wrong with a CIDR block: its form, or host bits that are set."""
    if not isinstance(value, str) or network_of(value) is not None:
        return
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        yield Rejection(path, f"invalid CIDR block (got '{value}'). Write it as 10.0.0.0/16.", "InvalidParameterValue")
        return
    yield Rejection(
        path, f"the CIDR block has host bits set (got '{value}'). Did you mean {meant}?", "InvalidParameterValue"
    )


def prefix_violations(call: Call, *, allowed: str, code: str) -> Iterator[Rejection]:
    """Yield what is wrong with the `cidrBlock` of a VPC or subnet, which has a prefix length from /16 to /28."""
    cidr = known(call, "cidrBlock")
    yield from cidr_violations("cidrBlock", cidr)
    network = network_of(cidr)
    if network and not 16 <= network.prefixlen <= 28:
        yield Rejection("cidrBlock", f"invalid prefix length (got {cidr}). {allowed}", code)


def blocks_of_vpc(call: Call, vpc: Plain) -> list[ipaddress.IPv4Network]:
    """Return the IPv4 CIDR blocks of a VPC, first its own; [] if the VPC does not exist."""
    more = call.cloud.find(SECONDARY_BLOCK, vpcId=vpc)
    blocks = (output_of(call, VPC, vpc, "cidrBlock"), *(each.outputs.get("cidrBlock") for each in more))
    return [found for block in blocks if isinstance(found := network_of(block), ipaddress.IPv4Network)]


def vpc_of_subnets(call: Call, subnets: Iterable[tuple[str, Plain]]) -> Plain:
    """Return the VPC id of the first subnet that has one. Each subnet comes with its input path."""
    return next((vpc for _, subnet in subnets if (vpc := output_of(call, SUBNET, subnet, "vpcId"))), None)


def subnets_in_vpc(
    call: Call, subnets: Iterable[tuple[str, Plain]], vpc: Plain, *, owner: str = "the first subnet", code: str
) -> Iterator[Rejection]:
    """Yield the subnets of another VPC. A seeded subnet need not have a VPC."""
    for at, subnet in subnets:
        other_vpc = output_of(call, SUBNET, subnet, "vpcId")
        if other_vpc and other_vpc != vpc:
            yield Rejection(at, f"{subnet} belongs to {other_vpc}, {owner} belongs to {vpc}", code)


def subnets_in_own_zones(
    call: Call, subnets: Iterable[tuple[str, Plain]], *, hint: str, code: str
) -> Iterator[Rejection]:
    """Yield the subnets whose zone has an earlier subnet. `hint` says what is allowed."""
    zones: dict[str, Plain] = {}
    for at, subnet in subnets:
        found = call.cloud.get(SUBNET, str(subnet))
        if found is None:
            continue
        zone = str(found.outputs.get("availabilityZone"))
        if zone in zones:
            yield Rejection(at, f"{subnet} and {zones[zone]} are both in {zone}. {hint}", code)
        zones[zone] = subnet


def vpc_of_group(call: Call, group: Plain) -> str | None:
    """Return the VPC id of a security group, which may be a VPC's default one, or None if the group does not exist."""
    if vpc := output_of(call, SECURITY_GROUP, group, "vpcId"):
        return vpc
    owner = next(call.cloud.find(VPC, defaultSecurityGroupId=group), None)
    return owner.id if owner else None


def vpc_of_table(call: Call, table: Plain) -> str | None:
    """Return the VPC id of a route table, which may be a VPC's main one, or None if the table does not exist."""
    if vpc := output_of(call, ROUTE_TABLE, table, "vpcId"):
        return vpc
    owner = next(call.cloud.find(VPC, mainRouteTableId=table), None)
    return owner.id if owner else None
