"""The security and CORS headers of the site, sent by Cloudflare: the same values as CloudFront sends.

Makes: the zone's one ruleset of response header transforms. They are written on each answer, also on those from the
cache. Not here: the API's headers, which it sets itself.
Checklist: security headers, CORS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.security_headers import SiteHeaders
from components.cloudflare.plan import LIMITS, CloudflarePlan
from components.cloudflare.rulesets import Rule, for_host
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareHeadersArgs:
    """What the headers of one site need."""

    zone_id: Input[str]
    """The zone that the site is in."""
    plan: CloudflarePlan
    """What was bought for the zone; it bounds the number of origins."""
    site_host: str
    """Host name of the site, lower case."""
    headers: SiteHeaders
    """What is sent."""

    def __post_init__(self) -> None:
        check_host_name("site_host", self.site_host, "rules compare it with what browsers ask for")
        # Three of the plan's rules are those of cloudflare_origin.py; one here is for the security headers.
        most = LIMITS[self.plan].transform_rules - 4
        if len(self.headers.allowed_origins) > most:
            raise ValueError(
                f"headers.allowed_origins: got {len(self.headers.allowed_origins)}, allowed {most} on the plan "
                f"{self.plan}: each takes one of its transform rules"
            )


class CloudflareHeaders(ComponentResource):
    """The one ruleset of the phase http_response_headers_transform."""

    def __init__(self, name: str, args: CloudflareHeadersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:Headers", name, None, opts)
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_response_headers_transform",
            name="Response headers of tierup",
            rules=[
                _set("security", "Security headers of the site", for_host(args.site_host), _security(args.headers)),
                *(_cors(args.site_host, origin) for origin in args.headers.allowed_origins),
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _security(headers: SiteHeaders) -> Mapping[str, str]:
    subdomains = "; includeSubDomains" if headers.hsts_subdomains else ""
    return {
        "Content-Security-Policy": headers.content_security_policy,
        "Referrer-Policy": site_headers.REFERRER_POLICY,
        "Strict-Transport-Security": f"max-age={site_headers.HSTS_SECONDS}{subdomains}",
        # The answer differs by origin, whether or not one was sent.
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": site_headers.FRAME_OPTION,
    }


def _cors(host: str, origin: str) -> Rule:
    # One rule an origin: a browser that sends credentials takes its own origin as answer, not a list and not "*".
    return _set(
        f"cors-{origin.removeprefix('https://').replace(':', '-')}",
        f"CORS for {origin}",
        for_host(host, f'any(http.request.headers["origin"][*] eq "{origin}")'),
        {
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Headers": ", ".join(site_headers.CORS_REQUEST_HEADERS),
            "Access-Control-Allow-Methods": ", ".join(site_headers.CORS_METHODS),
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Max-Age": str(site_headers.CORS_MAX_AGE_SECONDS),
        },
    )


def _set(ref: str, description: str, expression: str, headers: Mapping[str, str]) -> Rule:
    return {
        "ref": ref,
        "description": description,
        "expression": expression,
        "action": "rewrite",
        "action_parameters": {
            "headers": {name: {"operation": "set", "value": value} for name, value in headers.items()}
        },
        "enabled": True,
    }
