from __future__ import annotations

from typing import Any

import pytest

from policies.load_balancer.access_logs import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def test_logs_to_a_bucket_pass() -> None:
    assert evaluate(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"accessLogs": ABSENT}, ["accessLogs.enabled", "accessLogs.bucket"]),
        ({"accessLogs.enabled": False}, ["accessLogs.enabled"]),
        ({"accessLogs.enabled": ABSENT}, ["accessLogs.enabled"]),
        ({"accessLogs.bucket": ABSENT}, ["accessLogs.bucket"]),
        ({"accessLogs.bucket": ""}, ["accessLogs.bucket"]),
    ],
)
def test_disabled_logs_or_missing_bucket_fail(changes: dict[str, Any], paths: list[str]) -> None:
    assert [finding.path for finding in evaluate(RULE, "balancer", changes).findings] == paths


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_network_and_gateway_load_balancers_are_not_applicable(kind: str) -> None:
    assert (
        evaluate(RULE, "balancer", {"loadBalancerType": kind, "accessLogs": ABSENT}).outcome is Outcome.NOT_APPLICABLE
    )


@pytest.mark.parametrize("path", ["accessLogs", "accessLogs.enabled", "accessLogs.bucket"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
