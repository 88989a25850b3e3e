"""AWS regions and their availability zones.

Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html and
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (from memory of both, 2026-11-24;
letters map to zone ids differently in each account in older regions; the number of zones is what matters here).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ZONES: Mapping[str, str] = {
    "af-south-1": "abc",
    "ap-east-1": "abc",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ap-northeast-3": "abc",
    "ap-south-1": "abc",
    "ap-south-2": "abc",
    "ap-southeast-1": "abc",
    "ap-southeast-2": "abc",
    "ap-southeast-3": "abc",
    "ap-southeast-4": "abc",
    "ca-central-1": "abd",
    "ca-west-1": "abc",
    "eu-central-1": "abc",
    "eu-central-2": "abc",
    "eu-north-1": "abc",
    "eu-south-1": "abc",
    "eu-south-2": "abc",
    "eu-west-1": "abc",
    "eu-west-2": "abc",
    "eu-west-3": "abc",
    "il-central-1": "abc",
    "me-central-1": "abc",
    "me-south-1": "abc",
    "sa-east-1": "abc",
    "us-east-1": "abcdef",
    "us-east-2": "abc",
    "us-west-1": "ac",
    "us-west-2": "abcd",
}
"""The letters of each region's availability zones."""


_ZONE_IDS: Mapping[str, Mapping[str, str]] = {"ap-northeast-1": {"a": "apne1-az4", "c": "apne1-az1", "d": "apne1-az2"}}
"""Zone ids that do not follow the order of the letters, by region and letter: accounts of Tokyo do not see az3."""

FARGATE_ZONE_IDS: Mapping[str, tuple[str, ...]] = {
    "us-west-1": ("usw1-az1", "usw1-az3"),
    "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
}
"""The only zones with Fargate, for regions in which not every zone has it:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html (read 2026-11-28)."""

_PLACES: Mapping[str, str] = {"northeast": "ne", "southeast": "se", "northwest": "nw", "southwest": "sw"}


def zone_id(zone: str) -> str:
    """Return the id of an availability zone: "euw1-az1" for "eu-west-1a". AWS maps letters to ids per account."""
    region, letter = zone[:-1], zone[-1]
    if letter in _ZONE_IDS.get(region, {}):
        return _ZONE_IDS[region][letter]
    area, place, number = region.split("-")
    return f"{area}{_PLACES.get(place, place[0])}{number}-az{ord(letter) - ord('a') + 1}"


def zones(region: str) -> tuple[str, ...]:
    """Return a region's availability zones ("eu-west-1a", "eu-west-1b", "eu-west-1c"), or () for an unknown region."""
    return tuple(f"{region}{letter}" for letter in ZONES.get(region, ""))


_REGION = r"(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-gov|-iso[a-z]?|-de)?-(north|south|east|west|central)[a-z]*-[1-9]"


def is_region(text: str) -> bool:
    """Return whether a text has the form of a region's name, as newer regions than those of ZONES have it."""
    return re.fullmatch(_REGION, text) is not None
