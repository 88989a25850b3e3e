from __future__ import annotations

import pytest

from policies.cdn.viewer_https import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

DEFAULT, ORDERED = "defaultCacheBehavior", "orderedCacheBehaviors[0]"


def test_redirects_and_https_only_pass() -> None:
    assert evaluate(RULE, "distribution").outcome is Outcome.PASS


@pytest.mark.parametrize("behavior", [DEFAULT, ORDERED])
@pytest.mark.parametrize(("policy", "found"), [("allow-all", '"allow-all"'), (ABSENT, "not set")])
def test_every_behavior_is_evaluated(behavior: str, policy: object, found: str) -> None:
    verdict = evaluate(RULE, "distribution", {f"{behavior}.viewerProtocolPolicy": policy})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        (f"{behavior}.viewerProtocolPolicy", found)
    ]


def test_a_distribution_without_ordered_behaviors_passes() -> None:
    assert evaluate(RULE, "distribution", {"orderedCacheBehaviors": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize("path", [f"{DEFAULT}.viewerProtocolPolicy", ORDERED, "orderedCacheBehaviors", DEFAULT])
def test_an_unknown_value_does_not_pass(path: str) -> None:
    assert evaluate(RULE, "distribution", {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_a_violation_before_an_unknown_value_is_reported() -> None:
    changes = {f"{DEFAULT}.viewerProtocolPolicy": "allow-all", ORDERED: UNKNOWN}
    verdict = evaluate(RULE, "distribution", changes)
    assert verdict.outcome is Outcome.FAIL
    assert len(verdict.findings) == 1
    assert "orderedCacheBehaviors[0]" in verdict.reason
