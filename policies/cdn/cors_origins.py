"""CDN-005: CORS headers of CloudFront do not allow credentials for every origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    ResourceRule,
    Severity,
    block,
    declared,
    items,
)

WILD = "*"


def check(policy: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not declared(policy.properties, "corsConfig"):
        raise NotApplicable("the policy sets no CORS headers")
    cors = block(policy.properties, "corsConfig")
    if not cors.get("accessControlAllowCredentials"):
        return
    for path, origin in items(block(cors, "accessControlAllowOrigins"), "items"):
        if origin in (WILD, "http://*", "https://*"):
            yield Finding(
                f"corsConfig.accessControlAllowOrigins.{path}",
                f'"{origin}" with accessControlAllowCredentials true',
                "the origins of the front end, or no credentials",
            )


RULE = ResourceRule(
    id="CDN-005",
    name="cdn-cors-origins",
    title="CORS headers that allow credentials list their origins.",
    item=ChecklistItem.CORS,
    severity=Severity.HIGH,
    applies_to=("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",),
    check=check,
    remediation="List the front end's origins in access_control_allow_origins, or do not allow credentials.",
    example="""aws.cloudfront.ResponseHeadersPolicy(
    "headers",
    cors_config={
        "access_control_allow_credentials": True,
        "access_control_allow_origins": {"items": ["https://example.com"]},
        # ...
    },
)""",
    source="https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS#credentialed_requests_and_wildcards",
    read=date(2026, 11, 24),
)
