"""The CDN providers that a stack can choose from, and how their requests reach a load balancer.

This module creates no resources. components/cloudfront and components/cloudflare create them; only the latter import
Cloudflare's SDK, which takes three seconds, so import them only if Cloudflare is chosen.
"""

from __future__ import annotations

from enum import StrEnum

ORIGIN_HEADER = "x-origin-key"
"""The request header whose secret value authenticates this stack's CDN to the load balancer. All customers of a CDN
share its addresses, so an address alone does not prove whose distribution or zone sent a request."""

CLOUDFRONT_PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing"
"""AWS managed prefix list of the addresses from which CloudFront connects to origins.
https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html (read 2026-11-24)"""


class CdnKind(StrEnum):
    """The CDN that serves the site."""

    CLOUDFRONT = "cloudfront"
    CLOUDFLARE = "cloudflare"
