"""Reads a stack's metrics of the last days from CloudWatch. Its alarms, found by their tags, name the metrics.

Needs cloudwatch:DescribeAlarms, cloudwatch:ListTagsForResource and cloudwatch:GetMetricData. GetMetricData accepts 500
metrics in a call, and CloudWatch keeps hourly values for 455 days:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html (read 2026-11-28)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tierup.advise.metrics import Sample

_PERIOD: Final = 3_600
_MAX_QUERIES: Final = 500
_LOAD_BALANCER: Final = "AWS/ApplicationELB"

Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricRow:
    """One metric of advice, and the metric of an alarm whose dimensions it has."""

    name: str
    namespace: str
    metric: str
    statistic: str
    dimensions: tuple[str, ...]
    """The names of the dimensions."""
    alarmed: str | None = None
    """The metric of the alarm, or None for any alarm with the namespace and these dimensions."""
    combine: Callable[[Sequence[float]], float] = max
    """Combines the values of several resources."""
    factor: float = 1.0


METRIC_ROWS: Final = (
    MetricRow(
        name="requests", namespace=_LOAD_BALANCER, metric="RequestCount", statistic="Sum", dimensions=("LoadBalancer",)
    ),
    MetricRow(
        name="p95_ms",
        namespace=_LOAD_BALANCER,
        metric="TargetResponseTime",
        statistic="p95",
        dimensions=("LoadBalancer",),
        factor=1_000,
    ),
    MetricRow(
        name="errors",
        namespace=_LOAD_BALANCER,
        metric="HTTPCode_Target_5XX_Count",
        statistic="Sum",
        dimensions=("LoadBalancer",),
    ),
    MetricRow(
        name="tasks",
        namespace=_LOAD_BALANCER,
        metric="HealthyHostCount",
        statistic="Maximum",
        dimensions=("LoadBalancer", "TargetGroup"),
        alarmed="HealthyHostCount",
        combine=sum,
    ),
    MetricRow(
        name="cpu_percent",
        namespace="AWS/ECS",
        metric="CPUUtilization",
        statistic="Average",
        dimensions=("ClusterName", "ServiceName"),
        alarmed="CPUUtilization",
    ),
    MetricRow(
        name="memory_percent",
        namespace="AWS/ECS",
        metric="MemoryUtilization",
        statistic="Average",
        dimensions=("ClusterName", "ServiceName"),
        alarmed="CPUUtilization",  # the services with requests; workers have no alarm on CPU
    ),
    MetricRow(
        name="cache_memory_percent",
        namespace="AWS/ElastiCache",
        metric="DatabaseMemoryUsagePercentage",
        statistic="Average",
        dimensions=("CacheClusterId",),
        alarmed="DatabaseMemoryUsagePercentage",
    ),
)


@dataclass(frozen=True, slots=True)
class _AlarmedMetric:
    namespace: str
    name: str
    dimensions: Dimensions


def read_metrics(client: Any, tags: Mapping[str, str], *, days: int, now: datetime | None = None) -> Sequence[Sample]:
    """Return the hourly values of a stack. `tags` are those of its resources. Raises botocore's errors.

    `client` is boto3's client of CloudWatch. The result is empty if the stack has no alarms or no data.
    """
    end = (now or datetime.now(UTC)).replace(minute=0, second=0, microsecond=0)
    begin = end - timedelta(days=days)
    found = _dimensions(client, tags)
    queries = [(row, dimensions) for row in METRIC_ROWS for dimensions in found.get(row.name, ())]
    collected: defaultdict[datetime, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for chosen in (queries[first : first + _MAX_QUERIES] for first in range(0, len(queries), _MAX_QUERIES)):
        for number, time, value in _values(client, chosen, begin, end):
            collected[time][chosen[number][0].name].append(value)
    rows = {row.name: row for row in METRIC_ROWS}
    return [
        Sample(
            time=time,
            values={name: rows[name].combine(values) * rows[name].factor for name, values in by_name.items()},
        )
        for time, by_name in sorted(collected.items())
    ]


def _values(
    client: Any, queries: Sequence[tuple[MetricRow, Dimensions]], begin: datetime, end: datetime
) -> Iterator[tuple[int, datetime, float]]:
    """Yield the number of a query, the time and the value of each point, in all pages."""
    metric_queries = [
        {
            "Id": f"m{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": row.namespace,
                    "MetricName": row.metric,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions],
                },
                "Period": _PERIOD,
                "Stat": row.statistic,
            },
        }
        for number, (row, dimensions) in enumerate(queries)
    ]
    if not metric_queries:
        return
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=metric_queries, StartTime=begin, EndTime=end, ScanBy="TimestampAscending"
    )
    for page in pages:
        for result in page["MetricDataResults"]:
            for time, value in zip(result["Timestamps"], result["Values"], strict=True):
                yield int(result["Id"][1:]), time.astimezone(UTC), float(value)


def _dimensions(client: Any, tags: Mapping[str, str]) -> Mapping[str, Sequence[Dimensions]]:
    """Return the dimensions of each metric of advice: those of the stack's alarms."""
    owned: dict[Dimensions, bool] = {}
    found: defaultdict[str, list[Dimensions]] = defaultdict(list)
    pages = client.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    alarmed = ((alarm, metric) for page in pages for alarm in page["MetricAlarms"] for metric in _alarmed(alarm))
    for alarm, metric in alarmed:
        for row in METRIC_ROWS:
            if not _names(row, metric) or metric.dimensions in found[row.name]:
                continue
            if metric.dimensions not in owned:
                owned[metric.dimensions] = _has_tags(client, alarm["AlarmArn"], tags)
            if owned[metric.dimensions]:
                found[row.name].append(metric.dimensions)
    return found


def _alarmed(alarm: Mapping[str, Any]) -> Iterator[_AlarmedMetric]:
    """Yield the metrics that an alarm reads, alone or in an expression."""
    metrics = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    if alarm.get("MetricName"):
        metrics.append(alarm)
    for metric in metrics:
        dimensions = tuple(sorted((each["Name"], each["Value"]) for each in metric.get("Dimensions", ())))
        yield _AlarmedMetric(metric["Namespace"], metric["MetricName"], dimensions)


def _names(row: MetricRow, metric: _AlarmedMetric) -> bool:
    return (
        metric.namespace == row.namespace
        and row.alarmed in (None, metric.name)
        and {name for name, _ in metric.dimensions} == set(row.dimensions)
    )


def _has_tags(client: Any, arn: str, tags: Mapping[str, str]) -> bool:
    answer = client.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return tags.items() <= {each["Key"]: each["Value"] for each in answer}.items()
