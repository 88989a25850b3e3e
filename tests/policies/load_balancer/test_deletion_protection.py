from __future__ import annotations

import pytest

from policies.load_balancer.deletion_protection import RULE
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("kind", ["application", "network"])
def test_protected_load_balancer_passes(kind: str) -> None:
    assert evaluate(RULE, "balancer", {"loadBalancerType": kind}).outcome is Outcome.PASS


@pytest.mark.parametrize("kind", ["application", "network"])
@pytest.mark.parametrize(("value", "found"), [(False, "false"), (ABSENT, "not set")])
def test_unprotected_load_balancer_fails(kind: str, value: object, found: str) -> None:
    verdict = evaluate(RULE, "balancer", {"loadBalancerType": kind, "enableDeletionProtection": value})
    assert verdict.findings == (Finding("enableDeletionProtection", found, "true"),)


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "balancer", {"enableDeletionProtection": UNKNOWN}).outcome is Outcome.UNKNOWN
