"""EC2 instances, their Elastic IP associations, and the public SSM parameters that name AMIs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tierup.sandbox.behaviour import Behaviour, Call, Plain, Rejection, Stage, assumed, digest, rule
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registry import Configuration, Invoke, InvokeError

from . import regions
from .ec2 import NAT_GATEWAY
from .ec2_gateways import EIP
from .network import (
    APPLY,
    INSTANCE,
    INTERNET_GATEWAY,
    SUBNET,
    ec2_arn,
    network_of,
    refers,
    to_security_group,
    to_subnet,
    vpc_of_group,
)
from .same_scope import known, others_in_region, output_of
from .security_group_quotas import groups_per_interface
from .sources import EC2_ERRORS, api, created_only, schema_of, sdk

EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation"

_PREFIX = "/aws/service/ami-amazon-linux-latest/"
IMAGES: Mapping[str, str] = {
    f"{_PREFIX}{family}-{architecture}": architecture
    for family in ("al2023-ami-kernel-default", "al2023-ami-minimal-kernel-default")
    for architecture in ("arm64", "x86_64")
}
"""Public parameter -> architecture of its AMI:
https://docs.aws.amazon.com/linux/al2023/ug/ec2.html (from memory, to be checked; other programs use the same names)."""

_ARM_TYPE = re.compile(r"[a-z]+\d+g[a-z]*\..+")
"""Graviton types have a "g" after the generation:
https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html (from memory)."""


def image_of(parameter: str, region: str) -> str:
    """Return the AMI id of a public parameter in a region. It never changes here; AWS updates it every few weeks."""
    return f"ami-{digest(f'{region}{parameter}', 17)}"


def _parameter(arguments: Mapping[str, Any], _cloud: Cloud, configuration: Configuration) -> Mapping[str, Any]:
    region = str(arguments.get("region") or configuration.region)
    name = str(arguments.get("name") or "")
    if name not in IMAGES:
        raise InvokeError(
            f"couldn't find resource: there is no SSM parameter '{name}'. The sandbox knows {', '.join(IMAGES)}.",
            "name",
        )
    value = image_of(name, region)
    return {
        "id": name,
        "name": name,
        "arn": f"arn:aws:ssm:{region}::parameter{name}",
        "region": region,
        "type": "String",
        "value": value,
        "insecureValue": value,
        "version": 1,
        "withDecryption": True,
    }


INVOKES: Mapping[str, Invoke] = {"aws:ssm/getParameter:getParameter": _parameter}

_INSTANCE_TYPE = re.compile(
    r"[a-z]+[0-9]?[a-z0-9-]*\.(nano|micro|small|medium|large|([0-9]+)?xlarge|metal(-[0-9]+xl)?)"
)
"""A family and a size. The sizes are those of the API model of ec2 (botocore 1.44), InstanceType (read 2026-11-28)."""


@rule("instance-has-ami-and-type", Stage.PLAN, source=sdk("ec2/instance"))
def instance_inputs(call: Call) -> Iterator[Rejection]:
    for path in ("ami", "instanceType"):
        if call.get(path) is None and call.get("launchTemplate") is None:
            yield Rejection(path, f"an instance requires {path}, or a launchTemplate that sets it", "MissingParameter")
    image, type = known(call, "ami"), known(call, "instanceType")
    if image is not None and not re.fullmatch(r"ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:[\w./:-]+", image):
        yield Rejection(
            "ami",
            f"invalid AMI id (got '{image}'). An AMI id is 'ami-' and 8 or 17 hexadecimal digits.",
            "InvalidAMIID.Malformed",
        )
    if type is not None and not _INSTANCE_TYPE.fullmatch(type):
        yield Rejection(
            "instanceType",
            f"invalid instance type (got '{type}'). An instance type is a family and a size, such as t4g.nano.",
            "InvalidParameterValue",
        )


@rule("instance-type-matches-ami-architecture", *APPLY, source=api("ec2", "RunInstances"))
def image_fits_type(call: Call) -> Iterator[Rejection]:
    image, type = call.get("ami"), str(call.get("instanceType"))
    needed = "arm64" if _ARM_TYPE.fullmatch(type) else "x86_64"
    for parameter, architecture in IMAGES.items():
        if image == image_of(parameter, call.region) and architecture != needed:
            yield Rejection(
                "instanceType",
                f"the architecture '{needed}' of instance type {type} does not match the architecture"
                f" '{architecture}' of {image}",
                "InvalidParameterValue",
            )


@rule("instance-security-groups-in-vpc", *APPLY, source=EC2_ERRORS)
def groups_of_vpc(call: Call) -> Iterator[Rejection]:
    mine = output_of(call, SUBNET, call.get("subnetId"), "vpcId")
    for number, group in enumerate(call.get("vpcSecurityGroupIds") or ()):
        other_vpc = vpc_of_group(call, group)
        if mine and other_vpc and mine != other_vpc:
            yield Rejection(
                f"vpcSecurityGroupIds[{number}]",
                f"{group} belongs to {other_vpc}, the instance's subnet belongs to {mine}",
                "InvalidParameter",
            )


@rule("eip-association-has-two-ends", Stage.PLAN, source=sdk("ec2/eipassociation"))
def association_ends(call: Call) -> Iterator[Rejection]:
    if call.get("allocationId") is None and call.get("publicIp") is None:
        yield Rejection("allocationId", "an association requires the allocationId of an Elastic IP", "MissingParameter")
    if call.get("instanceId") is None and call.get("networkInterfaceId") is None:
        yield Rejection(
            "instanceId", "an association requires an instanceId or a networkInterfaceId", "MissingParameter"
        )


@rule(
    "eip-of-a-nat-gateway-stays-there",
    *APPLY,
    source=assumed("AssociateAddress rejects an address of a network interface that EC2 manages"),
)
def address_of_gateway(call: Call) -> Iterator[Rejection]:
    allocation = call.get("allocationId")
    for gateway in others_in_region(call, NAT_GATEWAY, allocationId=allocation) if allocation else ():
        yield Rejection(
            "allocationId", f"{allocation} belongs to NAT gateway {gateway.id} ({gateway.name})", "AuthFailure"
        )


@rule(
    "eip-needs-an-internet-gateway",
    Stage.CREATE,
    source=assumed(
        "EC2 rejects it with Gateway.NotAttached, the code that its API model has for NAT gateways; page to check:"
        " https://docs.aws.amazon.com/vpc/latest/userguide/vpc-igw-internet-access.html"
    ),
)
def address_requires_gateway(call: Call) -> Iterator[Rejection]:
    subnet = output_of(call, INSTANCE, call.get("instanceId"), "subnetId")
    vpc = output_of(call, SUBNET, subnet, "vpcId")
    if vpc and next(call.cloud.find(INTERNET_GATEWAY, vpcId=vpc), None) is None:
        yield Rejection("instanceId", f"network {vpc} is not attached to any internet gateway", "Gateway.NotAttached")


def _zone(call: Call) -> str:
    return output_of(call, SUBNET, call.get("subnetId"), "availabilityZone") or regions.zones(call.region)[0]


def _private_address(call: Call) -> str:
    network = network_of(output_of(call, SUBNET, call.get("subnetId"), "cidrBlock"))
    if network is None:
        return ""
    # AWS reserves the first four addresses of a subnet and the last one; the smallest subnet is a /28.
    return str(network[4 + int(call.hex(4, "private"), 16) % (network.num_addresses - 5)])


def _public_address(call: Call) -> str:
    return f"54.{int(call.hex(2, 'public'), 16)}.0.7" if call.get("associatePublicIpAddress") else ""


def _address_of_allocation(call: Call) -> Plain:
    return output_of(call, EIP, call.get("allocationId"), "publicIp") or ""


def _changed_user_data(call: Call) -> Iterator[str]:
    """User data replaces with userDataReplaceOnChange; otherwise EC2 stops, updates and starts the instance."""
    if call.get("userDataReplaceOnChange"):
        yield from ("userData", "userDataBase64")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=INSTANCE,
        source=sdk("ec2/instance"),
        id="i-{hex17}",
        outputs={
            "arn": ec2_arn("instance"),
            "availabilityZone": _zone,
            "subnetId": "",
            "associatePublicIpAddress": False,
            "disableApiStop": False,
            "disableApiTermination": False,
            "ebsOptimized": False,
            "instanceInitiatedShutdownBehavior": "stop",
            "instanceState": "running",
            "instanceLifecycle": "",
            "ipv6AddressCount": 0,
            "ipv6Addresses": [],
            "monitoring": False,
            "outpostArn": "",
            "passwordData": "",
            "placementPartitionNumber": 0,
            "primaryNetworkInterfaceId": "eni-{hex17}",
            "privateIp": _private_address,
            "privateDns": lambda call: (
                f"ip-{str(call.outputs['privateIp']).replace('.', '-')}.{call.region}.compute.internal"
            ),
            "publicIp": _public_address,
            "publicDns": "",
            "secondaryPrivateIps": [],
            "spotInstanceRequestId": "",
            "sourceDestCheck": True,
            "tenancy": "default",
            "hostId": "",
            "keyName": "",
            "placementGroup": "",
            "vpcSecurityGroupIds": [],
        },
        replaces=frozenset(
            {
                "ami",
                "associatePublicIpAddress",
                "availabilityZone",
                "hostId",
                "ipv6AddressCount",
                "ipv6Addresses",
                "keyName",
                "placementGroup",
                "primaryNetworkInterface",
                "privateIp",
                "rootBlockDevice.encrypted",
                "rootBlockDevice.kmsKeyId",
                "securityGroups",
                "subnetId",
                "tenancy",
            }
        ),
        replaces_when=_changed_user_data,
        replace_source=created_only("AWS::EC2::Instance"),
        enums={
            "metadataOptions.httpTokens": ("optional", "required"),
            "metadataOptions.httpEndpoint": ("enabled", "disabled"),
            "rootBlockDevice.volumeType": ("standard", "gp2", "gp3", "io1", "io2", "sc1", "st1"),
            "tenancy": ("default", "dedicated", "host"),
        },
        ranges={"metadataOptions.httpPutResponseHopLimit": (1, 64)},
        conflicts=(("userData", "userDataBase64"),),
        references=(to_subnet(), to_security_group("vpcSecurityGroupIds[*]")),
        quotas=(groups_per_interface("vpcSecurityGroupIds"),),
        rules=(instance_inputs, image_fits_type, groups_of_vpc),
    ),
    Behaviour(
        type=EIP_ASSOCIATION,
        source=sdk("ec2/eipassociation"),
        id="eipassoc-{hex17}",
        outputs={
            "publicIp": _address_of_allocation,
            "networkInterfaceId": lambda call: (
                output_of(call, INSTANCE, call.get("instanceId"), "primaryNetworkInterfaceId") or ""
            ),
            "privateIpAddress": lambda call: output_of(call, INSTANCE, call.get("instanceId"), "privateIp") or "",
            "instanceId": "",
        },
        replaces=frozenset(
            {
                "allocationId",
                "allowReassociation",
                "instanceId",
                "networkInterfaceId",
                "privateIpAddress",
                "publicIp",
            }
        ),
        replace_source=schema_of("ec2/ec2_eip_association.go"),
        references=(
            refers("allocationId", EIP, "InvalidAllocationID.NotFound", in_use="InvalidIPAddress.InUse"),
            refers("instanceId", INSTANCE, "InvalidInstanceID.NotFound", holds=False),
        ),
        rules=(association_ends, address_of_gateway, address_requires_gateway),
    ),
)
