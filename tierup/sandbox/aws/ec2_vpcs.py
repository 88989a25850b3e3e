"""EC2: VPCs, network ACLs and DHCP options."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from tierup.sandbox.behaviour import Behaviour, Call, Quota, Rejection, Stage, assumed, digest, rule

from .network import (
    SUBNET,
    VPC,
    ec2_arn,
    prefix_violations,
    refers,
    to_subnet,
    to_vpc,
)
from .sources import FORCE_NEW, VPC_QUOTAS, api, created_only, sdk

NETWORK_ACL = "aws:ec2/networkAcl:NetworkAcl"

DHCP_OPTIONS = "aws:ec2/vpcDhcpOptions:VpcDhcpOptions"

DHCP_OPTIONS_ASSOCIATION = "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation"


@rule("vpc-cidr-between-16-and-28", Stage.PLAN, source=api("ec2", "CreateVpc"))
def vpc_cidr(call: Call) -> Iterator[Rejection]:
    allowed = "Allowed are /16 (65,536 addresses) to /28 (16 addresses)."
    yield from prefix_violations(call, allowed=allowed, code="InvalidVpc.Range")


@rule("vpc-has-a-cidr", Stage.PLAN, source=sdk("ec2/vpc"))
def vpc_has_cidr(call: Call) -> Iterator[Rejection]:
    if call.get("cidrBlock") is None and call.get("ipv4IpamPoolId") is None:
        yield Rejection(
            "cidrBlock", "a VPC requires cidrBlock, or ipv4IpamPoolId to allocate one from", "MissingParameter"
        )


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


def _ipv6_of_vpc(call: Call) -> str:
    """Return the VPC's Amazon-provided IPv6 CIDR block, or "" if it has none. It stays the same across updates."""
    if block := call.get("ipv6CidrBlock"):
        return block
    if not call.get("assignGeneratedIpv6CidrBlock"):
        return ""
    return call.outputs.get("ipv6CidrBlock") or str(
        ipaddress.IPv6Network(f"2a05:d018:{call.hex(4, 'v6')}:{call.hex(2, 'v6-low')}00::/56")
    )


def _tenancy_or_pool(call: Call) -> Iterable[str]:
    """Changing to dedicated tenancy replaces, leaving it is an update."""
    if call.get("instanceTenancy") == "dedicated" and (call.old or {}).get("instanceTenancy") != "dedicated":
        yield "instanceTenancy"


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
        replaces=frozenset({"vpcId"}),
        replace_source=FORCE_NEW,
        references=(
            to_vpc(holds=False),
            refers("dhcpOptionsId", DHCP_OPTIONS, "InvalidDhcpOptionID.NotFound", external="default"),
        ),
    ),
)
