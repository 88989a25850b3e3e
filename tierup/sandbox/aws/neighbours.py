"""What stands beside a resource in its account and region, for rules that compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Call, Plain
from tierup.sandbox.cloud import CloudResource


def neighbours(call: Call, type: str, **properties: Any) -> Iterator[CloudResource]:
    """The other resources of `type` in the call's account and region whose outputs equal `properties`.

    Without the resource itself, and without what stands under its URN already: an engine that was killed in the middle
    of a create asks for the same create again, and must not trip over its own first try.
    """
    return (other for other in call.nearby(type, **properties) if other.urn != call.urn)


def known(call: Call, path: str, default: Plain = None) -> Plain:
    """The input at `path`, or `default` where it is absent or not known yet."""
    value = call.get(path)
    return default if value is None or value is UNKNOWN else value


def property_of(call: Call, type: str, id: Plain, property: str) -> Plain:
    """One output of the resource `id`; None where there is none, or the id is not known."""
    found = call.cloud.get(type, id) if isinstance(id, str) else None
    return found.outputs.get(property) if found else None
