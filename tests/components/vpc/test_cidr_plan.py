"""The address plan: everything fits, nothing overlaps, nothing moves."""

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


def test_every_subnet_of_every_kind_and_zone_lies_in_the_vpc_and_none_overlap() -> None:
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
def test_a_place_once_given_stays(kind: SubnetKind, zone: str, cidr: str) -> None:
    # Literal, because stacks stand on these addresses: another value here would replace their subnets.
    assert subnet_cidr(VPC, kind, zone) == cidr


def test_every_ipv6_subnet_lies_in_the_vpc_and_none_overlap() -> None:
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
def test_an_ipv6_place_once_given_stays(kind: SubnetKind, zone: str, cidr: str) -> None:
    assert subnet_ipv6_cidr(VPC_IPV6, kind, zone) == cidr


def test_an_ipv6_block_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="got 2001:db8::/48, allowed a /56"):
        subnet_ipv6_cidr("2001:db8::/48", SubnetKind.DATA, "eu-west-1a")


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.31.0.0/16", "192.168.0.0/16"])
def test_private_sixteens_are_taken(cidr: str) -> None:
    check_vpc_cidr("vpc_cidr", cidr)


@pytest.mark.parametrize(
    ("cidr", "reason"),
    [
        ("10.0.0.0/20", "laid out in a /16"),
        ("10.0.0.0/8", "laid out in a /16"),
        ("8.8.0.0/16", "public addresses"),
        ("172.32.0.0/16", "public addresses"),
        ("10.0.0.1/16", "host bits"),
        ("banana", "such as 10.20.0.0/16"),
    ],
)
def test_other_blocks_are_refused_with_the_reason(cidr: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"vpc_cidr: got .*{cidr}.*allowed .*{reason}"):
        check_vpc_cidr("vpc_cidr", cidr)


@pytest.mark.parametrize("count", [2, 6])
def test_two_to_six_zones_are_taken(count: int) -> None:
    check_zones("zones", ZONES[:count])


@pytest.mark.parametrize(
    ("zones", "reason"),
    [
        (["eu-west-1a"], "needs two zones"),
        ([], "needs two zones"),
        (["eu-west-1a", "eu-west-1a"], "each zone once"),
        (["eu-west-1a", "eu-west-2b"], "zones of one region"),
        (["eu-west-1a", "eu-west-1g"], "letters a to f"),
        (["us-east-1a", "us-east-1-bos-1a"], "letters a to f"),
        (["eu-west-1a", "euw1-az2"], "letters a to f"),
    ],
)
def test_other_zones_are_refused_with_the_reason(zones: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_zones("zones", zones)
