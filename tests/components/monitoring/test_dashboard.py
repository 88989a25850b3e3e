"""The dashboard's body: positions of widgets, and the form of each kind of panel."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from components.monitoring.dashboard import (
    AlarmStates,
    Computed,
    Dashboard,
    DashboardArgs,
    DashboardRow,
    Graph,
    LogLines,
    RegionalMetric,
    dashboard_body,
)
from components.monitoring.metric import Metric
from tests.engine_recorder import Recording, record

CPU = Metric(
    namespace="AWS/ECS", name="CPUUtilization", dimensions={"ClusterName": "c", "ServiceName": "s"}, statistic="Average"
)
GRAPH = Graph(title="CPU", lines={"average": CPU}, unit="%", limit=70.0)
LOG = LogLines(title="Errors", log_group_name="logs", query="fields @message")
ROWS = [
    DashboardRow(heading="Now", reading="Red is bad.", panels=[AlarmStates(title="Alarms", arns=["arn:a", "arn:b"])]),
    DashboardRow(heading="Service", reading="Tasks.", panels=[GRAPH, GRAPH, GRAPH]),
    DashboardRow(heading="Log", reading="Lines.", panels=[GRAPH, LOG]),
]


def recorded() -> Recording[Dashboard]:
    args = DashboardArgs(dashboard_name="dev-app", region="eu-west-1", rows=ROWS)
    return record(lambda: Dashboard("dashboard", args))


def widgets() -> list[dict[str, Any]]:
    body = json.loads(recorded().one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    return body["widgets"]


def test_widgets_are_on_the_grid_and_do_not_overlap() -> None:
    def cells(widget: dict[str, Any]) -> set[tuple[int, int]]:
        columns = range(widget["x"], widget["x"] + widget["width"])
        lines = range(widget["y"], widget["y"] + widget["height"])
        return set(itertools.product(columns, lines))

    all_cells = [cells(widget) for widget in widgets()]
    assert all(0 <= column < 24 for found in all_cells for column, _ in found)
    assert sum(map(len, all_cells)) == len(set().union(*all_cells))


def test_rows_are_in_order_from_the_top() -> None:
    headings = [widget for widget in widgets() if widget["type"] == "text"]
    assert [heading["properties"]["markdown"].splitlines()[0] for heading in headings] == [
        "## Now",
        "## Service",
        "## Log",
    ]
    assert [heading["y"] for heading in headings] == sorted(heading["y"] for heading in headings)
    assert headings[0]["y"] == 0


def test_graph_has_metric_region_and_limit() -> None:
    graph = next(widget["properties"] for widget in widgets() if widget["type"] == "metric")
    assert graph["metrics"] == [
        ["AWS/ECS", "CPUUtilization", "ClusterName", "c", "ServiceName", "s", {"stat": "Average", "label": "average"}]
    ]
    assert graph["region"] == "eu-west-1"
    assert graph["annotations"]["horizontal"][0]["value"] == 70


def test_computed_line_is_visible_and_its_operands_are_hidden() -> None:
    half = Computed(expression="cpu / 2", operands={"cpu": CPU})
    body = dashboard_body(
        [DashboardRow(heading="", reading="", panels=[Graph(title="", lines={"half": half}, unit="%")])], "r"
    )
    operand, line = body["widgets"][1]["properties"]["metrics"]
    assert operand[-1] == {"stat": "Average", "id": "cpu", "visible": False}
    assert line == [{"expression": "cpu / 2", "label": "half"}]


def test_line_of_another_region_names_it() -> None:
    graph = Graph(title="", lines={"other": RegionalMetric(metric=CPU, region="eu-central-1")}, unit="%")
    body = dashboard_body([DashboardRow(heading="", reading="", panels=[graph])], "eu-west-1")
    (line,) = body["widgets"][1]["properties"]["metrics"]
    assert line[-1] == {"stat": "Average", "label": "other", "region": "eu-central-1"}


def test_log_panel_queries_its_log_group() -> None:
    (log,) = [widget["properties"] for widget in widgets() if widget["type"] == "log"]
    assert log["query"] == "SOURCE 'logs' | fields @message"


def test_alarm_panel_lists_arns() -> None:
    (alarms,) = [widget["properties"] for widget in widgets() if widget["type"] == "alarm"]
    assert alarms["alarms"] == ["arn:a", "arn:b"]


def test_another_name_does_not_replace_the_dashboard() -> None:
    assert recorded().one("aws:cloudwatch/dashboard:Dashboard").opts.ignore_changes == ("dashboardName",)


def test_url_names_region_and_dashboard() -> None:
    recording = recorded()
    assert recording.value(recording.result.url).endswith("region=eu-west-1#dashboards/dashboard/dev-app")


@pytest.mark.parametrize("panels", [[], [GRAPH] * 5])
def test_invalid_number_of_panels_is_rejected(panels: list[Graph]) -> None:
    with pytest.raises(ValueError, match=r"^panels: .*Give 1 to 4"):
        DashboardRow(heading="Service", reading="", panels=panels)


def test_empty_dashboard_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^rows: must not be empty"):
        DashboardArgs(dashboard_name="app", region="eu-west-1", rows=[])
