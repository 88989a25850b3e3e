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
def test_pages_or_single_files_may_go_uncached(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: DISABLED}).outcome is Outcome.PASS


def test_nothing_cached_fails() -> None:
    verdict = evaluate(RULE, "distribution", {DEFAULT: DISABLED, ORDERED: DISABLED})
    assert [finding.path for finding in verdict.findings] == [DEFAULT, ORDERED]
    assert "Managed-CachingDisabled" in verdict.findings[0].found


@pytest.mark.parametrize(("longest", "outcome"), [(3600.0, Outcome.PASS), (0.0, Outcome.FAIL)])
def test_a_policy_of_ones_own_is_read(longest: float, outcome: Outcome) -> None:
    changes = {DEFAULT: "kept-id", ORDERED: DISABLED, "kept: maxTtl": longest}
    assert evaluate(RULE, "distribution", changes).outcome is outcome


def test_a_policy_of_another_stack_cannot_be_evaluated() -> None:
    assert evaluate(RULE, "distribution", {DEFAULT: "elsewhere", ORDERED: DISABLED}).outcome is Outcome.UNKNOWN


def test_a_server_behind_the_cdn_is_not_evaluated() -> None:
    assert evaluate(RULE, "api-distribution").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["origins", "originGroups", "orderedCacheBehaviors", "defaultCacheBehavior", DEFAULT])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert (
        evaluate(
            RULE, "distribution", {path: UNKNOWN, ORDERED: DISABLED} if path == DEFAULT else {path: UNKNOWN}
        ).outcome
        is Outcome.UNKNOWN
    )
