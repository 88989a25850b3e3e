"""CDN-004: a response headers policy sets HSTS, CSP, nosniff, frame options and referrer policy, as Helmet does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared, shown

ONE_YEAR_SECONDS = 31_536_000  # the minimum for https://hstspreload.org (from memory)
HEADERS = {
    "contentSecurityPolicy": "Content-Security-Policy",
    "contentTypeOptions": "X-Content-Type-Options: nosniff",
    "frameOptions": "X-Frame-Options",
    "referrerPolicy": "Referrer-Policy",
    "strictTransportSecurity": "Strict-Transport-Security",
}


def check(policy: Resource, _parameters: Parameters) -> Iterator[Finding]:
    config = block(policy.properties, "securityHeadersConfig")
    for key, header in HEADERS.items():
        if not declared(config, key):
            yield Finding(f"securityHeadersConfig.{key}", "not set", f"the header {header}")
    if declared(config, "strictTransportSecurity"):
        seconds = config["strictTransportSecurity"].get("accessControlMaxAgeSec")
        if seconds is None or seconds < ONE_YEAR_SECONDS:
            yield Finding(
                "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec",
                shown(seconds),
                f"{ONE_YEAR_SECONDS} (a year) or more",
            )


RULE = ResourceRule(
    id="CDN-004",
    name="cdn-security-headers",
    title="A response headers policy sets HSTS, CSP, nosniff, frame options and referrer policy.",
    item=ChecklistItem.SECURITY_HEADERS,
    severity=Severity.MEDIUM,
    applies_to=("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",),
    check=check,
    remediation="Set all five headers in security_headers_config, HSTS for a year or more.",
    example="""aws.cloudfront.ResponseHeadersPolicy(
    "headers",
    security_headers_config={
        "content_security_policy": {"content_security_policy": "default-src 'self'", "override": True},
        "content_type_options": {"override": True},
        "frame_options": {"frame_option": "DENY", "override": True},
        "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
        "strict_transport_security": {"access_control_max_age_sec": 31536000, "override": True},
    },
)""",
    source="https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html",
    read=date(2026, 11, 24),
)
