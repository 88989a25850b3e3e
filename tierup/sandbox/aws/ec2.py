"""EC2 networking: VPCs, subnets, gateways, routes, Elastic IPs, network ACLs and flow logs."""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Iterable, Iterator

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Quota, Rejection, Stage, assumed, digest, rule

from . import regions
from .network import (
    APPLY,
    INSTANCE,
    INTERNET_GATEWAY,
    ROUTE_TABLE,
    SUBNET,
    VPC,
    VPC_ENDPOINT,
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
from .sources import EC2_ERRORS, FORCE_NEW, VPC_QUOTAS, api, created_only, sdk

EGRESS_ONLY_GATEWAY = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN_ROUTE_TABLE_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
EIP = "aws:ec2/eip:Eip"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
NETWORK_ACL = "aws:ec2/networkAcl:NetworkAcl"
DHCP_OPTIONS = "aws:ec2/vpcDhcpOptions:VpcDhcpOptions"
DHCP_OPTIONS_ASSOCIATION = "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation"


@rule("vpc-cidr-between-16-and-28", Stage.PLAN, source=api("ec2", "CreateVpc"))
def vpc_cidr(call: Call) -> Iterator[Rejection]:
    cidr = known(call, "cidrBlock")
    yield from cidr_violations("cidrBlock", cidr)
    network = network_of(cidr)
    if network and not 16 <= network.prefixlen <= 28:
        yield Rejection(
            "cidrBlock",
            f"invalid prefix length (got {cidr}). Allowed: /16 (65,536 addresses) to /28 (16 addresses).",
            "InvalidVpc.Range",
        )


@rule("vpc-has-a-cidr", Stage.PLAN, source=sdk("ec2/vpc"))
def vpc_has_cidr(call: Call) -> Iterator[Rejection]:
    if call.get("cidrBlock") is None and call.get("ipv4IpamPoolId") is None:
        yield Rejection(
            "cidrBlock", "a VPC requires cidrBlock, or ipv4IpamPoolId to allocate one from", "MissingParameter"
        )


@rule("subnet-cidr-between-16-and-28", Stage.PLAN, source=api("ec2", "CreateSubnet"))
def subnet_cidr(call: Call) -> Iterator[Rejection]:
    cidr = known(call, "cidrBlock")
    yield from cidr_violations("cidrBlock", cidr)
    network = network_of(cidr)
    if network and not 16 <= network.prefixlen <= 28:
        yield Rejection(
            "cidrBlock",
            f"invalid prefix length (got {cidr}). Allowed for a subnet: /16 to /28.",
            "InvalidSubnet.Range",
        )


@rule("subnet-inside-vpc", Stage.CREATE, source=api("ec2", "CreateSubnet"))
def subnet_inside_vpc(call: Call) -> Iterator[Rejection]:
    subnet = network_of(call.get("cidrBlock"))
    block = output_of(call, VPC, call.get("vpcId"), "cidrBlock")
    vpc = network_of(block)
    if subnet and vpc and subnet.version == vpc.version and not subnet.subnet_of(vpc):  # pyright: ignore[reportArgumentType]  # versions agree
        yield Rejection(
            "cidrBlock",
            f"the subnet's {subnet} is not inside {block}, the CIDR block of {call.get('vpcId')}",
            "InvalidSubnet.Range",
        )


@rule("subnet-cidr-does-not-overlap", Stage.CREATE, source=api("ec2", "CreateSubnet"))
def subnet_overlaps(call: Call) -> Iterator[Rejection]:
    mine = network_of(call.get("cidrBlock"))
    for other in others_in_region(call, SUBNET, vpcId=call.get("vpcId")):
        theirs = network_of(other.outputs.get("cidrBlock"))
        if mine and theirs and mine.version == theirs.version and mine.overlaps(theirs):
            yield Rejection(
                "cidrBlock",
                f"{mine} overlaps {theirs} of subnet {other.id} ({other.name}) in the same VPC",
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
            f"invalid IPv6 CIDR block (got {cidr}). Allowed: /44 to /64 in steps of four.",
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
    mine, vpc = network_of(call.get("ipv6CidrBlock")), call.get("vpcId")
    if mine is None:
        return
    block = output_of(call, VPC, vpc, "ipv6CidrBlock")
    around = network_of(block)
    if around is None or mine.version != around.version or not mine.subnet_of(around):  # pyright: ignore[reportArgumentType]  # versions agree
        has = f"the IPv6 CIDR block {block}" if block else "no IPv6 CIDR block"
        yield Rejection("ipv6CidrBlock", f"{mine} is not inside {vpc}, which has {has}", "InvalidSubnet.Range")
    for other in others_in_region(call, SUBNET, vpcId=vpc):
        theirs = network_of(other.outputs.get("ipv6CidrBlock"))
        if theirs and theirs.version == mine.version and mine.overlaps(theirs):
            yield Rejection(
                "ipv6CidrBlock",
                f"{mine} overlaps {theirs} of subnet {other.id} ({other.name}) in the same VPC",
                "InvalidSubnet.Conflict",
            )


def _ipv6_of_assigning_subnets(call: Call) -> Iterator[str]:
    """ipv6CidrBlock replaces while assignIpv6AddressOnCreation is set: ForceNewIf in terraform-provider-aws,
    internal/service/ec2/vpc_subnet.go (from memory, to be checked)."""
    if (call.old or {}).get("assignIpv6AddressOnCreation"):
        yield "ipv6CidrBlock"


@rule(
    "vpc-ipv6-block-is-free",
    Stage.UPDATE,
    source=assumed("DisassociateVpcCidrBlock rejects a block that subnets use"),
)
def vpc_ipv6_in_use(call: Call) -> Iterator[Rejection]:
    if call.get("assignGeneratedIpv6CidrBlock") or not (call.old or {}).get("assignGeneratedIpv6CidrBlock"):
        return
    vpc = call.this.id if call.this else ""
    for subnet in call.nearby(SUBNET, vpcId=vpc):
        if subnet.outputs.get("ipv6CidrBlock"):
            yield Rejection(
                "assignGeneratedIpv6CidrBlock",
                f"{vpc} cannot release its IPv6 CIDR block: subnet {subnet.id} ({subnet.name}) uses"
                f" {subnet.outputs['ipv6CidrBlock']}",
                "InvalidCidrBlock.InUse",
            )
            return


@rule(
    "zone-of-the-region", Stage.PLAN, source=assumed("regions.py; in older regions the zones differ between accounts")
)
def zone_of_region(call: Call) -> Iterator[Rejection]:
    zone = known(call, "availabilityZone")
    here = regions.zones(call.region)
    local_zone = str(zone).startswith(f"{call.region}-")
    if zone is not None and here and zone not in here and not local_zone:
        yield Rejection(
            "availabilityZone",
            f"not an availability zone of {call.region} (got '{zone}'). Allowed: {', '.join(here)}.",
            "InvalidParameterValue",
        )


def _zone_id(call: Call) -> str:
    # eu-west-1a -> euw1-az1. AWS maps letters to ids differently in each account; the sandbox maps them in order.
    zone = str(call.get("availabilityZone") or f"{call.region}a")
    area, *middle, number = call.region.split("-")
    return f"{area}{''.join(part[0] for part in middle)}{number}-az{ord(zone[-1]) - ord('a') + 1}"


def _public_address(call: Call) -> str:
    number = int(call.hex(6, "address"), 16)
    return f"52.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _private_address(call: Call) -> str:
    network = network_of(output_of(call, SUBNET, call.get("subnetId"), "cidrBlock"))
    return str(network[4 + int(call.hex(2, "private"), 16) % 8]) if network else ""


def _ipv6_of_vpc(call: Call) -> str:
    """Return the VPC's Amazon-provided IPv6 CIDR block, or "" if it has none. It stays the same across updates."""
    if block := call.get("ipv6CidrBlock"):
        return block
    if not call.get("assignGeneratedIpv6CidrBlock"):
        return ""
    return call.outputs.get("ipv6CidrBlock") or str(
        ipaddress.IPv6Network(f"2a05:d018:{call.hex(4, 'v6')}:{call.hex(2, 'v6-low')}00::/56")
    )


# ---------------------------------------------------------------------------------------------------------------
# Gateways and routes
# ---------------------------------------------------------------------------------------------------------------

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


@rule("one-internet-gateway-per-vpc", *APPLY, source=VPC_QUOTAS)
def one_internet_gateway(call: Call) -> Iterator[Rejection]:
    vpc = call.get("vpcId")
    for other in others_in_region(call, INTERNET_GATEWAY, vpcId=vpc) if vpc else ():
        yield Rejection(
            "vpcId",
            f"{vpc} already has an internet gateway, {other.id} ({other.name})",
            "Resource.AlreadyAssociated",
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
        theirs = found.outputs.get("vpcId")
        if theirs != vpc:
            where = f"belongs to {theirs}" if theirs else "is not attached to a VPC"
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


@rule("nat-gateway-requires-address-and-subnet", Stage.PLAN, source=sdk("ec2/natgateway"))
def nat_inputs(call: Call) -> Iterator[Rejection]:
    regional = known(call, "availabilityMode", "zonal") == "regional"
    private = known(call, "connectivityType", "public") == "private"
    if regional:
        if call.get("vpcId") is None:
            yield Rejection("vpcId", "a regional NAT gateway requires vpcId", "MissingParameter")
        for path in ("subnetId", "allocationId"):
            if call.get(path) is not None:
                yield Rejection(path, f"a regional NAT gateway does not support {path}", "InvalidParameterCombination")
        if private:
            yield Rejection(
                "connectivityType", "a regional NAT gateway is always public", "InvalidParameterCombination"
            )
        return
    if call.get("subnetId") is None:
        yield Rejection("subnetId", "a zonal NAT gateway requires subnetId", "MissingParameter")
    if private and call.get("allocationId") is not None:
        yield Rejection(
            "allocationId", "a private NAT gateway does not support an Elastic IP", "InvalidParameterCombination"
        )
    if not private and call.get("allocationId") is None:
        yield Rejection(
            "allocationId", "a public zonal NAT gateway requires the allocationId of an Elastic IP", "MissingParameter"
        )


@rule(
    "nat-gateway-needs-internet-gateway",
    Stage.CREATE,
    source=assumed("the gateway's state becomes failed: 'Network vpc-… has no Internet gateway attached'"),
)
def nat_needs_internet_gateway(call: Call) -> Iterator[Rejection]:
    vpc = call.get("vpcId") or output_of(call, SUBNET, call.get("subnetId"), "vpcId")
    if call.get("connectivityType") == "private" or vpc is None:
        return
    if next(call.cloud.find(INTERNET_GATEWAY, vpcId=vpc), None) is None:
        yield Rejection(
            "subnetId",
            f"network {vpc} has no internet gateway attached. Make the NAT gateway depend on the internet gateway.",
            "Gateway.NotAttached",
        )


@rule("nat-gateway-address-is-free", Stage.CREATE, source=EC2_ERRORS)
def nat_address_free(call: Call) -> Iterator[Rejection]:
    allocation = call.get("allocationId")
    for other in others_in_region(call, NAT_GATEWAY, allocationId=allocation) if allocation else ():
        yield Rejection(
            "allocationId",
            f"{allocation} is already used by {other.id} ({other.name})",
            "Resource.AlreadyAssociated",
        )


@rule("five-nat-gateways-per-zone", Stage.CREATE, source=VPC_QUOTAS)
def nat_quota(call: Call) -> Iterator[Rejection]:
    zone = output_of(call, SUBNET, call.get("subnetId"), "availabilityZone")
    if zone is None:
        return
    others = [
        other
        for other in others_in_region(call, NAT_GATEWAY)
        if output_of(call, SUBNET, other.outputs.get("subnetId"), "availabilityZone") == zone
    ]
    if len(others) >= 5:
        yield Rejection(
            "subnetId",
            f"zone {zone} already has {len(others)} NAT gateways. The quota is 5.",
            "NatGatewayLimitExceeded",
        )


# ---------------------------------------------------------------------------------------------------------------
# Endpoints, flow logs, peering
# ---------------------------------------------------------------------------------------------------------------


@rule("flow-log-destination", Stage.PLAN, source=sdk("ec2/flowlog"))
def flow_log_destination(call: Call) -> Iterator[Rejection]:
    to = known(call, "logDestinationType", "cloud-watch-logs")
    if call.get("logDestination") is None:
        yield Rejection(
            "logDestination",
            "a flow log requires the ARN of a log group, bucket or delivery stream",
            "MissingParameter",
        )
    if to == "cloud-watch-logs" and call.get("logDestinationType") is not UNKNOWN and call.get("iamRoleArn") is None:
        yield Rejection(
            "iamRoleArn",
            "a flow log to CloudWatch Logs requires iamRoleArn, a role that can write to the log group",
            "InvalidParameter",
        )
    if to != "cloud-watch-logs" and call.get("iamRoleArn") is not None:
        yield Rejection(
            "iamRoleArn",
            f"iamRoleArn is supported only for CloudWatch Logs (got destination type {to})",
            "InvalidParameter",
        )
    if call.get("trafficType") is None and not any(
        call.get(path) for path in ("transitGatewayId", "transitGatewayAttachmentId")
    ):
        yield Rejection("trafficType", "trafficType is required. Allowed: ACCEPT, REJECT, ALL.", "MissingParameter")


def _tenancy_or_pool(call: Call) -> Iterable[str]:
    """Changing to dedicated tenancy replaces, leaving it is an update."""
    if call.get("instanceTenancy") == "dedicated" and (call.old or {}).get("instanceTenancy") != "dedicated":
        yield "instanceTenancy"


DEFAULT_LOG_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
_TRAFFIC = ("ACCEPT", "REJECT", "ALL")
_ATTACHED_TO = ("eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=VPC,
        source=sdk("ec2/vpc"),
        id="vpc-{hex17}",
        outputs={
            "cidrBlock": "10.0.0.0/{ipv4NetmaskLength|16}",  # allocated from an IPAM pool
            "arn": ec2_arn("vpc"),
            "ownerId": "{account}",
            "defaultNetworkAclId": "acl-{hex17}",
            "defaultRouteTableId": "rtb-{hex17}",
            "mainRouteTableId": "rtb-{hex17}",
            "defaultSecurityGroupId": "sg-{hex17}",
            "dhcpOptionsId": "dopt-{hex8}",
            "enableDnsHostnames": False,
            "enableDnsSupport": True,
            "enableNetworkAddressUsageMetrics": False,
            "instanceTenancy": "default",
        },
        derived={
            "ipv6CidrBlock": _ipv6_of_vpc,
            "ipv6AssociationId": lambda call: (
                f"vpc-cidr-assoc-{digest(call.id, 17)}" if call.outputs.get("ipv6CidrBlock") else ""
            ),
            "ipv6CidrBlockNetworkBorderGroup": lambda call: call.region if call.outputs.get("ipv6CidrBlock") else "",
        },
        replaces=frozenset({"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"}),
        replaces_when=_tenancy_or_pool,
        replace_source=created_only("AWS::EC2::VPC"),
        enums={"instanceTenancy": ("default", "dedicated"), "ipv6NetmaskLength": (44, 48, 52, 56, 60)},
        conflicts=(
            ("assignGeneratedIpv6CidrBlock", "ipv6IpamPoolId"),
            ("ipv6CidrBlock", "ipv6NetmaskLength"),
            ("cidrBlock", "ipv4NetmaskLength"),
        ),
        requires={"ipv4NetmaskLength": ("ipv4IpamPoolId",), "ipv6NetmaskLength": ("ipv6IpamPoolId",)},
        quotas=(Quota(limit=5, per="region", what="VPCs per Region", code="VpcLimitExceeded", source=VPC_QUOTAS),),
        rules=(vpc_has_cidr, vpc_cidr, vpc_ipv6_in_use),
    ),
    Behaviour(
        type=SUBNET,
        source=sdk("ec2/subnet"),
        id="subnet-{hex17}",
        outputs={
            "arn": ec2_arn("subnet"),
            "ownerId": "{account}",
            "availabilityZone": "{region}a",
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
            {"vpcId", "availabilityZone", "availabilityZoneId", "cidrBlock", "outpostArn", "ipv6Native"}
        ),
        replaces_when=_ipv6_of_assigning_subnets,
        replace_source=created_only("AWS::EC2::Subnet"),
        enums={"privateDnsHostnameTypeOnLaunch": ("ip-name", "resource-name")},
        conflicts=(("availabilityZone", "availabilityZoneId"), ("cidrBlock", "ipv4NetmaskLength")),
        requires={
            "ipv4NetmaskLength": ("ipv4IpamPoolId",),
            "ipv6NetmaskLength": ("ipv6IpamPoolId",),
            "customerOwnedIpv4Pool": ("outpostArn", "mapCustomerOwnedIpOnLaunch"),
        },
        references=(to_vpc(),),
        quotas=(Quota(limit=200, per="vpcId", what="subnets per VPC", code="SubnetLimitExceeded", source=VPC_QUOTAS),),
        rules=(subnet_cidr, zone_of_region, subnet_inside_vpc, subnet_overlaps, subnet_ipv6_size, subnet_ipv6_fits),
    ),
    Behaviour(
        type=INTERNET_GATEWAY,
        source=sdk("ec2/internetgateway"),
        id="igw-{hex17}",
        outputs={"arn": ec2_arn("internet-gateway"), "ownerId": "{account}", "vpcId": ""},
        references=(to_vpc(),),
        quotas=(
            Quota(
                limit=5,
                per="region",
                what="internet gateways per Region",
                code="InternetGatewayLimitExceeded",
                source=VPC_QUOTAS,
            ),
        ),
        rules=(one_internet_gateway,),
    ),
    Behaviour(
        type=EGRESS_ONLY_GATEWAY,
        source=sdk("ec2/egressonlyinternetgateway"),
        id="eigw-{hex17}",
        replaces=frozenset({"vpcId"}),
        replace_source=created_only("AWS::EC2::EgressOnlyInternetGateway"),
        references=(to_vpc(),),
        quotas=(
            Quota(
                limit=5,
                per="region",
                what="egress-only internet gateways per Region",
                code="EgressOnlyInternetGatewayLimitExceeded",
                source=VPC_QUOTAS,
            ),
        ),
    ),
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
        rules=(route_destination, route_is_new, route_target_vpc),
    ),
    Behaviour(
        type=ROUTE_TABLE_ASSOCIATION,
        source=sdk("ec2/routetableassociation"),
        id="rtbassoc-{hex17}",
        replaces=frozenset({"subnetId", "gatewayId"}),
        replace_source=FORCE_NEW,
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
        replaces=frozenset({"vpcId"}),
        replace_source=FORCE_NEW,
        references=(to_vpc(holds=False), to_route_table(same=("vpcId",))),
    ),
    Behaviour(
        type=EIP,
        source=sdk("ec2/eip"),
        id="eipalloc-{hex17}",
        outputs={
            "allocationId": "{id}",
            "arn": "arn:aws:ec2:{region}:{account}:elastic-ip/{id}",
            "domain": "vpc",
            "publicIp": _public_address,
            "publicDns": lambda call: (
                f"ec2-{call.outputs['publicIp'].replace('.', '-')}.{call.region}.compute.amazonaws.com"
            ),
            "networkBorderGroup": "{region}",
            "publicIpv4Pool": "amazon",
            "associationId": "",
            "carrierIp": "",
            "customerOwnedIp": "",
            "customerOwnedIpv4Pool": "",
            "instance": "",
            "ipamPoolId": "",
            "networkInterface": "",
            "privateDns": "",
            "privateIp": "",
            "ptrRecord": "",
        },
        replaces=frozenset(
            {"domain", "address", "networkBorderGroup", "publicIpv4Pool", "customerOwnedIpv4Pool", "ipamPoolId"}
        ),
        replace_source=FORCE_NEW,
        enums={"domain": ("vpc",)},
        conflicts=(("instance", "networkInterface"),),
        quotas=(
            Quota(
                limit=5,
                per="region",
                what="Elastic IP addresses per Region",
                code="AddressLimitExceeded",
                source=VPC_QUOTAS,
            ),
        ),
    ),
    Behaviour(
        type=NAT_GATEWAY,
        source=sdk("ec2/natgateway"),
        id="nat-{hex17}",
        outputs={
            "availabilityMode": "zonal",
            "connectivityType": "public",
            "vpcId": lambda call: output_of(call, SUBNET, call.get("subnetId"), "vpcId"),
            "associationId": lambda call: f"eipassoc-{call.hex(17)}" if call.get("allocationId") else "",
            "networkInterfaceId": "eni-{hex17}",
            "privateIp": _private_address,
            "publicIp": lambda call: output_of(call, EIP, call.get("allocationId"), "publicIp") or "",
            "secondaryAllocationIds": [],
            "secondaryPrivateIpAddressCount": 0,
            "secondaryPrivateIpAddresses": [],
            "autoProvisionZones": "",
            "autoScalingIps": "",
            "regionalNatGatewayAddresses": [],
            "regionalNatGatewayAutoMode": "",
            "routeTableId": "",
        },
        replaces=frozenset({"subnetId", "allocationId", "connectivityType", "privateIp", "vpcId", "availabilityMode"}),
        replace_source=created_only("AWS::EC2::NatGateway"),
        enums={"availabilityMode": ("zonal", "regional"), "connectivityType": ("private", "public")},
        references=(
            to_subnet(),
            to_vpc(),
            refers("allocationId", EIP, "InvalidAllocationID.NotFound", in_use="AuthFailure"),
            refers("secondaryAllocationIds[*]", EIP, "InvalidAllocationID.NotFound", in_use="AuthFailure"),
        ),
        rules=(nat_inputs, nat_needs_internet_gateway, nat_address_free, nat_quota),
    ),
    Behaviour(
        type=FLOW_LOG,
        source=sdk("ec2/flowlog"),
        id="fl-{hex17}",
        outputs={
            "arn": ec2_arn("vpc-flow-log"),
            "logDestinationType": "cloud-watch-logs",
            "maxAggregationInterval": 600,
            "logFormat": lambda _: DEFAULT_LOG_FORMAT,  # a function, since a template would replace the braces
        },
        replaces=frozenset(
            {
                "deliverCrossAccountRole",
                "destinationOptions",
                "iamRoleArn",
                "logDestination",
                "logDestinationType",
                "logFormat",
                "maxAggregationInterval",
                "tagFieldSpecifications",
                "trafficType",
                *_ATTACHED_TO,
            }
        ),
        replace_source=created_only("AWS::EC2::FlowLog"),
        enums={
            "logDestinationType": ("cloud-watch-logs", "s3", "kinesis-data-firehose"),
            "maxAggregationInterval": (60, 600),
            "trafficType": _TRAFFIC,
        },
        exactly_one=(_ATTACHED_TO,),
        references=(
            to_vpc(holds=False),
            to_subnet(holds=False),
            refers("iamRoleArn", "aws:iam/role:Role", "InvalidParameter", by="arn", holds=False, same_region=False),
            refers(
                "logDestination",
                ("aws:cloudwatch/logGroup:LogGroup", "aws:s3/bucket:Bucket"),
                "InvalidParameter",
                by="arn",
                external=r"arn:aws:firehose:.*|arn:aws:s3:::[^/]+/.*|arn:aws:logs:.*:\*",
                holds=False,
                same_region=False,
            ),
        ),
        rules=(flow_log_destination,),
    ),
    Behaviour(
        type=NETWORK_ACL,
        source=sdk("ec2/networkacl"),
        id="acl-{hex17}",
        outputs={"arn": ec2_arn("network-acl"), "ownerId": "{account}", "ingress": [], "egress": [], "subnetIds": []},
        replaces=frozenset({"vpcId"}),
        replace_source=created_only("AWS::EC2::NetworkAcl"),
        references=(to_vpc(), to_subnet("subnetIds[*]", same=("vpcId",), holds=False)),
        quotas=(
            Quota(
                limit=200, per="vpcId", what="network ACLs per VPC", code="NetworkAclLimitExceeded", source=VPC_QUOTAS
            ),
        ),
    ),
    Behaviour(
        type=DHCP_OPTIONS,
        source=sdk("ec2/vpcdhcpoptions"),
        id="dopt-{hex17}",
        outputs={"arn": ec2_arn("dhcp-options"), "ownerId": "{account}"},
        replaces=frozenset(
            {
                "domainName",
                "domainNameServers",
                "ipv6AddressPreferredLeaseTime",
                "netbiosNameServers",
                "netbiosNodeType",
                "ntpServers",
            }
        ),
        replace_source=FORCE_NEW,
        enums={"netbiosNodeType": ("1", "2", "4", "8")},
    ),
    Behaviour(
        type=DHCP_OPTIONS_ASSOCIATION,
        source=sdk("ec2/vpcdhcpoptionsassociation"),
        id="{dhcpOptionsId}-{vpcId}",
        replaces=frozenset({"dhcpOptionsId", "vpcId"}),
        replace_source=FORCE_NEW,
        references=(
            to_vpc(holds=False),
            refers("dhcpOptionsId", DHCP_OPTIONS, "InvalidDhcpOptionID.NotFound", external="default"),
        ),
    ),
)
