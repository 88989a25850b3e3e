from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.error_rate_alarm import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

ALARM = "monitored-failures"
EXPRESSION = f"{ALARM}: metricQueries[2].expression"


@pytest.mark.parametrize(
    ("expression", "threshold", "outcome"),
    [
        ("100 * m1 / m2", 0.1, Outcome.PASS),
        ("(m1 / m2) * 100", 0.1, Outcome.PASS),
        ("IF(m2 >= 100, m1 / m2, 0)", 0.001, Outcome.PASS),
        ("m1 / m2", 0.1, Outcome.FAIL),  # 10 % of all requests
        ("100 * m1 / m2", 1, Outcome.FAIL),
        ("m1 + m2", 0.1, Outcome.FAIL),
        ("100 * m1 / m2", UNKNOWN, Outcome.UNKNOWN),
        (UNKNOWN, 0.1, Outcome.UNKNOWN),
    ],
)
def test_rate_is_evaluated_in_percent(expression: str, threshold: Any, outcome: Outcome) -> None:
    changes = {EXPRESSION: expression, f"{ALARM}: threshold": threshold}
    assert evaluate(RULE, "balancer", changes).outcome is outcome


def test_no_alarm_fails() -> None:
    assert evaluate(RULE, "balancer", {ALARM: ABSENT}).findings[0].found == "missing"


def test_count_of_failures_is_not_a_rate() -> None:
    changes = {
        ALARM: ABSENT,
        "monitored-slow: metricName": "HTTPCode_Target_5XX_Count",
        "monitored-slow: extendedStatistic": ABSENT,
        "monitored-slow: statistic": "Sum",
    }
    assert (
        evaluate(RULE, "balancer", changes).findings[0].found
        == "1 on a count or over more than an hour, none on the rate within an hour"
    )


@pytest.mark.parametrize(("period", "outcome"), [(3600, Outcome.PASS), (86_400, Outcome.FAIL)])
def test_an_alarm_passes_over_an_hour_and_fails_over_a_day(period: int, outcome: Outcome) -> None:
    changes = {f"{ALARM}: metricQueries[{n}].metric.period": period for n in (0, 1)}
    assert evaluate(RULE, "balancer", changes).outcome is outcome


def test_failures_of_the_load_balancer_count() -> None:
    changes = {f"{ALARM}: metricQueries[0].metric.metricName": "HTTPCode_ELB_5XX_Count"}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


def test_rate_of_another_load_balancer_fails() -> None:
    other = {"LoadBalancer": "other"}
    changes = {f"{ALARM}: metricQueries[{n}].metric.dimensions": other for n in (0, 1)}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


def test_limit_is_configurable() -> None:
    assert evaluate(RULE, "balancer", parameters={"errorRatePercent": 0.01}).outcome is Outcome.FAIL


def test_network_load_balancer_is_not_applicable() -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": "network"}).outcome is Outcome.NOT_APPLICABLE
