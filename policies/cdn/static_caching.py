"""CDN-011: a distribution caches files of a bucket at the edge.

At least one behavior has to cache. Often pages are not cached, so that a release is visible at once, and the files
that they reference are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from .behaviors import DISTRIBUTION, behaviors
from .cache_policies import caching
from .origins import s3_origin_ids


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    ids = s3_origin_ids(distribution)
    to_buckets = [(path, each) for path, each in behaviors(distribution) if each.get("targetOriginId") in ids]
    if not to_buckets:
        raise NotApplicable("no behavior serves a bucket")
    found = [(path, caching(distribution, path, behavior, stack)) for path, behavior in to_buckets]
    if any(policy and policy.caches for _, policy in found):
        return
    if any(policy is None for _, policy in found):
        raise Indeterminate("a cache policy is not in this stack, so its TTLs are unknown")
    for path, policy in found:
        yield Finding(f"{path}.cachePolicyId", f"{policy.name if policy else ''}: nothing is cached", "a TTL above 0")


RULE = StackRule(
    id="CDN-011",
    name="cdn-static-caching",
    title="CloudFront caches static files.",
    item=ChecklistItem.CDN,
    pitfall=Pitfall.NO_CACHING,
    severity=Severity.MEDIUM,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Give the behavior of the static files a cache policy that caches, such as Managed-CachingOptimized.",
    example="""aws.cloudfront.Distribution(
    "site",
    ordered_cache_behaviors=[
        {
            "path_pattern": "/assets/*",
            "target_origin_id": "site",
            "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",  # Managed-CachingOptimized
            # ...
        }
    ],
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html",
    read=date(2026, 11, 24),
)
