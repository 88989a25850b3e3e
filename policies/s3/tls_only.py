"""S3-002: a bucket's policy denies requests without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..iam.documents import Statement
from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule
from .bucket_policy import covers_bucket, policies
from .buckets import BUCKETS

WANTED = 'a Deny for everyone and every action if aws:SecureTransport is "false", on the bucket and all objects'


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    found = list(policies(bucket, stack))
    if not any(_denies_http(statement, bucket) for _, statements in found for statement in statements):
        yield Finding("bucket policy", "allows plain HTTP" if found else "missing", WANTED)


def _denies_http(statement: Statement, bucket: Resource) -> bool:
    conditions = [
        (operator, key, values) for operator, keys in statement.conditions.items() for key, values in keys.items()
    ]
    return (
        not statement.allows
        and statement.for_everyone
        and not statement.has_not_principal
        and statement.allows_action("s3:getobject")
        and statement.allows_action("s3:putobject")
        # Any other condition limits the denial to some requests.
        and len(conditions) == 1
        and all(
            operator.startswith("bool") and key == "aws:securetransport" and "false" in map(str.lower, values)
            for operator, key, values in conditions
        )
        and covers_bucket(statement, bucket)
    )


RULE = StackRule(
    id="S3-002",
    name="bucket-tls-only",
    title="A bucket accepts requests over TLS only.",
    item=ChecklistItem.HTTPS_ENFORCED,
    severity=Severity.MEDIUM,
    applies_to=BUCKETS,
    check=check,
    remediation="Add a bucket policy that denies every action to everyone if aws:SecureTransport is false.",
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
