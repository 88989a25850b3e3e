"""The security and CORS headers of the site, as values, for whichever CDN sends them.

They are helmet's defaults for a page that loads its own scripts and calls an API elsewhere
(https://helmetjs.github.io, from memory, to be checked). No resources are made here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HSTS_SECONDS = 365 * 24 * 3600
REFERRER_POLICY = "strict-origin-when-cross-origin"
FRAME_OPTION = "DENY"
CORS_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_REQUEST_HEADERS = ("Accept", "Authorization", "Content-Type")
CORS_MAX_AGE_SECONDS = 600

_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?")
_CSP_SOURCE = re.compile(r"(https|wss)://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHeaders:
    """What differs between sites."""

    allowed_origins: Sequence[str]
    """Origins whose pages may read the site's files with credentials: https://app.example.com, no path."""
    connect_origins: Sequence[str] = ()
    """Where the page's scripts may connect, besides its own origin: the API, the error tracker."""
    hsts_subdomains: bool = False
    """Browsers refuse plain HTTP for a year on *every* name below the domain. Only if all of them speak HTTPS."""

    def __post_init__(self) -> None:
        if not self.allowed_origins:
            raise ValueError("allowed_origins is empty; give at least the site's own origin: CORS has no use else")
        for origin in self.allowed_origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"allowed origin {origin!r} is not allowed; give https://host or https://host:port, lower case, "
                    "without path. '*' would let any page read answers meant for a signed-in user"
                )
        for origin in self.connect_origins:
            if not _CSP_SOURCE.fullmatch(origin):
                raise ValueError(
                    f"connect origin {origin!r} is not allowed; give https:// or wss://, a host in lower case, "
                    "optionally '*.' before it, without path: it becomes part of the Content-Security-Policy"
                )

    @property
    def content_security_policy(self) -> str:
        """The header's value. Inline styles are allowed as helmet allows them, because UI libraries write them."""
        connect = " ".join(["'self'", *self.connect_origins])
        return "; ".join(
            [
                "default-src 'self'",
                "base-uri 'self'",
                f"connect-src {connect}",
                "font-src 'self' data:",
                "form-action 'self'",
                "frame-ancestors 'none'",
                "img-src 'self' data: blob:",
                "object-src 'none'",
                "script-src 'self'",
                "script-src-attr 'none'",
                "style-src 'self' 'unsafe-inline'",
                "upgrade-insecure-requests",
            ]
        )
