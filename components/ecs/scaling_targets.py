"""What a service's number of tasks follows: requests, numbers of the program's own, and the clock."""

from __future__ import annotations

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
    """How many requests a minute one task should have."""

    requests_per_minute: int
    """Of one task; from there on another comes."""
    load_balancer_arn_suffix: Input[str]
    """The `LoadBalancer` dimension of its metrics."""
    target_group_arn_suffix: Input[str]
    """The `TargetGroup` dimension of the group's metrics."""
    alternate_target_group_arn_suffix: Input[str] | None = None
    """The second group of blue/green deployments: AWS's ready-made metric watches one group, falls silent when the
    traffic is in the other and is not supported there, so both are counted. Given with the TrafficShift.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (read
    2026-11-24)"""

    def __post_init__(self) -> None:
        if self.requests_per_minute < 1:
            raise ValueError(f"requests_per_minute: got {self.requests_per_minute}, allowed 1 or more for each task")

    def of_both_groups(self) -> CustomMetric | None:
        """Requests for each target of the group that serves: the other has none, or no data at all. None where there
        is one group, which AWS's ready-made metric counts."""
        if self.alternate_target_group_arn_suffix is None:
            return None
        return {
            "metrics": [
                self._requests("first", self.target_group_arn_suffix),
                self._requests("second", self.alternate_target_group_arn_suffix),
                {
                    "id": "both",
                    "expression": "FILL(first, 0) + FILL(second, 0)",
                    "label": "Requests for each task",
                    "return_data": True,
                },
            ]
        }

    def _requests(self, metric_id: str, target_group_arn_suffix: Input[str]) -> CustomMetricPart:
        dimensions = {"LoadBalancer": self.load_balancer_arn_suffix, "TargetGroup": target_group_arn_suffix}
        return {
            "id": metric_id,
            "return_data": False,
            "metric_stat": {
                "stat": "Sum",
                "metric": {
                    "namespace": "AWS/ApplicationELB",
                    "metric_name": "RequestCountPerTarget",
                    "dimensions": [{"name": key, "value": value} for key, value in dimensions.items()],
                },
            },
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricTarget:
    """A number of the program's own that more tasks bring down: jobs waiting for each worker."""

    metric: Metric
    """What is looked at, by the minute."""
    value: float
    """What it should be. It must be a value for each task, or it does not fall when tasks are added."""

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise ValueError(f"value: got {self.value}, allowed more than 0: tasks would be added without an end")

    def specification(self) -> CustomMetric:
        """As Application Auto Scaling takes it."""
        metric = self.metric
        return {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "statistic": metric.statistic,
            "dimensions": [{"name": key, "value": metric.dimensions[key]} for key in sorted(metric.dimensions)],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledCapacity:
    """Other bounds from a time on, until the next scheduled ones."""

    schedule: str
    """cron(minutes hours day-of-month month day-of-week year), rate(...) or at(yyyy-mm-ddThh:mm:ss)."""
    min_tasks: int
    """0 or more."""
    max_tasks: int
    """`min_tasks` or more."""
    timezone: str = "UTC"
    """"Europe/Berlin": the schedule then keeps to summer time."""

    def __post_init__(self) -> None:
        check_schedule(self.schedule)
        check_time_zone("timezone", self.timezone)
        check_bounds(self.min_tasks, self.max_tasks)


def check_bounds(min_tasks: int, max_tasks: int) -> None:
    """Raises ValueError unless the first is the lower one."""
    if not 0 <= min_tasks <= max_tasks:
        raise ValueError(f"min_tasks, max_tasks: got {min_tasks}, {max_tasks}, allowed 0 or more, lower first")
