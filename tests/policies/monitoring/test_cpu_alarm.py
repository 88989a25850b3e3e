from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.cpu_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ALARM = "monitored-cpu"


@pytest.mark.parametrize(
    ("threshold", "outcome"), [(70, Outcome.PASS), (50, Outcome.PASS), (71, Outcome.FAIL), (UNKNOWN, Outcome.UNKNOWN)]
)
def test_alarm_must_fire_at_the_limit(threshold: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "service", {f"{ALARM}: threshold": threshold}).outcome is outcome


@pytest.mark.parametrize(
    "changes",
    [
        {ALARM: ABSENT},
        {f"{ALARM}: dimensions.ServiceName": "other"},
        {f"{ALARM}: namespace": "AWS/EC2"},
        {f"{ALARM}: comparisonOperator": "LessThanThreshold"},
    ],
)
def test_missing_alarm_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_limit_is_configurable() -> None:
    assert evaluate(RULE, "service", parameters={"cpuPercent": 60}).outcome is Outcome.FAIL


@pytest.mark.parametrize(("expression", "outcome"), [("100 * used / reserved", Outcome.PASS), ("used", Outcome.FAIL)])
def test_container_insights_metrics_count(expression: str, outcome: Outcome) -> None:
    dimensions = {"ClusterName": "main", "ServiceName": "service"}
    queries = [
        *(
            {
                "id": key,
                "metric": {
                    "namespace": "ECS/ContainerInsights",
                    "metricName": name,
                    "dimensions": dimensions,
                    "stat": "Average",
                },
            }
            for key, name in (("used", "CpuUtilized"), ("reserved", "CpuReserved"))
        ),
        {"id": "percent", "expression": expression, "returnData": True},
    ]
    changes = {f"{ALARM}: metricName": ABSENT, f"{ALARM}: dimensions": ABSENT, f"{ALARM}: metricQueries": queries}
    assert evaluate(RULE, "service", changes).outcome is outcome


@pytest.mark.parametrize(
    "query",
    [
        'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName)',
        'SELECT AVG("CPUUtilization") FROM "AWS/ECS" GROUP BY ServiceName',
    ],
)
def test_metrics_insights_query_covers_every_service(query: str) -> None:
    queries = [{"id": "q1", "expression": query, "returnData": True}]
    changes = {f"{ALARM}: metricName": ABSENT, f"{ALARM}: dimensions": ABSENT, f"{ALARM}: metricQueries": queries}
    assert evaluate(RULE, "service", changes).outcome is Outcome.PASS


def test_worker_is_not_applicable() -> None:
    assert evaluate(RULE, "service", {"loadBalancers": ABSENT, ALARM: ABSENT}).outcome is Outcome.NOT_APPLICABLE
