"""Horizontal pod autoscalers and pod disruption budgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule, values_at
from .objects import DEPLOYMENT, INVALID, items, mapping, neighbour, object_row
from .sources import docs, validation

_AUTOSCALING = validation("autoscaling/validation/validation.go")
_TYPES = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
}
_TARGETS = {"Utilization": "averageUtilization", "AverageValue": "averageValue", "Value": "value"}
_LONGEST_WINDOW, _LONGEST_PERIOD = 3_600, 1_800


@rule("autoscaler-bounds", Stage.PLAN, source=_AUTOSCALING)
def _bounds(call: Call) -> Iterator[Rejection]:
    low, high = call.get("spec.minReplicas", 1), call.get("spec.maxReplicas")
    if isinstance(low, (int, float)) and low < 1:
        yield Rejection(
            "spec.minReplicas",
            f"below 1 (got {low:g}). Set 1 or more: 0 needs the feature gate HPAScaleToZero.",
            INVALID,
        )
    if isinstance(high, (int, float)) and high < 1:
        yield Rejection("spec.maxReplicas", f"not above 0 (got {high:g}). Set 1 or more.", INVALID)
    elif isinstance(low, (int, float)) and isinstance(high, (int, float)) and high < low:
        yield Rejection("spec.maxReplicas", f"below minReplicas (got {high:g}). It must be {low:g} or more.", INVALID)


@rule("autoscaler-metrics", Stage.PLAN, source=_AUTOSCALING)
def _metrics(call: Call) -> Iterator[Rejection]:
    for index, each in enumerate(items(call.get("spec.metrics"))):
        at, metric = f"spec.metrics[{index}]", mapping(each)
        kind = metric.get("type")
        if kind is UNKNOWN or not isinstance(kind, str):
            continue
        if kind not in _TYPES:
            yield Rejection(f"{at}.type", f"unsupported value (got '{kind}'). Supported: {', '.join(_TYPES)}.", INVALID)
            continue
        given = sorted(key for key in _TYPES.values() if key in metric)
        if given != [_TYPES[kind]]:
            got = ", ".join(given) or "none"
            yield Rejection(at, f"a metric of type {kind} needs {_TYPES[kind]} and no other (got {got}).", INVALID)
            continue
        target = mapping(mapping(metric[_TYPES[kind]]).get("target"))
        wanted = _TARGETS.get(str(target.get("type")))
        if wanted is None or target.get(wanted) is None:
            yield Rejection(
                f"{at}.{_TYPES[kind]}.target",
                f"a target of type {target.get('type')} needs {wanted or 'another type'}.",
                INVALID,
            )
        elif kind != "Resource" and wanted == "averageUtilization" and kind != "ContainerResource":
            yield Rejection(f"{at}.{_TYPES[kind]}.target", f"a metric of type {kind} has no utilization.", INVALID)


@rule("autoscaler-behavior", Stage.PLAN, source=_AUTOSCALING)
def _behavior(call: Call) -> Iterator[Rejection]:
    for direction in ("scaleUp", "scaleDown"):
        at, rules = f"spec.behavior.{direction}", mapping(call.get(f"spec.behavior.{direction}"))
        window = rules.get("stabilizationWindowSeconds", 0)
        if isinstance(window, (int, float)) and not 0 <= window <= _LONGEST_WINDOW:
            yield Rejection(
                f"{at}.stabilizationWindowSeconds",
                f"out of range (got {window:g}). Allowed are 0 to {_LONGEST_WINDOW}.",
                INVALID,
            )
        for index, policy in enumerate(items(rules.get("policies"))):
            period, value = mapping(policy).get("periodSeconds"), mapping(policy).get("value")
            if isinstance(period, (int, float)) and not 1 <= period <= _LONGEST_PERIOD:
                yield Rejection(
                    f"{at}.policies[{index}].periodSeconds",
                    f"out of range (got {period:g}). Allowed are 1 to {_LONGEST_PERIOD}.",
                    INVALID,
                )
            if isinstance(value, (int, float)) and value < 1:
                yield Rejection(f"{at}.policies[{index}].value", f"not above 0 (got {value:g}).", INVALID)


@rule(
    "autoscaler-target",
    Stage.CREATE,
    Stage.UPDATE,
    source=docs("concepts/workloads/autoscaling/horizontal-pod-autoscale/"),
)
def _target(call: Call) -> Iterator[Rejection]:
    """Reject what the API accepts and what then prevents all scaling: a missing target, or no requests."""
    target = mapping(call.get("spec.scaleTargetRef"))
    if target.get("kind") != "Deployment":
        return
    found = neighbour(call, DEPLOYMENT, target.get("name"))
    if found is None:
        yield Rejection(
            "spec.scaleTargetRef.name", f'FailedGetScale: deployments.apps "{target.get("name")}" not found', "NotFound"
        )
        return
    scaled = {
        str(mapping(mapping(metric).get("resource")).get("name"))
        for metric in items(call.get("spec.metrics"))
        if "averageUtilization" in mapping(mapping(mapping(metric).get("resource")).get("target"))
    }
    for container in values_at(found.inputs, "spec.template.spec.containers[*]"):
        resources = mapping(mapping(container).get("resources"))
        requests = {**mapping(resources.get("limits")), **mapping(resources.get("requests"))}
        for resource in sorted(scaled - set(requests)):
            yield Rejection(
                "spec.metrics",
                f"FailedGetResourceMetric: missing request for {resource} in container "
                f"{mapping(container).get('name')} of the deployment",
                INVALID,
            )


@rule("disruption-budget", Stage.PLAN, source=validation("policy/validation/validation.go"))
def _budget(call: Call) -> Iterator[Rejection]:
    given = [name for name in ("minAvailable", "maxUnavailable") if call.get(f"spec.{name}") is not None]
    if len(given) > 1:
        yield Rejection("spec", "minAvailable and maxUnavailable cannot be both set. Set one of them.", INVALID)
    for name in given:
        value: Any = call.get(f"spec.{name}")
        if isinstance(value, (int, float)) and value < 0:
            yield Rejection(f"spec.{name}", f"negative (got {value:g}). Set 0 or more.", INVALID)
        if isinstance(value, str):
            percent = re.fullmatch(r"(\d+)%", value)
            if percent is None or int(percent[1]) > 100:
                yield Rejection(f"spec.{name}", f"not a percentage (got '{value}'). Use the form 25%.", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        source=docs("concepts/workloads/autoscaling/horizontal-pod-autoscale/"),
        rules=(_bounds, _metrics, _behavior, _target),
    ),
    object_row(
        "kubernetes:policy/v1:PodDisruptionBudget",
        source=docs("tasks/run-application/configure-pdb/"),
        rules=(_budget,),
        enums={"spec.unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow")},
    ),
)
