from __future__ import annotations

import pytest

from policies.load_balancer.invalid_headers import RULE
from policies.rule import Finding, Outcome
from tests.policies.judging import GONE, UNKNOWN, judge


def test_a_load_balancer_that_drops_them_passes() -> None:
    assert judge(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(("value", "found"), [(False, "false"), (None, "not set"), (GONE, "not set")])
def test_one_that_passes_them_on_fails(value: object, found: str) -> None:
    verdict = judge(RULE, "balancer", {"dropInvalidHeaderFields": value})
    assert verdict.findings == (Finding("dropInvalidHeaderFields", found, "true"),)


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_those_that_read_no_headers_are_not_judged(kind: str) -> None:
    changes = {"loadBalancerType": kind, "dropInvalidHeaderFields": GONE}
    assert judge(RULE, "balancer", changes).outcome is Outcome.NOT_APPLICABLE


def test_application_is_the_default_kind() -> None:
    changes = {"loadBalancerType": GONE, "dropInvalidHeaderFields": False}
    assert judge(RULE, "balancer", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize("path", ["loadBalancerType", "dropInvalidHeaderFields"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
