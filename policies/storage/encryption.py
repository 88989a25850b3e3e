"""S3-003: a bucket says how it encrypts what is put into it.

S3 encrypts every new object with keys of its own since January 2023, whether a bucket says so or not, so
nothing lies open when this rule is broken. What is missing is the decision: a reader can't tell S3's keys from a
forgotten key of one's own.
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
BY_DEFAULT = "applyServerSideEncryptionByDefault"


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    inline = block(block(bucket.properties, "serverSideEncryptionConfiguration"), "rule")
    stated = [("serverSideEncryptionConfiguration.rule", inline)] if inline else []
    for encryption in of_bucket(bucket, stack, ENCRYPTIONS):
        stated.extend((f"{encryption.name}: {path}", rule) for path, rule in items(encryption.properties, "rules"))
    if not stated:
        yield Finding("default encryption", "not stated", 'a rule with "AES256" or "aws:kms"')
    for path, rule in stated:
        algorithm = block(rule, BY_DEFAULT).get("sseAlgorithm")
        if algorithm not in ALGORITHMS:
            yield Finding(f"{path}.{BY_DEFAULT}.sseAlgorithm", shown(algorithm), '"AES256" or "aws:kms"')


RULE = StackRule(
    id="S3-003",
    name="bucket-default-encryption",
    title="A bucket states its default encryption.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketServerSideEncryptionConfiguration: AES256 for S3's keys, aws:kms for a key of your own.",
    example="""aws.s3.BucketServerSideEncryptionConfiguration(
    "uploads",
    bucket=bucket.bucket,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html",
    read=date(2026, 11, 24),
)
