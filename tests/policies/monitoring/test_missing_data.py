from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.missing_data import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize(
    ("treatment", "outcome"),
    [
        ("breaching", Outcome.PASS),
        ("notBreaching", Outcome.FAIL),
        ("ignore", Outcome.FAIL),
        ("missing", Outcome.FAIL),
        (ABSENT, Outcome.FAIL),
        (UNKNOWN, Outcome.UNKNOWN),
    ],
)
@pytest.mark.parametrize("alarm", ["monitored-down", "monitored-part"])
def test_missing_data_must_be_breaching(alarm: str, treatment: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, alarm, {"treatMissingData": treatment}).outcome is outcome


@pytest.mark.parametrize(("expression", "outcome"), [("FILL(m1, 0)", Outcome.PASS), ("m1", Outcome.FAIL)])
def test_metric_math_may_fill_missing_data(expression: str, outcome: Outcome) -> None:
    queries = [
        {"id": "m1", "metric": {"namespace": "AWS/ApplicationELB", "metricName": "HealthyHostCount"}},
        {"id": "e1", "expression": expression},
    ]
    changes = {"metricName": ABSENT, "metricQueries": queries, "treatMissingData": ABSENT}
    assert evaluate(RULE, "monitored-part", changes).outcome is outcome


@pytest.mark.parametrize("changes", [{"comparisonOperator": "GreaterThanThreshold"}, {"metricName": "CPUUtilization"}])
def test_alarms_on_other_metrics_are_not_applicable(changes: dict[str, str]) -> None:
    assert evaluate(RULE, "monitored-part", {**changes, "treatMissingData": ABSENT}).outcome is Outcome.NOT_APPLICABLE
