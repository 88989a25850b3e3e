from __future__ import annotations

import json
from typing import Any

import pytest

from policies.monitoring.request_rate_monitored import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resources_with, urn

BODY = "board: dashboardBody"


def drawing(*lines: Any) -> dict[str, str]:
    return {BODY: json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": list(lines)}}]})}


@pytest.mark.parametrize(
    "lines",
    [
        [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "balancer"]],
        [["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", "balancer"], [".", "RequestCount", ".", "."]],
        [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "other"], ["...", "balancer"]],
        [["AWS/ApplicationELB", "RequestCountPerTarget", "TargetGroup", "t", "LoadBalancer", "balancer"]],
        [[{"expression": "SEARCH('{AWS/ApplicationELB,LoadBalancer} MetricName=\"RequestCount\"', 'Sum')"}]],
    ],
)
def test_request_count_on_a_dashboard_passes(lines: list[Any]) -> None:
    assert evaluate(RULE, "balancer", drawing(*lines)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"board": ABSENT},
        drawing(["AWS/ApplicationELB", "RequestCount", "LoadBalancer", "other"]),
        drawing(["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", "balancer"]),
        {BODY: "[]"},
        {BODY: "no json"},
    ],
)
def test_request_count_on_no_dashboard_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


def test_alarm_on_the_request_count_passes() -> None:
    changes = {"board": ABSENT, "monitored-slow: metricName": "RequestCount"}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.PASS


def test_unknown_body_evaluates_to_unknown() -> None:
    known = {each.name: each for each in resources_with({BODY: UNKNOWN})}
    board = known["board"]
    source = urn("aws:lb/loadBalancer:LoadBalancer", "balancer")
    known["board"] = type(board)(
        board.type, board.name, board.urn, board.properties, board.outputs, {"dashboardBody": frozenset({source})}
    )
    assert RULE.evaluate(known["balancer"], Stack(tuple(known.values()))).outcome is Outcome.UNKNOWN


def test_network_load_balancer_is_not_applicable() -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": "network"}).outcome is Outcome.NOT_APPLICABLE
