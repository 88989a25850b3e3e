"""AWS WAF: IP sets and regex pattern sets."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Quota,
    Rejection,
    Stage,
    located,
    rule,
)
from .same_scope import known
from .sources import created_only, sdk
from .wafv2 import (
    FIXED,
    INVALID,
    IP_SET,
    PATTERN_SET,
    QUOTAS,
    SAME_NAME,
    SCOPES,
    arn_of,
    cloudfront_scope,
    lock_token,
    name_rule,
    not_referred,
)

LIMIT = "WAFLimitsExceededException"


@rule("addresses-match-ip-version", Stage.PLAN, source=sdk("wafv2/ipset"))
def _addresses(call: Call) -> Iterator[Rejection]:
    version = known(call, "ipAddressVersion")
    for at, address in located(call.inputs, "addresses[*]"):
        if not isinstance(address, str):
            continue
        try:
            network = ipaddress.ip_network(address, strict=False) if "/" in address else None
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0 or f"IPV{network.version}" != version:
            yield Rejection(
                at,
                f"invalid address range (got '{address}'). Allowed are {version} CIDR blocks such as 192.0.2.0/24, but"
                " not /0.",
                INVALID,
            )


@rule("at-most-ten-patterns", Stage.PLAN, source=QUOTAS)
def _patterns(call: Call) -> Iterator[Rejection]:
    patterns = known(call, "regularExpressions")
    if isinstance(patterns, list) and len(patterns) > 10:
        yield Rejection(
            "regularExpressions",
            f"too many patterns (got {len(patterns)}). The quota is 10 patterns per set.",
            "WAFLimitsExceededException",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=IP_SET,
        source=sdk("wafv2/ipset"),
        id="{uuid}",
        outputs={"arn": arn_of("ipset"), "namePrefix": ""},
        derived={"lockToken": lock_token},
        replaces=FIXED | {"ipAddressVersion"},
        replace_source=created_only("AWS::WAFv2::IPSet"),
        enums={**SCOPES, "ipAddressVersion": ("IPV4", "IPV6")},
        conflicts=SAME_NAME,
        name=name_rule(),
        quotas=(Quota(limit=100, per="region", what="IP sets per Region", code=LIMIT, source=QUOTAS),),
        rules=(cloudfront_scope, _addresses, not_referred),
    ),
    Behaviour(
        type=PATTERN_SET,
        source=sdk("wafv2/regexpatternset"),
        id="{uuid}",
        outputs={"arn": arn_of("regexpatternset"), "namePrefix": ""},
        derived={"lockToken": lock_token},
        replaces=FIXED,
        replace_source=created_only("AWS::WAFv2::RegexPatternSet"),
        enums=SCOPES,
        conflicts=SAME_NAME,
        name=name_rule(),
        quotas=(Quota(limit=10, per="region", what="regex pattern sets per Region", code=LIMIT, source=QUOTAS),),
        rules=(cloudfront_scope, _patterns, not_referred),
    ),
)
