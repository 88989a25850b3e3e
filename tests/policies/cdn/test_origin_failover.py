from __future__ import annotations

import pytest

from policies.cdn.origin_failover import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_an_origin_group_passes() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("groups", [ABSENT, None, []])
def test_a_site_without_an_origin_group_fails(groups: object) -> None:
    verdict = evaluate(RULE, "distribution", {"originGroups": groups})
    assert [finding.path for finding in verdict.findings] == ["originGroups"]


def test_the_rule_does_not_apply_to_a_distribution_without_buckets() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "originGroups"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
