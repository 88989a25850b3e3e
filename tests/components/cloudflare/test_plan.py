"""The guide's rate limit in what each Cloudflare plan offers."""

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
def test_a_hundred_in_fifteen_minutes(plan: CloudflarePlan, requests: int, seconds: int) -> None:
    limit = rate_limit_for(plan, path_prefix="/api/", requests=100, window_seconds=900)

    assert (limit.requests, limit.period_seconds) == (requests, seconds)


def test_a_shorter_window_than_the_plan_s_is_kept() -> None:
    limit = rate_limit_for(CloudflarePlan.ENTERPRISE, path_prefix="/api/", requests=50, window_seconds=60)

    assert (limit.requests, limit.period_seconds) == (50, 60)


def test_every_plan_has_its_limits() -> None:
    assert set(LIMITS) == set(CloudflarePlan)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"path_prefix": "api/"}, "path_prefix: got 'api/'"),
        ({"path_prefix": "/API/"}, "path_prefix: got '/API/'"),
        ({"path_prefix": '/a"b/'}, "without quotes"),
        ({"requests": 0}, "requests: got 0"),
    ],
)
def test_one_wrong_setting_is_refused(change: dict[str, Any], named: str) -> None:
    good: dict[str, Any] = {"path_prefix": "/api/", "requests": 10, "period_seconds": 10}
    with pytest.raises(ValueError, match=named):
        CloudflareRateLimit(**(good | change))
