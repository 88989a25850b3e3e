from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.response_time_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ALARM = "monitored-slow"


def queried(stat: str, *, expression: str = "m1", dimensions: Any = None) -> dict[str, Any]:
    metric = {
        "namespace": "AWS/ApplicationELB",
        "metricName": "TargetResponseTime",
        "dimensions": dimensions or {"LoadBalancer": "balancer"},
        "stat": stat,
    }
    queries = [{"id": "m1", "metric": metric}, {"id": "e1", "expression": expression, "returnData": True}]
    return {f"{ALARM}: metricName": ABSENT, f"{ALARM}: dimensions": ABSENT, f"{ALARM}: metricQueries": queries}


@pytest.mark.parametrize("statistic", ["p95", "p99", "p99.9", "p100"])
def test_p95_and_stricter_pass(statistic: str) -> None:
    assert evaluate(RULE, "balancer", {f"{ALARM}: extendedStatistic": statistic}).outcome is Outcome.PASS


@pytest.mark.parametrize("statistic", ["p50", "p94.9", "tm95", "wm95"])
def test_percentile_below_95_fails(statistic: str) -> None:
    assert evaluate(RULE, "balancer", {f"{ALARM}: extendedStatistic": statistic}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("statistic", "outcome"), [("Average", Outcome.FAIL), ("Maximum", Outcome.PASS)])
def test_average_fails_and_maximum_passes(statistic: str, outcome: Outcome) -> None:
    changes = {f"{ALARM}: extendedStatistic": ABSENT, f"{ALARM}: statistic": statistic}
    assert evaluate(RULE, "balancer", changes).outcome is outcome


@pytest.mark.parametrize(
    "changes",
    [
        {ALARM: ABSENT},
        {f"{ALARM}: threshold": 0.6},
        {f"{ALARM}: threshold": ABSENT},  # anomaly detection
        {f"{ALARM}: comparisonOperator": "LessThanThreshold"},
        {f"{ALARM}: dimensions": {"LoadBalancer": "other"}},
        {f"{ALARM}: namespace": "AWS/ELB"},
    ],
)
def test_no_such_alarm_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("limit", "threshold", "outcome"),
    [(200, 0.2, Outcome.PASS), (200, 0.5, Outcome.FAIL), (300, 0.3, Outcome.PASS), (1000, 1, Outcome.PASS)],
)
def test_limit_is_configurable(limit: float, threshold: float, outcome: Outcome) -> None:
    changes = {f"{ALARM}: threshold": threshold}
    assert evaluate(RULE, "balancer", changes, parameters={"responseTimeMs": limit}).outcome is outcome


def test_metric_in_an_expression_counts() -> None:
    assert evaluate(RULE, "balancer", queried("p95")).outcome is Outcome.PASS
    assert evaluate(RULE, "balancer", queried("Average")).outcome is Outcome.FAIL


def test_expression_in_milliseconds_is_recognised() -> None:
    changes = queried("p95", expression="m1 * 1000")
    assert evaluate(RULE, "balancer", {**changes, f"{ALARM}: threshold": 500}).outcome is Outcome.PASS
    assert evaluate(RULE, "balancer", {**changes, f"{ALARM}: threshold": 501}).outcome is Outcome.FAIL


def test_alarm_on_one_target_group_passes() -> None:
    changes = {f"{ALARM}: dimensions": {"LoadBalancer": "balancer", "TargetGroup": "targetgroup/a/1"}}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["threshold", "comparisonOperator", "metricName"])
def test_unknown_alarm_evaluates_to_unknown(path: str) -> None:
    assert evaluate(RULE, "balancer", {f"{ALARM}: {path}": UNKNOWN}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_network_or_gateway_load_balancer_is_not_applicable(kind: str) -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": kind}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_type_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": UNKNOWN}).outcome is Outcome.UNKNOWN
