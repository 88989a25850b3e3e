from __future__ import annotations

import json
from typing import Any

import pytest

from policies.monitoring.business_metrics import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

ALARM = "watch-business"


def test_an_alarm_on_what_users_do_passes() -> None:
    assert judge(RULE, "service").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {ALARM: GONE},
        {f"{ALARM}: namespace": "AWS/Lambda"},
        {f"{ALARM}: metricName": "checkout-errors"},
    ],
)
def test_what_machines_do_is_not_enough(changes: dict[str, Any]) -> None:
    assert judge(RULE, "service", changes).outcome is Outcome.FAIL


def test_a_line_on_a_dashboard_passes_too() -> None:
    body = {"widgets": [{"properties": {"metrics": [["shop/business", "ActiveUsers"]]}}]}
    assert judge(RULE, "service", {ALARM: GONE, "board: dashboardBody": json.dumps(body)}).outcome is Outcome.PASS


@pytest.mark.parametrize(("namespace", "outcome"), [("shop/business", Outcome.PASS), ("other", Outcome.FAIL)])
def test_the_namespaces_can_be_named(namespace: str, outcome: Outcome) -> None:
    assert judge(RULE, "service", parameters={"businessNamespaces": [namespace]}).outcome is outcome


@pytest.mark.parametrize("changes", [{f"{ALARM}: metricName": UNKNOWN}, {ALARM: GONE, "board: dashboardBody": UNKNOWN}])
def test_what_is_not_known_yet_is_not_a_pass(changes: dict[str, Any]) -> None:
    assert judge(RULE, "service", changes).outcome is Outcome.UNKNOWN


def test_a_worker_is_not_judged() -> None:
    assert judge(RULE, "service", {"loadBalancers": GONE}).outcome is Outcome.NOT_APPLICABLE
