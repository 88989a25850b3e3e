"""The security and CORS headers that Cloudflare adds to the site, with the same values as CloudFront.

Creates the zone's ruleset of response header transforms. The rules apply to every response, cached or not. The API sets
its own headers.
Checklist: security headers, CORS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, Input, ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.security_headers import SiteHeaders
from components.cloudflare.plan import CloudflarePlan, max_origins
from components.cloudflare.rulesets import Rule, for_host, not_below
from components.dns.host_name import check_host_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudflareHeadersArgs:
    """Arguments of CloudflareHeaders."""

    zone_id: Input[str]
    """Id of the site's zone."""
    plan: CloudflarePlan
    """Plan of the zone, which limits the number of origins."""
    site_host: str
    """Host name of the site in lower case."""
    headers: SiteHeaders
    """Values of the headers."""
    site_aliases: Sequence[str] = ()
    """Further host names of the site, in lower case."""
    api_path: str | None = None
    """Path pattern of the site's host whose responses come from the API, which sets its own headers: /api/*."""

    def __post_init__(self) -> None:
        check_host_name("site_host", self.site_host)
        for host in self.site_aliases:
            check_host_name("site_aliases", host)
        maximum = max_origins(self.plan)
        if len(self.headers.allowed_origins) > maximum:
            raise ValueError(
                f"headers.allowed_origins: too many for the transform rules of the plan {self.plan} (got "
                f"{len(self.headers.allowed_origins)}). Give at most {maximum}."
            )

    @property
    def site_hosts(self) -> Sequence[str]:
        """All host names of the site."""
        return (self.site_host, *self.site_aliases)


class CloudflareHeaders(ComponentResource):
    """The zone's ruleset of the phase http_response_headers_transform."""

    def __init__(self, name: str, args: CloudflareHeadersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:cloudflare:CloudflareHeaders", name, None, opts)
        cloudflare.Ruleset(
            f"{name}-rules",
            zone_id=args.zone_id,
            kind="zone",
            phase="http_response_headers_transform",
            name="Response headers of tierup",
            rules=[
                _header_rule(
                    "security",
                    "Security headers of the site",
                    for_host(args.site_hosts, *not_below(args.api_path)),
                    _security_headers(args.headers),
                ),
                *(_cors(args, origin) for origin in args.headers.allowed_origins),
            ],
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _security_headers(headers: SiteHeaders) -> Mapping[str, str]:
    subdomains = "; includeSubDomains" if headers.hsts_subdomains else ""
    return {
        "Content-Security-Policy": headers.content_security_policy,
        "Referrer-Policy": site_headers.REFERRER_POLICY,
        "Strict-Transport-Security": f"max-age={site_headers.HSTS_SECONDS}{subdomains}",
        # The response differs by origin, even for a request without one.
        "Vary": "Origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": site_headers.FRAME_OPTION,
    }


def _cors(args: CloudflareHeadersArgs, origin: str) -> Rule:
    # One rule per origin: for a request with credentials, browsers accept neither a list nor "*".
    return _header_rule(
        f"cors-{origin.removeprefix('https://').replace(':', '-')}",
        f"CORS for {origin}",
        for_host(args.site_hosts, f'any(http.request.headers["origin"][*] eq "{origin}")', *not_below(args.api_path)),
        {
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Headers": ", ".join(site_headers.CORS_REQUEST_HEADERS),
            "Access-Control-Allow-Methods": ", ".join(site_headers.CORS_METHODS),
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Max-Age": str(site_headers.CORS_MAX_AGE_SECONDS),
        },
    )


def _header_rule(ref: str, description: str, expression: str, headers: Mapping[str, str]) -> Rule:
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
