"""One CloudWatch dashboard with a row per layer, from user-visible latency down to the infrastructure.

Creates one aws.cloudwatch.Dashboard. A row is a heading with a sentence on how to read it, then its panels side by side
over the full width. Thresholds appear as horizontal lines in the graphs.
The dashboard body (from memory, to be checked):
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

Checklist: monitoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.monitoring.metric import Metric

_COLUMNS = 24  # width of every CloudWatch dashboard
_HEADING_HEIGHT = 2
_PANEL_HEIGHT = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """A line computed by metric math. Its operands are not visible."""

    expression: str
    """Metric math over the operands' ids."""
    operands: Mapping[str, Metric]
    """Metrics by the id that the expression uses. Ids are unique in the graph."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionalMetric:
    """A line in a graph that compares regions.

    A metric of the dashboard body may name its region: aws/aws-cdk, aws-cloudwatch/lib/private/rendering.ts (read
    2026-11-29).
    """

    metric: Metric
    """The metric."""
    region: str
    """Region of the metric."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """A panel with lines over time."""

    title: str
    """Title of the panel."""
    lines: Mapping[str, Metric | RegionalMetric | Computed]
    """Lines by label."""
    unit: str
    """Unit of the axis, such as ms, % or requests."""
    limit: float | None = None
    """Value of a horizontal red line; None draws none."""
    period_seconds: int = 60
    """Period of the metrics."""
    region: str | None = None
    """Region of the metrics that name none themselves; None is the dashboard's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmStates:
    """A panel with the current states of alarms."""

    title: str
    """Title of the panel."""
    arns: Sequence[Input[str]]
    """ARNs of the alarms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLines:
    """A panel with the results of a Logs Insights query."""

    title: str
    """Title of the panel."""
    log_group_name: Input[str]
    """Name of the log group."""
    query: str
    """Logs Insights query without SOURCE."""


Panel = Graph | AlarmStates | LogLines


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardRow:
    """One layer: a heading, an explanation and panels."""

    heading: str
    """Heading of a few words."""
    reading: str
    """One sentence on what to look for."""
    panels: Sequence[Panel]
    """1 to 4 panels from left to right."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= 4:
            raise ValueError(
                f"panels: the row {self.heading!r} would not be readable (got {len(self.panels)}). Give 1 to 4."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardArgs:
    """Arguments of Dashboard."""

    dashboard_name: Input[str]
    """Name of the dashboard. It has no automatic name, and CloudWatch overwrites a dashboard with the same name."""
    region: str
    """Region of the metrics, unless a panel names another."""
    rows: Sequence[DashboardRow]
    """Rows from top to bottom, one or more."""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("rows: must not be empty (got none). Give one or more.")


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard with one row of panels for each layer."""

    url: Output[str]
    """URL of the dashboard in AWS's console."""

    def __init__(self, name: str, args: DashboardArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Dashboard", name, None, opts)
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.dashboard_name,
            dashboard_body=Output.json_dumps(dashboard_body(args.rows, args.region)),
            # The name is the dashboard's identity; a renamed stack keeps the dashboard and its URL.
            opts=ResourceOptions(parent=self, ignore_changes=["dashboardName"]),
        )
        self.url = Output.concat(
            f"https://{args.region}.console.aws.amazon.com/cloudwatch/home?region={args.region}#dashboards/dashboard/",
            dashboard.dashboard_name,
        )
        self.register_outputs({"url": self.url})


def dashboard_body(rows: Sequence[DashboardRow], region: str) -> dict[str, Any]:
    """Return the dashboard body, with each widget's position. Names and ids in it may be outputs."""
    widgets: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        heading = {"markdown": f"## {row.heading}\n{row.reading}"}
        widgets.append(
            {"type": "text", "x": 0, "y": y, "width": _COLUMNS, "height": _HEADING_HEIGHT, "properties": heading}
        )
        y += _HEADING_HEIGHT
        width = _COLUMNS // len(row.panels)
        for column, panel in enumerate(row.panels):
            place = {"x": column * width, "y": y, "width": width, "height": _PANEL_HEIGHT}
            widgets.append({**place, **_widget(panel, region)})
        y += _PANEL_HEIGHT
    return {"start": "-PT6H", "periodOverride": "inherit", "widgets": widgets}


def _widget(panel: Panel, region: str) -> dict[str, Any]:
    match panel:
        case Graph():
            return {"type": "metric", "properties": _graph(panel, region)}
        case AlarmStates():
            return {"type": "alarm", "properties": {"title": panel.title, "alarms": list(panel.arns)}}
        case LogLines():
            query = Output.concat("SOURCE '", panel.log_group_name, "' | ", panel.query)
            return {
                "type": "log",
                "properties": {"title": panel.title, "region": region, "query": query, "view": "table"},
            }


def _graph(graph: Graph, region: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "title": graph.title,
        "view": "timeSeries",
        "stacked": False,
        "region": graph.region or region,
        "period": graph.period_seconds,
        "metrics": [line for label, metric in graph.lines.items() for line in _lines(label, metric)],
        "yAxis": {"left": {"min": 0, "label": graph.unit, "showUnits": False}},
    }
    if graph.limit is not None:
        properties["annotations"] = {
            "horizontal": [{"label": f"limit {graph.limit:g} {graph.unit}", "value": graph.limit, "color": "#d62728"}]
        }
    return properties


def _lines(label: str, line: Metric | RegionalMetric | Computed) -> list[list[Any]]:
    match line:
        case Metric():
            return [_line(line, {"label": label})]
        case RegionalMetric():
            return [_line(line.metric, {"label": label, "region": line.region})]
        case Computed():
            hidden = [_line(operand, {"id": key, "visible": False}) for key, operand in line.operands.items()]
            return [*hidden, [{"expression": line.expression, "label": label}]]


def _line(metric: Metric, options: dict[str, Any]) -> list[Any]:
    """Return a metric in the dashboard's form: [namespace, name, dimension, value, ..., options]."""
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **options}]
