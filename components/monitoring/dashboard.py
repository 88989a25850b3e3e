"""One CloudWatch dashboard: rows by layer, from what users feel down to the machines.

Makes one aws.cloudwatch.Dashboard. A row is a heading with a sentence on how to read it, then its panels side by side
over the full width. Numbers that must not be passed are drawn as lines into the graphs.
Its body (from memory, to be checked):
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

_COLUMNS = 24  # of every CloudWatch dashboard
_HEADING_HEIGHT = 2
_PANEL_HEIGHT = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """A line of metric math. Operands are not drawn; their ids are unlike in the whole graph."""

    expression: str
    operands: Mapping[str, Metric]  # by the id that the expression uses


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """Lines over time; `limit` is drawn as a red line."""

    title: str
    lines: Mapping[str, Metric | Computed]  # by label
    unit: str  # of the axis, as read by people: ms, %, requests
    limit: float | None = None
    period_seconds: int = 60
    region: str | None = None  # where the metrics are; None is the dashboard's


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmStates:
    """Which alarms are raised now."""

    title: str
    arns: Sequence[Input[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLines:
    """The newest lines of a log that a Logs Insights query finds."""

    title: str
    log_group_name: Input[str]
    query: str


Panel = Graph | AlarmStates | LogLines


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardRow:
    """One layer: a heading, how to read it, and its panels from left to right."""

    heading: str
    """a few words"""
    reading: str
    """one sentence on what to look for"""
    panels: Sequence[Panel]
    """1 to 4, from left to right"""

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= 4:
            raise ValueError(
                f"row '{self.heading}' has {len(self.panels)} panels; allowed are 1 to 4, so that each stays readable"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class DashboardArgs:
    """What is drawn, under which name."""

    dashboard_name: Input[str]  # CloudWatch gives none by itself, and overwrites one of the same name
    region: str  # where its metrics are, unless a panel says otherwise
    rows: Sequence[DashboardRow]  # from top to bottom

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("rows: got none, allowed one or more: CloudWatch refuses a dashboard without widgets")


class Dashboard(pulumi.ComponentResource):
    """`url` opens it in the console."""

    url: Output[str]
    """Opens it in AWS's console."""

    def __init__(self, name: str, args: DashboardArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Dashboard", name, None, opts)
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args.dashboard_name,
            dashboard_body=Output.json_dumps(dashboard_body(args.rows, args.region)),
            # Its name is its identity in CloudWatch; a renamed stack keeps the dashboard (and everybody's bookmark).
            opts=ResourceOptions(parent=self, ignore_changes=["dashboardName"]),
        )
        self.url = Output.concat(
            f"https://{args.region}.console.aws.amazon.com/cloudwatch/home?region={args.region}#dashboards/dashboard/",
            dashboard.dashboard_name,
        )
        self.register_outputs({"url": self.url})


def dashboard_body(rows: Sequence[DashboardRow], region: str) -> dict[str, Any]:
    """The body as plain data (names and ids in it may still be outputs), each widget with its place on the grid."""
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


def _lines(label: str, metric: Metric | Computed) -> list[list[Any]]:
    if isinstance(metric, Metric):
        return [_line(metric, {"label": label})]
    hidden = [_line(operand, {"id": key, "visible": False}) for key, operand in metric.operands.items()]
    return [*hidden, [{"expression": metric.expression, "label": label}]]


def _line(metric: Metric, options: dict[str, Any]) -> list[Any]:
    """A metric as the dashboard wants it: [namespace, name, dimension, value, ..., options]."""
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **options}]
