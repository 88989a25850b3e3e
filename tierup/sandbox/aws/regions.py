"""AWS regions and their availability zones.

Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html and
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (from memory of both, 2026-11-24;
letters map to zone ids differently in each account in older regions; the number of zones is what matters here).
"""

from __future__ import annotations

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


def zones(region: str) -> tuple[str, ...]:
    """Return a region's availability zones ("eu-west-1a", "eu-west-1b", "eu-west-1c"), or () for an unknown region."""
    return tuple(f"{region}{letter}" for letter in ZONES.get(region, ""))
