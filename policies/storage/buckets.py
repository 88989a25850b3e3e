"""S3 buckets, and the resources of their own that say how one behaves: each is found by its property `bucket`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..rule import NOTHING, Resource, Stack, block, items

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
LIFECYCLES = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
ENABLED = "Enabled"


def of_bucket(bucket: Resource, stack: Stack, types: tuple[str, ...]) -> Iterator[Resource]:
    """The resources of `types` that hold for `bucket`."""
    return stack.referring(types, "bucket", bucket, "bucket")


def lifecycle_rules(bucket: Resource, stack: Stack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The bucket's lifecycle rules that are on, each with its path, all of one shape."""
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


def holds_for_all(rule: Mapping[str, Any]) -> bool:
    """Whether a lifecycle rule is about every object: it names no prefix, tag or size."""
    narrowed = rule.get("filter") or NOTHING
    return not rule.get("prefix") and not any(narrowed.get(key) for key in narrowed)


def expires_all_objects(bucket: Resource, stack: Stack) -> bool:
    """Whether nothing in the bucket is meant to stay: a lifecycle rule deletes every object after some days."""
    return any(
        holds_for_all(rule) and block(rule, "expiration").get("days") for _, rule in lifecycle_rules(bucket, stack)
    )
