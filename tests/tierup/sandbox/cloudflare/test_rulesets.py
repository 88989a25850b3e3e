"""Cloudflare rulesets in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_zones import zone

RULESET = "cloudflare:index/ruleset:Ruleset"


SUBSCRIPTION = "cloudflare:index/zoneSubscription:ZoneSubscription"


def zone_on(account: Account, plan: str) -> str:
    """Create a zone on a plan and return its id."""
    home = zone(account)
    if plan != "free":
        account.add_existing(SUBSCRIPTION, "subscription", zoneId=home, ratePlan={"id": plan})
    return home


def ruleset(phase: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "zone", "name": "default", "phase": phase, "rules": list(rules), **more}


def limit(**more: Any) -> dict[str, Any]:
    ratelimit = {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": 60,
        "requestsPerPeriod": 100,
        "mitigationTimeout": 600,
        **more,
    }
    return {
        "action": "block",
        "expression": 'starts_with(http.request.uri.path, "/api/")',
        "ratelimit": {key: value for key, value in ratelimit.items() if value is not None},
    }


BLOCK = {"action": "block", "expression": "true"}
SKIP = {"action": "skip", "expression": "true", "actionParameters": {"ruleset": "current"}}
CACHE = {"cache": True}
MANAGED = {"action": "execute", "expression": "true", "actionParameters": {"id": "efb7b8c949ac4650a09736fc376e9aee"}}
REGEX = {"action": "block", "expression": 'http.request.uri.path matches "^/a"'}
LOG = {"action": "log", "expression": "true"}


@pytest.mark.parametrize(
    ("inputs", "smallest_plan"),
    [
        (ruleset("http_ratelimit", limit(period=10, mitigationTimeout=10)), "free"),
        (ruleset("http_ratelimit", limit(period=10)), "pro"),
        (ruleset("http_ratelimit", limit(period=60)), "pro"),
        (ruleset("http_ratelimit", limit(period=10), limit(period=20)), "pro"),
        (ruleset("http_ratelimit", limit(period=600)), "business"),
        (ruleset("http_ratelimit", limit(period=900)), "enterprise"),
        (ruleset("http_request_firewall_custom", *[BLOCK] * 5), "free"),
        (ruleset("http_request_firewall_custom", *[BLOCK] * 6), "pro"),
        (ruleset("http_request_firewall_custom", *[BLOCK] * 21), "business"),
        (ruleset("http_request_firewall_custom", REGEX), "business"),
        (ruleset("http_request_firewall_custom", LOG), "enterprise"),
        (ruleset("http_request_firewall_managed", MANAGED), "pro"),
    ],
)
def test_plan_of_the_zone_limits_its_rules(inputs: dict[str, Any], smallest_plan: str) -> None:
    plans = ("free", "pro", "business", "enterprise")
    accepted: list[str] = []
    for plan in plans:
        account = Account()
        if not account.codes(RULESET, zoneId=zone_on(account, plan), **inputs):
            accepted.append(plan)
    assert accepted == list(plans[plans.index(smallest_plan) :])


@pytest.mark.parametrize(
    "inputs",
    [
        ruleset("http_ratelimit", limit(characteristics=["ip.src"])),
        ruleset("http_ratelimit", limit(characteristics=["cf.colo.id", "ip.src", "cf.unique_visitor_id"])),
        ruleset("http_ratelimit", limit(period=61)),
        ruleset("http_ratelimit", limit(requestsPerPeriod=None)),
        ruleset("http_ratelimit", limit(mitigationTimeout=86_401)),
        ruleset("http_ratelimit", BLOCK),
        ruleset("http_request_firewall_custom", limit()),
        ruleset("http_request_cache_settings", BLOCK),
        ruleset("http_request_firewall_custom", {**BLOCK, "action": "blok"}),
        ruleset("http_request_firewall_custom", {**BLOCK, "expression": " "}),
        ruleset("http_request_firewall_custom", {**BLOCK, "ref": "a"}, {**BLOCK, "ref": "a"}),
        ruleset("http_request_firewall_custom", {**BLOCK, "expression": '(http.host eq "a"'}),
        ruleset("http_request_firewall_custom", {**BLOCK, "expression": 'http.hots eq "a"'}),
        ruleset("http_request_firewall_custom", {**BLOCK, "action": "skip"}),
        ruleset("http_request_firewall_custom", {**SKIP, "actionParameters": {"phases": ["http_request_transform"]}}),
        ruleset("http_request_firewall_custom", {**SKIP, "actionParameters": {"products": ["cache"]}}),
        ruleset("http_request_dynamic_redirect", BLOCK),
        ruleset(
            "http_request_dynamic_redirect",
            {**BLOCK, "action": "redirect", "actionParameters": {"fromList": {"name": "l", "key": "http.host"}}},
        ),
        ruleset("http_request_dynamic_redirect", {**BLOCK, "action": "redirect"}),
        ruleset("http_request_dynamic_redirect", {**BLOCK, "action": "redirect", "actionParameters": {}}),
        ruleset("http_request_firewall_managed", {**BLOCK, "action": "execute"}),
        ruleset("http_request", BLOCK),
        ruleset("http_ratelimit", limit(), accountId="a" * 32),
        ruleset("http_ratelimit", limit(), kind="root"),
    ],
)
def test_invalid_rulesets_are_rejected(inputs: dict[str, Any]) -> None:
    account = Account()
    assert account.codes(RULESET, zoneId=zone_on(account, "enterprise"), **inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        ruleset("http_ratelimit", limit()),
        ruleset("http_ratelimit", limit(period=900)),
        ruleset("http_request_firewall_custom", BLOCK, {**SKIP, "ref": "a"}),
        ruleset("http_request_firewall_custom", MANAGED),
        ruleset("http_request_cache_settings", {**BLOCK, "action": "set_cache_settings", "actionParameters": CACHE}),
    ],
)
def test_valid_rulesets_are_accepted(inputs: dict[str, Any]) -> None:
    account = Account()
    assert not account.codes(RULESET, zoneId=zone_on(account, "enterprise"), **inputs)


@pytest.mark.parametrize(
    ("header", "operation", "allowed"),
    [
        ("X-Request-Source", "set", True),
        ("X-Forwarded-For", "set", False),
        ("X-Forwarded-For", "remove", True),
        ("Cookie", "set", False),
        ("Cookie", "remove", True),
        ("CF-Connecting-IP", "remove", True),
        ("CF-Connecting-IP", "set", False),
        ("CF-Ray", "remove", False),
    ],
)
def test_some_request_headers_cannot_be_rewritten(header: str, operation: str, allowed: bool) -> None:
    change = {"operation": operation} | ({} if operation == "remove" else {"value": "a"})
    rule = {"action": "rewrite", "expression": "true", "actionParameters": {"headers": {header: change}}}
    account = Account()
    codes = account.codes(RULESET, zoneId=zone_on(account, "free"), **ruleset("http_request_late_transform", rule))
    assert codes == (set() if allowed else {"20087"})


def test_rules_of_packets_have_their_own_fields() -> None:
    rule = {"action": "block", "expression": "tcp.dstport in {8000..8009}"}
    inputs = {**ruleset("magic_transit", rule), "kind": "root", "accountId": "0123456789abcdef0123456789abcdef"}
    assert not Account().codes(RULESET, **inputs)


@pytest.mark.parametrize(
    ("expression", "valid"),
    [
        ('concat("/v2", http.request.uri.path)', True),
        ('"/fixed"', True),
        ("uppercase(http.request.uri.path)", False),
        ('concat("/v2", http.request.uri.path', False),
    ],
)
def test_expressions_of_values_are_parsed(expression: str, valid: bool) -> None:
    rule = {
        "action": "rewrite",
        "expression": "true",
        "actionParameters": {"uri": {"path": {"expression": expression}}},
    }
    header = {"x-a": {"operation": "set", "expression": expression}}
    account = Account()
    home = zone(account)
    expected = set[str]() if valid else {"20127"}
    assert account.codes(RULESET, zoneId=home, **ruleset("http_request_transform", rule)) == expected
    changed = {**rule, "actionParameters": {"headers": header}}
    assert account.codes(RULESET, zoneId=home, **ruleset("http_request_late_transform", changed)) == expected


def test_second_entry_point_of_a_phase_is_rejected() -> None:
    account = Account()
    home = zone_on(account, "enterprise")
    made = account.make(RULESET, "first", zoneId=home, **ruleset("http_ratelimit", limit()))
    assert account.codes(RULESET, "second", zoneId=home, **ruleset("http_ratelimit", limit())) == {"20217"}
    assert not account.codes(RULESET, "second", zoneId=home, **ruleset("http_request_firewall_custom", BLOCK))
    assert account.replaced_by(made, phase="http_request_firewall_custom") == {"phase"}
    assert not account.change_codes(made, rules=[limit(period=10)])


def custom_error(**parameters: Any) -> dict[str, Any]:
    given = {"content": "<h1>Not found</h1>", "contentType": "text/html", **parameters}
    return {
        "action": "serve_error",
        "expression": "http.response.code eq 404",
        "actionParameters": {key: value for key, value in given.items() if value is not None},
    }


@pytest.mark.parametrize(
    ("plan", "phase", "rule", "codes"),
    [
        ("pro", "http_custom_errors", custom_error(), set()),
        ("free", "http_custom_errors", custom_error(), {"20217"}),
        ("pro", "http_custom_errors", custom_error(statusCode=200), {"20127"}),
        ("pro", "http_custom_errors", custom_error(contentType=None), {"20127"}),
        ("pro", "http_custom_errors", custom_error(content="x" * 10_241), {"20127"}),
        ("pro", "http_custom_errors", custom_error(content=None), {"20016"}),
        (
            "pro",
            "http_request_firewall_custom",
            {
                "action": "block",
                "expression": "true",
                "actionParameters": {"response": {"statusCode": 503, "content": "x", "contentType": "text/html"}},
            },
            {"20127"},
        ),
        ("free", "http_response_cache_settings", {"action": "set_cache_tags", "expression": "true"}, {"20016"}),
        (
            "free",
            "http_response_cache_settings",
            {
                "action": "set_cache_tags",
                "expression": "true",
                "actionParameters": {"operation": "add", "values": ["a"]},
            },
            set(),
        ),
    ],
)
def test_responses_and_tags_follow_plan_and_limits(
    plan: str, phase: str, rule: dict[str, Any], codes: set[str]
) -> None:
    account = Account()
    assert account.codes(RULESET, zoneId=zone_on(account, plan), **ruleset(phase, rule)) == codes
