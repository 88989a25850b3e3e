"""S3: names that its modules share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..behaviour import (
    Behaviour,
    Call,
    Reference,
    Rejection,
    Source,
    Stage,
    assumed,
    rule,
)
from .same_scope import others_in_region
from .sources import FORCE_NEW, sdk

BUCKET = "aws:s3/bucket:Bucket"

OBJECTS = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")

VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def bucket_of_domain(domain: str) -> str | None:
    """Return the bucket of an S3 host name ("b.s3.eu-west-1.amazonaws.com"), or None for another host name."""
    name, _, rest = domain.partition(".s3")
    return name if rest.endswith("amazonaws.com") and rest[:1] in (".", "-") else None


@rule(
    "one-such-setting-a-bucket",
    Stage.CREATE,
    source=assumed(
        "S3 has one such setting per bucket, and the second silently overwrites the first;"
        " two resources would overwrite each other at each up, so the sandbox rejects the second"
    ),
)
def only_one(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, bucket=call.get("bucket")):
        yield Rejection(
            "bucket",
            f"bucket '{call.get('bucket')}' already has a {call.type.rpartition(':')[2]}: '{other.name}'."
            " A bucket has only one. Merge the two.",
            "OperationAborted",
        )


OWNER = frozenset({"expectedBucketOwner"})


def _setting_id(call: Call) -> str:
    owner = call.inputs.get("expectedBucketOwner")
    return f"{call.inputs['bucket']},{owner}" if owner else call.inputs["bucket"]


def setting_row(token: str, page: str, **more: Any) -> Behaviour:
    """Return the row of a bucket setting, which is deleted with its bucket."""
    return Behaviour(
        type=token,
        source=sdk(page),
        id=_setting_id,
        replaces=frozenset({"bucket"}) | more.pop("replaces", frozenset()),
        replace_source=FORCE_NEW,
        references=(bucket_reference(sdk(page)),),
        rules=(only_one, *more.pop("rules", ())),
        **more,
    )


def bucket_reference(source: Source) -> Reference:
    # S3 deletes a bucket's settings with the bucket, and rejects deletion itself while objects are left.
    # terraform-provider-aws retries NoSuchBucket for bucketPropagationTimeout (internal/service/s3, read 2026-11-28).
    return Reference(
        path="bucket",
        to=BUCKET,
        code="NoSuchBucket",
        holds=False,
        external=r"arn:.+",
        retried=True,
        source=source,
    )
