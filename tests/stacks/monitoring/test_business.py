"""What the business sees: absence is an alarm, and the budget drawn is the one alarmed on."""

from __future__ import annotations

from components.monitoring.alarms import TreatMissingData
from components.monitoring.burn_rate_alarms import failed_percent
from components.monitoring.business_metrics import BusinessMetric, BusinessMetrics
from components.monitoring.dashboard import Computed, Graph
from components.monitoring.metric import Metric
from stacks.catalog import thresholds as targets
from stacks.monitoring.business import OBJECTIVE_PERCENT, business_alarms, business_row, objective_row

METRICS = BusinessMetrics(stack_id="shop-prod")


def count(name: str) -> Metric:
    return Metric(namespace="AWS/ApplicationELB", name=name, dimensions={}, statistic="Sum")


def test_every_business_metric_is_watched_for_its_absence_and_drawn() -> None:
    every = {each.value for each in BusinessMetric}
    watched = {metric.name for alarm in business_alarms(METRICS).values() for metric in alarm.metrics.values()}
    drawn = {
        line.name
        for panel in business_row(METRICS).panels
        if isinstance(panel, Graph)
        for line in panel.lines.values()
        if isinstance(line, Metric)
    }
    assert watched == drawn == every


def test_w9_business_alarms_notify_when_data_stops_and_not_before_the_first_data() -> None:
    found = {(alarm.treat_missing_data, alarm.notify_missing) for alarm in business_alarms(METRICS).values()}
    assert found == {(TreatMissingData.MISSING, True)}


def test_the_objective_is_the_guides() -> None:
    assert round(100 - OBJECTIVE_PERCENT, 6) == targets.ERROR_PERCENT


def test_the_budget_is_drawn_from_what_its_alarms_compute() -> None:
    failures = {"service": count("HTTPCode_Target_5XX_Count")}
    (failed, pace) = objective_row(requests=count("RequestCount"), failures=failures).panels
    assert isinstance(failed, Graph)
    assert isinstance(pace, Graph)
    line = failed.lines["per hour"]
    assert isinstance(line, Computed)
    assert line.expression == failed_percent(failures)
    assert set(line.operands) == {"service", "requests"}
    assert (failed.limit, pace.limit) == (targets.ERROR_PERCENT, 14.4)
