"""CDN-012: a bucket that CloudFront serves can't be read past it, nor through anybody else's distribution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..access.documents import Statement
from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from ..storage.bucket_policy import policies
from ..storage.buckets import BUCKETS
from .origins import serving

CLOUDFRONT = "cloudfront.amazonaws.com"
ONE_OF_OURS = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid")
READING = ("s3:getobject", "s3:listbucket")


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not serving(bucket, stack):
        raise NotApplicable("no distribution of this stack serves it")
    for name, statements in policies(bucket, stack):
        for statement in statements:
            if not statement.allows or not any(statement.allows_action(action) for action in READING):
                continue
            if statement.grants_to_anyone:
                yield Finding(
                    f"{name}: {statement.element}",
                    "anybody reads the bucket without the CDN",
                    f"the principal {CLOUDFRONT} with aws:SourceArn, the distribution's",
                )
            elif CLOUDFRONT in statement.principals.get("Service", ()) and not _names_ours(statement):
                # The service signs for every customer's distributions alike.
                yield Finding(
                    f"{name}: {statement.element}",
                    "any distribution of any account reads the bucket",
                    "a condition on aws:SourceArn, the distribution's",
                )


def _names_ours(statement: Statement) -> bool:
    return any(
        key in ONE_OF_OURS and "not" not in operator and all(map(_named, values))
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )


def _named(value: str) -> bool:
    """Whether a value names an account or an organization, alone or in an ARN: a star for it names none."""
    return re.search(r"\d{12}|^o-", value) is not None


RULE = StackRule(
    id="CDN-012",
    name="bucket-behind-cdn",
    title="A bucket behind CloudFront is readable through its own distribution alone.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=BUCKETS,
    check=check,
    remediation="Allow reads to cloudfront.amazonaws.com only, where aws:SourceArn is the distribution's ARN.",
    example="""aws.s3.BucketPolicy(
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
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    read=date(2026, 11, 24),
)
