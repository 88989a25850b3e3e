"""CloudWatch alarms: which metrics each alarm reads, and which alarms read the metrics of a resource.

An alarm reads one metric, several through metric math, or a Metrics Insights query over all resources of a kind. It
belongs to a resource when a dimension contains the resource's name, or when the name flows there from the resource: at
preview the name is unknown, but its source is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..inputs import number
from ..region.places import region_of
from ..rule import Resource, Stack, block, declared, items
from ..values import UnknownValue

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
ALARMS = (METRIC_ALARM, COMPOSITE_ALARM)

_ABOVE = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
_STATE = re.compile(r'\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)')  # by name or ARN
_CACHE_NODE = re.compile(r"(-\d{4})?-\d{3}$")  # cache-001; cache-0001-001 with shards
_EVERY = "*"  # every resource of the kind
_ANY = ""  # a resource of any name
_UNREADABLE = ("", "")  # a metric whose name is unknown
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html (from
# memory): SELECT AVG(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName)
_QUERY = re.compile(r'SELECT\s+(\w+)\(\s*"?([\w.-]+)"?\s*\)\s+FROM\s+(?:SCHEMA\(\s*)?"([^"]+)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class WatchedMetric:
    """One metric that an alarm reads: its `statistic` (p95, Average) over `period` seconds, `metrics`, the names of all
    metrics that the alarm reads, and `expression`, its metric math, empty when the alarm compares the metric itself.
    `of_all`: the metric covers all nodes of the resource, or all resources of the kind."""

    alarm: Resource
    statistic: str
    period: float
    metrics: frozenset[str]
    expression: str
    of_all: bool

    def fires_by(self, limit: float, scale: float = 1) -> bool:
        """Return whether the alarm fires at `limit` or below on a rising metric. The metric times `scale` is in the
        limit's unit, unless the alarm's expression already multiplies by that."""
        properties = self.alarm.properties
        threshold = number(properties, "threshold")
        if (
            properties.get("comparisonOperator") not in _ABOVE or threshold is None
        ):  # anomaly detection has no threshold
            return False
        factor = 1 if scale != 1 and self._multiplies_by(scale) else scale
        return threshold * factor <= limit * (1 + 1e-9)  # tolerates rounding: 0.3 * 100 is not exactly 30

    def _multiplies_by(self, factor: float) -> bool:
        return bool(re.search(rf"\*\s*{factor:g}(\.0+)?\b|\b{factor:g}(\.0+)?\s*\*", self.expression))


def alarms_on(stack: Stack, namespace: str, metric: str, resource: Resource, dimension: str) -> Iterator[WatchedMetric]:
    """Yield the alarms that read this metric of `resource`.

    An alarm reads metrics of its own region only, so an alarm in another region does not count, although it may name a
    resource of the same name. The metrics of Route 53's health checks are in us-east-1.

    Finally raises UnknownValue when an alarm on the resource has an unknown metric, so that the caller never concludes
    that no alarm exists.
    """
    index = _by_metric(stack)
    sources = (resource.urn, f"{dimension}={name_of(resource)}", _EVERY)
    seen: set[int] = set()
    is_global = resource.type.startswith("aws:route53/")
    for source in sources:
        for watched in index.get((namespace, metric, source), ()):
            if id(watched) not in seen and (is_global or region_of(watched.alarm) == region_of(resource)):
                seen.add(id(watched))
                yield watched
    for watched in index.get((*_UNREADABLE, resource.urn), ()):
        raise UnknownValue(f"{watched.alarm.name}.metricName")


def is_part(stack: Stack, alarm: Resource) -> bool:
    """Return whether a composite alarm reads the alarm's state."""
    if any(True for _ in stack.referring((COMPOSITE_ALARM,), "alarmRule", alarm, "name")):
        return True
    return name_of(alarm) in _parts(stack)


@lru_cache(maxsize=1)  # every alarm evaluates the same stack
def _parts(stack: Stack) -> frozenset[str]:
    """Return the names of the alarms in composite alarms."""
    rules = (_known(alarm, "alarmRule") for alarm in stack.of((COMPOSITE_ALARM,)))
    return frozenset(name.rsplit(":", 1)[-1] for rule in rules for name in _STATE.findall(str(rule or "")))


def is_read(stack: Stack, namespace: str, metric: str) -> bool:
    """Return whether any alarm reads this metric of any resource."""
    return (namespace, metric, _ANY) in _by_metric(stack)


def any_fires_by(alarms: Iterator[WatchedMetric], limit: float, scale: float = 1) -> bool:
    """Return whether an alarm fires by `limit`. Raises UnknownValue when only alarms with unknown thresholds could."""
    unknown: UnknownValue | None = None
    for watched in alarms:
        try:
            if watched.fires_by(limit, scale):
                return True
        except UnknownValue as answer:
            unknown = answer
    if unknown is not None:
        raise unknown
    return False


def name_of(resource: Resource) -> str:
    """Return the resource's name in a dimension, empty while it is unknown: for a load balancer the end of its ARN
    (app/NAME/ID), for a health check its id."""
    balancer = resource.type.startswith(("aws:lb/", "aws:alb/"))
    for key in ("arnSuffix",) if balancer else ("replicationGroupId", "name"):
        if isinstance(value := _known(resource, key), str):
            return value
    arn = str(_known(resource, "arn") or "")
    end = arn.rsplit(":", 1)[-1]
    return end.removeprefix("loadbalancer/") if balancer else end.rsplit("/", 1)[-1]


def _known(resource: Resource, key: str) -> object:
    try:
        return resource.outputs.get(key)
    except UnknownValue:
        return None


@lru_cache(maxsize=1)  # every rule of this area evaluates the same stack
def _by_metric(stack: Stack) -> dict[tuple[str, str, str], list[WatchedMetric]]:
    """Return all watched metrics by namespace, metric and source: a URN, DIMENSION=value, _EVERY or _ANY."""
    index: dict[tuple[str, str, str], list[WatchedMetric]] = {}
    for alarm in stack.of((METRIC_ALARM,)):
        flows = alarm.references.get("dimensions", frozenset()) | alarm.references.get("metricQueries", frozenset())
        try:
            read = list(_read(alarm))
        except UnknownValue:
            for source in flows:
                index.setdefault((*_UNREADABLE, source), []).append(
                    WatchedMetric(alarm, "", 0, frozenset(), "", of_all=False)
                )
            continue
        names = frozenset(metric for _, metric, _, _, _ in read)
        expression = "\n".join(_expressions(alarm))
        for namespace, metric, statistic, period, values in read:
            of_all = _EVERY in values or any(value.startswith("ReplicationGroupId=") for value in values)
            watched = WatchedMetric(alarm, statistic, period, names, expression, of_all)
            for source in {_ANY, *values, *(() if _EVERY in values else flows)}:
                index.setdefault((namespace, metric, source), []).append(watched)
    return index


def _read(alarm: Resource) -> Iterator[tuple[str, str, str, float, list[str]]]:
    """Yield namespace, name, statistic, period and dimensions (NAME=value) of each metric that the alarm reads."""
    own = alarm.properties
    if declared(own, "metricName"):
        yield (
            str(own.get("namespace")),
            str(own["metricName"]),
            str(own.get("extendedStatistic") or own.get("statistic") or ""),
            number(own, "period") or 0,
            list(_dimensions(own)),
        )
    for _, query in items(own, "metricQueries"):
        if metric := block(query, "metric"):
            yield (
                str(metric.get("namespace")),
                str(metric.get("metricName")),
                str(metric.get("stat")),
                number(metric, "period") or 0,
                list(_dimensions(metric)),
            )
        elif match := _QUERY.search(str(query.get("expression") or "")):
            yield match[3], match[2], match[1].title(), number(query, "period") or 0, [_EVERY]


def _dimensions(holder: Mapping[str, Any]) -> Iterator[str]:
    try:
        for key, value in block(holder, "dimensions").items():
            yield f"{key}={value}"
            # A node's id is its replication group's id with a numeric suffix.
            if key in ("CacheClusterId", "ReplicationGroupId"):
                yield f"CacheClusterId={_CACHE_NODE.sub('', str(value))}"
    except UnknownValue:
        return  # its source is known


def _expressions(alarm: Resource) -> Iterator[str]:
    for _, query in items(alarm.properties, "metricQueries"):
        if expression := query.get("expression"):
            yield str(expression)
