from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Outcome
from policies.waf.body_size import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

COUNTED = {"rules[1].overrideAction": {"count": {}}}  # the common rule set only counts


def limit(size: int, operator: str = "GT", oversize: str | None = None, part: str = "body") -> dict[str, Any]:
    """Return a size constraint in place of the rate limit rule."""
    statement = {"fieldToMatch": {part: {"oversizeHandling": oversize}}, "comparisonOperator": operator, "size": size}
    return {"rules[0]": {"action": {"block": {}}, "statement": {"sizeConstraintStatement": statement}}}


def test_common_rule_set_passes() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [COUNTED, {"rules": ABSENT}])
def test_missing_limit_fails(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", changes).outcome is Outcome.FAIL


def test_size_rule_in_count_fails() -> None:
    overrides = [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}]
    path = "rules[1].statement.managedRuleGroupStatement.ruleActionOverrides"
    assert evaluate(RULE, "acl", {path: overrides}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "rule", [limit(8192), limit(4096, "GE"), limit(1_000_000, oversize="MATCH"), limit(8192, part="jsonBody")]
)
def test_size_constraint_passes(rule: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", {**COUNTED, **rule}).outcome is Outcome.PASS


@pytest.mark.parametrize("rule", [limit(8193), limit(100, "LT"), limit(8192, part="queryString")])
def test_constraint_that_allows_large_bodies_fails(rule: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", {**COUNTED, **rule}).outcome is Outcome.FAIL


def test_counting_constraint_fails() -> None:
    rule = limit(8192)
    rule["rules[0]"]["action"] = {"count": {}}
    assert evaluate(RULE, "acl", {**COUNTED, **rule}).outcome is Outcome.FAIL


def test_cloudfront_inspects_larger_bodies() -> None:
    assert evaluate(RULE, "acl", {**COUNTED, **limit(16_384), "scope": "CLOUDFRONT"}).outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"rules": UNKNOWN}, {**COUNTED, "rules[0].statement": UNKNOWN}])
def test_unknown_values_evaluate_to_unknown(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", changes).outcome is Outcome.UNKNOWN
