"""Cloudflare's WAF: one ruleset per phase, custom rules, rate limit and managed rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.cloudflare.plan import CloudflarePlan, CloudflareRateLimit, rate_limit_for
from components.cloudflare.waf import CloudflareWaf, CloudflareWafArgs
from components.waf.client_rules import ClientRestrictions
from components.waf.rules import Mode
from tests.engine_recorder import record


def args(plan: CloudflarePlan = CloudflarePlan.BUSINESS, **more: Any) -> CloudflareWafArgs:
    limit = rate_limit_for(plan, path_prefix="/api/", requests=100, window_seconds=900)
    given: dict[str, Any] = {"zone_id": "z", "plan": plan, "rate_limit": limit}
    return CloudflareWafArgs(**(given | more))


def rules(given: CloudflareWafArgs) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the rules by phase and ref."""
    recording = record(lambda: CloudflareWaf("waf", given))
    found = {each.inputs["phase"]: each.inputs["rules"] for each in recording.of("cloudflare:index/ruleset:Ruleset")}
    return {phase: {rule["ref"]: rule for rule in listed} for phase, listed in found.items()}


def test_one_ruleset_per_phase_and_no_managed_rules_on_free() -> None:
    phases = {"http_request_firewall_custom", "http_ratelimit"}

    assert set(rules(args())) == phases | {"http_request_firewall_managed"}
    assert set(rules(args(CloudflarePlan.FREE))) == phases


def test_rate_limit_counts_by_address_in_the_plans_period() -> None:
    rule = rules(args())["http_ratelimit"]["rate-limit"]

    assert rule["action"] == "block"
    assert rule["expression"] == 'starts_with(lower(http.request.uri.path), "/api/")'
    assert rule["ratelimit"] == {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": 600,
        "requestsPerPeriod": 66,
        "mitigationTimeout": 600,
    }


@pytest.mark.parametrize("start", ['"[$"', '"{$"', r'"\"$"', '"\'$"'])
def test_mongodb_operators_match_decoded_and_in_any_case(start: str) -> None:
    expression = rules(args())["http_request_firewall_custom"]["nosql"]["expression"]

    assert f"lower(url_decode(http.request.uri.query)) contains {start}" in expression


def test_client_restrictions_by_address_country_and_network() -> None:
    blocked = ClientRestrictions(blocked_countries=("XX", "YY"), blocked_asns=(64512,))
    allowed = ClientRestrictions(allowed_countries=("DE",))

    def expression(origins: ClientRestrictions) -> str:
        return rules(args(origins=origins))["http_request_firewall_custom"]["origins"]["expression"]

    assert expression(blocked) == '(ip.src.country in {"XX" "YY"}) or (ip.src.asnum in {64512})'
    assert expression(allowed) == '(not ip.src.country in {"DE"})'
    office = ClientRestrictions(allowed_addresses=("203.0.113.7/32", "2001:db8::/64"))
    assert expression(office) == "(not ip.src in {203.0.113.7/32 2001:db8::/64})"


def test_count_mode_uses_the_action_log() -> None:
    counting = rules(args(CloudflarePlan.ENTERPRISE, mode=Mode.COUNT))

    assert counting["http_ratelimit"]["rate-limit"]["action"] == "log"
    assert counting["http_request_firewall_custom"]["nosql"]["action"] == "log"
    managed = counting["http_request_firewall_managed"].values()
    assert managed
    assert all(rule["actionParameters"]["overrides"] == {"action": "log"} for rule in managed)


def test_managed_rules_have_no_overrides_in_block_mode() -> None:
    managed = rules(args())["http_request_firewall_managed"]

    assert {rule["action"] for rule in managed.values()} == {"execute"}
    assert all("overrides" not in rule["actionParameters"] for rule in managed.values())


def test_invalid_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"^mode: the plan business .*\(got count\)\. Use block"):
        args(mode=Mode.COUNT)
    with pytest.raises(ValueError, match=r"period_seconds: too long for the plan free \(got 600\)\. Give at most 10"):
        replace(
            args(CloudflarePlan.FREE),
            rate_limit=CloudflareRateLimit(path_prefix="/api/", requests=66, period_seconds=600),
        )
    with pytest.raises(ValueError, match=r"client_address_header: .*\(got 'CF-Connecting-IP'\)\. Give None"):
        args(origins=ClientRestrictions(blocked_countries=("XX",), client_address_header="CF-Connecting-IP"))
