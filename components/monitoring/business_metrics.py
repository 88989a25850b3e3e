"""Business metrics that the application publishes: active users, tasks created, retention.

This module creates no resources. The application writes one JSON line in CloudWatch's embedded metric format to its
log, and CloudWatch Logs extracts metrics from it; a metric without log lines does not exist and costs nothing. Such a
line, with the two values that the application receives as environment variables (`environment`):

    {"_aws": {"Timestamp": 1790000000000, "CloudWatchMetrics": [{
        "Namespace": "<BUSINESS_METRICS_NAMESPACE>", "Dimensions": [["Stack"]],
        "Metrics": [{"Name": "TasksCreated", "Unit": "Count"}]}]},
     "Stack": "<BUSINESS_METRICS_STACK>", "TasksCreated": 1}

`Timestamp` is milliseconds since 1970. The whole line must be that JSON: CloudWatch does not read a line that a logger
wraps in a "message".
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
(read 2026-11-28)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.monitoring.metric import Metric

NAMESPACE = "tierup/business"
_DIMENSION = "Stack"


class BusinessMetric(StrEnum):
    """The metrics' names in the application's log."""

    ACTIVE_USERS = "ActiveUsers"
    """Number of users active in the last 5 minutes; one worker logs it every 5 minutes."""
    TASKS_CREATED = "TasksCreated"
    """1 for each task, logged when it is created."""
    RETENTION = "Retention"
    """Percentage of last week's users who returned this week; one worker logs it once a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessMetrics:
    """The metrics of one stack."""

    stack_id: str
    """Value of the dimension Stack, unique in the account: project and stack."""

    def __post_init__(self) -> None:
        if not self.stack_id.isascii() or not 1 <= len(self.stack_id) <= 250 or self.stack_id.startswith(":"):
            raise ValueError(
                f"stack_id: not a dimension value of CloudWatch (got {self.stack_id!r}). Use 1 to 250 ASCII "
                "characters, with no ':' first."
            )

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables that the application needs to log the metrics."""
        return {"BUSINESS_METRICS_NAMESPACE": NAMESPACE, "BUSINESS_METRICS_STACK": self.stack_id}

    def metric(self, which: BusinessMetric, statistic: str) -> Metric:
        """Return one metric with a statistic, for alarms and dashboards."""
        return Metric(
            namespace=NAMESPACE, name=which.value, dimensions={_DIMENSION: self.stack_id}, statistic=statistic
        )
