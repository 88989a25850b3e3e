"""S3-005: a bucket's lifecycle deletes incomplete uploads, old versions and logs after some days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..load_balancer.balancers import LOAD_BALANCERS
from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, Severity, Stack, StackRule, block
from .buckets import BUCKETS, ENABLED, VERSIONINGS, applies_to_all, expires_all_objects, lifecycle_rules, of_bucket

# Resources that write logs to a bucket: their type, the property that names the bucket, and which of its outputs.
LOG_WRITERS = (
    (LOAD_BALANCERS, "accessLogs", "bucket"),
    (LOAD_BALANCERS, "connectionLogs", "bucket"),
    (("aws:cloudfront/distribution:Distribution",), "loggingConfig", "bucketDomainName"),
    (("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",), "deliveryDestinationConfiguration", "arn"),
    (("aws:ec2/flowLog:FlowLog",), "logDestination", "arn"),
    (("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"), "targetBucket", "bucket"),
)


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    rules = [rule for _, rule in lifecycle_rules(bucket, stack)]
    if not any(block(rule, "abortIncompleteMultipartUpload").get("daysAfterInitiation") for rule in rules):
        # AWS bills their parts, and listings of the bucket do not show them.
        yield Finding("lifecycle", "incomplete uploads are never deleted", "a rule that aborts them after some days")
    if _versioned(bucket, stack) and not any(
        applies_to_all(rule) and block(rule, "noncurrentVersionExpiration").get("noncurrentDays") for rule in rules
    ):
        yield Finding("lifecycle", "old versions are never deleted", "a rule that deletes them after some days")
    if not expires_all_objects(bucket, stack) and _receives_logs(bucket, stack):
        yield Finding("lifecycle", "logs are never deleted", "a rule that deletes them after some days")


def _versioned(bucket: Resource, stack: Stack) -> bool:
    return any(
        block(versioning.properties, "versioningConfiguration").get("status") == ENABLED
        for versioning in of_bucket(bucket, stack, VERSIONINGS)
    )


def _receives_logs(bucket: Resource, stack: Stack) -> bool:
    return any(True for types, key, output in LOG_WRITERS for _ in stack.referring(types, key, bucket, output))


RULE = StackRule(
    id="S3-005",
    name="bucket-lifecycle",
    title="A bucket's lifecycle deletes incomplete uploads, old versions and logs.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketLifecycleConfiguration that aborts incomplete uploads and expires old versions and logs.",
    example="""aws.s3.BucketLifecycleConfiguration(
    "site",
    bucket=bucket.bucket,
    rules=[
        {
            "id": "leftovers",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            "noncurrent_version_expiration": {"noncurrent_days": 30},
        }
    ],
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
    read=date(2026, 11, 24),
)
