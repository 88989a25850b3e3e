"""Which resources of the stack a property names: the subnets of a service, the security groups of a load balancer."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from ..rule import Resource, Stack
from ..values import UnknownValue

SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")

_Named = Mapping[str, Resource]
_INDEXES: WeakKeyDictionary[Stack, dict[tuple[tuple[str, ...], str], tuple[_Named, _Named]]] = WeakKeyDictionary()


def sources(resource: Resource, key: str, stack: Stack, types: tuple[str, ...], output: str = "id") -> list[Resource]:
    """The resources of `types` that `resource.key` points at, by name: their outputs flowed into it, which is known at
    preview too, or it is a plain text that equals their `output`."""
    by_urn, by_value = _index(stack, types, output)
    found = {urn: by_urn[urn] for urn in resource.references.get(key, frozenset()) if urn in by_urn}
    if (same := by_value.get(_text(resource.properties, key))) is not None:
        found[same.urn] = same
    return sorted(found.values(), key=lambda each: each.name)


def _index(stack: Stack, types: tuple[str, ...], output: str) -> tuple[_Named, _Named]:
    made = _INDEXES.setdefault(stack, {})
    if (types, output) not in made:
        resources = list(stack.of(types))
        values = {text: each for each in resources if (text := _text(each.outputs, output))}
        made[types, output] = {each.urn: each for each in resources}, values
    return made[types, output]


def _text(properties: Mapping[str, object], key: str) -> str:
    try:
        value = properties.get(key)
    except UnknownValue:
        return ""
    return value if isinstance(value, str) else ""
