"""Scaling targets of an ECS service: requests, metrics of the application, and scheduled capacity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pulumi import Input
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgsDict,
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict,
)

from components.monitoring.metric import Metric
from components.scheduling.expression import check_schedule
from components.scheduling.time_zone import check_time_zone

CustomMetric: TypeAlias = PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgsDict
CustomMetricPart: TypeAlias = PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestTarget:
    """The target of requests for each task. Raises ValueError for a target below 1."""

    requests_per_minute: int
    """Requests per minute and task above which the service scales out, 1 or more."""
    load_balancer_arn_suffix: Input[str]
    """The `LoadBalancer` dimension of its metrics."""
    target_group_arn_suffix: Input[str]
    """The `TargetGroup` dimension of the group's metrics."""
    alternate_target_group_arn_suffix: Input[str] | None = None
    """The `TargetGroup` dimension of the alternate group of blue/green deployments (BlueGreen). AWS's predefined metric
    covers one group, has no data while the other group serves, and is not supported with blue/green, so the requests of
    both groups are added.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (read
    2026-11-24)"""

    def __post_init__(self) -> None:
        if self.requests_per_minute < 1:
            raise ValueError(
                f"requests_per_minute: below 1 (got {self.requests_per_minute}). Set 1 or more requests for each task."
            )

    def both_groups_specification(self) -> CustomMetric | None:
        """Return a metric of the requests for each target of the group that serves; the other group has no requests.

        SUM of a list skips a group without data. FILL must not be used: it sets the newest, not yet published point of
        both groups to 0, so that the alarm of target tracking may never fire. Returns None for a single group, which
        AWS's predefined metric covers.
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (FILL, and missing values
        as 0 in sums; read 2026-11-28 as awsdocs/amazon-cloudwatch-user-guide has it)
        """
        if self.alternate_target_group_arn_suffix is None:
            return None
        return {
            "metrics": [
                self._requests("first", self.target_group_arn_suffix),
                self._requests("second", self.alternate_target_group_arn_suffix),
                {
                    "id": "both",
                    "expression": "SUM([first, second])",
                    "label": "Requests for each task",
                    "return_data": True,
                },
            ]
        }

    def _requests(self, metric_id: str, target_group_arn_suffix: Input[str]) -> CustomMetricPart:
        dimensions = {"LoadBalancer": self.load_balancer_arn_suffix, "TargetGroup": target_group_arn_suffix}
        return _metric(metric_id, "AWS/ApplicationELB", "RequestCountPerTarget", "Sum", dimensions)


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricTarget:
    """A target of a custom metric that decreases with more tasks, such as waiting jobs for each worker.

    Raises ValueError for a target of 0 or less.
    """

    metric: Metric
    """The metric, with one value a minute."""
    value: float
    """The target value, above 0. The metric must be a value for each task: it would not decrease with more tasks
    otherwise."""

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ValueError(
                f"value: not above 0 (got {self.value}). Set more than 0: the service would scale out without limit."
            )

    def specification(self) -> CustomMetric:
        """Return the customized metric specification of Application Auto Scaling."""
        metric = self.metric
        return {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "statistic": metric.statistic,
            "dimensions": [{"name": key, "value": metric.dimensions[key]} for key in sorted(metric.dimensions)],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueTarget:
    """A target of visible messages in an SQS queue for each running task. Raises ValueError for a target below 1.

    Container Insights of the cluster counts the running tasks.
    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
    (from memory, to be checked)
    """

    queue_name: Input[str]
    """Name of the queue, the `QueueName` dimension of its metrics."""
    messages_per_task: int
    """Waiting messages for each running task above which the service scales out, 1 or more."""
    cluster_name: Input[str]
    """Name of the service's cluster."""
    service_name: Input[str]
    """Name of the service."""

    def __post_init__(self) -> None:
        if self.messages_per_task < 1:
            raise ValueError(
                f"messages_per_task: below 1 (got {self.messages_per_task}). Set 1 or more messages for each task."
            )

    @property
    def value(self) -> float:
        """The target value of the policy."""
        return self.messages_per_task

    def specification(self) -> CustomMetric:
        """Return the customized metric specification of Application Auto Scaling."""
        service = {"ClusterName": self.cluster_name, "ServiceName": self.service_name}
        return {
            "metrics": [
                _metric(
                    "waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum", {"QueueName": self.queue_name}
                ),
                _metric("running", "ECS/ContainerInsights", "RunningTaskCount", "Average", service),
                {
                    "id": "each",
                    # From 0 tasks, too, whose number Container Insights may not report: a division by 0 has no value.
                    "expression": "waiting / IF(FILL(running, 0) > 0, running, 1)",
                    "label": "Waiting messages for each task",
                    "return_data": True,
                },
            ]
        }


def _metric(
    metric_id: str, namespace: str, name: str, statistic: str, dimensions: Mapping[str, Input[str]]
) -> CustomMetricPart:
    return {
        "id": metric_id,
        "return_data": False,
        "metric_stat": {
            "stat": statistic,
            "metric": {
                "namespace": namespace,
                "metric_name": name,
                "dimensions": [{"name": key, "value": value} for key, value in dimensions.items()],
            },
        },
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledCapacity:
    """Bounds of the number of tasks from a scheduled time until the next scheduled action.

    Raises ValueError for a schedule, time zone or bounds that AWS does not accept.
    """

    schedule: str
    """Schedule expression: cron(minutes hours day-of-month month day-of-week year), rate(...) or
    at(yyyy-mm-ddThh:mm:ss)."""
    min_tasks: int
    """Minimum number of tasks, 0 or more."""
    max_tasks: int
    """Maximum number of tasks, `min_tasks` or more."""
    timezone: str = "UTC"
    """IANA time zone of the schedule, such as Europe/Berlin, with its daylight saving time."""

    def __post_init__(self) -> None:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        check_bounds(self.min_tasks, self.max_tasks)


def check_bounds(min_tasks: int, max_tasks: int) -> None:
    """Raise ValueError unless 0 <= `min_tasks` <= `max_tasks`."""
    if not 0 <= min_tasks <= max_tasks:
        raise ValueError(
            f"min_tasks, max_tasks: not valid bounds (got {min_tasks}, {max_tasks}). "
            "Set 0 or more, and max_tasks not below min_tasks."
        )
