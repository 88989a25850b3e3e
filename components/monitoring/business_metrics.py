"""What the application counts of its own business: active users, tasks created, users who came back.

Makes nothing in AWS. The app writes one JSON line in CloudWatch's embedded metric format to its log, and CloudWatch
Logs makes metrics of it as it arrives; a metric that nobody logs does not exist and costs nothing. Such a line, with
the two values that the app gets as environment variables (`environment`):

    {"_aws": {"Timestamp": 1790000000000, "CloudWatchMetrics": [{
        "Namespace": "<BUSINESS_METRICS_NAMESPACE>", "Dimensions": [["Stack"]],
        "Metrics": [{"Name": "TasksCreated", "Unit": "Count"}]}]},
     "Stack": "<BUSINESS_METRICS_STACK>", "TasksCreated": 1}

`Timestamp` is milliseconds since 1970. The line must be JSON by itself: a logger that wraps it in a "message" hides it.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
(from memory, 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.monitoring.metric import Metric

NAMESPACE = "tierup/business"
_DIMENSION = "Stack"


class BusinessMetric(StrEnum):
    """The names as the app logs them."""

    ACTIVE_USERS = "ActiveUsers"  # count of users seen in the last 5 minutes; logged every 5 minutes by one worker
    TASKS_CREATED = "TasksCreated"  # 1 for each task, as it is created
    RETENTION = "Retention"  # percent of last week's users who came back this week; logged once a day by one worker


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessMetrics:
    """The metrics of one stack. `stack_id` tells it from every other in the account: project and stack."""

    stack_id: str

    def __post_init__(self) -> None:
        if not self.stack_id.isascii() or not 1 <= len(self.stack_id) <= 250 or self.stack_id.startswith(":"):
            raise ValueError(
                f"stack_id is '{self.stack_id}'; CloudWatch takes 1 to 250 ASCII characters, none ':' at the front"
            )

    @property
    def environment(self) -> Mapping[str, str]:
        """What the app must know to log them."""
        return {"BUSINESS_METRICS_NAMESPACE": NAMESPACE, "BUSINESS_METRICS_STACK": self.stack_id}

    def metric(self, which: BusinessMetric, statistic: str) -> Metric:
        """The metric as alarms and dashboards take it."""
        return Metric(
            namespace=NAMESPACE, name=which.value, dimensions={_DIMENSION: self.stack_id}, statistic=statistic
        )
