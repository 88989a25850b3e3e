"""The neighbouring regions of each region: near enough to elect a primary, far enough not to fail together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NEIGHBOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "eu-west-1": ("eu-central-1", "eu-west-3"),
        "eu-west-2": ("eu-west-1", "eu-west-3"),
        "eu-west-3": ("eu-central-1", "eu-west-1"),
        "eu-central-1": ("eu-west-1", "eu-west-3"),
        "eu-north-1": ("eu-central-1", "eu-west-1"),
        "us-east-1": ("us-east-2", "us-west-2"),
        "us-east-2": ("us-east-1", "us-west-2"),
        "us-west-2": ("us-east-2", "us-east-1"),
        "ca-central-1": ("us-east-1", "us-east-2"),
        "ap-southeast-1": ("ap-southeast-3", "ap-south-1"),
        "ap-southeast-2": ("ap-southeast-1", "ap-northeast-1"),
        "ap-northeast-1": ("ap-northeast-3", "ap-northeast-2"),
        "ap-south-1": ("ap-south-2", "ap-southeast-1"),
    }
)
"""Region → the two other regions with electable nodes. ap-south-2 and ap-southeast-3 are opt-in regions; all others are
enabled in every account. Names: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
(from memory). Data that must not leave a country needs tierup:databaseRegions."""

_DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {"northeast": "ne", "southeast": "se", "northwest": "nw", "southwest": "sw"}
)


def region_code(region: str) -> str:
    """Return the short name of a region as its zone ids begin: euc1 for eu-central-1, apse2 for ap-southeast-2.

    It is part of logical names, because names of load balancers have at most 32 characters.
    https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html (from memory)
    """
    area, *middle, number = region.split("-")
    return f"{area}{''.join(_DIRECTIONS.get(part, part[0]) for part in middle)}{number}"
