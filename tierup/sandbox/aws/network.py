"""What every service inside a VPC shares: type tokens, references to network parts, and address arithmetic."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import Call, Plain, Reference, Rejection, Stage

from .neighbours import property_of
from .sources import EC2_ERRORS

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INSTANCE = "aws:ec2/instance:Instance"
ATLAS_PEERING = "mongodbatlas:index/networkPeering:NetworkPeering"

APPLY = (Stage.CREATE, Stage.UPDATE)

# Each builder knows the error code that EC2 answers for a thing that is not there.


def refers(path: str, to: str | tuple[str, ...], code: str, **more: Any) -> Reference:
    """A reference to something EC2 knows; `code` is its answer where it is not there."""
    return Reference(path=path, to=to, code=code, source=EC2_ERRORS, **more)


def to_vpc(path: str = "vpcId", **more: Any) -> Reference:
    """A VPC, by its id."""
    return refers(path, VPC, "InvalidVpcID.NotFound", **more)


def to_subnet(path: str = "subnetId", code: str = "InvalidSubnetID.NotFound", **more: Any) -> Reference:
    """A subnet, by its id."""
    return refers(path, SUBNET, code, **more)


def to_security_group(path: str, code: str = "InvalidGroup.NotFound", **more: Any) -> Reference:
    """A security group, be it a VPC's own default one."""
    return refers(path, SECURITY_GROUP, code, also={VPC: "defaultSecurityGroupId"}, **more)


def to_route_table(path: str = "routeTableId", **more: Any) -> Reference:
    """A route table, be it a VPC's own main one."""
    return refers(path, ROUTE_TABLE, "InvalidRouteTableID.NotFound", also={VPC: "mainRouteTableId"}, **more)


def to_peering(path: str = "vpcPeeringConnectionId", **more: Any) -> Reference:
    """A peering connection. One that Atlas asked for stands here as an output of Atlas's own resource."""
    return refers(path, PEERING, "InvalidVpcPeeringConnectionID.NotFound", also={ATLAS_PEERING: "connectionId"}, **more)


def ec2_arn(kind: str) -> str:
    """The template of an EC2 ARN; `kind` is its part before the id ("route-table")."""
    return f"arn:aws:ec2:{{region}}:{{account}}:{kind}/{{id}}"


def network_of(value: Plain) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network a CIDR text names; None when it is no CIDR of a network address."""
    try:
        return ipaddress.ip_network(value) if isinstance(value, str) and "/" in value else None
    except ValueError:
        return None


def cidr_faults(path: str, value: Plain) -> Iterator[Rejection]:
    """What is wrong with a text that should be a CIDR block: its form, or bits set beyond its prefix."""
    if not isinstance(value, str) or network_of(value) is not None:
        return
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        yield Rejection(path, f"'{value}' is not a CIDR block; write it as 10.0.0.0/16", "InvalidParameterValue")
        return
    yield Rejection(path, f"'{value}' is not the address of a network; did you mean {meant}?", "InvalidParameterValue")


def vpc_of_group(call: Call, group: Plain) -> str | None:
    """The VPC of a security group, be it a VPC's own default one; None where no such group stands."""
    if vpc := property_of(call, SECURITY_GROUP, group, "vpcId"):
        return vpc
    owner = next(call.cloud.find(VPC, defaultSecurityGroupId=group), None)
    return owner.id if owner else None


def vpc_of_table(call: Call, table: Plain) -> str | None:
    """The VPC of a route table, be it a VPC's own main one; None where no such table stands."""
    if vpc := property_of(call, ROUTE_TABLE, table, "vpcId"):
        return vpc
    owner = next(call.cloud.find(VPC, mainRouteTableId=table), None)
    return owner.id if owner else None
