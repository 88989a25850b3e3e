"""CDN-008: CloudFront signs its requests to S3, so that the bucket behind it can be private.

An origin access identity, the legacy way, passes too; it cannot read objects that are encrypted with a KMS key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Resource, ResourceRule, Severity, block, declared
from .behaviors import DISTRIBUTION
from .origins import is_s3, origins


def check(distribution: Resource, _parameters: Parameters) -> Iterator[Finding]:
    evaluated = False
    for path, origin in origins(distribution):
        if not is_s3(origin):
            continue
        evaluated = True
        if declared(origin, "originAccessControlId"):
            continue
        # In the API, an empty text means "no identity".
        if not block(origin, "s3OriginConfig").get("originAccessIdentity"):
            yield Finding(f"{path}.originAccessControlId", "not set", "the id of an origin access control")
    if not evaluated:
        raise NotApplicable("none of its origins is a bucket")


RULE = ResourceRule(
    id="CDN-008",
    name="cdn-origin-access",
    title="CloudFront reads buckets with an origin access control.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(DISTRIBUTION,),
    check=check,
    remediation="Add an OriginAccessControl for S3 that always signs, and set origin_access_control_id to its id.",
    example="""access = aws.cloudfront.OriginAccessControl(
    "site",
    origin_access_control_origin_type="s3",
    signing_behavior="always",
    signing_protocol="sigv4",
)
aws.cloudfront.Distribution(
    "site",
    origins=[
        {
            "origin_id": "site",
            "domain_name": bucket.bucket_regional_domain_name,
            "origin_access_control_id": access.id,
        }
    ],
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    read=date(2026, 11, 24),
)
