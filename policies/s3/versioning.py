"""S3-004: a bucket whose objects are kept has versioning enabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    block,
    shown,
)
from .buckets import BUCKETS, ENABLED, VERSIONINGS, expires_all_objects, of_bucket


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if expires_all_objects(bucket, stack):
        raise NotApplicable("its lifecycle deletes every object after some days")
    if block(bucket.properties, "versioning").get("enabled") is True:
        return
    versionings = list(of_bucket(bucket, stack, VERSIONINGS))
    if not versionings:
        yield Finding(
            "versioning", "missing", f'"{ENABLED}", or a lifecycle rule that deletes every object after some days'
        )
    for versioning in versionings:
        status = block(versioning.properties, "versioningConfiguration").get("status")
        if status != ENABLED:
            yield Finding(f"{versioning.name}: versioningConfiguration.status", shown(status), f'"{ENABLED}"')


RULE = StackRule(
    id="S3-004",
    name="bucket-versioning",
    title="A bucket whose objects are kept has versioning enabled.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.MEDIUM,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketVersioning with status Enabled, and expire old versions with a lifecycle rule.",
    example="""aws.s3.BucketVersioning("site", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html",
    read=date(2026, 11, 24),
)
