"""The policies of a bucket: its own property, and the policies that are separate resources.

A policy is text, so at preview it is unknown as a whole whenever it contains the bucket's ARN; the rules evaluate it
during `up`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..access.documents import Statement, statements
from ..rule import Indeterminate, Resource, Stack
from .buckets import of_bucket

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
OBJECT = "any-object"  # a key that only a pattern for all objects matches


def policies(bucket: Resource, stack: Stack) -> Iterator[tuple[str, list[Statement]]]:
    """Yield the bucket's policies by name, each with its statements. Raises Indeterminate for an unreadable one."""
    if own := list(statements(bucket.properties, "policy")):
        yield "policy", own
    for policy in of_bucket(bucket, stack, (BUCKET_POLICY,)):
        yield policy.name, list(statements(policy.properties, "policy"))


def covers_bucket(statement: Statement, bucket: Resource) -> bool:
    """Return whether a statement applies to the bucket itself and to all of its objects.

    Raises UnknownValue or Indeterminate while the bucket's name is unknown and the statement names a bucket.
    """
    if "*" in statement.resources:
        return True
    patterns = [pattern.rpartition(":::")[2] for pattern in statement.resources]
    excluded = [pattern.rpartition(":::")[2] for pattern in statement.but_resources]
    name = _name(bucket)
    if statement.but_resources:
        return not any(fnmatchcase(each, pattern) for each in (name, f"{name}/{OBJECT}") for pattern in excluded)
    return all(any(fnmatchcase(each, pattern) for pattern in patterns) for each in (name, f"{name}/{OBJECT}"))


def _name(bucket: Resource) -> str:
    for properties in (bucket.properties, bucket.outputs):
        if name := properties.get("bucket"):
            return str(name)
    raise Indeterminate("the bucket's name is unknown")
