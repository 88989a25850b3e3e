"""The CIDR block of each subnet of a VPC: arithmetic only, fixed for all six availability zones a region can have.

A zone's block follows from its letter, not from the order or number of zones in use, and every kind of subnet has a
reserved range. A zone or a kind that is added later therefore moves no existing subnet (a subnet cannot change its CIDR
block: it would be replaced, with everything in it).

    third octet   0 - 95   private  /20 for each of zones a-f   4,091 addresses each: tasks behind NAT, endpoints
                 96 - 127  free
                128 - 151  public   /22 for each of zones a-f   1,019 addresses each: load balancer, NAT, public tasks
                152 - 159  free
                160 - 165  data     /24 for each of zones a-f     251 addresses each: caches; no internet route
                166 - 255  free

AWS reserves five addresses of each subnet: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
(read 2026-11-24).

IPv6 blocks follow the same scheme. AWS assigns a VPC a /56, which holds 256 /64 blocks, numbered by their last two hex
digits:

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
# Local Zones and Wavelength Zones (us-east-1-bos-1a) have no block: some of the services used here do not run there.
_ZONE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d(?P<letter>[a-z])")


class SubnetKind(StrEnum):
    """The kind of a subnet, by the routes of its route table."""

    PRIVATE = "private"  # outbound through NAT; not reachable from the internet
    PUBLIC = "public"  # inbound and outbound through the internet gateway
    DATA = "data"  # no internet route; reachable within the VPC only


@dataclass(frozen=True, slots=True)
class _Band:
    """Six adjacent subnets of one size, one for each zone letter."""

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
    """Raise ValueError unless `cidr` is a /16 of private addresses."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(
            f"{argument}: not an IPv4 CIDR block: {error} (got {cidr!r}). Set a block such as 10.20.0.0/16."
        ) from None
    private = any(
        network.subnet_of(ipaddress.IPv4Network(block)) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    )
    if network.prefixlen != 16 or not private:
        raise ValueError(
            f"{argument}: not a private /16 (got {cidr}). "
            "Set a /16 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16: the address plan needs a /16 for six zones, "
            "and a block of public addresses would hide the hosts that own them."
        )


def check_zones(argument: str, availability_zones: list[str]) -> None:
    """Raise ValueError unless `availability_zones` are two to six different zones of one region."""
    for zone in availability_zones:
        _zone_index(argument, zone)
    if len(set(availability_zones)) != len(availability_zones):
        raise ValueError(
            f"{argument}: a zone is listed twice (got {', '.join(availability_zones)}). "
            "List each zone once: a zone has one subnet of each kind."
        )
    if not 2 <= len(availability_zones) <= len(ZONE_LETTERS):
        raise ValueError(
            f"{argument}: wrong number of zones (got {len(availability_zones)}). Set 2 to {len(ZONE_LETTERS)}: "
            "an application load balancer needs two zones, and no region has more than six."
        )
    if len({zone[:-1] for zone in availability_zones}) != 1:
        raise ValueError(
            f"{argument}: zones of several regions (got {', '.join(availability_zones)}). "
            "Set zones of one region: a VPC belongs to one region."
        )


def subnet_cidr(vpc_cidr: str, kind: SubnetKind, zone: str) -> str:
    """Return the CIDR block of a zone's subnet of the given kind.

    `vpc_cidr` must have passed `check_vpc_cidr`. Raises ValueError for a zone that the plan has no block for.
    """
    band = _BANDS[kind]
    size = 2 ** (32 - band.prefix_length)
    start = ipaddress.IPv4Network(vpc_cidr).network_address + band.first_third_octet * 256
    return str(ipaddress.IPv4Network((start + _zone_index("zone", zone) * size, band.prefix_length)))


def subnet_ipv6_cidr(vpc_ipv6_cidr: str, kind: SubnetKind, zone: str) -> str:
    """Return the /64 of a zone's subnet of the given kind, out of the /56 that AWS assigned to the VPC.

    Raises ValueError for a block of another size, and for a zone that the plan has no block for.
    """
    vpc = ipaddress.IPv6Network(vpc_ipv6_cidr)
    if vpc.prefixlen != _IPV6_VPC_PREFIX:
        raise ValueError(
            f"vpc_ipv6_cidr: wrong prefix length (got {vpc_ipv6_cidr}). "
            f"Set a /{_IPV6_VPC_PREFIX}: the address plan numbers its 256 subnets."
        )
    number = _BANDS[kind].first_ipv6_subnet + _zone_index("zone", zone)
    start = vpc.network_address + number * 2 ** (128 - _IPV6_SUBNET_PREFIX)
    return str(ipaddress.IPv6Network((start, _IPV6_SUBNET_PREFIX)))


def _zone_index(argument: str, zone: str) -> int:
    match = _ZONE.fullmatch(zone)
    if match is None or match["letter"] not in ZONE_LETTERS:
        raise ValueError(
            f"{argument}: not an availability zone name (got {zone!r}). "
            "Set a name such as eu-west-1a with a letter from a to f: the letter selects the block in the address plan."
        )
    return ZONE_LETTERS.index(match["letter"])
