"""A service level objective in Datadog on the share of requests that succeed.

Creates one datadog.ServiceLevelObjective of type metric: good events divided by all events. It shows the error budget;
the burn-rate alarms of CloudWatch notify.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi import Output, ResourceOptions

from components.datadog.monitors import datadog_tags
from components.datadog.queries import added, series
from components.monitoring.metric import Metric
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_datadog as datadog
else:
    datadog = optional_sdk("pulumi_datadog", "datadog")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogObjectiveArgs:
    """Arguments of DatadogObjective."""

    title: str
    """Name of the objective."""
    requests: Metric
    """Number of requests, with the statistic Sum."""
    failures: Sequence[Metric]
    """Numbers of failed requests, with the statistic Sum."""
    objective_percent: float
    """Percentage of requests that must succeed, above 0 and below 100."""
    tags: Mapping[str, str]
    """Tags of the objective."""
    timeframe: Literal["7d", "30d", "90d"] = "30d"
    """Rolling time window in which Datadog computes the share."""

    def __post_init__(self) -> None:
        if not 0 < self.objective_percent < 100:
            raise ValueError(
                f"objective_percent: leaves no error budget (got {self.objective_percent}). Give more than 0 and less "
                "than 100."
            )
        if not self.failures or any(metric.statistic != "Sum" for metric in (self.requests, *self.failures)):
            raise ValueError(
                "requests, failures: an objective counts requests (got no failures, or a statistic other than Sum). "
                "Give metrics with the statistic Sum."
            )


class DatadogObjective(pulumi.ComponentResource):
    """A service level objective on the share of successful requests."""

    objective_id: Output[str]
    """Id of the objective."""

    def __init__(self, name: str, args: DatadogObjectiveArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:datadog:DatadogObjective", name, None, opts)
        requests = series(args.requests)
        objective = datadog.ServiceLevelObjective(
            f"{name}-objective",
            name=args.title,
            type="metric",
            description=f"{args.objective_percent:g} % of requests succeed.",
            query={"numerator": Output.concat(requests, " - (", added(args.failures), ")"), "denominator": requests},
            thresholds=[{"timeframe": args.timeframe, "target": args.objective_percent}],
            timeframe=args.timeframe,
            target_threshold=args.objective_percent,
            tags=datadog_tags(args.tags),
            opts=ResourceOptions(parent=self),
        )
        self.objective_id = objective.id
        self.register_outputs({"objective_id": self.objective_id})
