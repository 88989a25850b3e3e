"""S3: replication of a bucket."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Rejection,
    Stage,
    documented,
    located,
    rule,
)
from .iam import to_role
from .s3 import BUCKET, VERSIONING, bucket_reference, only_one
from .sources import FORCE_NEW, sdk

_REPLICATION = documented(
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html", read="2026-11-24"
)


@rule("replicated-buckets-are-versioned", Stage.CREATE, Stage.UPDATE, source=_REPLICATION)
def _versioned_ends(call: Call) -> Iterator[Rejection]:
    ends = [("bucket", call.get("bucket"))]
    ends += [(at, str(arn).rpartition(":")[2]) for at, arn in located(call.inputs, "rules[*].destination.bucket")]
    for at, bucket in ends:
        if call.cloud.get(BUCKET, bucket) is None:
            if at != "bucket":
                yield Rejection(at, f"the bucket '{bucket}' does not exist", "InvalidRequest")
            continue
        versioning = next(call.cloud.find(VERSIONING, bucket=bucket), None)
        if versioning is None or versioning.inputs["versioningConfiguration"].get("status") != "Enabled":
            yield Rejection(
                at,
                f"versioning must be Enabled on the bucket '{bucket}' before it is replicated",
                "InvalidRequest",
            )


@rule("replication-rule-is-complete", Stage.PLAN, source=sdk("s3/bucketreplicationconfig"))
def _replicates(call: Call) -> Iterator[Rejection]:
    for at, each in located(call.inputs, "rules[*]"):
        if isinstance(each, dict) and each.get("filter") is not None and each.get("deleteMarkerReplication") is None:
            yield Rejection(f"{at}.deleteMarkerReplication", "required with filter", "InvalidRequest")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        source=sdk("s3/bucketreplicationconfig"),
        id=lambda call: call.inputs["bucket"],
        replaces=frozenset({"bucket"}),
        replace_source=FORCE_NEW,
        enums={
            "rules[*].status": ("Enabled", "Disabled"),
            "rules[*].deleteMarkerReplication.status": ("Enabled", "Disabled"),
        },
        references=(
            bucket_reference(_REPLICATION),
            to_role("role", code="InvalidRequest", source=_REPLICATION),
        ),
        rules=(only_one, _versioned_ends, _replicates),
    ),
)  # fmt: skip
