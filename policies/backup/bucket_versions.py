"""BCK-005: what is overwritten or deleted in a bucket can be had back."""

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
from ..storage.buckets import BUCKETS, expires_all_objects
from .plans import in_a_plan

VERSIONING = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if in_a_plan(bucket, stack):
        return
    if expires_all_objects(bucket, stack):
        raise NotApplicable("its lifecycle deletes every object after some days, as with logs: nothing is kept")
    for versioning in stack.referring(VERSIONING, "bucket", bucket, "bucket"):
        status = block(versioning.properties, "versioningConfiguration").get("status")
        if status != "Enabled":
            yield Finding(f"{versioning.name}: versioningConfiguration.status", shown(status), '"Enabled"')
        return
    if block(bucket.properties, "versioning").get("enabled") is not True:
        yield Finding("versioning", "missing", "enabled, or a place in a backup plan")


RULE = StackRule(
    id="BCK-005",
    name="bucket-versions",
    title="A bucket keeps old versions, or a backup plan has it.",
    item=ChecklistItem.BACKUPS,
    severity=Severity.LOW,
    # Advisory: a bucket of caches or build results loses nothing that matters.
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketVersioning, and a lifecycle rule that lets old versions go after some weeks.",
    example="""aws.s3.BucketVersioning(
    "site",
    bucket=bucket.bucket,
    versioning_configuration={"status": "Enabled"},
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html",
    read=date(2026, 11, 24),
)
