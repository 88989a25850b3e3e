"""CloudFront: distributions, and the policies, functions and origin access controls they use. All are global."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
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
from .acm import CERTIFICATE, covers, issued
from .arns import region_of
from .s3 import BUCKET, OWNERSHIP, bucket_of_domain
from .same_scope import known, others_in_region
from .sources import FORCE_NEW, api, created_only, sdk

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
_CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
_HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
_FUNCTION = "aws:cloudfront/function:Function"
_VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"
_WEB_ACL = "aws:wafv2/webAcl:WebAcl"

HOSTED_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone id of every CloudFront distribution, for alias records (https://docs.aws.amazon.com/general/latest/gr/cf_region.html)."""

_CERTIFICATES = api("cloudfront", "ViewerCertificate")
_CREATE = api("cloudfront", "CreateDistribution")
_MANAGED = documented(
    "CachePolicy, OriginRequestPolicy and ResponseHeadersPolicy of aws-cdk-lib 2.275.0", read="2026-11-24"
)
_QUOTAS = documented(
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html", read="2026-11-24"
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
_SECURITY_HEADERS = {  # a response headers policy has a separate input for each of these
    "content-security-policy", "referrer-policy", "strict-transport-security", "x-content-type-options",
    "x-frame-options", "x-xss-protection",
}  # fmt: skip


def _behaviours(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in ("defaultCacheBehavior", "orderedCacheBehaviors[*]"):
        for at, each in located(call.inputs, path):
            if isinstance(each, dict):
                yield at, each


def _origins(call: Call) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for at, each in located(call.inputs, "origins[*]"):
        if isinstance(each, dict):
            yield at, each


# --- distributions: rules on the inputs ---


@rule("target-origin-exists", Stage.PLAN, source=_CREATE)
def _targets(call: Call) -> Iterator[Rejection]:
    ids = [each.get("originId") for _, each in _origins(call)] + [
        each.get("originId") for _, each in located(call.inputs, "originGroups[*]") if isinstance(each, dict)
    ]
    if UNKNOWN in ids or call.get("origins") is UNKNOWN:
        return
    for at, each in _behaviours(call):
        target = each.get("targetOriginId")
        if target is not UNKNOWN and target not in ids:
            yield Rejection(
                f"{at}.targetOriginId",
                f"there is no origin '{target}'. The distribution has {', '.join(map(str, ids))}.",
                "NoSuchOrigin",
            )
    for twice in {each for each in ids if ids.count(each) > 1}:
        yield Rejection("origins", f"duplicate origin id (got '{twice}')", "InvalidArgument")


@rule("origin-has-one-config", Stage.PLAN, source=api("cloudfront", "Origin"))
def _origin_kinds(call: Call) -> Iterator[Rejection]:
    for at, each in _origins(call):
        kinds = [kind for kind in ("s3OriginConfig", "customOriginConfig", "vpcOriginConfig") if each.get(kind)]
        if len(kinds) > 1:
            yield Rejection(
                at,
                "an origin has only one of s3OriginConfig, customOriginConfig and vpcOriginConfig (got"
                f" {' and '.join(kinds)}).",
                "InvalidArgument",
            )
        domain = each.get("domainName")
        s3 = isinstance(domain, str) and bucket_of_domain(domain) is not None
        if isinstance(domain, str) and not kinds and not s3 and each.get("originAccessControlId") is None:
            yield Rejection(
                f"{at}.customOriginConfig",
                f"'{domain}' is not an S3 bucket. It requires customOriginConfig.",
                "InvalidArgument",
            )
        if isinstance(domain, str) and ("/" in domain or ":" in domain):
            yield Rejection(
                f"{at}.domainName",
                f"invalid domain name (got '{domain}'). Allowed: a host name without scheme, port and path.",
                "InvalidArgument",
            )


_FAILOVER_STATUSES = (400, 403, 404, 416, 429, 500, 502, 503, 504)


@rule("origin-group-has-two-members", Stage.PLAN, source=api("cloudfront", "OriginGroup"))
def _groups(call: Call) -> Iterator[Rejection]:
    origins = [each.get("originId") for _, each in _origins(call)]
    groups: set[Plain] = set()
    for at, group in located(call.inputs, "originGroups[*]"):
        if not isinstance(group, dict):
            continue
        groups.add(group.get("originId"))
        members = list(located(group, "members[*].originId"))
        if group.get("members") is not UNKNOWN and len(members) != 2:
            yield Rejection(
                f"{at}.members", f"an origin group has exactly two members (got {len(members)}).", "InvalidArgument"
            )
        for place, member in members:
            if member is not UNKNOWN and UNKNOWN not in origins and member not in origins:
                yield Rejection(f"{at}.{place}", f"there is no origin '{member}'", "NoSuchOrigin")
        for place, status in located(group, "failoverCriteria.statusCodes[*]"):
            if status is not UNKNOWN and status not in _FAILOVER_STATUSES:
                yield Rejection(
                    f"{at}.{place}",
                    f"invalid status code (got {status:g}). Allowed: {', '.join(map(str, _FAILOVER_STATUSES))}.",
                    "InvalidArgument",
                )
    for at, each in _behaviours(call):
        methods = each.get("allowedMethods")
        if each.get("targetOriginId") in groups and isinstance(methods, list) and "POST" in methods:
            yield Rejection(
                f"{at}.allowedMethods",
                "a behavior with an origin group allows only GET, HEAD and OPTIONS. Other requests never fail over.",
                "InvalidArgument",
            )


@rule("origin-shield-has-region", Stage.PLAN, source=api("cloudfront", "OriginShield"))
def _shields(call: Call) -> Iterator[Rejection]:
    for at, each in _origins(call):
        shield = each.get("originShield")
        if isinstance(shield, dict) and shield.get("enabled") is True and shield.get("originShieldRegion") is None:
            yield Rejection(
                f"{at}.originShield.originShieldRegion", "required if Origin Shield is enabled", "InvalidArgument"
            )


@rule("behavior-methods", Stage.PLAN, source=sdk("cloudfront/distribution"))
def _methods(call: Call) -> Iterator[Rejection]:
    for at, each in _behaviours(call):
        allowed, cached = each.get("allowedMethods"), each.get("cachedMethods")
        if isinstance(allowed, list) and UNKNOWN not in allowed and set(allowed) not in _ALLOWED_METHODS:
            yield Rejection(
                f"{at}.allowedMethods",
                f"invalid methods (got {', '.join(allowed)}). Allowed: GET and HEAD; GET, HEAD and OPTIONS; or all"
                " seven.",
                "InvalidArgument",
            )
        if isinstance(cached, list) and UNKNOWN not in cached and set(cached) not in _ALLOWED_METHODS[:2]:
            yield Rejection(
                f"{at}.cachedMethods",
                f"invalid methods (got {', '.join(cached)}). Allowed: GET and HEAD; or GET, HEAD and OPTIONS.",
                "InvalidArgument",
            )


@rule("behavior-has-cache-policy", Stage.PLAN, source=sdk("cloudfront/distribution"))
def _cached_by(call: Call) -> Iterator[Rejection]:
    seen: set[str] = set()
    for at, each in _behaviours(call):
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


@rule("viewer-certificate", Stage.PLAN, source=_CERTIFICATES)
def _viewer_certificate(call: Call) -> Iterator[Rejection]:
    certificate = known(call, "viewerCertificate")
    if not isinstance(certificate, dict):
        return
    ways = [
        way
        for way in ("acmCertificateArn", "iamCertificateId", "cloudfrontDefaultCertificate")
        if certificate.get(way) not in (None, False)
    ]
    if len(ways) != 1:
        yield Rejection(
            "viewerCertificate",
            f"got {' and '.join(ways) or 'none'}. Set exactly one of acmCertificateArn, iamCertificateId and"
            " cloudfrontDefaultCertificate.",
            "InvalidViewerCertificate",
        )
    elif ways == ["cloudfrontDefaultCertificate"]:
        yield from _default_certificate(call, certificate)
    else:
        yield from _custom_certificate(certificate, ways[0])


def _default_certificate(call: Call, certificate: Mapping[str, Any]) -> Iterator[Rejection]:
    if call.get("aliases") not in (None, UNKNOWN, []):
        yield Rejection(
            "aliases",
            "to add an alternate domain name (CNAME) you must attach a certificate that covers it"
            " (viewerCertificate.acmCertificateArn). The default certificate covers only *.cloudfront.net.",
            "InvalidViewerCertificate",
        )
    if certificate.get("minimumProtocolVersion") not in (None, UNKNOWN, "TLSv1"):
        yield Rejection(
            "viewerCertificate.minimumProtocolVersion",
            f"got {certificate['minimumProtocolVersion']}. The default certificate has TLSv1, a later version requires"
            " your own certificate.",
            "InvalidMinimumProtocolVersion",
        )


def _custom_certificate(certificate: Mapping[str, Any], way: str) -> Iterator[Rejection]:
    if certificate.get("sslSupportMethod") is None:
        yield Rejection("viewerCertificate.sslSupportMethod", f"required with {way}", "InvalidViewerCertificate")
    if certificate.get("sslSupportMethod") == "sni-only" and certificate.get("minimumProtocolVersion") == "SSLv3":
        yield Rejection(
            "viewerCertificate.minimumProtocolVersion",
            "SSLv3 can't be used with sni-only",
            "InvalidMinimumProtocolVersion",
        )
    arn = certificate.get("acmCertificateArn")
    if isinstance(arn, str) and region_of(arn) != "us-east-1":
        yield Rejection(
            "viewerCertificate.acmCertificateArn",
            f"the certificate is in {region_of(arn) or 'no region'}. CloudFront requires a certificate in us-east-1.",
            "InvalidViewerCertificate",
        )


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


# --- distributions: rules on other resources ---


@rule("certificate-covers-aliases", Stage.CREATE, Stage.UPDATE, source=_CERTIFICATES)
def _certificate_fits(call: Call) -> Iterator[Rejection]:
    arn = call.get("viewerCertificate.acmCertificateArn")
    certificate = next(call.cloud.find(CERTIFICATE, arn=arn), None) if arn else None
    if certificate is None:
        return  # the reference rejects it
    at = "viewerCertificate.acmCertificateArn"
    if not issued(call.cloud, certificate):
        yield Rejection(
            at,
            f"the certificate '{certificate.name}' is PENDING_VALIDATION. Use the ARN of an acm.CertificateValidation,"
            " which waits until it is ISSUED.",
            "InvalidViewerCertificate",
        )
    for at, alias in located(call.inputs, "aliases[*]"):
        if not covers(certificate, alias):
            yield Rejection(
                at,
                f"the certificate '{certificate.name}' does not cover '{alias}'. It covers"
                f" {', '.join(certificate.outputs.get('subjectAlternativeNames') or ())}.",
                "InvalidViewerCertificate",
            )


@rule("alias-is-unique", Stage.CREATE, Stage.UPDATE, source=_CREATE)
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


@rule("origin-bucket-exists", Stage.CREATE, Stage.UPDATE, source=_CREATE)
def _buckets(call: Call) -> Iterator[Rejection]:
    for at, each in _origins(call):
        bucket = bucket_of_domain(str(each.get("domainName")))
        if bucket and call.cloud.get(BUCKET, bucket) is None:
            yield Rejection(f"{at}.domainName", f"the bucket '{bucket}' does not exist", "InvalidOrigin")
        control = call.cloud.get(_ACCESS_CONTROL, str(each.get("originAccessControlId")))
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


# --- policies ---


@rule("ttls-in-order", Stage.PLAN, source=api("cloudfront", "CreateCachePolicy"))
def _ttls(call: Call) -> Iterator[Rejection]:
    low, usual, high = known(call, "minTtl", 0), known(call, "defaultTtl"), known(call, "maxTtl")
    high = max(31_536_000, low) if high is None else high
    usual = min(max(86_400, low), high) if usual is None else usual
    if not low <= usual <= high:
        yield Rejection(
            "defaultTtl",
            f"minTtl {low:g}, defaultTtl {usual:g} and maxTtl {high:g} must not decrease in this order",
            "InvalidArgument",
        )
    inside = "parametersInCacheKeyAndForwardedToOrigin"
    for encoding in ("enableAcceptEncodingBrotli", "enableAcceptEncodingGzip"):
        if high == 0 and call.get(f"{inside}.{encoding}") is True:
            yield Rejection(f"{inside}.{encoding}", "must be false if maxTtl 0 disables caching", "InvalidArgument")


@rule("items-match-their-behavior", Stage.PLAN, source=api("cloudfront", "CreateCachePolicy"))
def _lists(call: Call) -> Iterator[Rejection]:
    parts = (
        ("cookiesConfig", "cookieBehavior", "cookies"),
        ("headersConfig", "headerBehavior", "headers"),
        ("queryStringsConfig", "queryStringBehavior", "queryStrings"),
    )
    for prefix in ("", "parametersInCacheKeyAndForwardedToOrigin."):
        for part, behaviour, items in parts:
            config = known(call, prefix + part)
            if not isinstance(config, dict):
                continue
            kind, listed = config.get(behaviour), config.get(items)
            wants = kind in ("whitelist", "allExcept", "allViewerAndWhitelistCloudFront")
            if kind is UNKNOWN or listed is UNKNOWN or wants == bool(listed):
                continue
            says = "needs" if wants else "goes without"
            yield Rejection(f"{prefix}{part}.{items}", f"{behaviour} '{kind}' {says} {items}.items", "InvalidArgument")


@rule("headers-policy-is-not-empty", Stage.PLAN, source=api("cloudfront", "CreateResponseHeadersPolicy"))
def _headers(call: Call) -> Iterator[Rejection]:
    parts = (
        "corsConfig",
        "customHeadersConfig",
        "removeHeadersConfig",
        "securityHeadersConfig",
        "serverTimingHeadersConfig",
    )
    if not any(call.inputs.get(part) is not None for part in parts):
        yield Rejection("", f"the policy is empty. Set at least one of {', '.join(parts)}.", "InvalidArgument")
    for at, header in located(call.inputs, "customHeadersConfig.items[*].header"):
        if isinstance(header, str) and header.lower() in _SECURITY_HEADERS:
            yield Rejection(
                at,
                f"'{header}' is a security header and cannot be a custom header. Set it in securityHeadersConfig.",
                "InvalidArgument",
            )
    origins = known(call, "corsConfig.accessControlAllowOrigins.items")
    if call.get("corsConfig.accessControlAllowCredentials") is True and isinstance(origins, list) and "*" in origins:
        yield Rejection(
            "corsConfig.accessControlAllowOrigins",
            "'*' cannot be used with accessControlAllowCredentials: true",
            "InvalidArgument",
        )


@rule("function-size-and-stores", Stage.PLAN, source=sdk("cloudfront/function"))
def _function(call: Call) -> Iterator[Rejection]:
    code = known(call, "code")
    if isinstance(code, str) and not 1 <= len(code.encode()) <= 40_960:
        yield Rejection(
            "code",
            f"invalid size (got {len(code.encode()):,} bytes). Allowed: 1 to 40,960 bytes.",
            "FunctionSizeLimitExceeded",
        )
    stores = known(call, "keyValueStoreAssociations")
    if isinstance(stores, list) and len(stores) > 1:
        yield Rejection(
            "keyValueStoreAssociations",
            f"too many key value stores (got {len(stores)}). A function has at most one.",
            "InvalidArgument",
        )


def _name(longest: int, taken: str, *, pattern: str = r"[\w.-]+") -> Name:
    return Name(
        longest=longest,
        pattern=pattern,
        allowed="letters, digits, '-' and '_'",
        unique="account",
        taken=taken,
        source=assumed("lengths and characters from memory; the API model has them only for functions"),
    )


def _policy_reference(path: str, to: str, managed: str | None, missing: str, in_use: str) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            path=f"{place}.{path}",
            to=to,
            external=managed,
            code=missing,
            in_use=in_use,
            source=_MANAGED if managed else _CREATE,
        )
        for place in ("defaultCacheBehavior", "orderedCacheBehaviors[*]")
    )


def _by_behaviour(path: str, values: tuple[Plain, ...]) -> dict[str, tuple[Plain, ...]]:
    return {f"{place}.{path}": values for place in ("defaultCacheBehavior", "orderedCacheBehaviors[*]")}


def _etag(call: Call) -> str:
    return f"E{call.hex(13, repr(sorted(call.inputs.items(), key=str))).upper()}"


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
        derived={"etag": _etag, "loggingV1Enabled": lambda call: bool(call.get("loggingConfig.bucket"))},
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
                to=_ACCESS_CONTROL,
                code="InvalidOriginAccessControl",
                in_use="OriginAccessControlInUse",
                source=api("cloudfront", "DeleteOriginAccessControl"),
            ),
            Reference(
                path="origins[*].vpcOriginConfig.vpcOriginId",
                to=_VPC_ORIGIN,
                code="EntityNotFound",
                in_use="CannotDeleteEntityWhileInUse",
                source=api("cloudfront", "DeleteVpcOrigin"),
            ),
            *_policy_reference(
                "cachePolicyId", _CACHE_POLICY, _MANAGED_CACHE_POLICIES, "NoSuchCachePolicy", "CachePolicyInUse"
            ),
            *_policy_reference(
                "originRequestPolicyId", _REQUEST_POLICY, _MANAGED_REQUEST_POLICIES, "NoSuchOriginRequestPolicy",
                "OriginRequestPolicyInUse",
            ),
            *_policy_reference(
                "responseHeadersPolicyId", _HEADERS_POLICY, _MANAGED_HEADERS_POLICIES, "NoSuchResponseHeadersPolicy",
                "ResponseHeadersPolicyInUse",
            ),
            *(
                Reference(
                    path=f"{place}.functionAssociations[*].functionArn",
                    to=_FUNCTION,
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
                limit=500, per="account", what="distributions per account", code="TooManyDistributions", source=_QUOTAS
            ),
        ),
        rules=(
            _targets, _origin_kinds, _groups, _shields, _methods, _cached_by, _viewer_certificate, _geography,
            _certificate_fits, _aliases_free, _web_acl, _buckets, _log_bucket,
        ),
    ),
    Behaviour(
        type=_ACCESS_CONTROL,
        source=sdk("cloudfront/originaccesscontrol"),
        regional=False,
        id=lambda call: f"E{call.hex(13).upper()}",
        outputs={
            "arn": "arn:aws:cloudfront::{account}:origin-access-control/{id}",
            "description": "Managed by Pulumi",
        },
        derived={"etag": _etag},
        replaces=frozenset({"name"}),
        replace_source=FORCE_NEW,
        enums={
            "originAccessControlOriginType": ("lambda", "mediapackagev2", "mediastore", "s3"),
            "signingBehavior": ("always", "never", "no-override"),
            "signingProtocol": ("sigv4",),
        },
        name=_name(64, "OriginAccessControlAlreadyExists", pattern=r".+"),
        quotas=(
            Quota(
                limit=100, per="account", what="origin access controls per account",
                code="TooManyOriginAccessControls", source=_QUOTAS,
            ),
        ),
    ),
    Behaviour(
        type=_HEADERS_POLICY,
        source=sdk("cloudfront/responseheaderspolicy"),
        regional=False,
        id="{uuid}",
        outputs={"arn": "arn:aws:cloudfront::{account}:response-headers-policy/{id}"},
        derived={"etag": _etag},
        enums={
            "securityHeadersConfig.frameOptions.frameOption": ("DENY", "SAMEORIGIN"),
            "securityHeadersConfig.referrerPolicy.referrerPolicy": (
                "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
                "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
            ),
            "corsConfig.accessControlAllowMethods.items[*]": (
                "GET", "POST", "OPTIONS", "PUT", "DELETE", "HEAD", "PATCH", "ALL",
            ),
        },
        name=_name(128, "ResponseHeadersPolicyAlreadyExists"),
        quotas=(
            Quota(
                limit=20, per="account", what="custom response headers policies per account",
                code="TooManyResponseHeadersPolicies", source=_QUOTAS,
            ),
        ),
        rules=(_headers,),
    ),
    Behaviour(
        type=_CACHE_POLICY,
        source=sdk("cloudfront/cachepolicy"),
        regional=False,
        id="{uuid}",
        outputs={
            "arn": "arn:aws:cloudfront::{account}:cache-policy/{id}",
            "defaultTtl": 86_400,
            "maxTtl": 31_536_000,
            "minTtl": 0,
        },
        derived={"etag": _etag},
        enums={
            "parametersInCacheKeyAndForwardedToOrigin.cookiesConfig.cookieBehavior": (
                "none", "whitelist", "allExcept", "all",
            ),
            "parametersInCacheKeyAndForwardedToOrigin.headersConfig.headerBehavior": ("none", "whitelist"),
            "parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig.queryStringBehavior": (
                "none", "whitelist", "allExcept", "all",
            ),
        },
        name=_name(128, "CachePolicyAlreadyExists"),
        quotas=(
            Quota(
                limit=20, per="account", what="custom cache policies per account", code="TooManyCachePolicies",
                source=_QUOTAS,
            ),
        ),
        rules=(_ttls, _lists),
    ),
    Behaviour(
        type=_REQUEST_POLICY,
        source=sdk("cloudfront/originrequestpolicy"),
        regional=False,
        id="{uuid}",
        outputs={"arn": "arn:aws:cloudfront::{account}:origin-request-policy/{id}"},
        derived={"etag": _etag},
        enums={
            "cookiesConfig.cookieBehavior": ("none", "whitelist", "all", "allExcept"),
            "headersConfig.headerBehavior": (
                "none", "whitelist", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept",
            ),
            "queryStringsConfig.queryStringBehavior": ("none", "whitelist", "all", "allExcept"),
        },
        name=_name(128, "OriginRequestPolicyAlreadyExists"),
        rules=(_lists,),
    ),
    Behaviour(
        type=_FUNCTION,
        source=sdk("cloudfront/function"),
        regional=False,
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": lambda call: f"arn:aws:cloudfront::{call.account}:function/{call.id}",
            "publish": True,
            "status": lambda call: "UNPUBLISHED" if call.get("publish") is False else "UNASSOCIATED",
        },
        derived={"etag": _etag, "liveStageEtag": _etag},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::CloudFront::Function"),
        enums={"runtime": ("cloudfront-js-1.0", "cloudfront-js-2.0")},
        name=_name(64, "FunctionAlreadyExists", pattern=r"[a-zA-Z0-9-_]+"),
        quotas=(
            Quota(limit=100, per="account", what="functions per account", code="TooManyFunctions", source=_QUOTAS),
        ),
        rules=(_function,),
    ),
    Behaviour(
        type=_VPC_ORIGIN,
        source=sdk("cloudfront/vpcorigin"),
        regional=False,
        id="vo_{hex22}",
        outputs={"arn": "arn:aws:cloudfront::{account}:vpcorigin/{id}"},
        derived={"etag": _etag},
        enums={"vpcOriginEndpointConfig.originProtocolPolicy": ("http-only", "https-only", "match-viewer")},
        ranges={"vpcOriginEndpointConfig.httpPort": (1, 65_535), "vpcOriginEndpointConfig.httpsPort": (1, 65_535)},
        references=(
            Reference(
                path="vpcOriginEndpointConfig.arn",
                to="aws:lb/loadBalancer:LoadBalancer",
                by="arn",
                external=r"arn:aws[^:]*:ec2:.*:instance/.+",
                same_region=False,
                code="EntityNotFound",
                in_use="OperationNotPermitted",
                source=api("cloudfront", "CreateVpcOrigin"),
            ),
        ),
    ),
)  # fmt: skip
