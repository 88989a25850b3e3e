"""What the quotas of a namespace leave for the pods of a workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..behaviour import Call, Rejection, first, values_at
from ..cloud import CloudResource
from .objects import (
    DEPLOYMENT,
    FORBIDDEN,
    LIMIT_RANGE,
    POD,
    QUOTA,
    STATEFUL_SET,
    items,
    mapping,
    name_of,
    namespace_of,
)
from .quantities import amount

_COMPUTE = ("cpu", "memory")
QUOTA_KINDS = (DEPLOYMENT, STATEFUL_SET, POD)
"""The kinds whose pods count. Those of jobs run for a while, and other kinds are rare."""


def _here(call: Call, token: str) -> list[CloudResource]:
    wanted = namespace_of(call.inputs)
    return [found for found in call.cloud.find(token) if namespace_of(found.inputs) == wanted]


def _spec(inputs: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    return mapping(first(values_at(inputs, "spec" if token == POD else "spec.template.spec")))


def _pods(inputs: Mapping[str, Any], token: str) -> Decimal:
    replicas = 1 if token == POD else first(values_at(inputs, "spec.replicas"), 1)
    return amount(replicas) or Decimal(0)


def _of_container(container: Any, kind: str, resource: str) -> Decimal:
    """Return what a container requests ("requests") or may use ("limits") of a resource."""
    resources = mapping(mapping(container).get("resources"))
    value = mapping(resources.get(kind)).get(resource)
    if value is None and kind == "requests":
        value = mapping(resources.get("limits")).get(resource)
    return amount(value) or Decimal(0)


def _share(name: str) -> tuple[str, str] | None:
    """Return the kind and the resource of an entry of a quota: ("requests", "cpu") for "cpu"."""
    kind, _, resource = name.rpartition(".")
    return (kind or "requests", resource) if resource in _COMPUTE and kind in ("", "requests", "limits") else None


def quota_errors(call: Call, at: str) -> Iterator[Rejection]:
    """Yield why no pod starts: a container without the amount that a quota counts, or a quota that is used up."""
    for quota in _here(call, QUOTA):
        spec = mapping(quota.inputs.get("spec"))
        if not spec.get("scopes") and not spec.get("scopeSelector"):
            yield from _errors_of(quota, call, at)


def _errors_of(quota: CloudResource, call: Call, at: str) -> Iterator[Rejection]:
    others = [
        (found.inputs, token)
        for token in QUOTA_KINDS
        for found in _here(call, token)
        if token != call.type or name_of(found.inputs) != name_of(call.inputs)
    ]
    has_defaults = bool(_here(call, LIMIT_RANGE))
    for entry, hard in mapping(first(values_at(quota.inputs, "spec.hard"))).items():
        share = _share(entry)
        if share is not None and not has_defaults:
            for container in items(_spec(call.inputs, call.type).get("containers")):
                if not _of_container(container, *share):
                    yield _exceeded(at, quota, f"must specify {entry} for: {mapping(container).get('name')}")
        if share is None and entry != "pods":
            continue
        used = sum((_use(inputs, token, share) for inputs, token in others), Decimal(0))
        asked, limit = _use(call.inputs, call.type, share), amount(hard)
        if limit is not None and asked and used + asked > limit:
            yield _exceeded(
                at,
                quota,
                f"exceeded quota: requested: {entry}={asked:f}, used: {entry}={used:f}, limited: {entry}={hard}",
            )


def _use(inputs: Mapping[str, Any], token: str, share: tuple[str, str] | None) -> Decimal:
    """Return what the pods of a workload use of a share, or their number if there is none."""
    if share is None:
        return _pods(inputs, token)
    containers = items(_spec(inputs, token).get("containers"))
    return _pods(inputs, token) * sum((_of_container(each, *share) for each in containers), Decimal(0))


def _exceeded(at: str, quota: CloudResource, message: str) -> Rejection:
    return Rejection(at, f"pods are forbidden: failed quota: {name_of(quota.inputs)}: {message}", FORBIDDEN)
