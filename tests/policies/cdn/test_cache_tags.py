from __future__ import annotations

import pytest

from policies.cdn.cache_tags import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_a_policy_that_removes_the_header_passes() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("removed", [ABSENT, {"items": [{"header": "x-powered-by"}]}])
def test_a_header_that_viewers_get_fails_in_each_behavior_of_the_bucket(removed: object) -> None:
    verdict = evaluate(RULE, "distribution", {"headers: removeHeadersConfig": removed})
    assert [each.path for each in verdict.findings] == [
        "defaultCacheBehavior.responseHeadersPolicyId",
        "orderedCacheBehaviors[0].responseHeadersPolicyId",
    ]


def test_a_behavior_without_a_policy_fails() -> None:
    verdict = evaluate(RULE, "distribution", {"defaultCacheBehavior.responseHeadersPolicyId": ABSENT})
    assert [each.path for each in verdict.findings] == ["defaultCacheBehavior.responseHeadersPolicyId"]


def test_the_rule_does_not_apply_without_cache_tags() -> None:
    assert evaluate(RULE, "distribution", {"cacheTagConfig": ABSENT}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["cacheTagConfig.headerName", "headers: removeHeadersConfig.items"])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_a_policy_of_another_stack_is_indeterminate() -> None:
    changes = {"defaultCacheBehavior.responseHeadersPolicyId": "elsewhere"}
    assert evaluate(RULE, "distribution", changes).outcome is Outcome.UNKNOWN
