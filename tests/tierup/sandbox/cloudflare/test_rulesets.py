"""Cloudflare rulesets in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_zones import zone

RULESET = "cloudflare:index/ruleset:Ruleset"


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
        ruleset("http_request", BLOCK),
        ruleset("http_ratelimit", limit(), accountId="a" * 32),
        ruleset("http_ratelimit", limit(), kind="root"),
    ],
)
def test_invalid_rulesets_are_rejected(inputs: dict[str, Any]) -> None:
    account = Account()
    assert account.codes(RULESET, zoneId=zone(account), **inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        ruleset("http_ratelimit", limit()),
        ruleset("http_ratelimit", limit(period=900)),
        ruleset("http_request_firewall_custom", BLOCK, {**BLOCK, "action": "skip", "ref": "a"}),
        ruleset("http_request_cache_settings", {**BLOCK, "action": "set_cache_settings"}),
    ],
)
def test_valid_rulesets_are_accepted(inputs: dict[str, Any]) -> None:
    account = Account()
    assert not account.codes(RULESET, zoneId=zone(account), **inputs)


def test_second_entry_point_of_a_phase_is_rejected() -> None:
    account = Account()
    home = zone(account)
    made = account.make(RULESET, "first", zoneId=home, **ruleset("http_ratelimit", limit()))
    assert account.codes(RULESET, "second", zoneId=home, **ruleset("http_ratelimit", limit())) == {"20217"}
    assert not account.codes(RULESET, "second", zoneId=home, **ruleset("http_request_firewall_custom", BLOCK))
    assert account.replaced_by(made, phase="http_request_firewall_custom") == {"phase"}
    assert not account.change_codes(made, rules=[limit(period=10)])
