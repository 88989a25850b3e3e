"""What the plan of a Cloudflare zone contains in the sandbox, as Cloudflare's table of availability says."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_dns import record
from .test_rulesets import RULESET, ruleset, zone_on

PLANS = ("free", "pro", "business", "enterprise")
NAME = {"name": "a.example.com", "type": "CNAME"}
NOT_FOUND = {"statusCode": 404, "value": 0}
RULE = {"expression": "true", "action": "set_cache_settings"}


def cached(**parameters: Any) -> dict[str, Any]:
    return ruleset("http_request_cache_settings", {**RULE, "actionParameters": {"cache": True, **parameters}})


def token(name: str) -> str:
    return f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"


@pytest.mark.parametrize(
    ("type", "inputs", "lowest"),
    [
        ("CustomPages", {"identifier": "500_errors", "state": "customized", "url": "https://example.com/500"}, "pro"),
        ("Healthcheck", {"name": "h", "address": "example.com"}, "pro"),
        ("ZoneSetting", {"settingId": "http2", "value": "off"}, "pro"),
        ("ZoneSetting", {"settingId": "ipv6", "value": "off"}, "enterprise"),
        ("ZoneSetting", {"settingId": "edge_cache_ttl", "value": 1_800}, "business"),
        ("ZoneSetting", {"settingId": "edge_cache_ttl", "value": 7_200}, "free"),
        ("SpectrumApplication", {"protocol": "tcp/22", "dns": NAME}, "pro"),
        ("SpectrumApplication", {"protocol": "tcp/3389", "dns": NAME}, "business"),
        ("SpectrumApplication", {"protocol": "tcp/5432", "dns": NAME}, "enterprise"),
        ("AccessRule", {"mode": "block", "configuration": {"target": "country", "value": "DE"}}, "enterprise"),
        ("AccessRule", {"mode": "challenge", "configuration": {"target": "country", "value": "DE"}}, "free"),
        ("Ruleset", cached(cacheKey={"cacheByDeviceType": True}), "free"),
        ("Ruleset", cached(cacheKey={"customKey": {"header": {"includes": ["x-a"]}}}), "enterprise"),
        ("Ruleset", cached(edgeTtl={"mode": "respect_origin", "statusCodeTtls": [NOT_FOUND]}), "free"),
        ("DnsRecord", {**record("", comment="c" * 101)}, "pro"),
        ("DnsRecord", {**record("", tags=["team:web"])}, "pro"),
    ],
)  # fmt: skip
def test_product_requires_its_plan(type: str, inputs: dict[str, Any], lowest: str) -> None:
    accepted: list[str] = []
    for plan in PLANS:
        account = Account()
        if not account.codes(token(type), **{**inputs, "zoneId": zone_on(account, plan)}):
            accepted.append(plan)
    assert accepted == list(PLANS[PLANS.index(lowest) :])


@pytest.mark.parametrize(("plan", "most"), [("free", 0), ("pro", 3), ("business", 10)])
def test_plan_limits_the_number_of_zone_lockdowns(plan: str, most: int) -> None:
    account = Account()
    home = zone_on(account, plan)
    inputs = {"zoneId": home, "urls": ["example.com/a"], "configurations": [{"target": "ip", "value": "192.0.2.1"}]}
    for number in range(most):
        account.make(token("ZoneLockdown"), f"l{number}", **inputs)
    assert account.codes(token("ZoneLockdown"), "more", **inputs)


def test_zone_on_the_free_plan_has_two_hundred_records() -> None:
    account = Account()
    home = zone_on(account, "free")
    for number in range(200):
        account.add_existing(token("DnsRecord"), f"r{number}", **record(home, name=f"r{number}.example.com"))
    assert account.codes(token("DnsRecord"), **record(home)) == {"81045"}
    paid = Account()
    home = zone_on(paid, "pro")
    for number in range(200):
        paid.add_existing(token("DnsRecord"), f"r{number}", **record(home, name=f"r{number}.example.com"))
    assert not paid.codes(token("DnsRecord"), **record(home))


@pytest.mark.parametrize(
    ("ids", "lowest"),
    [
        (["add_visitor_location_headers", "add_waf_content_scan_status_header"], "free"),
        (["add_true_client_ip_headers"], "enterprise"),
        (["add_true_client_ip_headers", "remove_visitor_ip_headers"], None),
    ],
)
def test_managed_transforms_follow_the_plan(ids: list[str], lowest: str | None) -> None:
    accepted: list[str] = []
    for plan in ("free", "enterprise"):
        account = Account()
        inputs = {
            "zoneId": zone_on(account, plan),
            "managedRequestHeaders": [{"id": each, "enabled": True} for each in ids],
            "managedResponseHeaders": [],
        }
        if not account.codes("cloudflare:index/managedTransforms:ManagedTransforms", **inputs):
            accepted.append(plan)
    assert accepted == {"free": ["free", "enterprise"], "enterprise": ["enterprise"], None: []}[lowest]


def test_custom_error_rules_follow_the_plan() -> None:
    rule = {
        "expression": "true",
        "action": "serve_error",
        "actionParameters": {"content": "x", "contentType": "text/html"},
    }
    account = Account()
    home = zone_on(account, "pro")
    assert not account.codes(RULESET, zoneId=home, **ruleset("http_custom_errors", *[rule] * 25))
    assert account.codes(RULESET, zoneId=home, **ruleset("http_custom_errors", *[rule] * 26)) == {"20217"}
