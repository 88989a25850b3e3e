"""Tests of the behaviour rows of CloudFront distributions."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN

from ..account import Account
from .inputs import DISTRIBUTION, behavior, distribution, with_certificate

ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"


def test_distribution_outputs_match_aws(account: Account) -> None:
    made = account.make(DISTRIBUTION, **distribution())
    assert made.region == ""
    assert made.id.startswith("E")
    assert made.outputs["domainName"].endswith(".cloudfront.net")
    assert made.outputs["hostedZoneId"] == "Z2FDTNDATAQYW2"
    assert made.outputs["status"] == "Deployed"
    assert not account.delete_codes(made)  # the provider disables it first


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"defaultCacheBehavior": behavior(targetOriginId="api")}, "NoSuchOrigin"),
        ({"defaultCacheBehavior": behavior(cachePolicyId=None)}, "InvalidArgument"),
        ({"defaultCacheBehavior": behavior(allowedMethods=["GET", "POST"])}, "InvalidArgument"),
        ({"defaultCacheBehavior": behavior(cachePolicyId="none")}, "NoSuchCachePolicy"),
        ({"defaultCacheBehavior": behavior(responseHeadersPolicyId="none")}, "NoSuchResponseHeadersPolicy"),
        ({"defaultCacheBehavior": behavior(viewerProtocolPolicy="http")}, "InvalidValue"),
        ({"orderedCacheBehaviors": [behavior(pathPattern="/a"), behavior(pathPattern="/a")]}, "InvalidArgument"),
        ({"origins": [{"originId": "app", "domainName": "https://app.example.com"}]}, "InvalidArgument"),
        ({"origins": [{"originId": "app", "domainName": "b.s3.eu-west-1.amazonaws.com"}]}, "InvalidOrigin"),
        ({"aliases": ["example.com"]}, "InvalidViewerCertificate"),
        ({"viewerCertificate": {}}, "InvalidViewerCertificate"),
        (
            {"viewerCertificate": {"cloudfrontDefaultCertificate": True, "minimumProtocolVersion": "TLSv1.2_2021"}},
            "InvalidMinimumProtocolVersion",
        ),
        (
            {"viewerCertificate": {"acmCertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}},
            "InvalidViewerCertificate",
        ),
        (
            {"viewerCertificate": with_certificate("arn:aws:acm:eu-west-1:1:certificate/a")},
            "InvalidViewerCertificate",
        ),
        ({"priceClass": "PriceClass_1"}, "InvalidValue"),
        (
            {"restrictions": {"geoRestriction": {"restrictionType": "whitelist"}}},
            "InvalidGeoRestrictionParameter",
        ),
        ({"webAclId": "arn:aws:wafv2:us-east-1:1:global/webacl/none/1"}, "InvalidWebACLId"),
        ({"loggingConfig": {"bucket": "none.s3.amazonaws.com"}}, "InvalidArgument"),
    ],
)
def test_invalid_distribution_is_rejected(account: Account, inputs: dict[str, Any], code: str) -> None:
    assert account.codes(DISTRIBUTION, **distribution(**inputs)) == {code}


def test_preview_accepts_unknown_values(account: Account) -> None:
    unknown = distribution(
        origins=[{"originId": UNKNOWN, "domainName": UNKNOWN, "originAccessControlId": UNKNOWN}],
        aliases=["example.com"],
        viewerCertificate=with_certificate(UNKNOWN),  # pyright: ignore[reportArgumentType] - as at a preview
        webAclId=UNKNOWN,
    )
    assert not account.planned(DISTRIBUTION, **unknown)


def test_origin_access_control_requires_existing_bucket(account: Account) -> None:
    bucket = account.make("aws:s3/bucket:Bucket", bucket="site-1")
    control = account.make(
        ACCESS_CONTROL,
        originAccessControlOriginType="s3",
        signingBehavior="always",
        signingProtocol="sigv4",
    )
    origin = {
        "originId": "app",
        "domainName": bucket.outputs["bucketRegionalDomainName"],
        "originAccessControlId": control.id,
    }
    account.make(DISTRIBUTION, **distribution(origins=[origin]))
    assert account.delete_codes(control) == {"OriginAccessControlInUse"}
    wrong = {**origin, "domainName": "app.example.com"}
    assert account.codes(DISTRIBUTION, **distribution(origins=[wrong])) == {"InvalidDomainNameForOriginAccessControl"}
    assert account.codes(DISTRIBUTION, **distribution(origins=[{**origin, "originAccessControlId": "E0"}])) == {
        "InvalidOriginAccessControl"
    }


def test_web_acl_requires_scope_cloudfront(account: Account) -> None:
    metric = {"cloudwatchMetricsEnabled": True, "metricName": "acl", "sampledRequestsEnabled": True}
    for scope, code in (("REGIONAL", {"InvalidWebACLId"}), ("CLOUDFRONT", set[str]())):
        acl = account.make(
            "aws:wafv2/webAcl:WebAcl", scope.lower(), scope=scope, defaultAction={"allow": {}}, visibilityConfig=metric
        )
        assert account.codes(DISTRIBUTION, **distribution(webAclId=acl.outputs["arn"])) == code


def test_log_bucket_requires_acls(account: Account) -> None:
    bucket = account.make("aws:s3/bucket:Bucket", bucket="logs-1")
    inputs = distribution(loggingConfig={"bucket": bucket.outputs["bucketDomainName"]})
    assert account.codes(DISTRIBUTION, **inputs) == {"InvalidArgument"}
    account.make(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        bucket=bucket.id,
        rule={"objectOwnership": "BucketOwnerPreferred"},
    )
    assert account.make(DISTRIBUTION, **inputs).outputs["loggingV1Enabled"] is True
