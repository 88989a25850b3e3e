"""The policies of a bucket: its own property, and the policies that are separate resources.

A policy is text, so at preview it is unknown as a whole whenever it contains the bucket's ARN; the rules evaluate it
during `up`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ..iam.documents import Statement, statements
from ..rule import Indeterminate, Resource, Stack
from ..values import UnknownValue
from .buckets import of_bucket

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
OBJECT = "any-object"  # a key that only a pattern for all objects matches

CLOUDFRONT_ACCESS_EXAMPLE = """aws.s3.BucketPolicy(
    "site",
    bucket=bucket.bucket,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "s3:GetObject",
                    "Resource": pulumi.Output.concat(bucket.arn, "/*"),
                    "Condition": {"StringEquals": {"aws:SourceArn": distribution.arn}},
                }
            ],
        }
    ),
)"""
"""The example of the rules that want a bucket readable only by a distribution."""


def policies(bucket: Resource, stack: Stack) -> Iterator[tuple[str, list[Statement]]]:
    """Yield the bucket's policies by name, each with its statements. Raises Indeterminate for an unreadable one."""
    if own := list(statements(bucket.properties, "policy")):
        yield "policy", own
    for policy in of_bucket(bucket, stack, (BUCKET_POLICY,)):
        yield policy.name, list(statements(policy.properties, "policy"))


def covers_bucket(statement: Statement, bucket: Resource) -> bool:
    """Return whether a statement applies to the bucket itself and to all of its objects.

    Raises UnknownValue or Indeterminate while both the bucket's ARN and its name are unknown.
    """
    if "*" in statement.resources:
        return True
    return any(_covers(statement, arn) and _covers(statement, f"{arn}/{OBJECT}") for arn in _arns(bucket))


def _covers(statement: Statement, arn: str) -> bool:
    if statement.not_resources:
        return not any(fnmatchcase(arn, pattern) for pattern in statement.not_resources)
    return any(fnmatchcase(arn, pattern) for pattern in statement.resources)


def _arns(bucket: Resource) -> list[str]:
    """Return the ARN in the bucket's outputs, and the ARN of its name."""
    found: list[str] = []
    unknown: UnknownValue | None = None
    for key, prefix in (("arn", ""), ("bucket", "arn:aws:s3:::")):
        try:
            if value := bucket.outputs.get(key):
                found.append(f"{prefix}{value}")
        except UnknownValue as answer:
            unknown = answer
    if not found and (name := bucket.properties.get("bucket")):
        found.append(f"arn:aws:s3:::{name}")
    if not found:
        raise unknown or Indeterminate("the bucket's name is unknown")
    return found
