"""The response headers policies of the site's and the API's distributions.

The site's files have no security headers, so the policy sets them. The API sends its own (helmet, cors): its policy
adds only missing headers, and leaves CORS to the application, which knows the allowed origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pulumi_aws as aws
from pulumi import ResourceOptions

from components.cdn import security_headers as site_headers
from components.cdn.security_headers import SiteHeaders

SecurityHeaders: TypeAlias = "aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgsDict"

_API_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""An API returns data: a browser that displays it as a page must not load or run anything."""


def site_response_headers(
    name: str,
    headers: SiteHeaders,
    child: ResourceOptions,
    *,
    cache_control: str | None = None,
    removed: Sequence[str] = (),
) -> aws.cloudfront.ResponseHeadersPolicy:
    """Create the site's policy: security headers and CORS, which override the origin's headers.

    `cache_control` is the Cache-Control header for browsers of files that were uploaded without one. CloudFront's own
    cache does not see it. `removed` are headers of the origin that viewers do not get.
    """
    return aws.cloudfront.ResponseHeadersPolicy(
        name,
        comment="Security headers and CORS of the site",
        security_headers_config=_security_headers(
            headers.content_security_policy, hsts_subdomains=headers.hsts_subdomains, override=True
        ),
        cors_config={
            "access_control_allow_credentials": True,
            "access_control_allow_origins": {"items": list(headers.allowed_origins)},
            "access_control_allow_methods": {"items": list(site_headers.CORS_METHODS)},
            "access_control_allow_headers": {"items": list(site_headers.CORS_REQUEST_HEADERS)},
            "access_control_max_age_sec": site_headers.CORS_MAX_AGE_SECONDS,
            "origin_override": True,
        },
        custom_headers_config={"items": [{"header": "Cache-Control", "value": cache_control, "override": False}]}
        if cache_control is not None
        else None,
        remove_headers_config={"items": [{"header": header} for header in removed]} if removed else None,
        opts=child,
    )


def api_response_headers(name: str, child: ResourceOptions) -> aws.cloudfront.ResponseHeadersPolicy:
    """Create the API's policy: security headers that do not override the origin's headers."""
    return aws.cloudfront.ResponseHeadersPolicy(
        name,
        comment="Security headers of the API, where it sends none",
        security_headers_config=_security_headers(_API_CONTENT_SECURITY_POLICY, hsts_subdomains=False, override=False),
        opts=child,
    )


def _security_headers(content_security_policy: str, *, hsts_subdomains: bool, override: bool) -> SecurityHeaders:
    return {
        "strict_transport_security": {
            "access_control_max_age_sec": site_headers.HSTS_SECONDS,
            "include_subdomains": hsts_subdomains,
            "override": override,
        },
        "content_security_policy": {
            "content_security_policy": content_security_policy,
            "override": override,
        },
        "content_type_options": {"override": override},
        "frame_options": {"frame_option": site_headers.FRAME_OPTION, "override": override},
        "referrer_policy": {"referrer_policy": site_headers.REFERRER_POLICY, "override": override},
    }
