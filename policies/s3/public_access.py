"""S3-001: a bucket's public access block prevents public ACLs and policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, shown
from .buckets import BUCKETS, of_bucket

ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SETTINGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    blocks = list(of_bucket(bucket, stack, (ACCESS_BLOCK,)))
    if not blocks:
        yield Finding("public access block", "missing", "a public access block with all four settings enabled")
    for block in blocks:
        for setting in SETTINGS:
            value = block.properties.get(setting)
            if value is not True:
                yield Finding(f"{block.name}: {setting}", shown(value), "true")


RULE = StackRule(
    id="S3-001",
    name="bucket-public-access",
    title="A bucket's public access block prevents public ACLs and policies.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=BUCKETS,
    check=check,
    remediation=(
        "Add a BucketPublicAccessBlock with all four settings enabled, and serve a public site through CloudFront."
    ),
    example="""aws.s3.BucketPublicAccessBlock(
    "site",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
    read=date(2026, 11, 24),
)
