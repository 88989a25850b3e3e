"""S3-001: no bucket can be made public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, shown
from .buckets import BUCKETS, of_bucket

ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    blocks = list(of_bucket(bucket, stack, (ACCESS_BLOCK,)))
    if not blocks:
        yield Finding("public access block", "missing", "one with all four switches on")
    for block in blocks:
        for switch in SWITCHES:
            value = block.properties.get(switch)
            if value is not True:
                yield Finding(f"{block.name}: {switch}", shown(value), "true")


RULE = StackRule(
    id="S3-001",
    name="bucket-public-access",
    title="A bucket's public access block forbids public ACLs and policies.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketPublicAccessBlock with all four switches on; serve a public site through CloudFront.",
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
