"""S3-003: a bucket's default encryption names an algorithm.

S3 encrypts every new object with SSE-S3 (AES256) by default since 5 January 2023, so a bucket without a configuration
passes. The rule reports a configuration without a valid algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, Severity, Stack, StackRule, block, items, shown
from .buckets import BUCKETS, of_bucket

ENCRYPTIONS = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse")
DEFAULT = "applyServerSideEncryptionByDefault"


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    inline = block(block(bucket.properties, "serverSideEncryptionConfiguration"), "rule")
    configured = [("serverSideEncryptionConfiguration.rule", inline)] if inline else []
    for encryption in of_bucket(bucket, stack, ENCRYPTIONS):
        configured.extend((f"{encryption.name}: {path}", rule) for path, rule in items(encryption.properties, "rules"))
    for path, rule in configured:
        algorithm = block(rule, DEFAULT).get("sseAlgorithm")
        if algorithm not in ALGORITHMS:
            yield Finding(f"{path}.{DEFAULT}.sseAlgorithm", shown(algorithm), '"AES256" or "aws:kms"')


RULE = StackRule(
    id="S3-003",
    name="bucket-default-encryption",
    title="A bucket's default encryption uses SSE-S3 or KMS.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation=(
        "Set sse_algorithm to AES256 or aws:kms, or remove the configuration: S3 uses AES256 by default since "
        "January 2023."
    ),
    example="""aws.s3.BucketServerSideEncryptionConfiguration(
    "uploads",
    bucket=bucket.bucket,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html",
    read=date(2026, 11, 24),
)
