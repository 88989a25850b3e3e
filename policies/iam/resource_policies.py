"""The check that the rules on resource policies share: no statement allows everyone without a condition."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import Finding, Resource
from .documents import statements


def open_statements(resource: Resource, wanted: str) -> Iterator[Finding]:
    """Yield a finding for each statement of the resource's `policy` that allows everyone without such a condition."""
    for statement in statements(resource.properties, "policy"):
        if statement.grants_to_everyone:
            yield Finding(f"{statement.path}.Principal", "anyone (*)", wanted)
