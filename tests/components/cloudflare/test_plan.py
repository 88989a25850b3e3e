"""The limits of Cloudflare's plans, and the rate limit scaled to them."""

from __future__ import annotations

from typing import Any

import pytest

from components.cloudflare.plan import LIMITS, CloudflarePlan, CloudflareRateLimit, rate_limit_for


@pytest.mark.parametrize(
    ("plan", "requests", "seconds"),
    [
        (CloudflarePlan.FREE, 10, 10),
        (CloudflarePlan.PRO, 10, 60),
        (CloudflarePlan.BUSINESS, 66, 600),
        (CloudflarePlan.ENTERPRISE, 100, 900),
    ],
)
def test_rate_limit_is_scaled_to_the_plans_period(plan: CloudflarePlan, requests: int, seconds: int) -> None:
    limit = rate_limit_for(plan, path_prefix="/api/", requests=100, window_seconds=900)

    assert (limit.requests, limit.period_seconds) == (requests, seconds)


def test_window_shorter_than_the_plans_period_is_unchanged() -> None:
    limit = rate_limit_for(CloudflarePlan.ENTERPRISE, path_prefix="/api/", requests=50, window_seconds=60)

    assert (limit.requests, limit.period_seconds) == (50, 60)


def test_every_plan_has_limits() -> None:
    assert set(LIMITS) == set(CloudflarePlan)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"path_prefix": "api/"}, r"^path_prefix: .*\(got 'api/'\)"),
        ({"path_prefix": "/API/"}, r"^path_prefix: .*\(got '/API/'\)"),
        ({"path_prefix": '/a"b/'}, "^path_prefix: contains a quote"),
        ({"requests": 0}, r"^requests: .*\(got 0\)"),
    ],
)
def test_invalid_arguments_are_rejected(change: dict[str, Any], named: str) -> None:
    valid: dict[str, Any] = {"path_prefix": "/api/", "requests": 10, "period_seconds": 10}
    with pytest.raises(ValueError, match=named):
        CloudflareRateLimit(**(valid | change))
