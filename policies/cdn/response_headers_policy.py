"""CDN-003: every cache behavior has a response headers policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, declared
from .behaviors import DISTRIBUTION, behaviors


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, behavior in behaviors(distribution):
        # The rule only tests whether an id is given: it is unknown until the policy exists.
        if not declared(behavior, "responseHeadersPolicyId"):
            yield Finding(f"{path}.responseHeadersPolicyId", "not set", "the id of a response headers policy")


RULE = ResourceRule(
    id="CDN-003",
    name="cdn-response-headers-policy",
    title="CloudFront adds security headers in every cache behavior.",
    item=ChecklistItem.SECURITY_HEADERS,
    severity=Severity.MEDIUM,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set response_headers_policy_id in every cache behavior.",
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
