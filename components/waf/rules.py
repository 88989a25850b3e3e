"""The rules of the web ACL as plain data: what each one matches, what it costs in capacity, in which order they stand.

Pure functions and tables; the resources are in firewall.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import pulumi_aws as aws
from pulumi import Input

from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey, check_header, check_path

_PATH_UNITS = 2 + 3 * 10  # starts-with is 2, and three transformations

CAPACITY: Mapping[str, int] = {
    "cdn-only": 2,
    "ip-reputation": 25,
    "countries": 1,
    "networks": 1,
    "known-bad-inputs": 200,
    "common": 700,
    "body-size": 1,
    # A pattern set is 25, doubled for a JSON body, and 10 for each text transformation that is not NONE.
    "nosql": (25 + 10) + (25 * 2 + 10 + 10),
    # 2, and its scope-down statement.
    "rate-limit": 2 + _PATH_UNITS,
    "bots": 50 + _PATH_UNITS,
}
"""Web ACL capacity units (WCU) by rule: 1,151 in all, 1,065 of them without the CDN's key, countries, networks and
bots. The basic price of a web ACL covers 1,500.
Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html and the statement
pages .../waf-rule-statement-type-regex-pattern-set-match.html and -string-match.html (read 2026-11-24). Known bad
inputs, addresses, bots, countries, networks, rate and size as others quote the pages beside them."""

RATE_WINDOWS_SECONDS = (60, 120, 300, 600)
"""Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html (read 2026-11-24)."""

RATE_LIMITS = range(10, 2_000_000_001)
"""Requests a window; same source."""

MONGODB_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "code": ("where", "expr", "function", "accumulator", "jsonSchema", "text", "comment"),
    "comparison": ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "mod", "regex", "options"),
    "logic": ("and", "or", "nor", "not", "exists", "type", "all", "size", "elemMatch"),
    "change": ("set", "unset", "inc", "push", "pull", "rename", "lookup", "merge", "out", "unionWith"),
}
"""Operators that no client has a reason to send. A pattern has at most 200 characters, hence the groups.
Source: https://www.mongodb.com/docs/manual/reference/operator/query/ and .../operator/update/ (from memory)."""

_BEFORE_A_NAME = r"(?:^|[\[{\"'.,&;?])\s*\$"
_AFTER_A_NAME = r"(?:[^A-Za-z]|$)"

# What the SDK calls them; a rule is plain data.
Rule: TypeAlias = "aws.wafv2.WebAclRuleArgsDict"
Statement: TypeAlias = "aws.wafv2.WebAclRuleStatementArgsDict"
Group: TypeAlias = "aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgsDict"
Forwarded: TypeAlias = "aws.wafv2.WebAclRuleStatementRateBasedStatementForwardedIpConfigArgsDict"

# Or /API/, //api/ and /%61pi/ would reach the same route unseen.
_PLAIN_PATH: list[aws.wafv2.WebAclRuleStatementByteMatchStatementTextTransformationArgsDict] = [
    {"priority": 0, "type": "URL_DECODE"},
    {"priority": 1, "type": "NORMALIZE_PATH"},
    {"priority": 2, "type": "LOWERCASE"},
]


class Mode(StrEnum):
    """What a matching rule does."""

    BLOCK = "block"
    """Refuses the request with 403, or 429 where it came too often."""
    COUNT = "count"
    """Only counts and logs: to see for some days whom a block would hit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimit:
    """Requests that one client address may make below a path."""

    path_prefix: str
    """Lower case, with a slash first: /api/."""
    requests: int
    """In one window, 10 to 2,000,000,000."""
    window_seconds: int
    """60, 120, 300 or 600."""
    client_address_header: str | None = None
    """Header that the CDN before us writes the client's address into; None is the connection's own address."""

    def __post_init__(self) -> None:
        check_path(self.path_prefix)
        check_header(self.client_address_header)
        if self.window_seconds not in RATE_WINDOWS_SECONDS:
            raise ValueError(
                f"window_seconds is {self.window_seconds}; AWS WAF counts over {RATE_WINDOWS_SECONDS} seconds only; "
                "scale the number of requests to one of these"
            )
        if self.requests not in RATE_LIMITS:
            raise ValueError(
                f"requests is {self.requests}; AWS WAF allows {RATE_LIMITS.start} to {RATE_LIMITS.stop - 1} a window"
            )


def rules(
    *,
    mode: Mode,
    max_body_bytes: int,
    operators_arn: Input[str],
    rate_limit: RateLimit | None = None,
    origins: ClientRestrictions | None = None,
    bots: BotControl | None = None,
    origin_key: OriginKey | None = None,
) -> list[Rule]:
    """Every rule in order of priority: who asks first, then known attacks, then our own; cheap before dear.

    The rate limit comes late, so that what is refused anyway does not use up an honest client's share; bots last,
    because each request that gets so far is paid for.
    """
    ordered = [
        # Never only counted: it is a lock and no guess.
        *([] if origin_key is None else [_own("cdn-only", _without_key(origin_key), Mode.BLOCK)]),
        _managed("ip-reputation", _group("AWSManagedRulesAmazonIpReputationList"), mode),
        *([] if origins is None else _origin_rules(origins, mode)),
        _managed("known-bad-inputs", _group("AWSManagedRulesKnownBadInputsRuleSet"), mode),
        # The group has a size rule of its own, 8 KiB whatever ours says: it only counts here.
        _managed("common", _group("AWSManagedRulesCommonRuleSet", only_counted=("SizeRestrictions_BODY",)), mode),
        _own("body-size", _body_over(max_body_bytes), mode),
        _own("nosql", _holds_operator(operators_arn), mode),
    ]
    if rate_limit is not None:
        ordered.append(_own("rate-limit", _too_often(rate_limit), mode, _too_many_requests(rate_limit)))
    if bots is not None:
        ordered.append(_managed("bots", _bots(bots), mode))
    return [{**rule, "priority": priority} for priority, rule in enumerate(ordered)]


def operator_patterns() -> list[str]:
    """The regular expressions of the pattern set, without captures, which AWS WAF refuses.

    An operator counts only where a name stands: at the start, or after a bracket, brace, quote, dot or separator. So
    `{"$gt": ""}`, `user[$ne]=` and `filter={"$where"` match, and a text that costs $in dollars does not.
    """
    return [f"{_BEFORE_A_NAME}(?:{'|'.join(names)}){_AFTER_A_NAME}" for names in MONGODB_OPERATORS.values()]


def visibility(metric_name: Input[str]) -> aws.wafv2.WebAclVisibilityConfigArgsDict:
    """Metrics and sampled requests on."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric_name, "sampled_requests_enabled": True}


def _managed(name: str, group: Group, mode: Mode) -> Rule:
    return {
        "name": name,
        "priority": 0,
        # "none" leaves the group's own actions, which block, in force.
        "override_action": {"count": {}} if mode is Mode.COUNT else {"none": {}},
        "statement": {"managed_rule_group_statement": group},
        "visibility_config": visibility(name),
    }


def _group(name: str, only_counted: tuple[str, ...] = ()) -> Group:
    return {
        "vendor_name": "AWS",
        "name": name,
        "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in only_counted],
    }


def _own(
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


def _too_many_requests(limit: RateLimit) -> aws.wafv2.WebAclRuleActionBlockArgsDict:
    return {
        "custom_response": {
            "response_code": 429,
            "response_headers": [{"name": "Retry-After", "value": str(limit.window_seconds)}],
        }
    }


def _too_often(limit: RateLimit) -> Statement:
    counted: aws.wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": "IP",
        "limit": limit.requests,
        "evaluation_window_sec": limit.window_seconds,
        "scope_down_statement": {
            "byte_match_statement": {
                "field_to_match": {"uri_path": {}},
                "positional_constraint": "STARTS_WITH",
                "search_string": limit.path_prefix,
                "text_transformations": _PLAIN_PATH,
            }
        },
    }
    if limit.client_address_header is not None:
        counted["aggregate_key_type"] = "FORWARDED_IP"
        counted["forwarded_ip_config"] = _forwarded(limit.client_address_header)
    return {"rate_based_statement": counted}


def _bots(control: BotControl) -> Group:
    return {
        **_group("AWSManagedRulesBotControlRuleSet", only_counted=control.tolerated),
        "managed_rule_group_configs": [
            {"aws_managed_rules_bot_control_rule_set": {"inspection_level": control.inspection.value}}
        ],
        "scope_down_statement": {
            "byte_match_statement": {
                "field_to_match": {"uri_path": {}},
                "positional_constraint": "STARTS_WITH",
                "search_string": control.path_prefix,
                "text_transformations": _PLAIN_PATH,
            }
        },
    }


def _origin_rules(origins: ClientRestrictions, mode: Mode) -> list[Rule]:
    header = origins.client_address_header
    made: list[Rule] = []
    if countries := origins.allowed_countries or origins.blocked_countries:
        match: aws.wafv2.WebAclRuleStatementGeoMatchStatementArgsDict = {"country_codes": list(countries)}
        if header is not None:
            match["forwarded_ip_config"] = _forwarded(header)
        within: Statement = {"geo_match_statement": match}
        outside: Statement = {"not_statement": {"statement": within}}
        made.append(_own("countries", outside if origins.allowed_countries else within, mode))
    if origins.blocked_asns:
        networks: aws.wafv2.WebAclRuleStatementAsnMatchStatementArgsDict = {"asn_lists": list(origins.blocked_asns)}
        if header is not None:
            networks["forwarded_ip_config"] = _forwarded(header)
        made.append(_own("networks", {"asn_match_statement": networks}, mode))
    return made


def _forwarded(header: str) -> Forwarded:
    # An address that is none is somebody's trick: it counts as a match. A request without the header is let through
    # by AWS WAF whatever stands here, so only the CDN may reach what stands behind.
    return {"header_name": header, "fallback_behavior": "MATCH"}


def _without_key(key: OriginKey) -> Statement:
    shows_key: Statement = {
        "byte_match_statement": {
            "field_to_match": {"single_header": {"name": key.header}},
            "positional_constraint": "EXACTLY",
            "search_string": key.value,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }
    return {"not_statement": {"statement": shows_key}}


def _body_over(limit: int) -> Statement:
    return {
        "size_constraint_statement": {
            # A body whose end AWS WAF cannot see is larger than any limit we allow.
            "field_to_match": {"body": {"oversize_handling": "MATCH"}},
            "comparison_operator": "GT",
            "size": limit,
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _holds_operator(operators_arn: Input[str]) -> Statement:
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
                    # Keys only: a task may well be called "$set the table".
                    "match_scope": "KEY",
                    "match_pattern": {"all": {}},
                    # A form is no JSON: then the same patterns look at the text, where user[$ne]= is found.
                    "invalid_fallback_behavior": "EVALUATE_AS_STRING",
                    # Longer bodies never get here: the rule before refuses them.
                    "oversize_handling": "CONTINUE",
                }
            },
            # JSON may write $ as \u0024, a form as %24.
            "text_transformations": [{"priority": 0, "type": "JS_DECODE"}, {"priority": 1, "type": "URL_DECODE"}],
        }
    }
    return {"or_statement": {"statements": [query, body]}}
