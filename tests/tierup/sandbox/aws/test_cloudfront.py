"""Tests of the behaviour rows of CloudFront."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account
from .test_acm import CERTIFICATE, validated

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
FUNCTION = "aws:cloudfront/function:Function"
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CUSTOM = {"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}


@pytest.fixture
def account() -> Account:
    return Account("us-east-1")


def behaviour(**more: Any) -> dict[str, Any]:
    return {
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "targetOriginId": "app",
        "viewerProtocolPolicy": "redirect-to-https",
        "cachePolicyId": OPTIMIZED,
        **more,
    }


def distribution(**more: Any) -> dict[str, Any]:
    return {
        "enabled": True,
        "origins": [{"originId": "app", "domainName": "app.example.com", "customOriginConfig": CUSTOM}],
        "defaultCacheBehavior": behaviour(),
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        **more,
    }


def with_certificate(arn: str, **more: Any) -> dict[str, Any]:
    return {"acmCertificateArn": arn, "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021", **more}


def certificate(account: Account, *, valid: bool = True) -> CloudResource:
    made = account.make(CERTIFICATE, "site", domainName="example.com", validationMethod="DNS")
    if valid:
        validated(account, made)
    return made


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
        ({"defaultCacheBehavior": behaviour(targetOriginId="api")}, "NoSuchOrigin"),
        ({"defaultCacheBehavior": behaviour(cachePolicyId=None)}, "InvalidArgument"),
        ({"defaultCacheBehavior": behaviour(allowedMethods=["GET", "POST"])}, "InvalidArgument"),
        ({"defaultCacheBehavior": behaviour(cachePolicyId="none")}, "NoSuchCachePolicy"),
        ({"defaultCacheBehavior": behaviour(responseHeadersPolicyId="none")}, "NoSuchResponseHeadersPolicy"),
        ({"defaultCacheBehavior": behaviour(viewerProtocolPolicy="http")}, "InvalidValue"),
        ({"orderedCacheBehaviors": [behaviour(pathPattern="/a"), behaviour(pathPattern="/a")]}, "InvalidArgument"),
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


def test_aliases_require_issued_certificate_that_covers_them(account: Account) -> None:
    pending = certificate(account, valid=False)
    inputs = distribution(aliases=["example.com"], viewerCertificate=with_certificate(pending.id))
    assert account.codes(DISTRIBUTION, **inputs) == {"InvalidViewerCertificate"}
    validated(account, pending)
    made = account.make(DISTRIBUTION, **inputs)
    assert account.codes(DISTRIBUTION, **{**inputs, "aliases": ["www.example.com"]}) == {"InvalidViewerCertificate"}
    assert account.codes(DISTRIBUTION, "twin", **inputs) == {"CNAMEAlreadyExists"}
    assert not account.change_codes(made, comment="again")
    assert account.delete_codes(pending) == {"ResourceInUseException"}


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


def cache_policy(**more: Any) -> dict[str, Any]:
    return {
        "parametersInCacheKeyAndForwardedToOrigin": {
            "cookiesConfig": {"cookieBehavior": "none"},
            "headersConfig": {"headerBehavior": "none"},
            "queryStringsConfig": {"queryStringBehavior": "none"},
            "enableAcceptEncodingBrotli": True,
            "enableAcceptEncodingGzip": True,
        },
        **more,
    }


def test_invalid_cache_policy_is_rejected(account: Account) -> None:
    policy = account.make(CACHE_POLICY, **cache_policy(minTtl=1, defaultTtl=60, maxTtl=600))
    assert account.codes(CACHE_POLICY, **cache_policy(minTtl=60, defaultTtl=1)) == {"InvalidArgument"}
    assert account.codes(CACHE_POLICY, **cache_policy(minTtl=0, defaultTtl=0, maxTtl=0)) == {"InvalidArgument"}
    listed = cache_policy()
    listed["parametersInCacheKeyAndForwardedToOrigin"]["headersConfig"] = {"headerBehavior": "whitelist"}
    assert account.codes(CACHE_POLICY, **listed) == {"InvalidArgument"}
    account.make(DISTRIBUTION, **distribution(defaultCacheBehavior=behaviour(cachePolicyId=policy.id)))
    assert account.delete_codes(policy) == {"CachePolicyInUse"}


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"customHeadersConfig": {"items": [{"header": "X-Frame-Options", "value": "DENY", "override": True}]}},
        {"securityHeadersConfig": {"frameOptions": {"frameOption": "ALLOW", "override": True}}},
        {
            "corsConfig": {
                "accessControlAllowCredentials": True,
                "accessControlAllowHeaders": {"items": ["*"]},
                "accessControlAllowMethods": {"items": ["GET"]},
                "accessControlAllowOrigins": {"items": ["*"]},
                "originOverride": True,
            }
        },
    ],
)
def test_invalid_response_headers_policy_is_rejected(account: Account, inputs: dict[str, Any]) -> None:
    assert account.codes(HEADERS_POLICY, **inputs)


def test_invalid_function_is_rejected(account: Account) -> None:
    function = account.make(FUNCTION, name="rewrite", code="function handler(e){}", runtime="cloudfront-js-2.0")
    assert function.outputs["arn"] == "arn:aws:cloudfront::123456789012:function/rewrite"
    association = [{"eventType": "viewer-request", "functionArn": function.outputs["arn"]}]
    account.make(DISTRIBUTION, **distribution(defaultCacheBehavior=behaviour(functionAssociations=association)))
    assert account.delete_codes(function) == {"FunctionInUse"}
    assert account.codes(FUNCTION, code="x" * 40_961, runtime="cloudfront-js-2.0") == {"FunctionSizeLimitExceeded"}
    assert account.codes(FUNCTION, code="x", runtime="nodejs") == {"InvalidValue"}


def two_origins(**more: Any) -> dict[str, Any]:
    both = [
        {"originId": name, "domainName": f"{name}.example.com", "customOriginConfig": CUSTOM} for name in ("app", "two")
    ]
    return distribution(origins=both, **more)


def group(*members: str, statuses: tuple[int, ...] = (500, 503)) -> dict[str, Any]:
    return {
        "originId": "either",
        "failoverCriteria": {"statusCodes": list(statuses)},
        "members": [{"originId": member} for member in members],
    }


@pytest.mark.parametrize(
    ("groups", "more", "codes"),
    [
        ([group("app", "two")], {}, set[str]()),
        ([group("app")], {}, {"InvalidArgument"}),
        ([group("app", "three")], {}, {"NoSuchOrigin"}),
        ([group("app", "two", statuses=(418,))], {}, {"InvalidArgument"}),
        (
            [group("app", "two")],
            {"allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
            {"InvalidArgument"},
        ),
    ],
)
def test_origin_group_has_two_members_and_read_methods(
    account: Account, groups: list[dict[str, Any]], more: dict[str, Any], codes: set[str]
) -> None:
    inputs = two_origins(originGroups=groups, defaultCacheBehavior=behaviour(targetOriginId="either", **more))
    assert account.codes(DISTRIBUTION, **inputs) == codes


def test_origin_shield_requires_region(account: Account) -> None:
    def shielded(**shield: Any) -> dict[str, Any]:
        return distribution(origins=[{**distribution()["origins"][0], "originShield": {"enabled": True, **shield}}])

    assert not account.codes(DISTRIBUTION, **shielded(originShieldRegion="eu-west-1"))
    assert account.codes(DISTRIBUTION, **shielded()) == {"InvalidArgument"}
