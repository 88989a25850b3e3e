from __future__ import annotations

import pytest

from policies.load_balancer.invalid_headers import RULE
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_dropping_invalid_headers_passes() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(("value", "found"), [(False, "false"), (None, "not set"), (ABSENT, "not set")])
def test_keeping_invalid_headers_fails(value: object, found: str) -> None:
    verdict = evaluate(RULE, "balancer", {"dropInvalidHeaderFields": value})
    assert verdict.findings == (Finding("dropInvalidHeaderFields", found, "true"),)


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_network_and_gateway_load_balancers_are_not_applicable(kind: str) -> None:
    changes = {"loadBalancerType": kind, "dropInvalidHeaderFields": ABSENT}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.NOT_APPLICABLE


def test_type_defaults_to_application() -> None:
    changes = {"loadBalancerType": ABSENT, "dropInvalidHeaderFields": False}
    assert evaluate(RULE, "balancer", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", ["loadBalancerType", "dropInvalidHeaderFields"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
