"""Tests of the behaviour rows of CloudFront policies."""

from __future__ import annotations

from typing import Any

import pytest

from ..account import Account
from .inputs import DISTRIBUTION, behavior, distribution

CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"

HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"


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
    account.make(DISTRIBUTION, **distribution(defaultCacheBehavior=behavior(cachePolicyId=policy.id)))
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


REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"


def request_policy(*headers: str) -> dict[str, Any]:
    return {
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "whitelist", "headers": {"items": list(headers)}},
        "queryStringsConfig": {"queryStringBehavior": "none"},
    }


@pytest.mark.parametrize(
    ("headers", "codes"),
    [
        (("Origin", "Accept"), set()),
        (("Authorization",), {"InvalidArgument"}),
        (("accept-encoding",), {"InvalidArgument"}),
        (tuple(f"X-{number}" for number in range(11)), {"TooManyHeadersInOriginRequestPolicy"}),
    ],
)
def test_headers_of_origin_request_policy_are_validated(
    account: Account, headers: tuple[str, ...], codes: set[str]
) -> None:
    assert account.codes(REQUEST_POLICY, **request_policy(*headers)) == codes


def test_accept_encoding_with_compression_is_rejected(account: Account) -> None:
    policy = cache_policy()
    inside = policy["parametersInCacheKeyAndForwardedToOrigin"]
    inside["headersConfig"] = {"headerBehavior": "whitelist", "headers": {"items": ["Accept-Encoding"]}}
    assert account.codes(CACHE_POLICY, **policy) == {"InvalidArgument"}
    inside["enableAcceptEncodingBrotli"] = inside["enableAcceptEncodingGzip"] = False
    assert not account.codes(CACHE_POLICY, **policy)
