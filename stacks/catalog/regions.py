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
