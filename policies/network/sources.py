"""Find the resources of the stack that a property refers to, such as the subnets of a service."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from ..rule import Resource, Stack
from ..values import UnknownValue

SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")

_Named = Mapping[str, Resource]
_INDEXES: WeakKeyDictionary[Stack, dict[tuple[tuple[str, ...], str], tuple[_Named, _Named]]] = WeakKeyDictionary()


def sources(resource: Resource, key: str, stack: Stack, types: tuple[str, ...], output: str = "id") -> list[Resource]:
    """Return the resources of `types` that `resource.key` refers to, sorted by name.

    Either their outputs flow into the property, which is known at preview, or its plain text equals their `output`.
    """
    by_urn, by_value = _index(stack, types, output)
    found = {urn: by_urn[urn] for urn in resource.references.get(key, frozenset()) if urn in by_urn}
    if (same := by_value.get(_text(resource.properties, key))) is not None:
        found[same.urn] = same
    return sorted(found.values(), key=lambda each: each.name)


def _index(stack: Stack, types: tuple[str, ...], output: str) -> tuple[_Named, _Named]:
    indexes = _INDEXES.setdefault(stack, {})
    if (types, output) not in indexes:
        resources = list(stack.of(types))
        values = {text: each for each in resources if (text := _text(each.outputs, output))}
        indexes[types, output] = {each.urn: each for each in resources}, values
    return indexes[types, output]


def _text(properties: Mapping[str, object], key: str) -> str:
    try:
        value = properties.get(key)
    except UnknownValue:
        return ""
    return value if isinstance(value, str) else ""
