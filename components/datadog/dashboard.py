"""A Datadog dashboard with one graph per threshold, and the threshold as a line in it.

Creates one datadog.DashboardJson.

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.datadog.queries import added, series
from components.monitoring.monitored_threshold import MonitoredThreshold
from components.optional_sdk import optional_sdk

if TYPE_CHECKING:
    import pulumi_datadog as datadog
else:
    datadog = optional_sdk("pulumi_datadog", "datadog")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogDashboardArgs:
    """Arguments of DatadogDashboard."""

    title: str
    """Title of the dashboard."""
    thresholds: Mapping[str, MonitoredThreshold]
    """Thresholds by name, one graph each."""
    objective_id: Input[str] | None = None
    """Id of a service level objective that is shown first; None shows none."""


class DatadogDashboard(pulumi.ComponentResource):
    """A Datadog dashboard with a graph for each threshold."""

    url: Output[str]
    """Path of the dashboard on the Datadog site."""

    def __init__(self, name: str, args: DatadogDashboardArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:datadog:DatadogDashboard", name, None, opts)
        widgets: list[Any] = [] if args.objective_id is None else [_objective(args.objective_id)]
        widgets += [_graph(key, threshold) for key, threshold in args.thresholds.items()]
        dashboard = datadog.DashboardJson(
            f"{name}-dashboard",
            dashboard=Output.json_dumps({"title": args.title, "layout_type": "ordered", "widgets": widgets}),
            opts=ResourceOptions(parent=self),
        )
        self.url = dashboard.url
        self.register_outputs({"url": self.url})


def _graph(key: str, threshold: MonitoredThreshold) -> dict[str, Any]:
    value = added(threshold.metrics)
    if threshold.total is not None:
        value = Output.concat("100 * (", value, ") / ", series(threshold.total))
    limit = f"y {threshold.comparison} {threshold.threshold:g}"
    return {
        "definition": {
            "type": "timeseries",
            "title": key,
            "requests": [{"q": value, "display_type": "bars" if threshold.is_count else "line"}],
            "markers": [{"value": limit, "display_type": "error dashed"}],
        }
    }


def _objective(objective_id: Input[str]) -> dict[str, Any]:
    return {
        "definition": {
            "type": "slo",
            "view_type": "detail",
            "view_mode": "overall",
            "time_windows": ["30d"],
            "show_error_budget": True,
            "slo_id": objective_id,
        }
    }
