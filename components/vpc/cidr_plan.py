"""Where each subnet of a VPC lies: arithmetic only, fixed for all six zones a region can have.

A zone's place follows from its letter, not from the order or number of zones in use, and every kind of subnet has its
place from the first day. So a zone or a kind added years later moves no subnet that stands (a subnet cannot change
its CIDR: it would be replaced, with everything in it).

    third octet   0 - 95   private  /20 for each of zones a-f   4,091 addresses each: tasks behind NAT, endpoints
                 96 - 127  free
                128 - 151  public   /22 for each of zones a-f   1,019 addresses each: load balancer, NAT, public tasks
                152 - 159  free
                160 - 165  data     /24 for each of zones a-f     251 addresses each: caches; no way out
                166 - 255  free

AWS keeps five addresses of each subnet: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
(read 2026-11-24).

IPv6 by the same idea. AWS gives a VPC a /56, which is 256 subnets of /64, numbered by their last two hex digits:

    00 - 05   private  zones a-f
    10 - 15   public   zones a-f
    20 - 25   data     zones a-f
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

ZONE_LETTERS = "abcdef"
# Local Zones and Wavelength Zones (us-east-1-bos-1a) have no place: not every service of ours runs there.
_ZONE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d(?P<letter>[a-z])")


class SubnetKind(StrEnum):
    """What a subnet's route table lets out."""

    PRIVATE = "private"  # out through NAT, not in
    PUBLIC = "public"  # in and out through the internet gateway
    DATA = "data"  # neither; within the VPC only


@dataclass(frozen=True, slots=True)
class _Band:
    """Six neighbouring subnets of one size."""

    first_third_octet: int
    prefix_length: int
    first_ipv6_subnet: int


_BANDS = {
    SubnetKind.PRIVATE: _Band(0, 20, 0x00),
    SubnetKind.PUBLIC: _Band(128, 22, 0x10),
    SubnetKind.DATA: _Band(160, 24, 0x20),
}
_IPV6_VPC_PREFIX = 56
_IPV6_SUBNET_PREFIX = 64


def check_vpc_cidr(argument: str, cidr: str) -> None:
    """Raises ValueError unless `cidr` is a /16 of private addresses."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as fault:
        raise ValueError(f"{argument}: got {cidr!r}, allowed an IPv4 block such as 10.20.0.0/16: {fault}") from None
    private = any(
        network.subnet_of(ipaddress.IPv4Network(block)) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    )
    if network.prefixlen != 16 or not private:
        raise ValueError(
            f"{argument}: got {cidr}, allowed a /16 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16: "
            "subnets for six zones are laid out in a /16, and public addresses would hide their owners' hosts"
        )


def check_zones(argument: str, availability_zones: list[str]) -> None:
    """Raises ValueError unless `zones` are 2 to 6 different availability zones of one region."""
    for zone in availability_zones:
        _zone_index(argument, zone)
    if len(set(availability_zones)) != len(availability_zones):
        raise ValueError(
            f"{argument}: got {', '.join(availability_zones)}, allowed each zone once: a zone has one subnet of a kind"
        )
    if not 2 <= len(availability_zones) <= len(ZONE_LETTERS):
        raise ValueError(
            f"{argument}: got {len(availability_zones)} zone(s), allowed 2 to {len(ZONE_LETTERS)}: "
            "an application load balancer needs two zones, and no region has more than six"
        )
    if len({zone[:-1] for zone in availability_zones}) != 1:
        raise ValueError(
            f"{argument}: got {', '.join(availability_zones)}, allowed zones of one region: a VPC lies in one region"
        )


def subnet_cidr(vpc_cidr: str, kind: SubnetKind, zone: str) -> str:
    """The CIDR of a zone's subnet of a kind. `vpc_cidr` must have passed `check_vpc_cidr`; raises ValueError for a zone
    that has no place in the plan."""
    band = _BANDS[kind]
    size = 2 ** (32 - band.prefix_length)
    start = ipaddress.IPv4Network(vpc_cidr).network_address + band.first_third_octet * 256
    return str(ipaddress.IPv4Network((start + _zone_index("zone", zone) * size, band.prefix_length)))


def subnet_ipv6_cidr(vpc_ipv6_cidr: str, kind: SubnetKind, zone: str) -> str:
    """The /64 of a zone's subnet of a kind, out of the /56 that AWS gave the VPC. Raises ValueError for another size of
    block, and for a zone that has no place in the plan."""
    vpc = ipaddress.IPv6Network(vpc_ipv6_cidr)
    if vpc.prefixlen != _IPV6_VPC_PREFIX:
        raise ValueError(
            f"vpc_ipv6_cidr: got {vpc_ipv6_cidr}, allowed a /{_IPV6_VPC_PREFIX}: the plan numbers its 256 subnets"
        )
    number = _BANDS[kind].first_ipv6_subnet + _zone_index("zone", zone)
    start = vpc.network_address + number * 2 ** (128 - _IPV6_SUBNET_PREFIX)
    return str(ipaddress.IPv6Network((start, _IPV6_SUBNET_PREFIX)))


def _zone_index(argument: str, zone: str) -> int:
    match = _ZONE.fullmatch(zone)
    if match is None or match["letter"] not in ZONE_LETTERS:
        raise ValueError(
            f"{argument}: got {zone!r}, allowed an availability zone such as eu-west-1a, letters a to f: "
            "the letter is the zone's place in the address plan"
        )
    return ZONE_LETTERS.index(match["letter"])
