"""The rows that a traffic evaluation reads: a snapshot of the sandbox's resources that operations change one by one.

It records which types an evaluation reads, so that a change of another type needs no new evaluation.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tierup.sandbox.cloud import CloudResource, Operation

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Rows:
    """Resources by type, with indexes by their properties."""

    def __init__(self, resources: Iterable[CloudResource] = ()) -> None:
        self._by_type: dict[str, dict[int, CloudResource]] = defaultdict(dict)
        self._indexes: dict[str, dict[str, dict[str, list[CloudResource]]]] = {}
        self.read: set[str] = set()  # the types that were read since it was emptied last
        for resource in resources:
            self._by_type[resource.type][resource.key] = resource

    # --- reading ---

    def all(self, type: str) -> list[CloudResource]:
        """Return the resources of a type, oldest first."""
        self.read.add(type)
        return list(self._by_type.get(type, {}).values())

    def find(self, type: str, /, **properties: Any) -> Iterator[CloudResource]:
        """Yield the resources of a type whose outputs equal all `properties`; `id` counts as an output."""
        self.read.add(type)
        indexed = next(((name, value) for name, value in properties.items() if isinstance(value, str)), None)
        found = self.all(type) if indexed is None else self._index(type, indexed[0]).get(indexed[1], [])
        if indexed is not None and len(properties) == 1:
            yield from found
            return
        for resource in found:
            if all(resource.value(name) == value for name, value in properties.items()):
                yield resource

    def one(self, type: str, /, **properties: Any) -> CloudResource | None:
        """Return the first resource that `find` yields, or None."""
        return next(self.find(type, **properties), None)

    def _index(self, type: str, name: str) -> Mapping[str, list[CloudResource]]:
        by_name = self._indexes.setdefault(type, {})
        if name not in by_name:
            index: dict[str, list[CloudResource]] = defaultdict(list)
            for resource in self._by_type.get(type, {}).values():
                value = resource.value(name)
                if isinstance(value, str):
                    index[value].append(resource)
            by_name[name] = index
        return by_name[name]

    def everything(self) -> list[CloudResource]:
        """Return all resources, oldest first."""
        return sorted((r for found in self._by_type.values() for r in found.values()), key=lambda r: r.key)

    # --- changing ---

    def put(self, resource: CloudResource) -> None:
        """Add a resource, or replace the one that has the same key."""
        found = self._by_type[resource.type]
        is_older = resource.key not in found and any(key > resource.key for key in found)
        found[resource.key] = resource
        if is_older:  # it returns, because its deletion is undone
            self._by_type[resource.type] = dict(sorted(found.items()))
        self._indexes.pop(resource.type, None)

    def drop(self, resource: CloudResource) -> None:
        """Remove the resource that has the same key."""
        self._by_type[resource.type].pop(resource.key, None)
        self._indexes.pop(resource.type, None)

    def undo(self, operation: Operation) -> None:
        """Restore the resource as it was before an operation."""
        if operation.after is not None:
            self.drop(operation.after)
        if operation.before is not None:
            self.put(operation.before)


def label(resource: CloudResource) -> str:
    """Return how messages name a resource: its type's last part, and its logical name or its id."""
    return f"{resource.type.rpartition(':')[2]} '{resource.name or resource.id}'"


def network(text: str) -> Network:
    """Return a CIDR block or a single address as a network."""
    return ipaddress.ip_network(text, strict=False)


def within(inner: str, outer: str) -> bool:
    """Return whether a CIDR block or an address lies within a CIDR block. Blocks of different families never do."""
    small, large = network(inner), network(outer)
    return small.version == large.version and small.subnet_of(large)  # pyright: ignore[reportArgumentType] (one family)


def overlaps(one: str, other: str) -> bool:
    """Return whether two CIDR blocks share an address."""
    first, second = network(one), network(other)
    return first.version == second.version and first.overlaps(second)


def listed(value: Any) -> list[Any]:
    """Return a list as it is, None as an empty list, and any other value as a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
