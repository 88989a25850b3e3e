from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Outcome
from policies.waf.known_bad_inputs import RULE
from tests.policies.evaluation import UNKNOWN, evaluate

GROUP = "rules[2].statement.managedRuleGroupStatement"


def override(name: str, action: str = "count") -> dict[str, Any]:
    return {f"{GROUP}.ruleActionOverrides": [{"name": name, "actionToUse": {action: {}}}]}


def test_unchanged_group_passes() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize("name", ["Log4JRCE_HEADER", "JavaDeserializationRCE_BODY", "ReactJSRCE_BODY"])
@pytest.mark.parametrize("action", ["count", "allow"])
def test_code_execution_rule_that_does_not_block_fails(name: str, action: str) -> None:
    verdict = evaluate(RULE, "acl", override(name, action))
    assert [finding.found for finding in verdict.findings] == [f"{name} does not block"]


def test_excluded_rule_fails() -> None:
    verdict = evaluate(RULE, "acl", {f"{GROUP}.excludedRules": [{"name": "Log4JRCE_BODY"}]})
    assert [finding.path for finding in verdict.findings] == ["AWSManagedRulesKnownBadInputsRuleSet: excludedRules[0]"]


@pytest.mark.parametrize(
    "changes",
    [
        override("Log4JRCE_HEADER", "block"),
        override("PROPFIND_METHOD"),
        override("Host_localhost_HEADER"),
        # A rule of another group.
        {"rules[1].statement.managedRuleGroupStatement.excludedRules": [{"name": "Log4JRCE_BODY"}]},
    ],
)
def test_other_overrides_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("action", "label", "outcome"),
    [
        ("block", "awswaf:managed:aws:known-bad-inputs:Log4JRCE_Header", Outcome.PASS),
        ("count", "awswaf:managed:aws:known-bad-inputs:Log4JRCE_Header", Outcome.FAIL),
        ("block", "awswaf:managed:aws:core-rule-set:NoUserAgent_Header", Outcome.FAIL),
    ],
)
def test_a_counted_rule_passes_only_with_a_blocking_rule_on_its_label(
    action: str, label: str, outcome: Outcome
) -> None:
    by_label = {"name": "x", "action": {action: {}}, "statement": {"labelMatchStatement": {"key": label}}}
    assert evaluate(RULE, "acl", {**override("Log4JRCE_HEADER"), "rules[0]": by_label}).outcome is outcome


@pytest.mark.parametrize("changes", [{"rules": []}, {"rules[2].overrideAction": {"count": {}}}])
def test_web_acl_without_the_blocking_group_is_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "acl", changes).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["rules", f"{GROUP}.name", f"{GROUP}.ruleActionOverrides"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "acl", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
