"""The security and CORS headers of the site, for either CDN. This module creates no resources.

The values are helmet's defaults for a page that loads its own scripts and calls an API on another host
(https://helmetjs.github.io, from memory, to be checked).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HSTS_SECONDS = 365 * 24 * 3600
REFERRER_POLICY = "strict-origin-when-cross-origin"
FRAME_OPTION = "DENY"
CORS_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_REQUEST_HEADERS = ("Accept", "Authorization", "Content-Type")
CORS_MAX_AGE_SECONDS = 600

_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?")
_CSP_SOURCE = re.compile(r"(https|wss)://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?")


_CSP_DEFAULTS: Mapping[str, Sequence[str]] = {
    "script-src": ("'self'",),
    "style-src": ("'self'", "'unsafe-inline'"),
    "font-src": ("'self'", "data:"),
    "img-src": ("'self'", "data:", "blob:"),
    "connect-src": ("'self'",),
    "frame-src": ("'self'",),
    "media-src": ("'self'",),
    "worker-src": ("'self'",),
}
"""Directives that accept further sources, with their default sources."""


def check_csp_sources(argument: str, sources: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError unless `sources` has hosts by directive that accepts further sources."""
    unknown = sorted(set(sources) - set(_CSP_DEFAULTS))
    if unknown:
        raise ValueError(
            f"{argument}: not a directive that takes further sources (got {', '.join(unknown)}). Use one of "
            f"{', '.join(_CSP_DEFAULTS)}."
        )
    for origin in itertools.chain.from_iterable(sources.values()):
        if not _CSP_SOURCE.fullmatch(origin):
            raise ValueError(
                f"{argument}: not a source for the Content-Security-Policy (got {origin!r}). Give https:// or "
                "wss://, then a host in lower case, optionally with '*.' before it, without a path."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHeaders:
    """The header values that differ between sites."""

    allowed_origins: Sequence[str]
    """Origins whose pages may read the site's files with credentials: https://app.example.com, without a path."""
    connect_origins: Sequence[str] = ()
    """Sources of connect-src besides the site's own origin: the API, the error tracker."""
    csp_sources: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Further hosts by directive of the Content-Security-Policy, one of script-src, style-src, font-src, img-src,
    connect-src, frame-src, media-src and worker-src: {"script-src": ["https://js.stripe.com"]}."""
    hsts_subdomains: bool = False
    """Whether HSTS includes subdomains: browsers then refuse plain HTTP for a year on *every* name below the domain.
    Enable it only if all of them serve HTTPS."""

    def __post_init__(self) -> None:
        if not self.allowed_origins:
            raise ValueError("allowed_origins: must not be empty (got none). Give at least the site's own origin.")
        for origin in self.allowed_origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"allowed_origins: not an HTTPS origin (got {origin!r}). Give https://host or https://host:port in "
                    "lower case, without a path; '*' would let any page read responses for a signed-in user."
                )
        check_csp_sources("csp_sources", self.csp_sources)
        check_csp_sources("connect_origins", {"connect-src": self.connect_origins})

    @property
    def content_security_policy(self) -> str:
        """The header's value. It allows inline styles, as helmet does, because UI libraries write them."""
        directives = {
            "default-src": ["'self'"],
            "base-uri": ["'self'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'none'"],
            "object-src": ["'none'"],
            "script-src-attr": ["'none'"],
            "upgrade-insecure-requests": [],
        }
        for directive, defaults in _CSP_DEFAULTS.items():
            connect = self.connect_origins if directive == "connect-src" else ()
            sources = [*defaults, *connect, *self.csp_sources.get(directive, ())]
            if sources != ["'self'"] or directive in {"connect-src", "script-src"}:
                directives[directive] = list(dict.fromkeys(sources))
        return "; ".join(" ".join([directive, *sources]) for directive, sources in sorted(directives.items()))
