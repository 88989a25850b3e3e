"""Queries that rules share: other resources in the same account and region, known inputs, outputs by resource id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Call, Plain
from tierup.sandbox.cloud import CloudResource


def others_in_region(call: Call, type: str, **properties: Any) -> Iterator[CloudResource]:
    """Yield the other resources of `type` in the call's account and region whose outputs equal `properties`.

    A resource with the call's own URN is left out: an engine that was killed during a create repeats that create, and
    the first attempt must not reject the second.
    """
    return (other for other in call.nearby(type, **properties) if other.urn != call.urn)


def known(call: Call, path: str, default: Plain = None) -> Plain:
    """Return the input at `path`, or `default` if it is absent or not known yet."""
    value = call.get(path)
    return default if value is None or value is UNKNOWN else value


def output_of(call: Call, type: str, id: Plain, property: str) -> Plain:
    """Return one output of the resource `id`, or None if the resource does not exist or the id is not known."""
    found = call.cloud.get(type, id) if isinstance(id, str) else None
    return found.outputs.get(property) if found else None
