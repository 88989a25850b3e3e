"""S3: locks of objects, which their bucket must support."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, rule
from .s3 import BUCKET
from .sources import quoted, sdk


@rule(
    "object-lock-of-the-bucket",
    Stage.CREATE,
    Stage.UPDATE,
    source=quoted("Bucket is missing Object Lock Configuration"),
)
def _object_lock(call: Call) -> Iterator[Rejection]:
    bucket = call.cloud.get(BUCKET, str(call.get("bucket")))
    lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    wanted = [path for path in ("objectLockMode", "objectLockLegalHoldStatus") if call.get(path)]
    if not wanted or bucket is None or not bucket.urn or bucket.inputs.get("objectLockEnabled") is True:
        return
    if next(call.cloud.find(lock, bucket=bucket.id), None) is None:
        yield Rejection(wanted[0], "Bucket is missing Object Lock Configuration", "InvalidRequest")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    Behaviour(type=f"aws:s3/{kind}", source=sdk("s3/bucketobjectv2"), rules=(_object_lock,))
    for kind in ("bucketObject:BucketObject", "bucketObjectv2:BucketObjectv2")
)
