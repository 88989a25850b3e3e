from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Outcome
from policies.waf.logs import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

BLOCKED = [{"behavior": "KEEP", "conditions": [{"actionCondition": {"action": "BLOCK"}}]}]
DROPPED = [{"behavior": "DROP", "conditions": [{"actionCondition": {"action": "ALLOW"}}]}]


def test_web_acl_with_logging_passes() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"acl-logging": ABSENT}, {"acl-logging: resourceArn": "arn:aws:wafv2:another"}])
def test_missing_logging_configuration_fails(changes: dict[str, Any]) -> None:
    assert [finding.found for finding in evaluate(RULE, "acl", changes).findings] == ["missing"]


@pytest.mark.parametrize(
    ("default", "filters", "outcome"),
    [
        ("DROP", BLOCKED, Outcome.PASS),
        ("KEEP", DROPPED, Outcome.PASS),
        ("DROP", DROPPED, Outcome.FAIL),
        ("DROP", [], Outcome.FAIL),
    ],
)
def test_filter_must_keep_some_requests(default: str, filters: list[dict[str, Any]], outcome: Outcome) -> None:
    changes = {"acl-logging: loggingFilter": {"defaultBehavior": default, "filters": filters}}
    assert evaluate(RULE, "acl", changes).outcome is outcome


def test_unknown_filter_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "acl", {"acl-logging: loggingFilter": UNKNOWN}).outcome is Outcome.UNKNOWN
