"""The cache behaviors of a CloudFront distribution: one default, and ordered ones with precedence over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import Resource, block, items

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def behaviors(distribution: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every cache behavior with its path."""
    yield "defaultCacheBehavior", block(distribution.properties, "defaultCacheBehavior")
    yield from items(distribution.properties, "orderedCacheBehaviors")
