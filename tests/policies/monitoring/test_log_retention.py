from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.log_retention import RULE, remedy
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        (30, Outcome.PASS),
        (3653, Outcome.PASS),
        (14, Outcome.FAIL),
        (0, Outcome.FAIL),
        (ABSENT, Outcome.FAIL),
        (UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_retention_is_long_enough_and_limited(days: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "monitored-logs", {"retentionInDays": days}).outcome is outcome


def test_minimum_is_configurable() -> None:
    verdict = evaluate(RULE, "monitored-logs", {"retentionInDays": 180}, parameters={"retentionDays": 365})
    assert verdict.findings[0].wanted == "365 or more"


def test_delivery_log_group_is_not_applicable() -> None:
    changes = {"logGroupClass": "DELIVERY", "retentionInDays": ABSENT}
    assert evaluate(RULE, "monitored-logs", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("minimum", "days"), [(30, 30), (31, 60), (200, 365), (3653, 3653)])
def test_remedy_sets_the_next_allowed_retention(minimum: int, days: int) -> None:
    group = resource("aws:cloudwatch/logGroup:LogGroup", {})
    assert remedy(group, {"retentionDays": minimum}) == {"retentionInDays": days}
    remedied = resource("aws:cloudwatch/logGroup:LogGroup", remedy(group, {"retentionDays": minimum}))
    assert RULE.evaluate(remedied, {"retentionDays": minimum}).outcome is Outcome.PASS
