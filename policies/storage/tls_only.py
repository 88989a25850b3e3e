"""S3-002: a bucket's policy refuses requests that come without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .bucket_policy import BucketStatement, policies
from .buckets import BUCKETS

WANTED = 'a Deny for everybody and every action where aws:SecureTransport is "false", on the bucket and its objects'


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    found = list(policies(bucket, stack))
    if not any(_refuses_plain_http(statement) for _, statements in found for statement in statements):
        yield Finding("bucket policy", "lets plain HTTP pass" if found else "missing", WANTED)


def _refuses_plain_http(statement: BucketStatement) -> bool:
    names = [resource.rpartition(":::")[2] for resource in statement.resources]
    return (
        not statement.allows
        and statement.for_everybody
        and statement.acts_on("s3:getobject")
        and statement.acts_on("s3:putobject")
        # A bucket's own ARN has no slash, that of its objects ends in one and a star; a star alone is both.
        and any("/" not in name for name in names)
        and any(name.endswith("*") for name in names)
        and any(
            operator.startswith("bool") and key == "aws:securetransport" and "false" in [v.lower() for v in values]
            for operator, key, values in statement.conditions
        )
        # Any other condition makes the refusal one for some requests only.
        and len(statement.conditions) == 1
    )


RULE = StackRule(
    id="S3-002",
    name="bucket-tls-only",
    title="A bucket answers requests over TLS only.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.MEDIUM,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a bucket policy that denies everything to everybody where aws:SecureTransport is false.",
    example="""aws.s3.BucketPolicy(
    "uploads",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "TlsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": [arn, f"{arn}/*"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        )
    ),
)""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html",
    read=date(2026, 11, 24),
)
