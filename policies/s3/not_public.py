"""S3-006: no ACL and no policy makes a bucket public.

A public access block (S3-001) overrides both. This rule also reports a bucket that would be public without the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import ChecklistItem, Finding, Parameters, Resource, Severity, Stack, StackRule, block, items, shown
from .bucket_policy import CLOUDFRONT_ACCESS_EXAMPLE, policies
from .buckets import BUCKETS, of_bucket

ACLS = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
# Everyone, and everyone with an AWS account.
PUBLIC_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    yield from _public_acl("acl", bucket.properties.get("acl"))
    for path, grant in items(bucket.properties, "grants"):
        yield from _public_group(f"{path}.uri", grant)
    for acl in of_bucket(bucket, stack, ACLS):
        yield from _public_acl(f"{acl.name}: acl", acl.properties.get("acl"))
        for path, grant in items(block(acl.properties, "accessControlPolicy"), "grants"):
            yield from _public_group(f"{acl.name}: accessControlPolicy.{path}.grantee.uri", block(grant, "grantee"))
    for name, statements in policies(bucket, stack):
        for statement in statements:
            if statement.grants_to_everyone:
                yield Finding(
                    f"{name}: {statement.element}",
                    "allows everyone, without a condition on the caller",
                    "specific principals, or a condition such as aws:SourceArn or aws:SourceIp",
                )


def _public_acl(path: str, acl: Any) -> Iterator[Finding]:
    if acl in PUBLIC_ACLS:
        yield Finding(path, shown(acl), '"private", or no ACL')


def _public_group(path: str, grantee: Mapping[str, Any]) -> Iterator[Finding]:
    uri = grantee.get("uri")
    if uri in PUBLIC_GROUPS:
        yield Finding(path, f"the group {uri.rpartition('/')[2]}", "grants to specific accounts, or no ACL")


RULE = StackRule(
    id="S3-006",
    name="bucket-not-public",
    title="No ACL and no policy makes a bucket public.",
    item=ChecklistItem.BASELINE,
    severity=Severity.CRITICAL,
    applies_to=BUCKETS,
    check=check,
    remediation="Remove the public ACL or statement, and let a CDN read the bucket with origin access control.",
    example=CLOUDFRONT_ACCESS_EXAMPLE,
    source="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-public-read-prohibited.html",
    read=date(2026, 11, 24),
)
