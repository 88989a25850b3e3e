"""What Atlas tells about a cluster: alert configurations of its project on a metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..rule import Finding, Indeterminate, Resource, Stack, block, items, shown
from ..values import UnknownValue
from .clusters import of_project, project_elsewhere

ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
METRIC_INTEGRATION = "mongodbatlas:index/metricIntegration:MetricIntegration"
INTEGRATIONS = ("mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration", METRIC_INTEGRATION)
METRIC_SERVICES = ("DATADOG", "NEW_RELIC", "PROMETHEUS")  # the other third parties take alerts, no metrics
ON_A_METRIC = "OUTSIDE_METRIC_THRESHOLD"
SECONDS = {"MILLISECONDS": 0.001, "SECONDS": 1, "MINUTES": 60, "HOURS": 3_600, "DAYS": 86_400}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """Above what somebody must be told: of a time in `unit`, of a percentage or a count without."""

    metric: str
    most: float
    unit: str = ""
    """A key of SECONDS."""

    def __str__(self) -> str:
        return f"{shown(float(self.most))} {self.unit.lower()}".rstrip()


def _about(alert: Resource, cluster: Resource) -> bool:
    for _, matcher in items(alert.properties, "matchers"):
        if matcher.get("fieldName") != "CLUSTER_NAME" or matcher.get("operator") != "EQUALS":
            continue
        try:
            if matcher.get("value") != cluster.properties.get("name"):
                return False
        except UnknownValue:
            if cluster.urn not in alert.references.get("matchers", frozenset()):
                return False
    return True


def unwatched(cluster: Resource, stack: Stack, limit: Limit) -> Iterator[Finding]:
    """What is wrong with the alerts on `limit.metric` that are about the cluster; nothing when one of them will do."""
    faults: list[Finding] = []
    for alert in of_project(cluster, stack, (ALERT,)):
        config = block(alert.properties, "metricThresholdConfig")
        if alert.properties.get("eventType") != ON_A_METRIC or config.get("metricName") != limit.metric:
            continue
        if not _about(alert, cluster):
            continue
        fault = _silent(alert) or _loose(alert, limit)
        if fault is None:
            return
        faults.append(fault)
    if not faults:
        _could_be_elsewhere(cluster, stack)
        yield Finding(f"alert on {limit.metric}", "missing", f"one at {limit} or below")
    yield from faults


def _could_be_elsewhere(cluster: Resource, stack: Stack) -> None:
    """Raises Indeterminate where alerts may stand that the stack does not show."""
    if project_elsewhere(cluster):
        raise Indeterminate("its Atlas project is not of this stack, so not all of its alerts can be seen")
    for integration in of_project(cluster, stack, INTEGRATIONS):
        if integration.type == METRIC_INTEGRATION or integration.properties.get("type") in METRIC_SERVICES:
            raise Indeterminate(f"{integration.name} sends the metrics to another service, whose alerts cannot be seen")


def _silent(alert: Resource) -> Finding | None:
    if (enabled := alert.properties.get("enabled")) is not True:  # the provider's default is false
        return Finding(f"{alert.name}: enabled", shown(enabled), "true")
    if not alert.properties.get("notifications"):
        return Finding(f"{alert.name}: notifications", "none", "at least one, or nobody is told")
    return None


def _loose(alert: Resource, limit: Limit) -> Finding | None:
    config = block(alert.properties, "metricThresholdConfig")
    if (operator := config.get("operator")) != "GREATER_THAN":
        return Finding(f"{alert.name}: metricThresholdConfig.operator", shown(operator), '"GREATER_THAN"')
    threshold, unit = config.get("threshold"), str(config.get("units") or "")
    factor = SECONDS.get(unit, 1) / SECONDS[limit.unit] if limit.unit else 1
    if threshold is None or threshold * factor > limit.most:
        found = f"{shown(threshold)} {unit.lower()}".rstrip() if limit.unit else shown(threshold)
        return Finding(f"{alert.name}: metricThresholdConfig.threshold", found, f"{limit} or below")
    return None
