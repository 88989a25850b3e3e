"""S3-007: a bucket's objects belong to the bucket's owner, and ACLs decide nothing.

S3 makes new buckets so by itself since April 2023 (from memory): a bucket that says nothing is right.
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
            raise NotApplicable("CloudFront's older access logs are written by an ACL")
        yield Finding(f"{controls.name}: rule.objectOwnership", shown(ownership), f'"{ENFORCED}"')


RULE = StackRule(
    id="S3-007",
    name="bucket-ownership",
    title="A bucket's owner owns all its objects; ACLs decide nothing.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Set object_ownership to BucketOwnerEnforced, and grant by policy what ACLs granted.",
    example="""aws.s3.BucketOwnershipControls(
    "uploads",
    bucket=bucket.bucket,
    rule={"object_ownership": "BucketOwnerEnforced"},
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_OwnershipControlsRule.html",
    read=date(2026, 11, 24),
)
