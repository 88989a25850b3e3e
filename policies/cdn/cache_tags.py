"""CDN-018: viewers do not get the header with the cache tags of a bucket's objects."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    declared,
    items,
)
from .behaviors import DISTRIBUTION, behaviors, policy_of
from .origins import s3_origin_ids

RESPONSE_HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    header = block(distribution.properties, "cacheTagConfig").get("headerName")
    if header is None:
        raise NotApplicable("the distribution reads no cache tags")
    ids = s3_origin_ids(distribution)
    for path, behavior in behaviors(distribution):
        if behavior.get("targetOriginId") not in ids:
            continue
        at = f"{path}.responseHeadersPolicyId"
        if not declared(behavior, "responseHeadersPolicyId"):
            yield Finding(at, "not set", f"a policy that removes {header}")
            continue
        policy = policy_of(distribution, path, behavior, "responseHeadersPolicyId", RESPONSE_HEADERS, stack)
        if policy is None:
            raise Indeterminate("a response headers policy is not in this stack")
        if str(header).lower() not in _removed(policy):
            yield Finding(at, f"{policy.name}, which does not remove {header}", f"a policy that removes {header}")


def _removed(policy: Resource) -> frozenset[str]:
    removed = block(policy.properties, "removeHeadersConfig")
    return frozenset(str(each.get("header")).lower() for _, each in items(removed, "items"))


RULE = StackRule(
    id="CDN-018",
    name="cdn-cache-tags-hidden",
    title="CloudFront removes the cache tags from responses.",
    item=ChecklistItem.SECURITY_HEADERS,
    severity=Severity.LOW,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Add the header of cache_tag_config to remove_headers_config of the response headers policy: tags name "
    "parts of the system that only the cache needs.",
    example="""aws.cloudfront.ResponseHeadersPolicy(
    "headers",
    remove_headers_config={"items": [{"header": "x-amz-meta-cache-tag"}]},
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html",
    read=None,
)
