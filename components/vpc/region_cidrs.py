"""The CIDR block of the VPC in each region of a stack: /16 blocks that overlap neither one another nor Atlas.

Blocks that do not overlap can be peered later. The plan is fixed by the block of the first region and by the order of
the further regions, so a region that is added last moves no other region. This module creates no resources.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence

from components.vpc.cidr_plan import check_vpc_cidr

_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_BLOCK = 2**16


def region_cidrs(vpc_cidr: str, regions: Sequence[str], reserved: Sequence[str] = ()) -> Mapping[str, str]:
    """Return the block of each further region: the next /16 blocks after `vpc_cidr` that overlap none of `reserved`.

    `reserved` are blocks of other networks that the VPCs reach, such as Atlas's and Docker's. Raises ValueError when a
    region occurs twice, or when the private range of `vpc_cidr` has too few blocks after it.
    """
    check_vpc_cidr("vpc_cidr", vpc_cidr)
    if len(set(regions)) != len(regions):
        raise ValueError(f"regions: a region occurs twice (got {', '.join(regions)}). Name each region once.")
    others = [ipaddress.IPv4Network(block) for block in reserved]
    home = ipaddress.IPv4Network(vpc_cidr)
    within = next(block for block in _PRIVATE if home.subnet_of(block))
    blocks: dict[str, str] = {}
    start = home.network_address
    for region in regions:
        while True:
            start += _BLOCK
            if start not in within:
                raise ValueError(
                    f"vpc_cidr: {within} has no free /16 for {region} after it (got {vpc_cidr}). Set a /16 that at "
                    f"least {len(regions)} free blocks of {within} follow, such as 10.20.0.0/16."
                )
            block = ipaddress.IPv4Network((start, 16))
            if not any(block.overlaps(other) for other in others):
                break
        blocks[region] = str(block)
    return blocks
