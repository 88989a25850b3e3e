from __future__ import annotations

import pytest

from policies.cdn.response_headers_policy import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

BEHAVIORS = ["defaultCacheBehavior", "orderedCacheBehaviors[0]"]


def test_a_policy_in_every_behavior_passes() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("behavior", BEHAVIORS)
@pytest.mark.parametrize("missing", [ABSENT, None])
def test_a_behavior_without_a_policy_fails(behavior: str, missing: object) -> None:
    verdict = evaluate(RULE, "distribution", {f"{behavior}.responseHeadersPolicyId": missing})
    assert [finding.path for finding in verdict.findings] == [f"{behavior}.responseHeadersPolicyId"]


@pytest.mark.parametrize("behavior", BEHAVIORS)
def test_an_unknown_id_passes(behavior: str) -> None:
    assert evaluate(RULE, "distribution", {f"{behavior}.responseHeadersPolicyId": UNKNOWN}).outcome is Outcome.PASS


def test_unknown_behaviors_do_not_pass() -> None:
    assert evaluate(RULE, "distribution", {"orderedCacheBehaviors": UNKNOWN}).outcome is Outcome.UNKNOWN
