from __future__ import annotations

import json
from typing import Any

import pytest

from policies.monitoring.business_metrics import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

BODY = "board: dashboardBody"


def drawing(namespace: str, metric: str) -> dict[str, str]:
    return {BODY: json.dumps({"widgets": [{"properties": {"metrics": [[namespace, metric]]}}]})}


def test_business_metric_on_a_dashboard_passes() -> None:
    assert evaluate(RULE, "service", drawing("shop/business", "ActiveUsers")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [{"board": ABSENT}, drawing("AWS/Lambda", "Invocations"), drawing("shop", "checkout-errors"), {BODY: "{}"}],
)
def test_technical_metrics_alone_fail(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(("namespace", "outcome"), [("shop/business", Outcome.PASS), ("other", Outcome.FAIL)])
def test_namespaces_are_configurable(namespace: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "service", parameters={"businessNamespaces": [namespace]}).outcome is outcome


def test_unknown_dashboard_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {BODY: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_worker_is_not_applicable() -> None:
    assert evaluate(RULE, "service", {"loadBalancers": ABSENT}).outcome is Outcome.NOT_APPLICABLE
