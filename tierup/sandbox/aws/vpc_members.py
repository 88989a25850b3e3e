"""What EC2 checks of resources inside a VPC: addresses, zones and security groups, for types of several services."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    BehaviourRule,
    Call,
    Plain,
    Rejection,
    Source,
    Stage,
    assumed,
    located,
    rule,
)
from .ec2 import NAT_GATEWAY
from .ec2_gateways import EIP
from .elb import LOAD_BALANCER, kind_of
from .network import (
    APPLY,
    INSTANCE,
    INTERNET_GATEWAY,
    SECONDARY_BLOCK,
    SUBNET,
    VPC,
    blocks_of_vpc,
    network_of,
    subnets_in_own_zones,
    subnets_in_vpc,
    vpc_of_group,
    vpc_of_subnets,
)
from .same_scope import others_in_region, output_of
from .sources import EC2_ERRORS, sdk

INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
ATTACHMENT = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
_CIDR_BLOCKS = assumed(
    "from memory; to check: "
    "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, IPv4 CIDR block association restrictions"
)
_SUBNET_SIZE = assumed(
    "from memory; to check: "
    "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first four and the last address of each"
    " subnet are reserved"
)


def _created(call: Call, type: str, id: object, output: str) -> Plain:
    """Return an output of a resource that a stack created. The sandbox only assumes those of a seeded resource."""
    found = call.cloud.get(type, str(id))
    return found.outputs.get(output) if found is not None and found.urn else None


def groups_in_vpc(groups: str, subnets: str, code: str, source: Source = EC2_ERRORS) -> BehaviourRule:
    """Return the rule that the security groups of a resource belong to the VPC of its subnets."""

    @rule("security-groups-in-vpc-of-subnets", *APPLY, source=source)
    def check(call: Call) -> Iterator[Rejection]:
        vpc = vpc_of_subnets(call, located(call.inputs, subnets))
        for at, group in located(call.inputs, groups):
            other = vpc_of_group(call, group)
            if vpc and other and other != vpc:
                yield Rejection(at, f"{group} belongs to {other}, the subnets to {vpc}", code)

    return check


def addresses_in_subnet(addresses: str, subnet: str) -> BehaviourRule:
    """Return the rule that private addresses are inside their subnet and not reserved."""

    @rule("private-address-in-subnet", Stage.CREATE, source=_SUBNET_SIZE)
    def check(call: Call) -> Iterator[Rejection]:
        network = network_of(_created(call, SUBNET, call.get(subnet), "cidrBlock"))
        for at, value in located(call.inputs, addresses):
            try:
                address = ipaddress.ip_address(str(value))
            except ValueError:
                yield Rejection(at, f"Invalid IPv4 address (got '{value}').", "InvalidParameterValue")
                continue
            if network is None or address.version != network.version:
                continue
            if address not in network:
                yield Rejection(
                    at,
                    f"Address does not fall within the subnet's address range (got {address}; the subnet has"
                    f" {network}).",
                    "InvalidParameterValue",
                )
            elif address in {*(network[number] for number in range(4)), network[-1]}:
                yield Rejection(at, f"Address {address} is in subnet's reserved address range", "InvalidParameterValue")

    return check


_RESTRICTED = {
    "10.0.0.0/8": ("192.168.0.0/16", "198.19.0.0/16"),
    "172.16.0.0/12": ("10.0.0.0/8", "172.31.0.0/16", "192.168.0.0/16", "198.19.0.0/16"),
    "192.168.0.0/16": ("10.0.0.0/8", "172.16.0.0/12", "198.19.0.0/16"),
}
"""By the range of a VPC's first block, what a further block must not be in. The page also lists 172.16.0.0/12 beside
10.0.0.0/8, which the docstring of VpcIpv4CidrBlockAssociation (pulumi-aws 7.51.1) uses."""


@rule("secondary-block-fits", Stage.CREATE, source=_CIDR_BLOCKS)
def _secondary_block(call: Call) -> Iterator[Rejection]:
    own = network_of(call.get("cidrBlock"))
    if not isinstance(own, ipaddress.IPv4Network):
        return
    for block in blocks_of_vpc(call, call.get("vpcId")):
        if own.overlaps(block):
            yield Rejection("cidrBlock", f"{own} overlaps {block}, a CIDR block of the VPC", "InvalidVpc.Range")
            return
    first = network_of(_created(call, VPC, call.get("vpcId"), "cidrBlock"))
    for around, restricted in _RESTRICTED.items():
        if _is_inside(first, around) and any(_is_inside(own, each) for each in restricted):
            yield Rejection(
                "cidrBlock",
                f"The CIDR '{own}' is restricted. Use a CIDR from the same private address range as the current"
                " VPC CIDR, or use a publicly-routable CIDR.",
                "InvalidVpc.Range",
            )


def _is_inside(inner: object, outer: str) -> bool:
    return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(ipaddress.IPv4Network(outer))


@rule("gateway-and-vpc-are-free", Stage.CREATE, source=EC2_ERRORS)
def _attachment_is_free(call: Call) -> Iterator[Rejection]:
    gateway, vpc = call.get("internetGatewayId"), call.get("vpcId")
    found = call.cloud.get(INTERNET_GATEWAY, str(gateway))
    attached = found.outputs.get("vpcId") if found else None
    others = [other.outputs.get("vpcId") for other in others_in_region(call, ATTACHMENT, internetGatewayId=gateway)]
    if attached or others:
        yield Rejection(
            "internetGatewayId",
            f"resource {gateway} is already attached to network {attached or others[0]}",
            "Resource.AlreadyAssociated",
        )
    for kind in (INTERNET_GATEWAY, ATTACHMENT):
        for other in others_in_region(call, kind, vpcId=vpc):
            yield Rejection(
                "vpcId", f"Network {vpc} already has an internet gateway attached: {other.id}", "InvalidParameterValue"
            )


def _has_gateway(call: Call, vpc: object) -> bool:
    return any(next(call.cloud.find(kind, vpcId=vpc), None) is not None for kind in (INTERNET_GATEWAY, ATTACHMENT))


@rule(
    "address-of-interface-needs-internet-gateway",
    Stage.CREATE,
    source=assumed("Gateway.NotAttached, as for an instance"),
)
def _interface_requires_gateway(call: Call) -> Iterator[Rejection]:
    for path in ("networkInterfaceId", "networkInterface"):
        subnet = output_of(call, INTERFACE, call.get(path), "subnetId")
        yield from _gateway_missing(call, path, subnet)
    if call.type == EIP:
        yield from _gateway_missing(call, "instance", output_of(call, INSTANCE, call.get("instance"), "subnetId"))


def _gateway_missing(call: Call, path: str, subnet: object) -> Iterator[Rejection]:
    vpc = output_of(call, SUBNET, subnet, "vpcId")
    network = call.cloud.get(VPC, str(vpc))
    if network is not None and network.urn and not _has_gateway(call, vpc):
        yield Rejection(path, f"Network {vpc} is not attached to any internet gateway", "Gateway.NotAttached")


@rule("gateway-has-no-mapped-addresses", Stage.DELETE, source=EC2_ERRORS)
def _mapped_addresses(call: Call) -> Iterator[Rejection]:
    vpc = call.get("vpcId")
    if not vpc:
        return
    for balancer in call.cloud.find(LOAD_BALANCER, vpcId=vpc):
        if balancer.outputs.get("internal") is not True and kind_of(balancer.outputs) != "gateway":
            yield Rejection(
                "",
                f"Network {vpc} has some mapped public address(es), those of {balancer.name}. Please unmap those public"
                " address(es) before detaching the gateway.",
                "DependencyViolation",
                retried=True,
            )
    for gateway in call.cloud.find(NAT_GATEWAY, vpcId=vpc):
        if gateway.outputs.get("connectivityType") != "private":
            yield Rejection(
                "",
                f"Network {vpc} has some mapped public address(es), that of {gateway.id} ({gateway.name}). Please unmap"
                " those public address(es) before detaching the gateway.",
                "DependencyViolation",
            )


@rule("volume-in-zone-of-instance", Stage.CREATE, source=EC2_ERRORS)
def _volume_zone(call: Call) -> Iterator[Rejection]:
    volume = _created(call, "aws:ebs/volume:Volume", call.get("volumeId"), "availabilityZone")
    instance = _created(call, INSTANCE, call.get("instanceId"), "availabilityZone")
    if volume and instance and volume != instance:
        yield Rejection(
            "volumeId",
            f"The volume '{call.get('volumeId')}' is not in the same availability zone as instance"
            f" '{call.get('instanceId')}' ({volume}, {instance}).",
            "InvalidVolume.ZoneMismatch",
        )


@rule("subnets-of-attachment", *APPLY, source=EC2_ERRORS)
def _attachment_subnets(call: Call) -> Iterator[Rejection]:
    subnets = list(located(call.inputs, "subnetIds[*]"))
    yield from subnets_in_own_zones(
        call, subnets, hint="An attachment has one subnet per zone.", code="DuplicateSubnetsInSameZone"
    )
    yield from subnets_in_vpc(call, subnets, call.get("vpcId"), owner="the attachment", code="InvalidParameterValue")


_MANY = assumed("from memory; to check: AWS API model of each service (botocore 1.43): security groups of a VPC")

PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INTERFACE,
        source=sdk("ec2/networkinterface"),
        rules=(
            addresses_in_subnet("privateIps[*]", "subnetId"),
            addresses_in_subnet("privateIpLists[*]", "subnetId"),
            groups_in_vpc("securityGroups[*]", "subnetId", "InvalidParameterValue"),
        ),
    ),
    Behaviour(
        type=INSTANCE, source=sdk("ec2/instance"), rules=(addresses_in_subnet("privateIp", "subnetId"),)
    ),
    Behaviour(
        type=NAT_GATEWAY, source=sdk("ec2/natgateway"), rules=(addresses_in_subnet("privateIp", "subnetId"),)
    ),
    Behaviour(
        type="aws:ec2/eipAssociation:EipAssociation",
        source=sdk("ec2/eipassociation"),
        rules=(_interface_requires_gateway,),
    ),
    Behaviour(type=EIP, source=sdk("ec2/eip"), rules=(_interface_requires_gateway,)),
    Behaviour(type=ATTACHMENT, source=sdk("ec2/internetgatewayattachment"), rules=(_attachment_is_free,)),
    Behaviour(type=INTERNET_GATEWAY, source=sdk("ec2/internetgateway"), rules=(_mapped_addresses,)),
    Behaviour(type=SECONDARY_BLOCK, source=sdk("ec2/vpcipv4cidrblockassociation"), rules=(_secondary_block,)),
    Behaviour(
        type="aws:ec2/volumeAttachment:VolumeAttachment", source=sdk("ec2/volumeattachment"), rules=(_volume_zone,)
    ),
    Behaviour(
        type="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        source=sdk("ec2transitgateway/vpcattachment"),
        rules=(_attachment_subnets,),
    ),
    *(
        Behaviour(type=type, source=_MANY, rules=(groups_in_vpc(groups, subnets, code),))
        for type, groups, subnets, code in (
            ("aws:apigatewayv2/vpcLink:VpcLink", "securityGroupIds[*]", "subnetIds[*]", "BadRequestException"),
            ("aws:apprunner/vpcConnector:VpcConnector", "securityGroups[*]", "subnets[*]", "InvalidRequestException"),
            (
                "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
                "securityGroupIds[*]", "subnetId", "InvalidParameterValue",
            ),
            (
                "aws:elasticache/serverlessCache:ServerlessCache",
                "securityGroupIds[*]", "subnetIds[*]", "InvalidParameterValue",
            ),
            (
                "aws:lambda/function:Function",
                "vpcConfig.securityGroupIds[*]", "vpcConfig.subnetIds[*]", "InvalidParameterValueException",
            ),
            ("aws:efs/mountTarget:MountTarget", "securityGroups[*]", "subnetId", "SecurityGroupNotFound"),
            ("aws:mq/broker:Broker", "securityGroups[*]", "subnetIds[*]", "BadRequestException"),
            ("aws:rds/proxy:Proxy", "vpcSecurityGroupIds[*]", "vpcSubnetIds[*]", "InvalidParameterValue"),
            (
                "aws:opensearch/domain:Domain",
                "vpcOptions.securityGroupIds[*]", "vpcOptions.subnetIds[*]", "ValidationException",
            ),
            (
                "aws:codebuild/project:Project",
                "vpcConfig.securityGroupIds[*]", "vpcConfig.subnets[*]", "InvalidInputException",
            ),
            (
                "aws:msk/cluster:Cluster",
                "brokerNodeGroupInfo.securityGroups[*]", "brokerNodeGroupInfo.clientSubnets[*]", "BadRequestException",
            ),
        )
    ),
)  # fmt: skip
