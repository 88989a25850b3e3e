"""Horizontal pod autoscalers and pod disruption budgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, rule, values_at
from .objects import DEPLOYMENT, INVALID, NOT_FOUND, STATEFUL_SET, items, mapping, neighbour, object_row
from .quantities import amount, share_error
from .selectors import selector_rule
from .sources import docs, validation

_AUTOSCALING = validation("autoscaling/validation/validation.go")
_TYPES = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
}
_SCALED = {"Deployment": DEPLOYMENT, "StatefulSet": STATEFUL_SET}
_TARGET_TYPES = ("Utilization", "AverageValue", "Value")
_NEEDED = {
    "Resource": ("averageUtilization", "averageValue"),
    "ContainerResource": ("averageUtilization", "averageValue"),
    "External": ("value", "averageValue"),
    "Object": ("value", "averageValue"),
    "Pods": ("averageValue",),
}
"""The targets of each type of metric, of which one is required."""
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
    target = mapping(call.get("spec.scaleTargetRef"))
    api, kind = target.get("apiVersion"), target.get("kind")
    if api is not UNKNOWN and "/" not in str(api or "") and target:
        yield Rejection(
            "spec.scaleTargetRef.apiVersion", f"it must have a group (got '{api or ''}'). Set apps/v1.", INVALID
        )
    if isinstance(kind, str) and (not kind or "/" in kind or "%" in kind):
        yield Rejection("spec.scaleTargetRef.kind", f"invalid kind (got '{kind}').", INVALID)


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
        yield from _source_errors(f"{at}.{_TYPES[kind]}", kind, mapping(metric[_TYPES[kind]]))


def _source_errors(at: str, kind: str, source: Mapping[str, Any]) -> Iterator[Rejection]:
    name = mapping(source.get("metric")).get("name") if "metric" in source else source.get("name")
    if not name and name is not UNKNOWN and source.get("metric") is not UNKNOWN:
        yield Rejection(f"{at}.name", "it is required.", INVALID)
    elif "metric" in source and isinstance(name, str) and ("/" in name or "%" in name or name in (".", "..")):
        yield Rejection(f"{at}.name", f"it must not contain '/' or '%' (got '{name}').", INVALID)
    target = source.get("target")
    if target is UNKNOWN:
        return
    values = {key: value for key, value in mapping(target).items() if value is not None}
    if values.get("type") is not UNKNOWN and values.get("type") not in _TARGET_TYPES:
        yield Rejection(
            f"{at}.target.type",
            f"unsupported value (got '{values.get('type')}'). Supported: {', '.join(_TARGET_TYPES)}.",
            INVALID,
        )
    given = [key for key in _NEEDED[kind] if key in values]
    if not given or (len(given) > 1 and kind != "Object"):
        got = " and ".join(given) or "none"
        yield Rejection(
            f"{at}.target", f"a metric of type {kind} needs one of {', '.join(_NEEDED[kind])} (got {got}).", INVALID
        )
    for key in ("averageUtilization", "averageValue", "value"):
        size = amount(values[key]) if values.get(key, UNKNOWN) is not UNKNOWN else None
        if key in values and values[key] is not UNKNOWN and (size is None or size <= 0):
            yield Rejection(f"{at}.target.{key}", f"not above 0 (got {values[key]}).", INVALID)


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
        if rules.get("policies") == []:
            yield Rejection(f"{at}.policies", "it must have one policy or more.", INVALID)
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
    kind = str(target.get("kind"))
    if kind not in _SCALED:
        return
    found = neighbour(call, _SCALED[kind], target.get("name"))
    if found is None:
        name = target.get("name")
        yield Rejection(
            "spec.scaleTargetRef.name",
            f'FailedGetScale: {kind.lower()}s.apps "{name}" not found',
            NOT_FOUND,
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
                f"{mapping(container).get('name')} of the {kind.lower()}",
                INVALID,
            )


@rule("disruption-budget", Stage.PLAN, source=validation("policy/validation/validation.go"))
def _budget(call: Call) -> Iterator[Rejection]:
    given = [name for name in ("minAvailable", "maxUnavailable") if call.get(f"spec.{name}") is not None]
    if len(given) > 1:
        yield Rejection("spec", "minAvailable and maxUnavailable cannot be both set. Set one of them.", INVALID)
    for name in given:
        if error := share_error(call.get(f"spec.{name}"), maximum=100):
            yield Rejection(f"spec.{name}", error, INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        source=docs("concepts/workloads/autoscaling/horizontal-pod-autoscale/"),
        rules=(_bounds, _metrics, _behavior, _target),
        enums={
            **{f"spec.behavior.{each}.selectPolicy": ("Max", "Min", "Disabled") for each in ("scaleUp", "scaleDown")},
            **{f"spec.behavior.{each}.policies[*].type": ("Pods", "Percent") for each in ("scaleUp", "scaleDown")},
        },
    ),
    object_row(
        "kubernetes:policy/v1:PodDisruptionBudget",
        source=docs("tasks/run-application/configure-pdb/"),
        rules=(_budget, selector_rule("spec.selector")),
        enums={"spec.unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow")},
    ),
)
