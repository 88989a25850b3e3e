from __future__ import annotations

from typing import Any

import pytest

from policies.load_balancer.deregistration_delay import RULE
from policies.rule import Finding, Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("delay", [1.0, 30.0, 300.0, None, ABSENT])
def test_short_delay_and_aws_default_pass(delay: object) -> None:
    assert evaluate(RULE, "targets", {"deregistrationDelay": delay}).outcome is Outcome.PASS


@pytest.mark.parametrize(("delay", "found"), [(0.0, "0 seconds"), (301.0, "301 seconds"), (3600.0, "3600 seconds")])
def test_zero_and_long_delay_fail(delay: float, found: str) -> None:
    verdict = evaluate(RULE, "targets", {"deregistrationDelay": delay})
    assert verdict.findings == (Finding("deregistrationDelay", found, "1 to 300 seconds"),)


@pytest.mark.parametrize("protocol", ["HTTP", "HTTPS"])
def test_http_and_https_groups_are_evaluated(protocol: str) -> None:
    assert evaluate(RULE, "targets", {"protocol": protocol, "deregistrationDelay": 0.0}).outcome is Outcome.FAIL


def test_maximum_is_configurable() -> None:
    evaluated = evaluate(RULE, "targets", {"deregistrationDelay": 3600.0}, parameters={"maximumDelay": 3600})
    assert evaluated.outcome is Outcome.PASS


@pytest.mark.parametrize("changes", [{"protocol": "TCP"}, {"targetType": "lambda"}])
def test_groups_without_http_are_not_applicable(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "targets", {**changes, "deregistrationDelay": 0.0}).outcome is Outcome.NOT_APPLICABLE


def test_unknown_delay_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "targets", {"deregistrationDelay": UNKNOWN}).outcome is Outcome.UNKNOWN
