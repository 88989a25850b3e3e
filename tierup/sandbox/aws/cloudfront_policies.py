"""CloudFront: cache, origin request and response headers policies, and origin access controls."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Quota,
    Rejection,
    Stage,
    documented,
    located,
    rule,
)
from .cloudfront import ACCESS_CONTROL, CACHE_POLICY, HEADERS_POLICY, QUOTAS, REQUEST_POLICY, etag_of, name_rule
from .same_scope import known
from .sources import api, schema_of, sdk

_SECURITY_HEADERS = {  # a response headers policy has a separate input for each of these
    "content-security-policy", "referrer-policy", "strict-transport-security", "x-content-type-options",
    "x-frame-options", "x-xss-protection",
}  # fmt: skip


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


_MAX_ITEMS = 10


@rule(
    "policy-items",
    Stage.PLAN,
    source=documented(
        "https://www.repost.aws/knowledge-center/cloudfront-authorization-header; AWS API model of cloudfront"
        " (botocore 1.44), ParametersInCacheKeyAndForwardedToOrigin; github.com/aws/aws-cdk/issues/13408 and 13410;"
        " github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/571; ten items per policy as in QUOTAS",
        read="2026-11-28",
    ),
)
def _items(call: Call) -> Iterator[Rejection]:
    inside = "parametersInCacheKeyAndForwardedToOrigin."
    kind = "CachePolicy" if call.type == CACHE_POLICY else "OriginRequestPolicy"
    for prefix in ("", inside):
        for part, items, code in (
            ("headersConfig", "headers", "Headers"),
            ("cookiesConfig", "cookies", "Cookies"),
            ("queryStringsConfig", "queryStrings", "QueryStrings"),
        ):
            at = f"{prefix}{part}.{items}.items"
            names = call.get(at)
            if isinstance(names, list) and len(names) > _MAX_ITEMS:
                yield Rejection(
                    at,
                    f"too many {items} (got {len(names)}). Allowed are at most {_MAX_ITEMS}.",
                    f"TooMany{code}In{kind}",
                )
    compressed = any(call.get(f"{inside}enableAcceptEncoding{each}") is True for each in ("Gzip", "Brotli"))
    for at, name in located(call.inputs, f"{inside}headersConfig.headers.items[*]"):
        if compressed and str(name).lower() == "accept-encoding":
            yield Rejection(
                at,
                "Accept-Encoding cannot be listed with enableAcceptEncodingGzip or enableAcceptEncodingBrotli: they"
                " include it already",
                "InvalidArgument",
            )
    if call.type == REQUEST_POLICY and known(call, "headersConfig.headerBehavior") != "allExcept":
        for at, name in located(call.inputs, "headersConfig.headers.items[*]"):
            if str(name).lower() in ("authorization", "accept-encoding"):
                yield Rejection(
                    at,
                    f"an origin request policy cannot include {name}. Use a cache policy that includes it in the cache"
                    " key.",
                    "InvalidArgument",
                )


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


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ACCESS_CONTROL,
        source=sdk("cloudfront/originaccesscontrol"),
        regional=False,
        id=lambda call: f"E{call.hex(13).upper()}",
        outputs={
            "arn": "arn:aws:cloudfront::{account}:origin-access-control/{id}",
            "description": "Managed by Pulumi",
        },
        derived={"etag": etag_of},
        replace_source=schema_of("cloudfront/origin_access_control.go"),
        enums={
            "originAccessControlOriginType": ("lambda", "mediapackagev2", "mediastore", "s3"),
            "signingBehavior": ("always", "never", "no-override"),
            "signingProtocol": ("sigv4",),
        },
        name=name_rule(64, "OriginAccessControlAlreadyExists", pattern=r".+"),
        quotas=(
            Quota(
                limit=100, per="account", what="origin access controls per account",
                code="TooManyOriginAccessControls", source=QUOTAS,
            ),
        ),
    ),
    Behaviour(
        type=HEADERS_POLICY,
        source=sdk("cloudfront/responseheaderspolicy"),
        regional=False,
        id="{uuid}",
        outputs={"arn": "arn:aws:cloudfront::{account}:response-headers-policy/{id}"},
        derived={"etag": etag_of},
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
        name=name_rule(128, "ResponseHeadersPolicyAlreadyExists"),
        quotas=(
            Quota(
                limit=20, per="account", what="custom response headers policies per account",
                code="TooManyResponseHeadersPolicies", source=QUOTAS,
            ),
        ),
        rules=(_headers,),
    ),
    Behaviour(
        type=CACHE_POLICY,
        source=sdk("cloudfront/cachepolicy"),
        regional=False,
        id="{uuid}",
        outputs={
            "arn": "arn:aws:cloudfront::{account}:cache-policy/{id}",
            "defaultTtl": 86_400,
            "maxTtl": 31_536_000,
            "minTtl": 0,
        },
        derived={"etag": etag_of},
        enums={
            "parametersInCacheKeyAndForwardedToOrigin.cookiesConfig.cookieBehavior": (
                "none", "whitelist", "allExcept", "all",
            ),
            "parametersInCacheKeyAndForwardedToOrigin.headersConfig.headerBehavior": ("none", "whitelist"),
            "parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig.queryStringBehavior": (
                "none", "whitelist", "allExcept", "all",
            ),
        },
        name=name_rule(128, "CachePolicyAlreadyExists"),
        quotas=(
            Quota(
                limit=20, per="account", what="custom cache policies per account", code="TooManyCachePolicies",
                source=QUOTAS,
            ),
        ),
        rules=(_ttls, _lists, _items),
    ),
    Behaviour(
        type=REQUEST_POLICY,
        source=sdk("cloudfront/originrequestpolicy"),
        regional=False,
        id="{uuid}",
        outputs={"arn": "arn:aws:cloudfront::{account}:origin-request-policy/{id}"},
        derived={"etag": etag_of},
        enums={
            "cookiesConfig.cookieBehavior": ("none", "whitelist", "all", "allExcept"),
            "headersConfig.headerBehavior": (
                "none", "whitelist", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept",
            ),
            "queryStringsConfig.queryStringBehavior": ("none", "whitelist", "all", "allExcept"),
        },
        name=name_rule(128, "OriginRequestPolicyAlreadyExists"),
        quotas=(
            Quota(
                limit=20, per="account", what="custom origin request policies per account",
                code="TooManyOriginRequestPolicies", source=QUOTAS,
            ),
        ),
        rules=(_lists, _items),
    ),
)  # fmt: skip
