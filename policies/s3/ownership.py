"""S3-007: a bucket's owner owns all of its objects, and ACLs are disabled.

S3 configures new buckets this way by default since April 2023 (from memory), so a bucket without controls passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    shown,
)
from .buckets import BUCKETS, of_bucket

OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ENFORCED = "BucketOwnerEnforced"
DISTRIBUTIONS = ("aws:cloudfront/distribution:Distribution",)


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    for controls in of_bucket(bucket, stack, (OWNERSHIP,)):
        ownership = block(controls.properties, "rule").get("objectOwnership")
        if ownership == ENFORCED:
            continue
        if any(bucket.urn in each.references.get("loggingConfig", ()) for each in stack.of(DISTRIBUTIONS)):
            raise NotApplicable("CloudFront's legacy access logs require ACLs")
        yield Finding(f"{controls.name}: rule.objectOwnership", shown(ownership), f'"{ENFORCED}"')


RULE = StackRule(
    id="S3-007",
    name="bucket-ownership",
    title="A bucket's owner owns all objects, and ACLs are disabled.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Set object_ownership to BucketOwnerEnforced, and grant access by policy instead of ACLs.",
    example="""aws.s3.BucketOwnershipControls(
    "uploads",
    bucket=bucket.bucket,
    rule={"object_ownership": "BucketOwnerEnforced"},
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControlsRule.html",
    read=date(2026, 11, 24),
)
