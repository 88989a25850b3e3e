"""The regions of resources, and of what they refer to.

A program places a resource by the argument `region` of pulumi-aws (since version 7) or by its provider's region.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..rule import Resource

HOME = ""
"""The region of a resource that neither the resource nor its provider names: all such resources are in the same one."""


def region_of(resource: Resource) -> str:
    """Return the resource's region, HOME if the program leaves it to the environment."""
    if own := resource.properties.get("region"):
        return str(own)
    return str(resource.provider.properties.get("region") or HOME) if resource.provider else HOME


def regions_of(resources: Iterable[Resource]) -> frozenset[str]:
    """Return the regions of all these resources."""
    return frozenset(map(region_of, resources))


def is_foreign(region: str, own: str, regions: frozenset[str]) -> bool:
    """Return whether `region`, which an ARN or address names, is not `own`. `regions` are those of the stack."""
    return region != own if own else region in regions


def named(region: str) -> str:
    """Return the region as a finding shows it."""
    return region or "the region of the provider"
