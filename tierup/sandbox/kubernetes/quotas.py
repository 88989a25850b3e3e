"""Quotas and limits of a namespace, and priority classes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, located, rule
from .objects import (
    FORBIDDEN,
    INVALID,
    LIMIT_RANGE,
    PRIORITY_CLASS,
    QUOTA,
    SYSTEM_PRIORITIES,
    immutable,
    key_error,
    mapping,
    name_of,
    object_row,
)
from .quantities import amount
from .sources import docs, validation

_CORE = validation("core/validation/validation.go")
_SCHEDULING = validation("scheduling/validation/validation.go")
_SCOPES = ("BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating",
           "VolumeAttributesClass")  # fmt: skip
_LIMIT_TYPES = ("Container", "PersistentVolumeClaim", "Pod")
_HIGHEST_PRIORITY = 1_000_000_000
_STANDARD = (
    "configmaps", "cpu", "ephemeral-storage", "memory", "persistentvolumeclaims", "pods", "replicationcontrollers",
    "resourcequotas", "secrets", "services", "services.loadbalancers", "services.nodeports",
)  # fmt: skip
_COUNTED = frozenset(_STANDARD) - {"cpu", "ephemeral-storage", "memory"}
_ORDER = ("min", "defaultRequest", "default", "max")
"""The amounts of a limit, from the smallest."""


def _resource(name: str) -> str:
    """Return the resource that an entry of a quota counts: "cpu" for "requests.cpu"."""
    return name.removeprefix("requests.").removeprefix("limits.")


@rule("quota-amounts", Stage.PLAN, source=_CORE)
def _hard(call: Call) -> Iterator[Rejection]:
    for name, quantity in mapping(call.get("spec.hard")).items():
        at, number = f"spec.hard.{name}", amount(quantity)
        if quantity is not UNKNOWN and (number is None or number < 0):
            yield Rejection(at, f"not a quantity of 0 or more (got '{quantity}').", INVALID)
        elif number is not None and number % 1 and name in _COUNTED:
            yield Rejection(at, f"it must be an integer (got '{quantity}').", INVALID)
        resource = _resource(name)
        is_standard = resource in ("storage", *_STANDARD) or resource.startswith("hugepages-")
        if key_error(name) or (not is_standard and "." not in resource and "/" not in resource):
            yield Rejection(at, f"it must be a standard resource for quota (got '{name}').", INVALID)


@rule("quota-scopes", Stage.PLAN, source=_CORE)
def _quota_scopes(call: Call) -> Iterator[Rejection]:
    scopes = call.get("spec.scopes")
    if not isinstance(scopes, list) or not scopes:
        return
    for pair in (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")):
        if set(pair) <= set(scopes):
            yield Rejection("spec.scopes", f"conflicting scopes ({' and '.join(pair)}).", INVALID)
    for name in mapping(call.get("spec.hard")):
        resource = _resource(name)
        counts_pods = resource in ("pods", "cpu", "memory", "ephemeral-storage") or name.startswith("count/")
        if (not counts_pods and resource in _STANDARD) or ("BestEffort" in scopes and resource in ("cpu", "memory")):
            yield Rejection("spec.scopes", f"unsupported scope applied to resource {name}.", INVALID)


@rule("quota-scope-selector", Stage.PLAN, source=_CORE)
def _scope_selector(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "spec.scopeSelector.matchExpressions[*]"):
        scope, operator, values = (mapping(each).get(name) for name in ("scopeName", "operator", "values"))
        if operator in ("In", "NotIn") and not values and values is not UNKNOWN:
            yield Rejection(f"{at}.values", f"it is required with the operator {operator}.", INVALID)
        if isinstance(scope, str) and scope != "PriorityClass" and operator not in ("Exists", UNKNOWN):
            yield Rejection(f"{at}.operator", f"must be 'Exists' when the scope is {scope} (got {operator}).", INVALID)


@rule("limit-amounts", Stage.PLAN, source=_CORE)
def _limits(call: Call) -> Iterator[Rejection]:
    types: list[Any] = []
    for at, each in located(call.inputs, "spec.limits[*]"):
        limit, kind = mapping(each), mapping(each).get("type")
        if kind is not UNKNOWN and kind in types:
            yield Rejection(f"{at}.type", f"duplicate value '{kind}'.", INVALID)
        types.append(kind)
        if kind == "Pod":
            for name in ("default", "defaultRequest"):
                if mapping(limit.get(name)):
                    yield Rejection(f"{at}.{name}", "may not be specified when type is 'Pod'.", FORBIDDEN)
        if kind == "PersistentVolumeClaim" and not any("storage" in mapping(limit.get(m)) for m in ("min", "max")):
            yield Rejection(at, "either minimum or maximum storage value is required.", INVALID)
        for name, value in mapping(limit.get("maxLimitRequestRatio")).items():
            ratio = amount(value)
            if ratio is not None and ratio < 1:
                yield Rejection(
                    f"{at}.maxLimitRequestRatio.{name}", f"the ratio is less than 1 (got {value}).", INVALID
                )
        yield from _order_errors(at, limit)


def _order_errors(at: str, limit: Mapping[str, Any]) -> Iterator[Rejection]:
    for resource in sorted({key for name in _ORDER for key in mapping(limit.get(name))}):
        given = [(name, mapping(limit.get(name)).get(resource)) for name in _ORDER]
        known = [(name, value, amount(value)) for name, value in given if value not in (None, UNKNOWN)]
        for name, value, number in known:
            if number is None or number < 0:
                yield Rejection(f"{at}.{name}.{resource}", f"not a quantity of 0 or more (got '{value}').", INVALID)
        for (low, small, first), (high, large, second) in itertools.pairwise(known):
            if first is not None and second is not None and first > second:
                yield Rejection(
                    f"{at}.{low}.{resource}", f"{low} value {small} is greater than {high} value {large}.", INVALID
                )


@rule("priority-class", Stage.PLAN, source=_SCHEDULING)
def _priority(call: Call) -> Iterator[Rejection]:
    name, value = name_of(call.inputs), call.get("value")
    if isinstance(name, str) and name.startswith("system-") and name not in SYSTEM_PRIORITIES:
        yield Rejection(
            "metadata.name",
            "priority class names with 'system-' prefix are reserved for system use only. Use another name.",
            FORBIDDEN,
        )
    elif isinstance(value, (int, float)) and value > _HIGHEST_PRIORITY:
        yield Rejection(
            "value", f"maximum allowed value of a user defined priority is {_HIGHEST_PRIORITY} (got {value:.0f}).",
            FORBIDDEN,
        )  # fmt: skip


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        QUOTA,
        source=docs("concepts/policy/resource-quotas/"),
        replaces=("spec.scopes",),
        rules=(_hard, _quota_scopes, _scope_selector),
        enums={"spec.scopes[*]": _SCOPES},
    ),
    object_row(
        LIMIT_RANGE,
        source=docs("concepts/policy/limit-range/"),
        rules=(_limits,),
        enums={"spec.limits[*].type": _LIMIT_TYPES},
    ),
    object_row(
        PRIORITY_CLASS,
        source=docs("concepts/scheduling-eviction/pod-priority-preemption/"),
        rules=(_priority, immutable("value", "preemptionPolicy", source=_SCHEDULING)),
        namespaced=False,
        enums={"preemptionPolicy": ("Never", "PreemptLowerPriority")},
    ),
)
