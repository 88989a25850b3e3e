from __future__ import annotations

import pytest

from policies.cdn.static_caching import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate

DEFAULT, ORDERED = "defaultCacheBehavior.cachePolicyId", "orderedCacheBehaviors[0].cachePolicyId"
DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def test_cached_files_pass() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("path", [DEFAULT, ORDERED])
def test_one_uncached_behavior_passes(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: DISABLED}).outcome is Outcome.PASS


def test_a_distribution_that_caches_nothing_fails() -> None:
    verdict = evaluate(RULE, "distribution", {DEFAULT: DISABLED, ORDERED: DISABLED})
    assert [finding.path for finding in verdict.findings] == [DEFAULT, ORDERED]
    assert "Managed-CachingDisabled" in verdict.findings[0].found


@pytest.mark.parametrize(("longest", "outcome"), [(3600.0, Outcome.PASS), (0.0, Outcome.FAIL)])
def test_a_custom_cache_policy_is_read(longest: float, outcome: Outcome) -> None:
    changes = {DEFAULT: "kept-id", ORDERED: DISABLED, "kept: maxTtl": longest}
    assert evaluate(RULE, "distribution", changes).outcome is outcome


def test_a_cache_policy_of_another_stack_is_indeterminate() -> None:
    assert evaluate(RULE, "distribution", {DEFAULT: "elsewhere", ORDERED: DISABLED}).outcome is Outcome.UNKNOWN


def test_the_rule_does_not_apply_to_a_distribution_without_buckets() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "originGroups", "orderedCacheBehaviors", "defaultCacheBehavior", DEFAULT])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert (
        evaluate(
            RULE, "distribution", {path: UNKNOWN, ORDERED: DISABLED} if path == DEFAULT else {path: UNKNOWN}
        ).outcome
        is Outcome.UNKNOWN
    )
