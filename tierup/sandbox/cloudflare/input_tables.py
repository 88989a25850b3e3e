"""Inputs of Cloudflare types that the API refuses and no schema states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import BehaviourRule, Call, Rejection, Stage, documented, rule
from ..input_rules import Condition, Patterns, conditional_inputs, input_formats

_API = documented(
    "https://developers.cloudflare.com/api/ (models of each resource), as described in the schemas of"
    " terraform-provider-cloudflare at a2efdc5786ae9726d56928dbfe91933bd92404ca",
    read="2026-11-28",
)
_TRUNK = documented(
    "terraform-provider-cloudflare at a2efdc5786ae9726d56928dbfe91933bd92404ca, account_id and zone_id of the resource",
    read="2026-11-28",
)

_SCOPES = {
    f"cloudflare:index/{kind}": (
        Condition(path="zoneId", forbids=("accountId",), source=_TRUNK),
        Condition(path="zoneId", absent=True, requires=("accountId",), source=_TRUNK),
    )
    for kind in (
        "accessRule:AccessRule",
        "logpushJob:LogpushJob",
        "ruleset:Ruleset",
        "zeroTrustAccessApplication:ZeroTrustAccessApplication",
        "zeroTrustAccessGroup:ZeroTrustAccessGroup",
        "zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
        "zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    )
}
_DURATION = r"(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+"
_RULESET = "cloudflare:index/ruleset:Ruleset"
_CACHE = documented(
    "https://developers.cloudflare.com/cache/how-to/cache-rules/settings/ as described in the schema of ruleset",
    read="2026-11-28",
)

CONDITIONS = {
    **_SCOPES,
    _RULESET: (
        *_SCOPES[_RULESET],
        *(
            Condition(
                within=f"rules[*].actionParameters.{ttl}",
                path="mode",
                values=("override_origin",),
                requires=("default",),
                source=_CACHE,
            )
            for ttl in ("edgeTtl", "browserTtl")
        ),
    ),
}

PATTERNS: Patterns = {
    "cloudflare:index/dnsRecord:DnsRecord": {"comment": (".{0,500}", "500 characters")},
    "cloudflare:index/emailRoutingAddress:EmailRoutingAddress": {
        "email": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "mail addresses"),
    },
    "cloudflare:index/workersKv:WorkersKv": {"expirationTtl": (r"[6-9]\d|\d{3,}", "60 seconds and more")},
    "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": {
        "duration": (rf"{_DURATION}|forever", "durations such as 8760h, and forever"),
    },
    "cloudflare:index/list:List": {"name": ("[a-z0-9_]{1,50}", "up to 50 lower-case letters, digits and underscores")},
    "cloudflare:index/listItem:ListItem": {"asn": (r"[1-9]\d{0,9}", "numbers of autonomous systems, without AS")},
    "cloudflare:index/pagesProject:PagesProject": {
        "name": ("[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?", "up to 58 lower-case letters, digits and hyphens"),
    },
    "cloudflare:index/queue:Queue": {
        "queueName": (
            "[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?",
            "up to 63 letters, digits, hyphens and underscores",
        ),
    },
    "cloudflare:index/pageRule:PageRule": {
        "actions.forwardingUrl.statusCode": ("301|302", "301 and 302"),
    },
    "cloudflare:index/r2Bucket:R2Bucket": {
        "name": ("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "3 to 63 lower-case letters, digits and hyphens"),
    },
    "cloudflare:index/workersScript:WorkersScript": {
        "scriptName": ("[a-z0-9_][a-z0-9_-]{0,62}", "up to 63 lower-case letters, digits, '_' and '-'"),
        "compatibilityDate": (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "dates such as 2026-01-31"),
    },
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": {
        "sessionDuration": (_DURATION, "durations such as 24h and 30m"),
        "sameSiteCookieAttribute": ("none|lax|strict", "none, lax and strict"),
    },
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": {
        "tunnelSecret": (r"(?=.{44})[A-Za-z0-9+/]+={0,2}", "32 bytes or more, encoded with base64"),
    },
}


@rule("account-id-is-valid", Stage.CREATE, source=_API)
def _account(call: Call) -> Iterator[Rejection]:
    account = call.get("accountId")
    if isinstance(account, str) and account and not re.fullmatch("[0-9a-f]{32}", account):
        yield Rejection(
            "accountId",
            f"could not route to the account (got '{account}'). An account id has 32 hexadecimal digits.",
            "7003",
        )


COMMON_RULES: tuple[BehaviourRule, ...] = (conditional_inputs(CONDITIONS), input_formats(PATTERNS, _API), _account)
