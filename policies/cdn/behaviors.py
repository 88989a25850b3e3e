"""How a CloudFront distribution lists its cache behaviours: one default, and ordered ones before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import Resource, block, items

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def behaviors(distribution: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every cache behaviour with its path."""
    yield "defaultCacheBehavior", block(distribution.properties, "defaultCacheBehavior")
    yield from items(distribution.properties, "orderedCacheBehaviors")
