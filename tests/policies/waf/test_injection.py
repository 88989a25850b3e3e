from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.rule import Outcome, Stack, Verdict
from policies.waf.injection import RULE
from tests.policies.evaluation import UNKNOWN, evaluate, resource

PATTERN_SET = {"regexPatternSetReferenceStatement": {"arn": "arn:aws:wafv2:patterns"}}
OPERATORS = r"(?:^|[\[{\"'.,&;?])\s*\$(?:ne|gt|where)"


def rule(statement: dict[str, Any], action: str = "block") -> dict[str, Any]:
    return {"rules": [{"name": "nosql", "action": {action: {}}, "statement": statement}]}


def with_patterns(*patterns: str, flows: bool = True) -> Verdict:
    """Return the verdict on a web ACL whose rule references a set of these patterns."""
    held = {"regularExpressions": [{"regexString": pattern} for pattern in patterns]}
    patterns_set = resource("aws:wafv2/regexPatternSet:RegexPatternSet", held, "patterns")
    acl = replace(
        resource("aws:wafv2/webAcl:WebAcl", rule(PATTERN_SET), "acl"),
        references={"rules": frozenset({patterns_set.urn} if flows else ())},
    )
    return RULE.evaluate(acl, Stack((acl, patterns_set)))


def test_aws_sql_group_passes() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "changes", [{"rules[3].overrideAction": {"count": {}}}, {"rules": []}, rule({"geoMatchStatement": {}})]
)
def test_web_acl_without_injection_rule_fails(changes: dict[str, Any]) -> None:
    assert [finding.path for finding in evaluate(RULE, "acl", changes).findings] == ["rules"]


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ({"sqliMatchStatement": {"sensitivityLevel": "HIGH"}}, Outcome.PASS),
        ({"byteMatchStatement": {"searchString": "[$"}}, Outcome.PASS),
        ({"byteMatchStatement": {"searchString": "/admin"}}, Outcome.FAIL),
        ({"regexMatchStatement": {"regexString": OPERATORS}}, Outcome.PASS),
        ({"regexMatchStatement": {"regexString": "[.$]where"}}, Outcome.PASS),
        ({"regexMatchStatement": {"regexString": "%24ne"}}, Outcome.PASS),
        ({"regexMatchStatement": {"regexString": "^/admin$"}}, Outcome.FAIL),
        ({"orStatement": {"statements": [{"geoMatchStatement": {}}, {"sqliMatchStatement": {}}]}}, Outcome.PASS),
    ],
)
def test_a_custom_rule_passes_only_if_it_matches_commands(statement: dict[str, Any], outcome: Outcome) -> None:
    assert evaluate(RULE, "acl", rule(statement)).outcome is outcome


def test_counting_rule_fails() -> None:
    assert evaluate(RULE, "acl", rule({"sqliMatchStatement": {}}, "count")).outcome is Outcome.FAIL


def test_patterns_of_a_set_are_read() -> None:
    assert with_patterns("^/admin$", OPERATORS).outcome is Outcome.PASS
    assert with_patterns("^/admin$").outcome is Outcome.FAIL
    assert with_patterns().outcome is Outcome.FAIL


def test_pattern_set_of_another_stack_evaluates_to_unknown() -> None:
    assert with_patterns(OPERATORS, flows=False).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("path", ["rules", "rules[0].action"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    changes = rule({"sqliMatchStatement": {}})
    changes = {path: UNKNOWN} if path == "rules" else {**changes, path: UNKNOWN}
    assert evaluate(RULE, "acl", changes).outcome is Outcome.UNKNOWN
