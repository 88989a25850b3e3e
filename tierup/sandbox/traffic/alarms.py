"""Which CloudWatch alarms go to ALARM while injected conditions hold: metric, threshold, treatment of missing data.

The model knows the value of a metric only where a condition decides it. All other metrics keep the value of a healthy
stack, at which their alarms are in OK.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html (read 2026-11-28)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .conditions import ConditionKind
from .evaluation import Report
from .hop import World
from .hops import alb, ecs
from .memory import SERVICE
from .rows import listed

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
NO_DATA = None

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}


@dataclass(frozen=True, slots=True)
class FiringAlarm:
    """An alarm that changes to the state ALARM."""

    name: str
    metric: str
    reason: str

    def as_document(self) -> dict[str, str]:
        """Return the alarm as plain values for JSON."""
        return {"alarm": self.name, "metric": self.metric, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class _Effect:
    """The value that a metric has while a condition holds; None if it has no data."""

    value: float | None
    why: str


def firing_alarms(world: World, report: Report) -> list[FiringAlarm]:
    """Return the alarms that go to ALARM while the world's conditions hold."""
    effects = _effects(world, report)
    found: list[FiringAlarm] = []
    for alarm in world.rows.all(ALARM):
        reason = _state(alarm, effects)
        if reason:
            found.append(FiringAlarm(alarm.name or alarm.id, str(alarm.value("metricName") or "an expression"), reason))
    return sorted(found, key=lambda each: each.name)


def _effects(world: World, report: Report) -> dict[tuple[str, str], _Effect]:
    """Return the effects by metric and by the value of the dimension that names what is affected ("" for all)."""
    effects: dict[tuple[str, str], _Effect] = {}
    for service in world.rows.all(SERVICE):
        name = str(service.value("name"))
        running = ecs.running(world, service)
        failing = ecs.condition_holds(world, ConditionKind.HEALTH_FAILING, service)
        if running.passed and not failing:
            continue
        if not running.passed:
            effects["RunningTaskCount", name] = _Effect(0.0, "no task of the service runs")
            for metric in ("CPUUtilization", "MemoryUtilization"):
                effects[metric, name] = _Effect(NO_DATA, "no task of the service runs")
        for block in listed(service.value("loadBalancers")):
            group = world.rows.one(alb.TARGET_GROUP, arn=str(block.get("targetGroupArn")))
            if group is None:
                continue
            suffix = str(group.value("arnSuffix"))
            healthy = NO_DATA if not running.passed else 0.0
            why = "no target is registered" if not running.passed else "no target is healthy"
            effects["HealthyHostCount", suffix] = _Effect(healthy, why)
            count = int(service.value("desiredCount") or 1)
            unhealthy = NO_DATA if not running.passed else float(count)
            effects["UnHealthyHostCount", suffix] = _Effect(unhealthy, why)
            for metric in ("RequestCount", "RequestCountPerTarget", "TargetResponseTime", "HTTPCode_Target_5XX_Count"):
                effects[metric, suffix] = _Effect(NO_DATA, why)
    if any(each.flow.kind == "api" for each in report.failed):
        # A target group with only unhealthy targets fails open, so only one without targets makes the load balancer
        # answer 503: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        # (from memory)
        if any(key[0] == "HealthyHostCount" and effect.value is NO_DATA for key, effect in effects.items()):
            effects["HTTPCode_ELB_5XX_Count", ""] = _Effect(1000.0, "the load balancer answers 503")
            effects["HTTPCode_ELB_503_Count", ""] = _Effect(1000.0, "the load balancer answers 503")
        effects["HealthCheckStatus", ""] = _Effect(0.0, "Route 53's health checkers get no 2xx answer")
    if any(each.kind is ConditionKind.CERTIFICATE_EXPIRED for each in world.conditions):
        effects["DaysToExpiry", ""] = _Effect(0.0, "the certificate has expired")
    return effects


def _state(alarm: CloudResource, effects: Mapping[tuple[str, str], _Effect]) -> str:
    """Return why an alarm goes to ALARM, "" if it does not. Alarms on expressions are evaluated by their metrics."""
    metric = str(alarm.value("metricName") or "")
    if metric:
        effect = _effect(metric, alarm.value("dimensions") or {}, effects)
        return _evaluate(alarm, metric, effect) if effect is not None else ""
    for query in listed(alarm.value("metricQueries")):
        inner = query.get("metric") or {}
        name = str(inner.get("metricName") or "")
        effect = _effect(name, inner.get("dimensions") or {}, effects) if name else None
        if effect is not None and effect.value is not None and effect.value >= 1 and name.startswith("HTTPCode"):
            return f"{name} rises: {effect.why}."
    return ""


def _effect(metric: str, dimensions: Mapping[str, Any], effects: Mapping[tuple[str, str], _Effect]) -> _Effect | None:
    for value in dimensions.values():
        if (metric, str(value)) in effects:
            return effects[metric, str(value)]
    return effects.get((metric, ""))


def _evaluate(alarm: CloudResource, metric: str, effect: _Effect) -> str:
    threshold = float(alarm.value("threshold") or 0)
    if effect.value is None:
        treatment = str(alarm.value("treatMissingData") or "missing")
        if treatment != "breaching":
            return ""
        return f"{metric} has no data, because {effect.why}; missing data is treated as breaching."
    compare = _COMPARE.get(str(alarm.value("comparisonOperator")))
    if compare is None or not compare(effect.value, threshold):
        return ""
    return f"{metric} is {effect.value:g}, because {effect.why}; the threshold is {threshold:g}."
