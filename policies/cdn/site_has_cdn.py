"""CDN-013: a bucket with a web site has a CDN in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from ..s3.bucket_policy import policies
from ..s3.buckets import BUCKETS, of_bucket
from .bucket_behind_cdn import CLOUDFRONT
from .origins import serving

WEBSITES = (
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
    "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
)
OBJECTS = ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2")
# Ways for Cloudflare to read a bucket: a proxied record, or a rule of its Cloud Connector.
CLOUDFLARE_ORIGINS = (
    (("cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record"), "content"),
    (("cloudflare:index/cloudConnectorRules:CloudConnectorRules",), "rules"),
)
HOSTS = ("bucketRegionalDomainName", "bucketDomainName", "websiteEndpoint")


def check(bucket: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not _holds_site(bucket, stack):
        raise NotApplicable("it has no web site: neither a website configuration nor an index.html")
    if serving(bucket, stack) or _behind_cloudflare(bucket, stack):
        return
    for _, statements in policies(bucket, stack):
        for statement in statements:
            if statement.allows and CLOUDFRONT in statement.principals.get("Service", ()):
                return  # a distribution of another stack
            if statement.allows and statement.limits_callers:
                raise Indeterminate("its policy allows readers that may be a CDN of another stack")
    yield Finding("CDN", "missing", "a CloudFront distribution or a proxied Cloudflare record that serves the bucket")


def _holds_site(bucket: Resource, stack: Stack) -> bool:
    website = bucket.properties.get("website")
    if website:
        return not website.get("redirectAllRequestsTo")
    for configuration in of_bucket(bucket, stack, WEBSITES):
        # A website that only redirects to the site's real name serves no files.
        return not configuration.properties.get("redirectAllRequestsTo")
    return any(file.properties.get("key") == "index.html" for file in of_bucket(bucket, stack, OBJECTS))


def _behind_cloudflare(bucket: Resource, stack: Stack) -> bool:
    return any(
        True
        for types, key in CLOUDFLARE_ORIGINS
        for output in HOSTS
        for found in stack.referring(types, key, bucket, output)
        if key != "content" or found.properties.get("proxied")
    )


RULE = StackRule(
    id="CDN-013",
    name="site-has-cdn",
    title="A bucket with a web site has a CDN in front of it.",
    item=ChecklistItem.CDN,
    severity=Severity.MEDIUM,
    applies_to=BUCKETS,
    check=check,
    remediation="Serve the bucket through a CloudFront distribution or a proxied Cloudflare record.",
    example="""aws.cloudfront.Distribution(
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
    source="https://docs.aws.amazon.com/whitepapers/latest/build-static-websites-aws/speeding-up-your-amazon-s3-based-website-using-amazon-cloudfront.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether the application's links to its files use the CDN's host name.",
)
