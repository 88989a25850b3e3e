"""Business metrics have alarms on missing data, and the dashboard draws the error budget that the alarms use."""

from __future__ import annotations

from components.monitoring.alarms import TreatMissingData
from components.monitoring.burn_rate_alarms import failed_percent
from components.monitoring.business_metrics import BusinessMetric, BusinessMetrics
from components.monitoring.dashboard import Computed, Graph
from components.monitoring.metric import Metric
from stacks.catalog import thresholds
from stacks.monitoring.business import OBJECTIVE_PERCENT, business_alarms, business_row, objective_row

METRICS = BusinessMetrics(stack_id="shop-prod")


def count(name: str) -> Metric:
    return Metric(namespace="AWS/ApplicationELB", name=name, dimensions={}, statistic="Sum")


def test_every_business_metric_is_on_the_dashboard_and_its_absence_fires_an_alarm() -> None:
    every = {each.value for each in BusinessMetric}
    monitored = {metric.name for alarm in business_alarms(METRICS).values() for metric in alarm.metrics.values()}
    drawn = {
        line.name
        for panel in business_row(METRICS).panels
        if isinstance(panel, Graph)
        for line in panel.lines.values()
        if isinstance(line, Metric)
    }
    assert monitored == drawn == every


def test_business_alarms_notify_when_data_stops_and_not_before_the_first_data() -> None:
    found = {(alarm.treat_missing_data, alarm.notify_missing) for alarm in business_alarms(METRICS).values()}
    assert found == {(TreatMissingData.MISSING, True)}


def test_objective_is_the_error_rate_of_the_thresholds() -> None:
    assert round(100 - OBJECTIVE_PERCENT, 6) == thresholds.ERROR_PERCENT


def test_error_budget_is_drawn_from_the_expression_of_its_alarms() -> None:
    failures = {"service": count("HTTPCode_Target_5XX_Count")}
    (failed, burn_rate) = objective_row(requests=count("RequestCount"), failures=failures).panels
    assert isinstance(failed, Graph)
    assert isinstance(burn_rate, Graph)
    line = failed.lines["per hour"]
    assert isinstance(line, Computed)
    assert line.expression == failed_percent(failures)
    assert set(line.operands) == {"service", "requests"}
    assert (failed.limit, burn_rate.limit) == (thresholds.ERROR_PERCENT, 14.4)
