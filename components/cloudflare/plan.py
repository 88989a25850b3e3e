"""What a Cloudflare zone may do on which plan. Data only: neither resources nor Cloudflare's SDK are needed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CloudflarePlan(StrEnum):
    """The plan of the zone; it is bought in Cloudflare's dashboard."""

    FREE = "free"
    """A set of managed rules that nobody chooses; requests are counted over 10 seconds."""
    PRO = "pro"
    """Managed rules; requests are counted over a minute."""
    BUSINESS = "business"
    """Requests are counted over 10 minutes."""
    ENTERPRISE = "enterprise"
    """Requests are counted over 15 minutes; rules may only count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLimits:
    """What the plan allows."""

    rate_period_seconds: int
    """The longest period that requests can be counted over, of those up to 15 minutes."""
    transform_rules: int
    shortest_edge_seconds: int
    """The least for which a cache rule can say that the edge keeps a file; what files ask for themselves is free."""
    managed_rules: bool
    """Whether we choose the managed rules. On Free, Cloudflare's own small set is always on."""
    counts_only: bool
    """Whether a rule may log and let pass."""


LIMITS: Mapping[CloudflarePlan, PlanLimits] = {
    CloudflarePlan.FREE: PlanLimits(
        rate_period_seconds=10,
        transform_rules=10,
        shortest_edge_seconds=7_200,
        managed_rules=False,
        counts_only=False,
    ),
    CloudflarePlan.PRO: PlanLimits(
        rate_period_seconds=60,
        transform_rules=25,
        shortest_edge_seconds=3_600,
        managed_rules=True,
        counts_only=False,
    ),
    CloudflarePlan.BUSINESS: PlanLimits(
        rate_period_seconds=600,
        transform_rules=50,
        shortest_edge_seconds=1,
        managed_rules=True,
        counts_only=False,
    ),
    CloudflarePlan.ENTERPRISE: PlanLimits(
        rate_period_seconds=900,
        transform_rules=300,
        shortest_edge_seconds=1,
        managed_rules=True,
        counts_only=True,
    ),
}
"""Sources: https://developers.cloudflare.com/waf/rate-limiting-rules/#availability,
.../waf/managed-rules/, .../rules/transform/#availability,
.../cache/how-to/edge-browser-cache-ttl/#edge-cache-ttl (read 2026-11-24)."""

FEWEST_REQUESTS = 10
"""A page asks for several things at once: fewer a period would turn away the first visit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareRateLimit:
    """Requests that one client address may make below a path, before each of Cloudflare's data centres."""

    path_prefix: str
    """Lower case, with a slash first: /api/."""
    requests: int
    """In one period, 1 or more."""
    period_seconds: int
    """Also how long a client that went over it is kept out."""

    def __post_init__(self) -> None:
        if not self.path_prefix.startswith("/") or self.path_prefix != self.path_prefix.lower():
            raise ValueError(
                f"path_prefix: got {self.path_prefix!r}, allowed a lower-case path that starts with / such as /api/: "
                "requests are compared in lower case, because routers ignore case too"
            )
        if '"' in self.path_prefix or "\\" in self.path_prefix:
            raise ValueError(f"path_prefix: got {self.path_prefix!r}, allowed a path without quotes and backslashes")
        if self.requests < 1:
            raise ValueError(f"requests: got {self.requests}, allowed 1 or more: with none the path is closed")


def rate_limit_for(
    plan: CloudflarePlan, *, path_prefix: str, requests: int, window_seconds: int
) -> CloudflareRateLimit:
    """So many requests in so many seconds, in the longest period the plan offers, rounded down.

    100 in 15 minutes are 100 in 900 s on Enterprise, 66 in 600 s on Business; in the 60 s of Pro and the 10 s of Free
    they would be 6 and 1, so there it is FEWEST_REQUESTS, a stop for floods: the load balancer's web ACL then holds
    the limit itself (RateLimit.client_address_header: CF-Connecting-IP).
    """
    period = min(LIMITS[plan].rate_period_seconds, window_seconds)
    scaled = requests * period // window_seconds
    return CloudflareRateLimit(path_prefix=path_prefix, requests=max(scaled, FEWEST_REQUESTS), period_seconds=period)
