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

CAPACITY: Mapping[str, int] = {
    "ip-reputation": 25,
    "known-bad-inputs": 200,
    "common": 700,
    "body-size": 1,
    # A pattern set is 25, doubled for a JSON body, and 10 for each text transformation that is not NONE.
    "nosql": (25 + 10) + (25 * 2 + 10 + 10),
    # 2, and its scope-down statement: starts-with is 2, and three transformations.
    "rate-limit": 2 + 2 + 3 * 10,
}
"""Web ACL capacity units (WCU) by rule: 1,065 in all. The basic price of a web ACL covers 1,500.
Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html and the statement pages
.../waf-rule-statement-type-regex-pattern-set-match.html, -rate-based.html, -size-constraint-match.html,
-string-match.html (read 2026-11-24)."""

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
Source: https://www.mongodb.com/docs/manual/reference/operator/query/ and .../operator/update/ (read 2026-11-24)."""

_BEFORE_A_NAME = r"(?:^|[\[{\"'.,&;?])\s*\$"
_AFTER_A_NAME = r"(?:[^A-Za-z]|$)"

# What the SDK calls them; a rule is plain data.
Rule: TypeAlias = "aws.wafv2.WebAclRuleArgsDict"
Statement: TypeAlias = "aws.wafv2.WebAclRuleStatementArgsDict"


class Mode(StrEnum):
    """What a matching rule does."""

    BLOCK = "block"
    COUNT = "count"
    """Only counts and logs: to see for some days whom a block would hit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimit:
    """Requests that one client address may make below a path."""

    path_prefix: str
    requests: int
    window_seconds: int

    def __post_init__(self) -> None:
        if not self.path_prefix.startswith("/") or self.path_prefix != self.path_prefix.lower():
            raise ValueError(
                f"path_prefix is {self.path_prefix!r}; give a lower-case path that starts with '/' such as /api/: "
                "requests are compared in lower case, because routers ignore case too"
            )
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
    *, mode: Mode, max_body_bytes: int, operators_arn: Input[str], rate_limit: RateLimit | None = None
) -> list[Rule]:
    """Every rule in order of priority: addresses first, then known attacks, then our own; cheap before dear.

    The rate limit comes last, so that what is refused anyway does not use up an honest client's share.
    """
    ordered = [
        _managed("ip-reputation", "AWSManagedRulesAmazonIpReputationList", mode),
        _managed("known-bad-inputs", "AWSManagedRulesKnownBadInputsRuleSet", mode),
        # The group has a size rule of its own, 8 KiB whatever ours says: it only counts here.
        _managed("common", "AWSManagedRulesCommonRuleSet", mode, only_counted=("SizeRestrictions_BODY",)),
        _own("body-size", _body_over(max_body_bytes), mode),
        _own("nosql", _holds_operator(operators_arn), mode),
    ]
    if rate_limit is not None:
        ordered.append(_own("rate-limit", _too_often(rate_limit), mode, _too_many_requests(rate_limit)))
    return [{**rule, "priority": priority} for priority, rule in enumerate(ordered)]


def operator_patterns() -> list[str]:
    """The regular expressions of the pattern set, without captures, which AWS WAF refuses.

    An operator counts only where a name stands: at the start, or after a bracket, brace, quote, dot or separator. So
    `{"$gt": ""}`, `user[$ne]=` and `filter={"$where"` match, and a text that costs $in dollars does not.
    """
    return [f"{_BEFORE_A_NAME}(?:{'|'.join(names)}){_AFTER_A_NAME}" for names in MONGODB_OPERATORS.values()]


def visibility(metric_name: str) -> aws.wafv2.WebAclVisibilityConfigArgsDict:
    """Metrics and sampled requests on."""
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric_name, "sampled_requests_enabled": True}


def _managed(name: str, group: str, mode: Mode, only_counted: tuple[str, ...] = ()) -> Rule:
    return {
        "name": name,
        "priority": 0,
        # "none" leaves the group's own actions, which block, in force.
        "override_action": {"count": {}} if mode is Mode.COUNT else {"none": {}},
        "statement": {
            "managed_rule_group_statement": {
                "vendor_name": "AWS",
                "name": group,
                "rule_action_overrides": [{"name": rule, "action_to_use": {"count": {}}} for rule in only_counted],
            }
        },
        "visibility_config": visibility(name),
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
    return {
        "rate_based_statement": {
            "aggregate_key_type": "IP",
            "limit": limit.requests,
            "evaluation_window_sec": limit.window_seconds,
            "scope_down_statement": {
                "byte_match_statement": {
                    "field_to_match": {"uri_path": {}},
                    "positional_constraint": "STARTS_WITH",
                    "search_string": limit.path_prefix,
                    # Or /API/, //api/ and /%61pi/ would reach the same route uncounted.
                    "text_transformations": [
                        {"priority": 0, "type": "URL_DECODE"},
                        {"priority": 1, "type": "NORMALIZE_PATH"},
                        {"priority": 2, "type": "LOWERCASE"},
                    ],
                }
            },
        }
    }


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
