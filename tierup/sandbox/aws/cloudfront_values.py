"""CloudFront: values that its API refuses in distributions and policies."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, assumed, documented, located, rule
from .cloudfront import CACHE_POLICY, HEADERS_POLICY, cache_behaviors
from .cloudfront_distributions import DISTRIBUTION
from .cloudfront_origins import origins_of
from .network import APPLY
from .sources import sdk
from .wafv2 import WEB_ACL

_CODE = "InvalidArgument"
_VALUES = assumed(
    "from memory; to check: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "distribution-web-values-specify.html (ports 80, 443 and 1024 to 65535; path patterns), and the errors of"
    " CreateDistribution in the API model of cloudfront (botocore 1.44)"
)
_MAX_HEADERS = 30


@rule("origin-values", *APPLY, source=_VALUES)
def _origins(call: Call) -> Iterator[Rejection]:
    for at, each in origins_of(call):
        for path in ("httpPort", "httpsPort"):
            for place, port in located(each, f"customOriginConfig.{path}"):
                if isinstance(port, (int, float)) and port not in (80, 443) and not 1024 <= port <= 65535:
                    yield Rejection(
                        f"{at}.{place}",
                        f"The port {port:g} is not valid. Allowed are 80, 443 and 1024 to 65535.",
                        _CODE,
                    )
        if _is_address(each.get("domainName")):
            yield Rejection(
                f"{at}.domainName", f"The parameter origin name cannot be an IP address (got '{each['domainName']}').",
                _CODE,
            )  # fmt: skip
        names = Counter(str(name).lower() for _, name in located(each, "customHeaders[*].name") if name is not UNKNOWN)
        for name, number in names.items():
            if number > 1:
                yield Rejection(
                    f"{at}.customHeaders", f"The custom header '{name}' is specified more than once.", _CODE
                )
        if names.total() > _MAX_HEADERS:
            yield Rejection(
                f"{at}.customHeaders", f"An origin has at most {_MAX_HEADERS} custom headers (got {names.total()}).",
                "TooManyOriginCustomHeaders",
            )  # fmt: skip


def _is_address(domain: object) -> bool:
    try:
        ipaddress.ip_address(str(domain))
    except ValueError:
        return False
    return True


@rule("behavior-values", *APPLY, source=_VALUES)
def _behaviors(call: Call) -> Iterator[Rejection]:
    for at, each in cache_behaviors(call):
        pattern = each.get("pathPattern")
        if isinstance(pattern, str) and not re.fullmatch(r"[A-Za-z0-9_\-.*$/~\"'@:+&?=!()%,;]{1,255}", pattern):
            yield Rejection(f"{at}.pathPattern", f"The path pattern '{pattern}' has invalid characters.", _CODE)
        if not each.get("cachePolicyId"):
            yield from _order(at, each)


def _order(at: str, behavior: Mapping[str, Any]) -> Iterator[Rejection]:
    ttls = [(name, behavior.get(name)) for name in ("minTtl", "defaultTtl", "maxTtl")]
    given = [(name, value) for name, value in ttls if isinstance(value, (int, float)) and value]
    for (low_name, low), (high_name, high) in itertools.pairwise(given):
        if low > high:
            yield Rejection(
                f"{at}.{high_name}",
                f"The TTL order is not valid: {low_name} ({low:g}) exceeds {high_name} ({high:g}).",
                "InvalidTTLOrder",
            )  # fmt: skip


@rule("distribution-values", *APPLY, source=_VALUES)
def _distribution(call: Call) -> Iterator[Rejection]:
    for at, location in located(call.inputs, "restrictions.geoRestriction.locations[*]"):
        if not re.fullmatch(r"[A-Z]{2}", str(location)):
            yield Rejection(
                at, f"not a country code of ISO 3166-1-alpha-2 (got '{location}').", "InvalidGeoRestrictionParameter"
            )
    codes = Counter(code for _, code in located(call.inputs, "customErrorResponses[*].errorCode"))
    for code, number in codes.items():
        if number > 1:
            yield Rejection("customErrorResponses", f"The error code {code:g} is specified more than once.", _CODE)
    acl = call.get("webAclId")
    if acl and any(found.id == acl for found in call.cloud.find(WEB_ACL)):
        yield Rejection(
            "webAclId", f"The web ACL ID '{acl}' is not valid. A web ACL of AWS WAF (v2) is specified by its ARN.",
            "InvalidWebACLId",
        )  # fmt: skip


@rule(
    "no-cache-key-without-caching",
    *APPLY,
    source=documented(
        "The parameter HeaderBehavior is invalid for policy with caching disabled, as public repositories quote"
        " CloudFront",
        read="2026-11-29",
    ),
)
def _caching_disabled(call: Call) -> Iterator[Rejection]:
    if call.get("maxTtl") not in (0, 0.0):
        return
    at = "parametersInCacheKeyAndForwardedToOrigin"
    for part, path in (
        ("headersConfig", "headerBehavior"),
        ("cookiesConfig", "cookieBehavior"),
        ("queryStringsConfig", "queryStringBehavior"),
    ):
        if call.get(f"{at}.{part}.{path}") not in (None, "none"):
            name = path[0].upper() + path[1:]
            yield Rejection(
                f"{at}.{part}.{path}", f"The parameter {name} is invalid for policy with caching disabled.", _CODE
            )


_NEVER_SET = frozenset(
    (
        *("connection", "content-encoding", "content-length", "expect", "host", "keep-alive", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "trailer", "transfer-encoding", "upgrade", "via"),
    )
)


@rule(
    "response-headers-values",
    *APPLY,
    source=assumed(
        "from memory; to check: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
        "understanding-response-headers-policies.html (headers that cannot be added or removed)"
    ),
)
def _response_headers(call: Call) -> Iterator[Rejection]:
    for items in ("customHeadersConfig", "removeHeadersConfig"):
        names = Counter(str(name).lower() for _, name in located(call.inputs, f"{items}.items[*].header"))
        for name, number in names.items():
            if name in _NEVER_SET:
                yield Rejection(items, f"The header '{name}' cannot be set or removed by a policy.", _CODE)
            if number > 1:
                yield Rejection(items, f"The header '{name}' is specified more than once.", _CODE)
    at = "securityHeadersConfig.xssProtection"
    if call.get(f"{at}.modeBlock") and (call.get(f"{at}.protection") is not True or call.get(f"{at}.reportUri")):
        yield Rejection(at, "modeBlock requires protection: true, and no reportUri.", _CODE)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=DISTRIBUTION, source=sdk("cloudfront/distribution"), rules=(_origins, _behaviors, _distribution)),
    Behaviour(type=CACHE_POLICY, source=sdk("cloudfront/cachepolicy"), rules=(_caching_disabled,)),
    Behaviour(type=HEADERS_POLICY, source=sdk("cloudfront/responseheaderspolicy"), rules=(_response_headers,)),
)
