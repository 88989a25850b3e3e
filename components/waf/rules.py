"""The rules of a web ACL as plain data: what each rule matches, its capacity units, and the order of priority.

Pure functions and tables; web_acl.py creates the resources. The rules that depend on the client (countries, ASNs, bots,
origin header) take their arguments from client_rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import pulumi_aws as aws
from pulumi import Input

from components.waf.addresses import check_addresses
from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey, check_header, check_path

_PATH_UNITS = 2 + 3 * 10  # starts-with is 2, and three transformations

CAPACITY: Mapping[str, int] = {
    "cdn-only": 2,
    "ip-reputation": 25,
    "addresses": 2,
    "countries": 1,
    "networks": 1,
    "known-bad-inputs": 200,
    "common": 700,
    "body-size": 1,
    # A pattern set has 25, twice that for a JSON body, and each text transformation except NONE adds 10.
    "nosql": (25 + 10) + (25 * 2 + 10 + 10),
    # 2, plus the scope-down statement: path and method.
    "rate-limit": 2 + _PATH_UNITS + 2,
    "bots": 50 + _PATH_UNITS,
}
"""Web ACL capacity units (WCU) by rule: 1,155 in total, 1,067 without the origin header, the rules on clients and bots.
Each exempt path adds 32 (2 in the rules on clients), each set of exempt addresses 1. The basic price of a web ACL
includes 1,500.
Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html and the statement
pages .../waf-rule-statement-type-regex-pattern-set-match.html and -string-match.html (read 2026-11-24). The
values of known bad inputs, IP reputation, bots, countries, networks, rate and size are from other pages that quote
AWS's."""

RATE_WINDOWS_SECONDS = (60, 120, 300, 600)
"""Evaluation windows of rate-based rules. Source:
https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html (read 2026-11-24)."""

RATE_LIMITS = range(10, 2_000_000_001)
"""Requests in one window. Source: as RATE_WINDOWS_SECONDS."""

MONGODB_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "code": ("where", "expr", "function", "accumulator", "jsonSchema", "text", "comment"),
    "comparison": ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "mod", "regex", "options"),
    "logic": ("and", "or", "nor", "not", "exists", "type", "all", "size", "elemMatch"),
    "change": ("set", "unset", "inc", "push", "pull", "rename", "lookup", "merge", "out", "unionWith"),
}
"""Operators that clients have no reason to send. They are in groups, because a pattern has at most 200 characters.
Source: https://www.mongodb.com/docs/manual/reference/operator/query/ and .../operator/update/ (from memory)."""

_BEFORE_NAME = r"(?:^|[\[{\"'.,&;?])\s*\$"
_AFTER_NAME = r"(?:[^A-Za-z]|$)"

MAX_LOGIN_LIMITS = 3
"""Login paths of one web ACL. Each has its own rule; three keep the web ACL below 1,500 WCU."""

MAX_EXEMPT_PATHS = 5
"""Exempt paths of one rule. Five for the rate limit and five for the body size keep the web ACL below 1,500 WCU."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")

# The SDK's types of a rule and its parts, which are plain data.
Rule: TypeAlias = "aws.wafv2.WebAclRuleArgsDict"
Statement: TypeAlias = "aws.wafv2.WebAclRuleStatementArgsDict"
# The SDK has its own type for each depth of a statement. Comparing two of them takes the type checker minutes.
Nested: TypeAlias = Any
Group: TypeAlias = "aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgsDict"
Forwarded: TypeAlias = "aws.wafv2.WebAclRuleStatementRateBasedStatementForwardedIpConfigArgsDict"

# Without these, /API/, //api/ and /%61pi/ would reach the same route without a match.
_PATH_TRANSFORMATIONS: list[aws.wafv2.WebAclRuleStatementByteMatchStatementTextTransformationArgsDict] = [
    {"priority": 0, "type": "URL_DECODE"},
    {"priority": 1, "type": "NORMALIZE_PATH"},
    {"priority": 2, "type": "LOWERCASE"},
]


class Mode(StrEnum):
    """The action of a matching rule."""

    BLOCK = "block"
    """Block the request with 403, or with 429 for the rate limit."""
    COUNT = "count"
    """Count and log the request only, to see which requests a block would affect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimit:
    """The rate limit of one client address below a path. CORS preflight requests (OPTIONS) are not counted.

    Raises ValueError for values that AWS WAF does not support.
    """

    path_prefix: str
    """Path prefix in lower case that starts with a slash, such as /api/."""
    requests: int
    """Requests in one window, 10 to 2,000,000,000."""
    window_seconds: int
    """Evaluation window in seconds: 60, 120, 300 or 600."""
    client_address_header: str | None = None
    """Header in which the CDN sends the client's address. None uses the source address of the connection."""
    exempt_paths: tuple[str, ...] = ()
    """Path prefixes below `path_prefix` that are not counted, such as webhooks, at most 5."""
    exempt_addresses: tuple[str, ...] = ()
    """IPv4 and IPv6 CIDR blocks that are not counted, such as the shared address of an office."""

    def __post_init__(self) -> None:
        check_path(self.path_prefix)
        check_header(self.client_address_header)
        check_exempt_paths("exempt_paths", self.exempt_paths)
        check_addresses("exempt_addresses", self.exempt_addresses)
        if self.window_seconds not in RATE_WINDOWS_SECONDS:
            raise ValueError(
                f"window_seconds: not an evaluation window of AWS WAF (got {self.window_seconds}). "
                f"Set one of {', '.join(map(str, RATE_WINDOWS_SECONDS))}, and scale the number of requests to it."
            )
        if self.requests not in RATE_LIMITS:
            raise ValueError(
                f"requests: out of range (got {self.requests}). "
                f"Set {RATE_LIMITS.start} to {RATE_LIMITS.stop - 1} requests in a window."
            )


def check_exempt_paths(argument: str, paths: Sequence[str]) -> None:
    """Raise ValueError for too many path prefixes, and for prefixes that are not in lower case."""
    if len(paths) > MAX_EXEMPT_PATHS:
        raise ValueError(f"{argument}: too many paths (got {len(paths)}). Set at most {MAX_EXEMPT_PATHS}.")
    for path in paths:
        check_path(path, argument)


def check_cors_origin(argument: str, origin: str | None) -> None:
    """Raise ValueError unless `origin` is None or the origin of a site."""
    if origin is not None and not _ORIGIN.fullmatch(origin):
        raise ValueError(
            f"{argument}: not an origin (got {origin!r}). Set scheme and host in lower case, such as https://app.example.com."
        )


def rules(
    *,
    mode: Mode,
    max_body_bytes: int,
    operators_arn: Input[str],
    rate_limit: RateLimit | None = None,
    login_limits: Sequence[RateLimit] = (),
    client_restrictions: ClientRestrictions | None = None,
    bot_control: BotControl | None = None,
    origin_key: OriginKey | None = None,
    origin_key_mode: Mode = Mode.BLOCK,
    exempt_set_arns: Sequence[Input[str]] = (),
    allowed_set_arns: Sequence[Input[str]] = (),
    body_exempt_paths: Sequence[str] = (),
    cors_origin: str | None = None,
) -> list[Rule]:
    """Return every rule in order of priority: rules on clients, then managed rule groups, then custom rules.

    `exempt_set_arns` are the IP sets of the rate limit's exempt addresses, and `allowed_set_arns` those of the allowed
    addresses of `client_restrictions`. With `cors_origin`, blocks of the custom rules have CORS headers, so that
    browsers of that origin show the status. Blocks of the managed rule groups have none: AWS WAF supports custom
    responses there only for single rules, by name.

    The rate limit is near the end, so that blocked requests do not count against a client's limit. Bot Control is last,
    because each request that it inspects is billed.
    """
    ordered = [
        # It has its own mode: it protects the origin and has no false positives, except for clients that have cached
        # the address of the load balancer.
        *([] if origin_key is None else [_custom("cdn-only", _without_key(origin_key), origin_key_mode)]),
        _managed("ip-reputation", _group("AWSManagedRulesAmazonIpReputationList"), mode),
        *(
            []
            if client_restrictions is None
            else _client_rules(client_restrictions, allowed_set_arns, mode, _blocked(cors_origin))
        ),
        _managed("known-bad-inputs", _group("AWSManagedRulesKnownBadInputsRuleSet"), mode),
        # The group's size rule has a fixed limit of 8 KiB, so it only counts; the rule body-size has max_body_bytes.
        _managed("common", _group("AWSManagedRulesCommonRuleSet", count_only=("SizeRestrictions_BODY",)), mode),
        _custom("body-size", _body_larger_than(max_body_bytes, body_exempt_paths), mode, _blocked(cors_origin)),
        _custom("nosql", _contains_operator(operators_arn), mode, _blocked(cors_origin)),
    ]
    for number, limit in enumerate(login_limits, start=1):
        limited = _blocked(cors_origin, code=429, headers={"Retry-After": str(limit.window_seconds)})
        ordered.append(_custom(f"login-limit-{number}", _rate_statement(limit, exempt_set_arns), mode, limited))
    if rate_limit is not None:
        limited = _blocked(cors_origin, code=429, headers={"Retry-After": str(rate_limit.window_seconds)})
        ordered.append(_custom("rate-limit", _rate_statement(rate_limit, exempt_set_arns), mode, limited))
    if bot_control is not None:
        ordered.append(_managed("bots", _bot_control(bot_control), mode))
    return [{**rule, "priority": priority} for priority, rule in enumerate(ordered)]


def operator_patterns() -> list[str]:
    """Return the regular expressions of the pattern set, without capturing groups, which AWS WAF does not support.

    An operator matches only in the position of a name: at the start, or after a bracket, brace, quote, dot or
    separator. `{"$gt": ""}`, `user[$ne]=` and `filter={"$where"` match; the text "costs $in all" does not.
    """
    return [f"{_BEFORE_NAME}(?:{'|'.join(names)}){_AFTER_NAME}" for names in MONGODB_OPERATORS.values()]


def visibility(metric_name: Input[str]) -> aws.wafv2.WebAclVisibilityConfigArgsDict:
    """Return a visibility configuration with metrics and sampled requests enabled."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric_name, "sampled_requests_enabled": True}


def _managed(name: str, group: Group, mode: Mode) -> Rule:
    return {
        "name": name,
        "priority": 0,
        # "none" keeps the group's own actions, which block.
        "override_action": {"count": {}} if mode is Mode.COUNT else {"none": {}},
        "statement": {"managed_rule_group_statement": group},
        "visibility_config": visibility(name),
    }


def _group(name: str, count_only: tuple[str, ...] = ()) -> Group:
    return {
        "vendor_name": "AWS",
        "name": name,
        "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in count_only],
    }


def _custom(
    name: str,
    statement: Statement,
    mode: Mode,
    block: aws.wafv2.WebAclRuleActionBlockArgsDict | None = None,
) -> Rule:
    return {
        "name": name,
        "priority": 0,
        "action": {"count": {}} if mode is Mode.COUNT else {"block": block or {}},
        "statement": statement,
        "visibility_config": visibility(name),
    }


def _blocked(
    cors_origin: str | None, *, code: int = 403, headers: Mapping[str, str] | None = None
) -> aws.wafv2.WebAclRuleActionBlockArgsDict:
    """Return a block action. Without CORS headers a browser reports a network error instead of the status."""
    sent = dict(headers or {})
    if cors_origin is not None:
        sent |= {
            "Access-Control-Allow-Origin": cors_origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Expose-Headers": "Retry-After",
            "Vary": "Origin",
        }
    if not sent:
        return {}
    return {
        "custom_response": {
            "response_code": code,
            "response_headers": [{"name": name, "value": value} for name, value in sent.items()],
        }
    }


def _below(path: str) -> Nested:
    return {
        "byte_match_statement": {
            "field_to_match": {"uri_path": {}},
            "positional_constraint": "STARTS_WITH",
            "search_string": path,
            "text_transformations": _PATH_TRANSFORMATIONS,
        }
    }


def _not(statement: Nested) -> Nested:
    return {"not_statement": {"statement": statement}}


def _preflight() -> Nested:
    return {
        "byte_match_statement": {
            "field_to_match": {"method": {}},
            "positional_constraint": "EXACTLY",
            "search_string": "OPTIONS",
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _address_set(arn: Input[str], header: str | None) -> Nested:
    reference: aws.wafv2.WebAclRuleStatementIpSetReferenceStatementArgsDict = {"arn": arn}
    if header is not None:
        # A malformed address is not exempt.
        reference["ip_set_forwarded_ip_config"] = {
            "header_name": header,
            "fallback_behavior": "NO_MATCH",
            "position": "FIRST",
        }
    return {"ip_set_reference_statement": reference}


def _rate_statement(limit: RateLimit, exempt_set_arns: Sequence[Input[str]]) -> Statement:
    exempt: list[Nested] = [
        _preflight(),
        *(_below(path) for path in limit.exempt_paths),
        *(_address_set(arn, limit.client_address_header) for arn in exempt_set_arns),
    ]
    scope: list[Nested] = [_below(limit.path_prefix), *(_not(each) for each in exempt)]
    counted: aws.wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": "IP",
        "limit": limit.requests,
        "evaluation_window_sec": limit.window_seconds,
        "scope_down_statement": {"and_statement": {"statements": scope}},
    }
    if limit.client_address_header is not None:
        counted["aggregate_key_type"] = "FORWARDED_IP"
        counted["forwarded_ip_config"] = _forwarded(limit.client_address_header)
    return {"rate_based_statement": counted}


def _bot_control(control: BotControl) -> Group:
    return {
        **_group("AWSManagedRulesBotControlRuleSet", count_only=control.count_only_rules),
        "managed_rule_group_configs": [
            {"aws_managed_rules_bot_control_rule_set": {"inspection_level": control.inspection.value}}
        ],
        "scope_down_statement": _below(control.path_prefix),
    }


def _client_rules(
    restrictions: ClientRestrictions,
    allowed_set_arns: Sequence[Input[str]],
    mode: Mode,
    block: aws.wafv2.WebAclRuleActionBlockArgsDict,
) -> list[Rule]:
    header = restrictions.client_address_header
    result: list[Rule] = []
    if allowed_set_arns:
        sets = [_address_set(arn, header) for arn in allowed_set_arns]
        # An OR statement has two members or more.
        allowed: Nested = sets[0] if len(sets) == 1 else {"or_statement": {"statements": sets}}
        result.append(_custom("addresses", _except(_not(allowed), restrictions.exempt_paths), mode, block))
    if countries := restrictions.allowed_countries or restrictions.blocked_countries:
        match: aws.wafv2.WebAclRuleStatementGeoMatchStatementArgsDict = {"country_codes": list(countries)}
        if header is not None:
            match["forwarded_ip_config"] = _forwarded(header)
        within: Nested = {"geo_match_statement": match}
        blocked = _not(within) if restrictions.allowed_countries else within
        result.append(_custom("countries", _except(blocked, restrictions.exempt_paths), mode, block))
    if restrictions.blocked_asns:
        networks: dict[str, Any] = {"asn_lists": list(restrictions.blocked_asns)}
        if header is not None:
            networks["forwarded_ip_config"] = _forwarded(header)
        blocked = {"asn_match_statement": networks}
        result.append(_custom("networks", _except(blocked, restrictions.exempt_paths), mode, block))
    return result


def _except(statement: Nested, exact_paths: Sequence[str]) -> Statement:
    if not exact_paths:
        return statement
    return {"and_statement": {"statements": [statement, *(_not(_exactly(path)) for path in exact_paths)]}}


def _exactly(path: str) -> Nested:
    # An exemption needs no transformation: another spelling of the path is not exempt.
    return {
        "byte_match_statement": {
            "field_to_match": {"uri_path": {}},
            "positional_constraint": "EXACTLY",
            "search_string": path,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _forwarded(header: str) -> Forwarded:
    # A malformed address counts as a match. AWS WAF does not apply the rule to a request without the header, whatever
    # this setting is, so only the CDN may have access to the origin.
    return {"header_name": header, "fallback_behavior": "MATCH"}


def _without_key(key: OriginKey) -> Statement:
    shows: list[Nested] = [
        {
            "byte_match_statement": {
                "field_to_match": {"single_header": {"name": key.header}},
                "positional_constraint": "EXACTLY",
                "search_string": value,
                "text_transformations": [{"priority": 0, "type": "NONE"}],
            }
        }
        for value in key.values
    ]
    # An OR statement has two members or more.
    shown: Nested = shows[0] if len(shows) == 1 else {"or_statement": {"statements": shows}}
    return {"not_statement": {"statement": shown}}


def _body_larger_than(limit: int, exempt_paths: Sequence[str]) -> Statement:
    larger: Statement = {
        "size_constraint_statement": {
            # A body that exceeds AWS WAF's inspection limit is larger than any allowed value of max_body_bytes.
            "field_to_match": {"body": {"oversize_handling": "MATCH"}},
            "comparison_operator": "GT",
            "size": limit,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }
    if not exempt_paths:
        return larger
    statements: list[Nested] = [larger, *(_not(_below(path)) for path in exempt_paths)]
    return {"and_statement": {"statements": statements}}


def _contains_operator(operators_arn: Input[str]) -> Statement:
    query: Statement = {
        "regex_pattern_set_reference_statement": {
            "arn": operators_arn,
            "field_to_match": {"query_string": {}},
            "text_transformations": [{"priority": 0, "type": "URL_DECODE"}],
        }
    }
    body: Statement = {
        "regex_pattern_set_reference_statement": {
            "arn": operators_arn,
            "field_to_match": {
                "json_body": {
                    # Keys only: values are user content, such as "$set the table".
                    "match_scope": "KEY",
                    "match_pattern": {"all": {}},
                    # A form body is not JSON: AWS WAF then inspects its text, in which user[$ne]= matches.
                    "invalid_fallback_behavior": "EVALUATE_AS_STRING",
                    # The rule body-size has blocked longer bodies already.
                    "oversize_handling": "CONTINUE",
                }
            },
            # JSON may encode $ as \u0024, and a form as %24.
            "text_transformations": [{"priority": 0, "type": "JS_DECODE"}, {"priority": 1, "type": "URL_DECODE"}],
        }
    }
    return {"or_statement": {"statements": [query, body]}}
