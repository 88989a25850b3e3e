"""BCK-005: overwritten and deleted objects of a bucket can be restored."""

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
from ..s3.buckets import BUCKETS, ENABLED, VERSIONINGS, expires_all_objects, of_bucket
from .plans import in_a_plan


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if in_a_plan(bucket, stack):
        return
    if expires_all_objects(bucket, stack):
        raise NotApplicable("its lifecycle rules delete every object after some days, as for logs")
    for versioning in of_bucket(bucket, stack, VERSIONINGS):
        status = block(versioning.properties, "versioningConfiguration").get("status")
        if status != ENABLED:
            yield Finding(f"{versioning.name}: versioningConfiguration.status", shown(status), f'"{ENABLED}"')
        return
    if block(bucket.properties, "versioning").get("enabled") is not True:
        yield Finding("versioning", "missing", "enabled, or a selection in a backup plan")


RULE = StackRule(
    id="BCK-005",
    name="bucket-versions",
    title="A bucket keeps old versions of its objects, or a backup plan selects it.",
    item=ChecklistItem.BACKUPS,
    severity=Severity.LOW,
    # Advisory: the loss of caches or build results does no harm.
    level=Level.ADVISORY,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a BucketVersioning, and a lifecycle rule that deletes old versions after some weeks.",
    example="""aws.s3.BucketVersioning(
    "site",
    bucket=bucket.bucket,
    versioning_configuration={"status": "Enabled"},
)""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html",
    read=date(2026, 11, 24),
)
