from __future__ import annotations

import json
from typing import Any

import pytest

from policies.rule import Outcome, Stack
from policies.waf.metrics import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


def test_enabled_metrics_pass() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"visibilityConfig.cloudwatchMetricsEnabled": False},
            [("visibilityConfig.cloudwatchMetricsEnabled", "false")],
        ),
        ({"visibilityConfig": ABSENT}, [("visibilityConfig.cloudwatchMetricsEnabled", "not set")]),
        (
            {"rules[0].visibilityConfig.cloudwatchMetricsEnabled": False},
            [("rule rate: visibilityConfig.cloudwatchMetricsEnabled", "false")],
        ),
    ],
)
def test_disabled_metrics_fail_with_the_rule_name(changes: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(finding.path, finding.found) for finding in evaluate(RULE, "acl", changes).findings] == found


@pytest.mark.parametrize(("enabled", "outcome"), [(True, Outcome.PASS), (False, Outcome.FAIL)])
def test_rules_in_json_are_evaluated(enabled: bool, outcome: Outcome) -> None:
    rules = [{"Name": "rate", "VisibilityConfig": {"CloudWatchMetricsEnabled": enabled}}]
    properties = {"ruleJson": json.dumps(rules), "visibilityConfig": {"cloudwatchMetricsEnabled": True}}
    acl = resource("aws:wafv2/webAcl:WebAcl", properties)
    assert RULE.evaluate(acl, Stack((acl,))).outcome is outcome


@pytest.mark.parametrize("path", ["visibilityConfig", "rules", "rules[0].visibilityConfig.cloudwatchMetricsEnabled"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "acl", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
