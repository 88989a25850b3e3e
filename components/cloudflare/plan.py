"""Limits of Cloudflare's plans. This module creates no resources and does not import Cloudflare's SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CloudflarePlan(StrEnum):
    """The plan of a zone, which is bought in Cloudflare's dashboard."""

    FREE = "free"
    """Cloudflare's free managed ruleset; rate limits count over 10 seconds."""
    PRO = "pro"
    """Managed rulesets by choice; rate limits count over a minute."""
    BUSINESS = "business"
    """Rate limits count over up to 10 minutes."""
    ENTERPRISE = "enterprise"
    """Rate limits count over up to 15 minutes; rules may log instead of block."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLimits:
    """Limits of one plan."""

    rate_period_seconds: int
    """Longest counting period of a rate limit, among those up to 15 minutes."""
    transform_rules: int
    """Number of transform rules in all phases together."""
    min_edge_seconds: int
    """Shortest edge TTL that a cache rule can set. A file's Cache-Control may be shorter."""
    managed_rules: bool
    """Whether managed rulesets can be deployed. On Free, Cloudflare's free managed ruleset is always on."""
    log_action: bool
    """Whether a rule may use the action `log`."""


LIMITS: Mapping[CloudflarePlan, PlanLimits] = {
    CloudflarePlan.FREE: PlanLimits(
        rate_period_seconds=10,
        transform_rules=10,
        min_edge_seconds=7_200,
        managed_rules=False,
        log_action=False,
    ),
    CloudflarePlan.PRO: PlanLimits(
        rate_period_seconds=60,
        transform_rules=25,
        min_edge_seconds=3_600,
        managed_rules=True,
        log_action=False,
    ),
    CloudflarePlan.BUSINESS: PlanLimits(
        rate_period_seconds=600,
        transform_rules=50,
        min_edge_seconds=1,
        managed_rules=True,
        log_action=False,
    ),
    CloudflarePlan.ENTERPRISE: PlanLimits(
        rate_period_seconds=900,
        transform_rules=300,
        min_edge_seconds=1,
        managed_rules=True,
        log_action=True,
    ),
}
"""Sources: https://developers.cloudflare.com/waf/rate-limiting-rules/#availability,
.../waf/managed-rules/, .../rules/transform/#availability,
.../cache/how-to/edge-browser-cache-ttl/#edge-cache-ttl (read 2026-11-24)."""


def max_origins(plan: CloudflarePlan) -> int:
    """Return how many origins the site's CORS rules can name: a transform rule each.

    origin_rules.py uses three of the plan's transform rules, and the security headers one.
    """
    return LIMITS[plan].transform_rules - 4


MIN_REQUESTS = 10
"""Smallest limit per period: a page sends several requests at once, so fewer would block a first visit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareRateLimit:
    """Requests that one client address may send below a path, counted in each of Cloudflare's data centers."""

    path_prefix: str
    """Path prefix in lower case, beginning with a slash: /api/."""
    requests: int
    """Requests per period; 1 or more."""
    period_seconds: int
    """Length of the counting period, and of the block once a client exceeds the limit."""
    exempt_paths: tuple[str, ...] = ()
    """Path prefixes in lower case that are not counted."""
    exempt_addresses: tuple[str, ...] = ()
    """CIDR blocks that are not counted."""

    def __post_init__(self) -> None:
        _check_path("path_prefix", self.path_prefix)
        for path in self.exempt_paths:
            _check_path("exempt_paths", path)
        if self.requests < 1:
            raise ValueError(
                f"requests: must be positive (got {self.requests}). Give 1 or more; 0 would block every request."
            )


def _check_path(argument: str, path: str) -> None:
    if not path.startswith("/") or path != path.lower():
        raise ValueError(
            f"{argument}: not a lower-case path (got {path!r}). Give a path such as /api/; requests are compared in "
            "lower case, because routers ignore case."
        )
    if '"' in path or "\\" in path:
        raise ValueError(f"{argument}: contains a quote or a backslash (got {path!r}). Give a path without them.")


def rate_limit_for(
    plan: CloudflarePlan,
    *,
    path_prefix: str,
    requests: int,
    window_seconds: int,
    exempt_paths: tuple[str, ...] = (),
    exempt_addresses: tuple[str, ...] = (),
) -> CloudflareRateLimit:
    """Return the rate limit for `requests` in `window_seconds`, scaled down to the plan's longest period.

    100 requests in 15 minutes become 100 in 900 s on Enterprise and 66 in 600 s on Business. In the 60 s of Pro and the
    10 s of Free they would be 6 and 1, so the limit there is MIN_REQUESTS, which only stops floods. The load balancer's
    web ACL then enforces the limit (RateLimit.client_address_header: CF-Connecting-IP).
    """
    period = min(LIMITS[plan].rate_period_seconds, window_seconds)
    scaled = requests * period // window_seconds
    return CloudflareRateLimit(
        path_prefix=path_prefix,
        requests=max(scaled, MIN_REQUESTS),
        period_seconds=period,
        exempt_paths=exempt_paths,
        exempt_addresses=exempt_addresses,
    )
