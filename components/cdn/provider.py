"""What the two CDNs have in common, so that a stack can choose one by a setting.

No resources are made here: `cloudfront.py`, `cloudfront_api.py` and the `cloudflare_*.py` files make them. Only the
latter import Cloudflare's SDK (3 s), so import them where Cloudflare is chosen and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulumi import Output

ORIGIN_HEADER = "x-origin-key"
"""The request header in which a CDN shows the load balancer that it is *ours*. A CDN's addresses are shared by all of
its customers: whoever points a distribution or zone of his own at our load balancer comes from the same ones."""

CLOUDFRONT_PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""AWS's own list of the addresses from which CloudFront connects to origins; AWS keeps it up to date.
https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (read 2026-11-24)"""


class CdnKind(StrEnum):
    """Who serves the site."""

    CLOUDFRONT = "cloudfront"
    CLOUDFLARE = "cloudflare"


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginCallers:
    """From which addresses a CDN connects to a load balancer: a managed prefix list, or address ranges."""

    prefix_list_name: str | None = None
    cidrs_ipv4: Sequence[str] = ()
    cidrs_ipv6: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CdnOutputs:
    """What the rest of a stack needs to know of its CDN, whichever it is."""

    kind: CdnKind
    cache_id: Output[str]
    """What a deployment empties the cache of: the distribution's id, or the zone's."""
    domain_name: Output[str]
    """Where the site's name points to: the distribution, or the bucket that Cloudflare stands before."""
    alias_zone_id: Output[str] | None
    """Route 53 hosted zone of `domain_name`; None with Cloudflare, which keeps the names itself."""
    origin_callers: OriginCallers
