"""CloudFront: distributions. How long a deployment takes is in `tierup/sandbox/traffic/durations.py`."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Plain,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    documented,
    located,
    rule,
)
from .acm import CERTIFICATE
from .cloudfront import (
    ACCESS_CONTROL,
    CACHE_POLICY,
    CREATE,
    FUNCTION,
    HEADERS_POLICY,
    QUOTAS,
    REQUEST_POLICY,
    VPC_ORIGIN,
    cache_behaviors,
    etag_of,
)
from .cloudfront_behaviors import BEHAVIOR_RULES
from .cloudfront_origins import origin_configs, origin_groups, origin_shields, origins_of, target_origins_exist
from .cloudfront_viewer_certificates import certificate_covers_aliases, viewer_certificate
from .s3 import BUCKET, bucket_of_domain
from .s3_bucket_settings import OWNERSHIP
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, sdk

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"

_WEB_ACL = "aws:wafv2/webAcl:WebAcl"

HOSTED_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone id of every CloudFront distribution, for alias records (https://docs.aws.amazon.com/general/latest/gr/cf_region.html)."""

_MANAGED = documented(
    "CachePolicy, OriginRequestPolicy and ResponseHeadersPolicy of aws-cdk-lib 2.275.0", read="2026-11-24"
)

_MANAGED_CACHE_POLICIES = "|".join(
    (
        "658327ea-f89d-4fab-a63d-7e88639e58f6",  # CachingOptimized
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",  # CachingOptimizedForUncompressedObjects
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",  # CachingDisabled
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65",  # UseOriginCacheControlHeaders
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe",  # UseOriginCacheControlHeaders-QueryStrings
        "2e54312d-136d-493c-8eb9-b001f22f67d2",  # Amplify
        "08627262-05a9-4f76-9ded-b50ca2e3a84f",  # Elemental-MediaPackage
    )
)

_MANAGED_REQUEST_POLICIES = "|".join(
    (
        "216adef6-5c7f-47e4-b989-5492eafa07d3",  # AllViewer
        "b689b0a8-53d0-40ab-baf2-68738e2966ac",  # AllViewerExceptHostHeader
        "33f36d7e-f396-46d9-90e0-52428a34d9dc",  # AllViewerAndCloudFrontHeaders-2022-06
        "59781a5b-3903-41f3-afcb-af62929ccde1",  # CORS-CustomOrigin
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",  # CORS-S3Origin
        "acba4595-bd28-49b8-b9fe-13317c0390fa",  # UserAgentRefererHeaders
        "775133bc-15f2-49f9-abea-afb2e0bf67d2",  # Elemental-MediaTailor-PersonalizedManifests
        "bf0718e1-ba1e-49d1-88b1-f726733018ae",  # HostHeaderOnly
    )
)

_MANAGED_HEADERS_POLICIES = "|".join(
    (
        "67f7725c-6f97-4210-82d7-5512b31e9d03",  # SecurityHeadersPolicy
        "60669652-455b-4ae9-85a4-c4c02393f86c",  # SimpleCORS
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd",  # CORS-With-Preflight
        "e61eb60c-9c35-4d20-a928-2b84e02af89c",  # CORS-and-SecurityHeadersPolicy
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63",  # CORS-with-preflight-and-SecurityHeadersPolicy
    )
)

_ALLOWED_METHODS = (
    {"GET", "HEAD"},
    {"GET", "HEAD", "OPTIONS"},
    {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"},
)


@rule("behavior-methods", Stage.PLAN, source=sdk("cloudfront/distribution"))
def _methods(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        allowed, cached = each.get("allowedMethods"), each.get("cachedMethods")
        if isinstance(allowed, list) and UNKNOWN not in allowed and set(allowed) not in _ALLOWED_METHODS:
            yield Rejection(
                f"{at}.allowedMethods",
                f"invalid methods (got {', '.join(allowed)}). Allowed are GET and HEAD; GET, HEAD and OPTIONS; or all"
                " seven.",
                "InvalidArgument",
            )
        if isinstance(cached, list) and UNKNOWN not in cached and set(cached) not in _ALLOWED_METHODS[:2]:
            yield Rejection(
                f"{at}.cachedMethods",
                f"invalid methods (got {', '.join(cached)}). Allowed are GET and HEAD; or GET, HEAD and OPTIONS.",
                "InvalidArgument",
            )


@rule("behavior-has-cache-policy", Stage.PLAN, source=sdk("cloudfront/distribution"))
def _cached_by(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, each in cache_behaviors(call):
        ways = [way for way in ("cachePolicyId", "forwardedValues") if each.get(way) is not None]
        if len(ways) != 1:
            yield Rejection(
                f"{at}.cachePolicyId",
                f"set exactly one of cachePolicyId and forwardedValues (got {' and '.join(ways) or 'neither'}).",
                "InvalidArgument",
            )
        if "forwardedValues" in ways and each.get("originRequestPolicyId"):
            yield Rejection(f"{at}.originRequestPolicyId", "requires cachePolicyId", "InvalidArgument")
        pattern = each.get("pathPattern")
        if isinstance(pattern, str):
            if pattern in seen:
                yield Rejection(f"{at}.pathPattern", f"duplicate path pattern (got '{pattern}')", "InvalidArgument")
            seen.add(pattern)


@rule("geo-restriction-locations", Stage.PLAN, source=api("cloudfront", "GeoRestriction"))
def _geography(call: Call) -> Iterator[Rejection]:
    kind, places = (
        known(call, "restrictions.geoRestriction.restrictionType"),
        known(call, "restrictions.geoRestriction.locations"),
    )
    if kind == "none" and places:
        yield Rejection(
            "restrictions.geoRestriction.locations",
            "must be empty for restriction type 'none'",
            "InvalidGeoRestrictionParameter",
        )
    if kind in ("whitelist", "blacklist") and call.get("restrictions.geoRestriction.locations") is None:
        yield Rejection(
            "restrictions.geoRestriction.locations",
            f"a {kind} requires country codes",
            "InvalidGeoRestrictionParameter",
        )


@rule("alias-is-unique", Stage.CREATE, Stage.UPDATE, source=CREATE)
def _aliases_free(call: Call) -> Iterator[Rejection]:
    aliases = list(located(call.inputs, "aliases[*]"))
    for other in others_in_region(call, DISTRIBUTION):
        for at, alias in aliases:
            if alias in (other.inputs.get("aliases") or ()):
                yield Rejection(
                    at, f"'{alias}' is already associated with the distribution {other.id}", "CNAMEAlreadyExists"
                )


@rule(
    "web-acl-is-of-cloudfront-scope",
    Stage.CREATE,
    Stage.UPDATE,
    source=api("cloudfront", "AssociateDistributionWebACL"),
)
def _web_acl(call: Call) -> Iterator[Rejection]:
    acl = next(call.cloud.find(_WEB_ACL, arn=call.get("webAclId")), None)
    if acl is not None and acl.inputs.get("scope") != "CLOUDFRONT":
        yield Rejection(
            "webAclId",
            f"the web ACL '{acl.name}' has scope {acl.inputs.get('scope')}. CloudFront requires scope CLOUDFRONT.",
            "InvalidWebACLId",
        )


@rule("origin-bucket-exists", Stage.CREATE, Stage.UPDATE, source=CREATE)
def _buckets(call: Call) -> Iterator[Rejection]:
    for at, each in origins_of(call):
        bucket = bucket_of_domain(str(each.get("domainName")))
        if bucket and call.cloud.get(BUCKET, bucket) is None:
            yield Rejection(f"{at}.domainName", f"the bucket '{bucket}' does not exist", "InvalidOrigin")
        control = call.cloud.get(ACCESS_CONTROL, str(each.get("originAccessControlId")))
        if control and control.inputs.get("originAccessControlOriginType") == "s3" and not bucket:
            yield Rejection(
                f"{at}.domainName",
                f"invalid domain name (got '{each.get('domainName')}'). The origin access control '{control.name}' is"
                " for S3, so the domain"
                " must be the bucketRegionalDomainName of a bucket.",
                "InvalidDomainNameForOriginAccessControl",
            )


@rule("log-bucket-allows-acls", Stage.CREATE, Stage.UPDATE, source=sdk("cloudfront/distribution"))
def _log_bucket(call: Call) -> Iterator[Rejection]:
    domain = call.get("loggingConfig.bucket")
    if not domain:
        return
    bucket = bucket_of_domain(domain)
    if bucket is None or call.cloud.get(BUCKET, bucket) is None:
        yield Rejection(
            "loggingConfig.bucket",
            f"invalid bucket (got '{domain}'). It must be the bucketDomainName of a bucket.",
            "InvalidArgument",
        )
        return
    ownership = next(call.cloud.find(OWNERSHIP, bucket=bucket), None)
    if ownership is None or ownership.inputs["rule"].get("objectOwnership") == "BucketOwnerEnforced":
        yield Rejection(
            "loggingConfig.bucket",
            f"the S3 bucket '{bucket}' does not enable ACL access. Add s3.BucketOwnershipControls with"
            " BucketOwnerPreferred (a new bucket has BucketOwnerEnforced).",
            "InvalidArgument",
        )


def _policy_reference(path: str, to: str, managed: str | None, missing: str, in_use: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            path=f"{place}.{path}",
            to=to,
            external=managed,
            code=missing,
            in_use=in_use,
            source=_MANAGED if managed else CREATE,
        )
        for place in ("defaultCacheBehavior", "orderedCacheBehaviors[*]")
    )


def _by_behaviour(path: str, values: tuple[Plain, ...]) -> dict[str, tuple[Plain, ...]]:
    return {f"{place}.{path}": values for place in ("defaultCacheBehavior", "orderedCacheBehaviors[*]")}


_PER_DISTRIBUTION = assumed(
    "the current quotas from secondary sources (older documents say 25 origins and behaviors); page to check:"
    " https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
)


def _per_distribution(path: str, limit: int, what: str, code: str) -> Quota:
    def given(call: Call) -> float:
        return len(call.get(path) or ())

    return Quota(
        limit=limit, per="account", what=f"{what} per distribution", code=code, needs=given, path=path,
        source=_PER_DISTRIBUTION,
    )  # fmt: skip


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=DISTRIBUTION,
        source=sdk("cloudfront/distribution"),
        regional=False,
        id=lambda call: f"E{call.hex(13).upper()}",
        outputs={
            "arn": "arn:aws:cloudfront::{account}:distribution/{id}",
            "callerReference": "terraform-{hex26}",
            "continuousDeploymentPolicyId": "",
            "domainName": "d{hex13}.cloudfront.net",
            "hostedZoneId": HOSTED_ZONE,
            "httpVersion": "http2",
            "inProgressValidationBatches": 0,
            "isIpv6Enabled": False,
            "lastModifiedTime": "2026-11-24 00:00:00 +0000 UTC",
            "priceClass": "PriceClass_All",
            "retainOnDelete": False,
            "staging": False,
            "status": lambda call: "InProgress" if call.get("waitForDeployment") is False else "Deployed",
            "trustedKeyGroups": ({"enabled": False, "items": ()},),
            "trustedSigners": ({"enabled": False, "items": ()},),
            "waitForDeployment": True,
        },
        derived={"etag": etag_of, "loggingV1Enabled": lambda call: bool(call.get("loggingConfig.bucket"))},
        # The provider disables a distribution before it deletes it, so an enabled one can be deleted.
        replaces=frozenset({"staging"}),
        replace_source=FORCE_NEW,
        enums={
            "httpVersion": ("http1.1", "http2", "http3", "http2and3"),
            "priceClass": ("PriceClass_100", "PriceClass_200", "PriceClass_All"),
            "viewerCertificate.minimumProtocolVersion": (
                "SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021",
                "TLSv1.2_2025", "TLSv1.3_2025",
            ),
            "viewerCertificate.sslSupportMethod": ("sni-only", "vip", "static-ip"),
            "restrictions.geoRestriction.restrictionType": ("none", "whitelist", "blacklist"),
            "origins[*].customOriginConfig.originProtocolPolicy": ("http-only", "https-only", "match-viewer"),
            "origins[*].customOriginConfig.originSslProtocols[*]": ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"),
            **_by_behaviour("viewerProtocolPolicy", ("allow-all", "https-only", "redirect-to-https")),
            **_by_behaviour("functionAssociations[*].eventType", ("viewer-request", "viewer-response")),
        },
        ranges={
            "origins[*].connectionAttempts": (1, 3),
            "origins[*].connectionTimeout": (1, 10),
            "origins[*].customOriginConfig.originReadTimeout": (1, 120),
            "origins[*].customOriginConfig.originKeepaliveTimeout": (1, 120),
        },
        references=(
            Reference(
                path="viewerCertificate.acmCertificateArn",
                to=CERTIFICATE,
                by="arn",
                same_region=False,
                code="InvalidViewerCertificate",
                in_use="ResourceInUseException",
                source=api("acm", "DeleteCertificate"),
            ),
            Reference(
                path="webAclId",
                to=_WEB_ACL,
                by="arn",
                external=r"[0-9a-f-]{36}",  # ids of AWS WAF Classic
                same_region=False,
                code="InvalidWebACLId",
                in_use="WAFAssociatedItemException",
                source=api("wafv2", "DeleteWebACL"),
            ),
            Reference(
                path="origins[*].originAccessControlId",
                to=ACCESS_CONTROL,
                code="InvalidOriginAccessControl",
                in_use="OriginAccessControlInUse",
                source=api("cloudfront", "DeleteOriginAccessControl"),
            ),
            Reference(
                path="origins[*].vpcOriginConfig.vpcOriginId",
                to=VPC_ORIGIN,
                code="EntityNotFound",
                in_use="CannotDeleteEntityWhileInUse",
                source=api("cloudfront", "DeleteVpcOrigin"),
            ),
            *_policy_reference(
                "cachePolicyId", CACHE_POLICY, _MANAGED_CACHE_POLICIES, "NoSuchCachePolicy", "CachePolicyInUse"
            ),
            *_policy_reference(
                "originRequestPolicyId", REQUEST_POLICY, _MANAGED_REQUEST_POLICIES, "NoSuchOriginRequestPolicy",
                "OriginRequestPolicyInUse",
            ),
            *_policy_reference(
                "responseHeadersPolicyId", HEADERS_POLICY, _MANAGED_HEADERS_POLICIES, "NoSuchResponseHeadersPolicy",
                "ResponseHeadersPolicyInUse",
            ),
            *(
                Reference(
                    path=f"{place}.functionAssociations[*].functionArn",
                    to=FUNCTION,
                    by="arn",
                    code="InvalidFunctionAssociation",
                    in_use="FunctionInUse",
                    source=api("cloudfront", "DeleteFunction"),
                )
                for place in ("defaultCacheBehavior", "orderedCacheBehaviors[*]")
            ),
        ),
        quotas=(
            Quota(
                limit=500, per="account", what="distributions per account", code="TooManyDistributions", source=QUOTAS
            ),
            _per_distribution("orderedCacheBehaviors", 75, "cache behaviors", "TooManyCacheBehaviors"),
            _per_distribution("origins", 100, "origins", "TooManyOrigins"),
            _per_distribution("originGroups", 10, "origin groups", "TooManyOriginGroupsPerDistribution"),
            _per_distribution("aliases", 100, "alternate domain names", "TooManyDistributionCNAMEs"),
        ),
        rules=(
            target_origins_exist, origin_configs, origin_groups, origin_shields, _methods, _cached_by,
            viewer_certificate, _geography, *BEHAVIOR_RULES,
            certificate_covers_aliases, _aliases_free, _web_acl, _buckets, _log_bucket,
        ),
    ),
)  # fmt: skip
