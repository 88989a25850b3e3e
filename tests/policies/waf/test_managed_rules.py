from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.waf.managed_rules import GROUPS, RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_both_groups_in_block_pass() -> None:
    assert evaluate(RULE, "acl").outcome is Outcome.PASS


@pytest.mark.parametrize(("index", "group"), [(1, GROUPS[0]), (2, GROUPS[1])])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("overrideAction", {"count": {}}),
        ("statement", ABSENT),
        ("statement.managedRuleGroupStatement.vendorName", "Acme"),
    ],
)
def test_each_group_must_block(index: int, group: str, path: str, value: object) -> None:
    verdict = evaluate(RULE, "acl", {f"rules[{index}].{path}": value})
    assert [finding.found for finding in verdict.findings] == [f"{group} is missing or only counts"]


def test_web_acl_without_rules_has_two_findings() -> None:
    assert len(evaluate(RULE, "acl", {"rules": ABSENT}).findings) == len(GROUPS)


def test_null_override_passes() -> None:
    assert evaluate(RULE, "acl", {"rules[1].overrideAction": {"none": {}, "count": None}}).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["rules", "rules[1]", "rules[2].statement.managedRuleGroupStatement.name"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "acl", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
