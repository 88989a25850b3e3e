"""CDN-010: CloudFront compresses what it caches.

It cannot compress what it does not cache. There the origin has to compress, which a distribution does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    shown,
)
from .behaviors import DISTRIBUTION, behaviors
from .cache_policies import UNCOMPRESSED, caching


def check(distribution: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    evaluated, not_in_stack = False, ""
    for path, behavior in behaviors(distribution):
        policy = caching(distribution, path, behavior, stack)
        if policy is None:
            not_in_stack = not_in_stack or path
        # AWS's policy for files that are already compressed, such as video, is a choice to leave them as they are.
        elif not policy.caches or policy is UNCOMPRESSED:
            continue
        evaluated = True
        if behavior.get("compress") is not True:
            yield Finding(f"{path}.compress", shown(behavior.get("compress")), "true")
        elif policy and not (policy.gzip and policy.brotli):
            enabled = "gzip only" if policy.gzip else "Brotli only" if policy.brotli else "neither gzip nor Brotli"
            yield Finding(f"{path}.cachePolicyId", f"{policy.name} enables {enabled}", "a policy for gzip and Brotli")
    if not evaluated:
        raise NotApplicable("nothing is cached, so the origin has to compress")
    if not_in_stack:
        raise Indeterminate(f"the cache policy of {not_in_stack} is not in this stack")


RULE = StackRule(
    id="CDN-010",
    name="cdn-compression",
    title="CloudFront compresses what it caches, with gzip and Brotli.",
    item=ChecklistItem.COMPRESSION,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Set compress to true, and both enable_accept_encoding arguments in the cache policy.",
    example="""aws.cloudfront.Distribution(
    "site",
    default_cache_behavior={
        "compress": True,
        "cache_policy_id": "658327ea-f89d-4fab-a63d-7e88639e58f6",  # Managed-CachingOptimized
        # ...
    },
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the origin compresses what is not cached, such as the API's answers.",
)
