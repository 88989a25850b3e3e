"""CDN-001: CloudFront serves viewers over HTTPS only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown
from .behaviors import DISTRIBUTION, behaviors

HTTPS_ONLY = ("redirect-to-https", "https-only")


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, behavior in behaviors(distribution):
        policy = behavior.get("viewerProtocolPolicy")
        if policy not in HTTPS_ONLY:
            yield Finding(f"{path}.viewerProtocolPolicy", shown(policy), '"redirect-to-https" or "https-only"')


RULE = ResourceRule(
    id="CDN-001",
    name="cdn-viewer-https",
    title="CloudFront serves viewers over HTTPS, in every cache behavior.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.CRITICAL,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set viewer_protocol_policy to redirect-to-https in every cache behavior.",
    example="""aws.cloudfront.Distribution(
    "site",
    default_cache_behavior={
        "viewer_protocol_policy": "redirect-to-https",
        # ...
    },
    # ...
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-3",
    read=date(2026, 11, 24),
)
