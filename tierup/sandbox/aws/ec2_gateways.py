"""EC2: internet gateways, egress-only internet gateways, Elastic IPs and NAT gateways."""

from __future__ import annotations

from collections.abc import Iterator

from tierup.sandbox.behaviour import Behaviour, Call, Quota, Rejection, Stage, assumed, rule

from .ec2 import EGRESS_ONLY_GATEWAY, NAT_GATEWAY
from .network import (
    APPLY,
    INTERNET_GATEWAY,
    SUBNET,
    VPC,
    ec2_arn,
    network_of,
    refers,
    to_subnet,
    to_vpc,
)
from .same_scope import known, others_in_region, output_of
from .sources import EC2_ERRORS, VPC_QUOTAS, created_only, schema_of, sdk

EIP = "aws:ec2/eip:Eip"


def _public_address(call: Call) -> str:
    number = int(call.hex(6, "address"), 16)
    return f"52.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _private_address(call: Call) -> str:
    network = network_of(output_of(call, SUBNET, call.get("subnetId"), "cidrBlock"))
    return str(network[4 + int(call.hex(2, "private"), 16) % 8]) if network else ""


@rule("one-internet-gateway-per-vpc", *APPLY, source=VPC_QUOTAS)
def one_internet_gateway(call: Call) -> Iterator[Rejection]:
    vpc = call.get("vpcId")
    for other in others_in_region(call, INTERNET_GATEWAY, vpcId=vpc) if vpc else ():
        yield Rejection(
            "vpcId",
            f"{vpc} already has an internet gateway, {other.id} ({other.name})",
            "Resource.AlreadyAssociated",
        )


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
    forbidden = "secondaryAllocationIds" if private else "secondaryPrivateIpAddressCount"
    if call.get(forbidden):
        yield Rejection(
            forbidden, f"{forbidden} is not supported with connectivityType {'private' if private else 'public'}"
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
    network = call.cloud.get(VPC, str(vpc))
    if network is None or not network.urn:
        return  # the gateways of a VPC that exists before the stack are not known
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


def _gateways_in_zone(call: Call) -> float:
    zone = output_of(call, SUBNET, call.get("subnetId"), "availabilityZone")
    if zone is None:
        return 0
    others = [
        other
        for other in others_in_region(call, NAT_GATEWAY)
        if output_of(call, SUBNET, other.outputs.get("subnetId"), "availabilityZone") == zone
    ]
    return len(others) + 1


BEHAVIOURS: tuple[Behaviour, ...] = (
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
        replaces=frozenset({"domain", "address", "networkBorderGroup", "publicIpv4Pool", "ipamPoolId"}),
        replace_source=schema_of("ec2/ec2_eip.go"),
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
        quotas=(
            Quota(
                limit=5,
                per="region",
                what="NAT gateways per Availability Zone",
                code="NatGatewayLimitExceeded",
                needs=_gateways_in_zone,
                path="subnetId",
                source=VPC_QUOTAS,
            ),
        ),
        rules=(nat_inputs, nat_needs_internet_gateway, nat_address_free),
    ),
)
