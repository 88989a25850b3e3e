"""What the distributions of both CDNs share: security headers and cache rules."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.cdn.cache_rules import CacheRule
    from components.cdn.security_headers import SiteHeaders

__all__ = [
    "CacheRule",
    "SiteHeaders",
]
