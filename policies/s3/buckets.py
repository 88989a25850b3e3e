"""S3 buckets, and the separate resources that configure them, found by their property `bucket`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import NOTHING, Resource, Stack, block, items

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
LIFECYCLES = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
VERSIONINGS = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)
ENABLED = "Enabled"


def of_bucket(bucket: Resource, stack: Stack, types: tuple[str, ...]) -> Iterator[Resource]:
    """Return the resources of `types` that configure `bucket`."""
    return stack.referring(types, "bucket", bucket, "bucket")


def lifecycle_rules(bucket: Resource, stack: Stack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the bucket's enabled lifecycle rules in one form, each with its path."""
    for path, rule in items(bucket.properties, "lifecycleRules"):
        if rule.get("enabled"):
            days = rule.get("abortIncompleteMultipartUploadDays")
            yield (
                path,
                {
                    **{key: rule.get(key) for key in ("expiration", "noncurrentVersionExpiration")},
                    "filter": {"prefix": rule.get("prefix"), "tag": rule.get("tags")},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": days} if days else None,
                },
            )
    for lifecycle in of_bucket(bucket, stack, LIFECYCLES):
        for path, rule in items(lifecycle.properties, "rules"):
            if rule.get("status") == ENABLED:
                yield f"{lifecycle.name}: {path}", rule


def applies_to_all(rule: Mapping[str, Any]) -> bool:
    """Return whether a lifecycle rule applies to every object, without a prefix, tag or size."""
    filter_ = rule.get("filter") or NOTHING
    return not rule.get("prefix") and not any(filter_.get(key) for key in filter_)


def expires_all_objects(bucket: Resource, stack: Stack) -> bool:
    """Return whether a lifecycle rule deletes every object after some days."""
    return any(
        applies_to_all(rule) and block(rule, "expiration").get("days") for _, rule in lifecycle_rules(bucket, stack)
    )
