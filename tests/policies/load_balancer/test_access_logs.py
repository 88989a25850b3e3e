from __future__ import annotations

from typing import Any

import pytest

from policies.load_balancer.access_logs import RULE
from policies.rule import Outcome
from tests.policies.judging import GONE, UNKNOWN, judge


def test_logs_into_a_bucket_pass() -> None:
    assert judge(RULE, "balancer").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"accessLogs": GONE}, ["accessLogs.enabled", "accessLogs.bucket"]),
        ({"accessLogs.enabled": False}, ["accessLogs.enabled"]),
        ({"accessLogs.enabled": GONE}, ["accessLogs.enabled"]),
        ({"accessLogs.bucket": GONE}, ["accessLogs.bucket"]),
        ({"accessLogs.bucket": ""}, ["accessLogs.bucket"]),
    ],
)
def test_logs_that_are_off_or_go_nowhere_fail(changes: dict[str, Any], paths: list[str]) -> None:
    assert [finding.path for finding in judge(RULE, "balancer", changes).findings] == paths


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_those_that_log_no_requests_are_not_judged(kind: str) -> None:
    assert judge(RULE, "balancer", {"loadBalancerType": kind, "accessLogs": GONE}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("path", ["accessLogs", "accessLogs.enabled", "accessLogs.bucket"])
def test_what_is_not_known_yet_is_not_a_pass(path: str) -> None:
    assert judge(RULE, "balancer", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
