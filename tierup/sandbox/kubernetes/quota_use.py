"""What the quotas of a namespace leave for the pods of a workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..behaviour import Call, Rejection, first, values_at
from ..cloud import CloudResource
from .objects import DEPLOYMENT, FORBIDDEN, STATEFUL_SET, items, mapping, name_of, namespace_of
from .quantities import amount

QUOTA = "kubernetes:core/v1:ResourceQuota"
LIMIT_RANGE = "kubernetes:core/v1:LimitRange"
_POD = "kubernetes:core/v1:Pod"
_COMPUTE = ("cpu", "memory")
QUOTA_KINDS = (DEPLOYMENT, STATEFUL_SET, _POD)
"""The kinds whose pods count. Those of jobs run for a while, and other kinds are rare."""


def _here(call: Call, token: str) -> list[CloudResource]:
    wanted = namespace_of(call.inputs)
    return [found for found in call.cloud.find(token) if namespace_of(found.inputs) == wanted]


def _spec(inputs: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    return mapping(first(values_at(inputs, "spec" if token == _POD else "spec.template.spec")))


def _pods(inputs: Mapping[str, Any], token: str) -> Decimal:
    replicas = 1 if token == _POD else first(values_at(inputs, "spec.replicas"), 1)
    return amount(replicas) or Decimal(0)


def _each_pod(spec: Mapping[str, Any], kind: str, resource: str) -> Decimal:
    """Return what the containers of a pod request ("requests") or may use ("limits") of a resource."""
    total = Decimal(0)
    for container in items(spec.get("containers")):
        resources = mapping(mapping(container).get("resources"))
        value = mapping(resources.get(kind)).get(resource)
        if value is None and kind == "requests":
            value = mapping(resources.get("limits")).get(resource)
        total += amount(value) or Decimal(0)
    return total


def _share(name: str) -> tuple[str, str] | None:
    """Return the kind and the resource of an entry of a quota: ("requests", "cpu") for "cpu"."""
    kind, _, resource = name.rpartition(".")
    return (kind or "requests", resource) if resource in _COMPUTE and kind in ("", "requests", "limits") else None


def quota_errors(call: Call, at: str) -> Iterator[Rejection]:
    """Yield why no pod starts: a container without the amount that a quota counts, or a quota that is used up."""
    name = name_of(call.inputs)
    for quota in _here(call, QUOTA):
        spec = mapping(quota.inputs.get("spec"))
        if spec.get("scopes") or spec.get("scopeSelector"):
            continue
        for entry, hard in mapping(spec.get("hard")).items():
            share = _share(entry)
            if share is not None and not _here(call, LIMIT_RANGE):
                for container in items(_spec(call.inputs, call.type).get("containers")):
                    if not _each_pod({"containers": [container]}, *share):
                        yield _exceeded(at, quota, f"must specify {entry} for: {mapping(container).get('name')}")
            if share is None and entry != "pods":
                continue
            used = Decimal(0)
            for token in QUOTA_KINDS:
                for found in _here(call, token):
                    if token != call.type or name_of(found.inputs) != name:
                        used += _pods(found.inputs, token) * _of(found.inputs, token, share)
            asked = _pods(call.inputs, call.type) * _of(call.inputs, call.type, share)
            limit = amount(hard)
            if limit is not None and asked and used + asked > limit:
                yield _exceeded(
                    at,
                    quota,
                    f"exceeded quota: requested: {entry}={asked:f}, used: {entry}={used:f}, limited: {entry}={hard}",
                )


def _of(inputs: Mapping[str, Any], token: str, share: tuple[str, str] | None) -> Decimal:
    return Decimal(1) if share is None else _each_pod(_spec(inputs, token), *share)


def _exceeded(at: str, quota: CloudResource, message: str) -> Rejection:
    return Rejection(at, f"pods are forbidden: failed quota: {name_of(quota.inputs)}: {message}", FORBIDDEN)
