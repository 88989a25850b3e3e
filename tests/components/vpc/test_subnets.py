"""Tests of subnets: CIDR blocks, automatic addresses and dependencies."""

from __future__ import annotations

import pytest

from components.vpc.nat import NatKind
from components.vpc.private_subnets import PrivateSubnetsArgs
from tests.components.network_recording import ZONES, only, record_network

SUBNET = "aws:ec2/subnet:Subnet"
KINDS = {"private": ("10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"),
         "public": ("10.20.128.0/22", "10.20.132.0/22", "10.20.136.0/22"),
         "data": ("10.20.160.0/24", "10.20.161.0/24", "10.20.162.0/24")}  # fmt: skip


@pytest.mark.parametrize("ipv6", [False, True])
def test_each_zone_has_one_subnet_of_each_kind_without_automatic_addresses(ipv6: bool) -> None:
    recording = record_network(PrivateSubnetsArgs(nat=NatKind.NONE), ipv6=ipv6)

    assert {subnet.name: subnet.inputs["cidrBlock"] for subnet in recording.of(SUBNET)} == {
        f"net-{kind}-{zone}": cidr for kind, cidrs in KINDS.items() for zone, cidr in zip(ZONES, cidrs, strict=True)
    }
    for subnet in recording.of(SUBNET):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False
        assert "assignIpv6AddressOnCreation" not in subnet.inputs
        assert ("ipv6CidrBlock" in subnet.inputs) is ipv6


def test_public_subnets_depend_on_every_internet_route() -> None:
    recording = record_network(ipv6=True)

    for zone in ZONES:
        association = only(recording, "aws:ec2/routeTableAssociation:RouteTableAssociation", f"net-public-{zone}")
        assert {"net-public-internet", "net-public-internet-ipv6"} <= association.opts.depends_on
