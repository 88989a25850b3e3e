from __future__ import annotations

import pytest

from policies.cdn.headers_attached import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge

BEHAVIORS = ["defaultCacheBehavior", "orderedCacheBehaviors[0]"]


def test_a_policy_in_every_behavior_passes() -> None:
    assert judge(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("behavior", BEHAVIORS)
@pytest.mark.parametrize("missing", [GONE, None])
def test_a_behavior_without_one_fails(behavior: str, missing: object) -> None:
    verdict = judge(RULE, "distribution", {f"{behavior}.responseHeadersPolicyId": missing})
    assert [finding.path for finding in verdict.findings] == [f"{behavior}.responseHeadersPolicyId"]


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_an_id_not_known_yet_is_an_id(behavior: str) -> None:
    assert judge(RULE, "distribution", {f"{behavior}.responseHeadersPolicyId": UNKNOWN}).outcome is Outcome.PASS


def test_behaviors_not_known_yet_are_not_a_pass() -> None:
    assert judge(RULE, "distribution", {"orderedCacheBehaviors": UNKNOWN}).outcome is Outcome.UNKNOWN
