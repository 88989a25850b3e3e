"""CDN-003: every cache behaviour sends the response headers of a policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, declared
from .behaviors import DISTRIBUTION, behaviors


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, behavior in behaviors(distribution):
        # That one is named is all that this rule asks: its id is never known before the policy is made.
        if not declared(behavior, "responseHeadersPolicyId"):
            yield Finding(f"{path}.responseHeadersPolicyId", "not set", "the id of a response headers policy")


RULE = ResourceRule(
    id="CDN-003",
    name="cdn-response-headers-policy",
    title="CloudFront adds security headers in every cache behaviour.",
    item=ChecklistItem.SECURITY_HEADERS,
    severity=Severity.MEDIUM,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Name a response headers policy in every cache behaviour.",
    example="""aws.cloudfront.Distribution(
    "site",
    default_cache_behavior={
        "response_headers_policy_id": headers.id,
        # ...
    },
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html",
    read=date(2026, 11, 24),
)
