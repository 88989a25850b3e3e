"""Alert configurations of an Atlas project on a cluster's metrics, and the rules that require them.

The rules differ only by metric and limit: each file declares these and calls `alert_rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ..inputs import number
from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    Parameter,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    items,
    shown,
)
from ..values import UnknownValue
from .clusters import CLUSTERS, of_project, project_in_other_stack, require_dedicated

ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
METRIC_INTEGRATION = "mongodbatlas:index/metricIntegration:MetricIntegration"
INTEGRATIONS = ("mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration", METRIC_INTEGRATION)
METRIC_SERVICES = ("DATADOG", "NEW_RELIC", "PROMETHEUS")  # the other third parties receive alerts, not metrics
METRIC_THRESHOLD_EVENT = "OUTSIDE_METRIC_THRESHOLD"
SECONDS = {"MILLISECONDS": 0.001, "SECONDS": 1, "MINUTES": 60, "HOURS": 3_600, "DAYS": 86_400}

_EXAMPLE = """mongodbatlas.AlertConfiguration(
    "{name}",
    project_id=project.id,
    event_type="OUTSIDE_METRIC_THRESHOLD",
    enabled=True,
    metric_threshold_config={{
        "metric_name": "{metric}",
        "operator": "GREATER_THAN",
        "threshold": {threshold},
        "units": "{units}",
        "mode": "AVERAGE",
    }},
    notifications=[{{"type_name": "EMAIL", "email_address": "on-call@example.com", "interval_min": 60}}],
)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """The highest threshold that an alert may have: a time in `unit`, or a percentage or count without a unit."""

    metric: str
    maximum: float
    unit: str = ""
    """A key of SECONDS."""

    def __str__(self) -> str:
        return f"{shown(float(self.maximum))} {self.unit.lower()}".rstrip()


def alert_rule(
    *,
    id: str,
    name: str,
    title: str,
    item: ChecklistItem,
    metrics: tuple[str, ...],
    limit: Parameter,
    remediation: str,
    example: str,
    example_threshold: float,
    unit: str = "",
    pitfall: Pitfall = Pitfall.NO_MONITORING,
    unproven: str = "",
) -> StackRule:
    """Return the rule that an enabled alert fires on each of the metrics when it exceeds `limit`.

    `example` is the logical name of the example's alert, `unit` a key of SECONDS, or empty for a percentage or count.
    """

    def check(cluster: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
        require_dedicated(cluster)
        for metric in metrics:
            yield from missing_alert(cluster, stack, Limit(metric=metric, maximum=parameters[limit.name], unit=unit))

    return StackRule(
        id=id,
        name=name,
        title=title,
        item=item,
        pitfall=pitfall,
        severity=Severity.MEDIUM,
        level=Level.ADVISORY,  # a first version can rely on the default alerts that Atlas creates in every project
        applies_to=CLUSTERS,
        check=check,
        remediation=remediation,
        example=_EXAMPLE.format(
            name=example, metric=metrics[0], threshold=shown(float(example_threshold)), units=unit or "RAW"
        ),
        source="https://www.mongodb.com/docs/atlas/reference/alert-conditions/",
        read=date(2026, 11, 24),
        parameters=(limit,),
        unproven=unproven,
    )


def missing_alert(cluster: Resource, stack: Stack, limit: Limit) -> Iterator[Finding]:
    """Yield what is wrong with the cluster's alerts on `limit.metric`; nothing when at least one of them complies."""
    violations: list[Finding] = []
    for alert in of_project(cluster, stack, (ALERT,)):
        config = block(alert.properties, "metricThresholdConfig")
        if alert.properties.get("eventType") != METRIC_THRESHOLD_EVENT or config.get("metricName") != limit.metric:
            continue
        if not _matches(alert, cluster):
            continue
        violation = _cannot_notify(alert) or _exceeds(alert, limit)
        if violation is None:
            return
        violations.append(violation)
    if not violations:
        _require_visible_alerts(cluster, stack)
        yield Finding(f"alert on {limit.metric}", "missing", f"an alert at {limit} or below")
    yield from violations


def _matches(alert: Resource, cluster: Resource) -> bool:
    """Return whether the alert's matchers include the cluster."""
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


def _require_visible_alerts(cluster: Resource, stack: Stack) -> None:
    """Raise Indeterminate where alerts may exist outside the stack."""
    if project_in_other_stack(cluster):
        raise Indeterminate("its Atlas project is not in this stack, so the rule cannot see all of its alerts")
    for integration in of_project(cluster, stack, INTEGRATIONS):
        if integration.type == METRIC_INTEGRATION or integration.properties.get("type") in METRIC_SERVICES:
            raise Indeterminate(
                f"{integration.name} sends the metrics to another service, whose alerts the rule cannot see"
            )


def _cannot_notify(alert: Resource) -> Finding | None:
    if (enabled := alert.properties.get("enabled")) is not True:  # the provider's default is false
        return Finding(f"{alert.name}: enabled", shown(enabled), "true")
    if not alert.properties.get("notifications"):
        return Finding(f"{alert.name}: notifications", "none", "at least one notification")
    return None


def _exceeds(alert: Resource, limit: Limit) -> Finding | None:
    config = block(alert.properties, "metricThresholdConfig")
    if (operator := config.get("operator")) != "GREATER_THAN":
        return Finding(f"{alert.name}: metricThresholdConfig.operator", shown(operator), '"GREATER_THAN"')
    threshold, unit = number(config, "threshold"), str(config.get("units") or "")
    factor = SECONDS.get(unit, 1) / SECONDS[limit.unit] if limit.unit else 1
    if threshold is None or threshold * factor > limit.maximum:
        found = f"{shown(threshold)} {unit.lower()}".rstrip() if limit.unit else shown(threshold)
        return Finding(f"{alert.name}: metricThresholdConfig.threshold", found, f"{limit} or below")
    return None
