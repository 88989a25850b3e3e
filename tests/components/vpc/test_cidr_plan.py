"""Tests of the address plan: CIDR blocks fit, do not overlap and never change."""

from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest

from components.vpc.cidr_plan import (
    ZONE_LETTERS,
    SubnetKind,
    check_vpc_cidr,
    check_zones,
    subnet_cidr,
    subnet_ipv6_cidr,
)

VPC = "10.20.0.0/16"
VPC_IPV6 = "2001:db8:12:ab00::/56"
ZONES = [f"eu-west-1{letter}" for letter in ZONE_LETTERS]


def test_subnets_of_all_kinds_and_zones_are_inside_the_vpc_and_do_not_overlap() -> None:
    subnets = [ipaddress.IPv4Network(subnet_cidr(VPC, kind, zone)) for kind in SubnetKind for zone in ZONES]

    assert all(subnet.subnet_of(ipaddress.IPv4Network(VPC)) for subnet in subnets)
    assert not [pair for pair in combinations(subnets, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize(
    ("kind", "zone", "cidr"),
    [
        (SubnetKind.PRIVATE, "eu-west-1a", "10.20.0.0/20"),
        (SubnetKind.PRIVATE, "eu-west-1f", "10.20.80.0/20"),
        (SubnetKind.PUBLIC, "eu-west-1a", "10.20.128.0/22"),
        (SubnetKind.PUBLIC, "us-east-1f", "10.20.148.0/22"),
        (SubnetKind.DATA, "ap-northeast-1c", "10.20.162.0/24"),
        (SubnetKind.DATA, "us-gov-west-1f", "10.20.165.0/24"),
    ],
)
def test_subnet_cidr_blocks_never_change(kind: SubnetKind, zone: str, cidr: str) -> None:
    # The expected values are literal, because a change of the plan replaces the subnets of existing stacks.
    assert subnet_cidr(VPC, kind, zone) == cidr


def test_ipv6_subnets_are_inside_the_vpc_and_do_not_overlap() -> None:
    subnets = [ipaddress.IPv6Network(subnet_ipv6_cidr(VPC_IPV6, kind, zone)) for kind in SubnetKind for zone in ZONES]

    assert all(subnet.subnet_of(ipaddress.IPv6Network(VPC_IPV6)) for subnet in subnets)
    assert len(set(subnets)) == len(SubnetKind) * len(ZONES)


@pytest.mark.parametrize(
    ("kind", "zone", "cidr"),
    [
        (SubnetKind.PRIVATE, "eu-west-1a", "2001:db8:12:ab00::/64"),
        (SubnetKind.PUBLIC, "us-east-1f", "2001:db8:12:ab15::/64"),
        (SubnetKind.DATA, "ap-northeast-1c", "2001:db8:12:ab22::/64"),
    ],
)
def test_ipv6_subnet_cidr_blocks_never_change(kind: SubnetKind, zone: str, cidr: str) -> None:
    assert subnet_ipv6_cidr(VPC_IPV6, kind, zone) == cidr


def test_ipv6_block_with_another_prefix_length_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"vpc_ipv6_cidr: wrong prefix length \(got 2001:db8::/48\). Set a /56"):
        subnet_ipv6_cidr("2001:db8::/48", SubnetKind.DATA, "eu-west-1a")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/16"])
def test_private_16_blocks_pass(cidr: str) -> None:
    check_vpc_cidr("vpc_cidr", cidr)

    assert subnet_cidr(cidr, SubnetKind.PRIVATE, "eu-west-1a") == cidr.replace("/16", "/20")


@pytest.mark.parametrize(
    ("cidr", "reason"),
    [
        ("10.0.0.0/20", "not a private /16"),
        ("10.0.0.0/8", "not a private /16"),
        ("8.8.0.0/16", "not a private /16"),
        ("172.32.0.0/16", "not a private /16"),
        ("10.0.0.1/16", "host bits"),
        ("banana", "not an IPv4 CIDR block"),
    ],
)
def test_other_blocks_are_rejected(cidr: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"vpc_cidr: .*{reason}.*\(got .*{cidr}.*\)\. Set a "):
        check_vpc_cidr("vpc_cidr", cidr)


@pytest.mark.parametrize("count", [2, 6])
def test_two_to_six_zones_pass(count: int) -> None:
    assert len(ZONES[:count]) == count
    check_zones("zones", ZONES[:count])


@pytest.mark.parametrize(
    ("zones", "reason"),
    [
        (["eu-west-1a"], r"zones: wrong number of zones \(got 1\)\. Set 2 to 6"),
        ([], r"zones: wrong number of zones \(got 0\)"),
        (["eu-west-1a", "eu-west-1a"], "List each zone once"),
        (["eu-west-1a", "eu-west-2b"], "zones of several regions"),
        (["eu-west-1a", "eu-west-1g"], "with a letter from a to f"),
        (["us-east-1a", "us-east-1-bos-1a"], "with a letter from a to f"),
        (["eu-west-1a", "euw1-az2"], "with a letter from a to f"),
    ],
)
def test_other_zones_are_rejected(zones: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_zones("zones", zones)
