"""EC2: route tables, routes and associations."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterator

from tierup.sandbox.behaviour import Behaviour, Call, Quota, Rejection, Stage, assumed, rule

from .ec2 import EGRESS_ONLY_GATEWAY, NAT_GATEWAY
from .network import (
    APPLY,
    INSTANCE,
    INTERNET_GATEWAY,
    ROUTE_TABLE,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
    blocks_of_vpc,
    cidr_violations,
    ec2_arn,
    network_of,
    refers,
    to_peering,
    to_route_table,
    to_subnet,
    to_vpc,
    vpc_of_table,
)
from .same_scope import known, others_in_region, output_of
from .sources import EC2_ERRORS, RECORDED, VPC_QUOTAS, created_only, schema_of, sdk

ROUTE = "aws:ec2/route:Route"

ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"

MAIN_ROUTE_TABLE_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"

DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")

TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "odbNetworkArn",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)


@rule("route-destination-is-a-cidr", Stage.PLAN, source=sdk("ec2/route"))
def route_destination(call: Call) -> Iterator[Rejection]:
    for path in DESTINATIONS[:2]:
        yield from cidr_violations(path, known(call, path))
    if call.get("egressOnlyGatewayId") is not None and call.get("destinationCidrBlock") is not None:
        yield Rejection(
            "egressOnlyGatewayId",
            "an egress-only internet gateway supports only IPv6. Use a NAT gateway for IPv4 destinations.",
            "InvalidParameterCombination",
        )


@rule("route-is-new", Stage.CREATE, source=EC2_ERRORS)
def route_is_new(call: Call) -> Iterator[Rejection]:
    table = call.get("routeTableId")
    for path in DESTINATIONS:
        if (destination := call.get(path)) is None:
            continue
        if destination == output_of(call, VPC, vpc_of_table(call, table), "cidrBlock"):
            yield Rejection(
                path,
                f"{destination} is the VPC's CIDR block. The local route cannot be replaced.",
                "RouteAlreadyExists",
            )
        for other in others_in_region(call, ROUTE, **{"routeTableId": table, path: destination}):
            yield Rejection(path, f"{table} already has a route to {destination} ({other.name})", "RouteAlreadyExists")


@rule(
    "route-target-fits-destination",
    *APPLY,
    source=assumed(
        "from memory; to check: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html (a route that is"
        " more specific than the local route has a NAT gateway, a network interface or a Gateway Load Balancer endpoint"
        " as its target) and nat-gateway-nat64-dns64.html (64:ff9b::/96)"
    ),
)
def route_target_fits(call: Call) -> Iterator[Rejection]:
    destination = network_of(call.get("destinationCidrBlock"))
    if call.get("gatewayId") and isinstance(destination, ipaddress.IPv4Network):
        blocks = blocks_of_vpc(call, vpc_of_table(call, call.get("routeTableId")))
        if any(destination != block and destination.subnet_of(block) for block in blocks):
            yield Rejection(
                "gatewayId",
                f"the destination {destination} is more specific than the local route. Its target must be a NAT"
                " gateway, a network interface or a Gateway Load Balancer endpoint.",
                "InvalidParameterValue",
            )
    if call.get("natGatewayId") and call.get("destinationIpv6CidrBlock") == "::/0":
        yield Rejection(
            "destinationIpv6CidrBlock",
            "the route destination ::/0 is not supported for a NAT gateway. Use 64:ff9b::/96 for NAT64, or an"
            " egress-only internet gateway.",
            "InvalidParameterValue",
        )


@rule("route-target-in-the-same-vpc", *APPLY, source=EC2_ERRORS)
def route_target_vpc(call: Call) -> Iterator[Rejection]:
    vpc = vpc_of_table(call, call.get("routeTableId"))
    for path, type in (
        ("gatewayId", INTERNET_GATEWAY),
        ("natGatewayId", NAT_GATEWAY),
        ("egressOnlyGatewayId", EGRESS_ONLY_GATEWAY),
    ):
        gateway = call.get(path)
        found = call.cloud.get(type, gateway) if gateway else None
        if found is None or vpc is None:
            continue
        other_vpc = found.outputs.get("vpcId")
        if other_vpc != vpc:
            where = f"belongs to {other_vpc}" if other_vpc else "is not attached to a VPC"
            yield Rejection(
                path,
                f"{gateway} {where}, the route table {call.get('routeTableId')} belongs to {vpc}",
                "InvalidParameterValue",
            )


@rule("route-table-association-is-new", *APPLY, source=EC2_ERRORS)
def association_is_new(call: Call) -> Iterator[Rejection]:
    subnet = call.get("subnetId")
    for other in others_in_region(call, ROUTE_TABLE_ASSOCIATION, subnetId=subnet) if subnet else ():
        table = other.outputs.get("routeTableId")
        yield Rejection(
            "subnetId", f"{subnet} is already associated with {table} ({other.name})", "Resource.AlreadyAssociated"
        )


@rule("route-table-in-vpc-of-subnet", *APPLY, source=EC2_ERRORS)
def association_same_vpc(call: Call) -> Iterator[Rejection]:
    table = vpc_of_table(call, call.get("routeTableId"))
    subnet = output_of(call, SUBNET, call.get("subnetId"), "vpcId")
    if table and subnet and table != subnet:
        yield Rejection(
            "routeTableId",
            f"the route table belongs to {table}, the subnet belongs to {subnet}",
            "InvalidParameterValue",
        )


def _route_id(call: Call) -> str:
    destination = next(call.get(path) for path in DESTINATIONS if call.get(path))
    return f"r-{call.get('routeTableId')}{zlib.crc32(destination.encode())}"


@rule("main-association-keeps-its-vpc", Stage.UPDATE, source=schema_of("ec2/vpc_main_route_table_association.go"))
def main_association_keeps_vpc(call: Call) -> Iterator[Rejection]:
    """The provider updates the association in place, with a route table that EC2 refuses for another VPC."""
    before, after = (call.old or {}).get("vpcId"), call.get("vpcId")
    if before != after:
        yield Rejection(
            "vpcId",
            f"route table {call.get('routeTableId')} and the association's network {before} belong to different"
            f" networks. Delete the association, and create one for {after}.",
            "InvalidParameterValue",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ROUTE_TABLE,
        source=sdk("ec2/routetable"),
        id="rtb-{hex17}",
        outputs={"arn": ec2_arn("route-table"), "ownerId": "{account}", "propagatingVgws": [], "routes": []},
        replaces=frozenset({"vpcId"}),
        replace_source=created_only("AWS::EC2::RouteTable"),
        references=(to_vpc(),),
        quotas=(
            Quota(
                limit=200, per="vpcId", what="route tables per VPC", code="RouteTableLimitExceeded", source=VPC_QUOTAS
            ),
        ),
    ),
    Behaviour(
        type=ROUTE,
        source=sdk("ec2/route"),
        id=_route_id,
        outputs={
            "instanceId": "",
            "instanceOwnerId": "",
            "networkInterfaceId": "",
            "origin": "CreateRoute",
            "state": "active",
        },
        replaces=frozenset({"routeTableId", *DESTINATIONS}),
        replace_source=created_only("AWS::EC2::Route"),
        exactly_one=(DESTINATIONS, TARGETS),
        references=(
            to_route_table(holds=False),  # deleting a table deletes its routes
            refers(
                "gatewayId", INTERNET_GATEWAY, "InvalidInternetGatewayID.NotFound", external="local|vgw-.*", holds=False
            ),
            refers("natGatewayId", NAT_GATEWAY, "NatGatewayNotFound", holds=False),
            refers("egressOnlyGatewayId", EGRESS_ONLY_GATEWAY, "InvalidGatewayID.NotFound", holds=False),
            refers("vpcEndpointId", VPC_ENDPOINT, "InvalidVpcEndpointId.NotFound", holds=False),
            refers(
                "networkInterfaceId",
                INSTANCE,
                "InvalidNetworkInterfaceID.NotFound",
                by="primaryNetworkInterfaceId",
                holds=False,  # a route whose target is deleted stays as a blackhole
            ),
            to_peering(holds=False),
        ),
        rules=(route_destination, route_is_new, route_target_fits, route_target_vpc),
    ),
    Behaviour(
        type=ROUTE_TABLE_ASSOCIATION,
        source=sdk("ec2/routetableassociation"),
        id="rtbassoc-{hex17}",
        replaces=frozenset({"subnetId", "gatewayId"}),
        replace_source=RECORDED,
        exactly_one=(("subnetId", "gatewayId"),),
        references=(
            to_route_table(),
            to_subnet(holds=False),  # deleting a subnet deletes its association
            refers("gatewayId", INTERNET_GATEWAY, "InvalidGatewayID.NotFound", external="vgw-.*"),
        ),
        rules=(association_is_new, association_same_vpc),
    ),
    Behaviour(
        type=MAIN_ROUTE_TABLE_ASSOCIATION,
        source=sdk("ec2/mainroutetableassociation"),
        id="rtbassoc-{hex17}",
        outputs={
            "originalRouteTableId": lambda call: output_of(call, VPC, call.get("vpcId"), "mainRouteTableId") or ""
        },
        references=(to_vpc(holds=False), to_route_table(same=("vpcId",))),
        rules=(main_association_keeps_vpc,),
    ),
)
