"""CDN-012: a bucket that CloudFront serves cannot be read directly, or through the distribution of another account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..iam.documents import Statement
from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, Severity, Stack, StackRule
from ..s3.bucket_policy import CLOUDFRONT_ACCESS_EXAMPLE, policies
from ..s3.buckets import BUCKETS
from .origins import serving

CLOUDFRONT = "cloudfront.amazonaws.com"
OWNER_KEYS = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid")
READING = ("s3:getobject", "s3:listbucket")


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not serving(bucket, stack):
        raise NotApplicable("no distribution of this stack serves it")
    for name, statements in policies(bucket, stack):
        for statement in statements:
            if not statement.allows or not any(statement.allows_action(action) for action in READING):
                continue
            if statement.grants_to_everyone:
                yield Finding(
                    f"{name}: {statement.element}",
                    "everyone can read the bucket without the CDN",
                    f"the principal {CLOUDFRONT} with the distribution's aws:SourceArn",
                )
            elif CLOUDFRONT in statement.principals.get("Service", ()) and not _names_owner(statement):
                # The service principal is the same for the distributions of all customers.
                yield Finding(
                    f"{name}: {statement.element}",
                    "every distribution of every account can read the bucket",
                    "a condition on the distribution's aws:SourceArn",
                )


def _names_owner(statement: Statement) -> bool:
    return any(
        key in OWNER_KEYS and "not" not in operator and all(map(_named, values))
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )


def _named(value: str) -> bool:
    """Return whether a value names an account or an organization, alone or in an ARN, rather than a wildcard."""
    return re.search(r"\d{12}|^o-", value) is not None


RULE = StackRule(
    id="CDN-012",
    name="bucket-behind-cdn",
    title="A bucket behind CloudFront can be read only through its own distribution.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=BUCKETS,
    check=check,
    remediation="Allow reads only to cloudfront.amazonaws.com, where aws:SourceArn is the distribution's ARN.",
    example=CLOUDFRONT_ACCESS_EXAMPLE,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    read=date(2026, 11, 24),
)
