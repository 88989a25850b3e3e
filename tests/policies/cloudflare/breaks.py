"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.cloudflare.dnssec import DNSSEC
from policies.cloudflare.zones import RECORDS, RULESET, ZONE_SETTING
from tests.policies.breaks import Break


def _without_hsts(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: header for name, header in headers.items() if name != "Strict-Transport-Security"}


def _uncached(rules: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**rule, "actionParameters": {**rule["actionParameters"], "cache": False}} for rule in rules]


# A setting and a ruleset are told apart by the rule that sees the change: "off" breaks another one on each of them.
BREAKS: Mapping[str, Break] = {
    "CF-001": Break(ZONE_SETTING, {"value": "flexible"}),
    "CF-002": Break(ZONE_SETTING, {"value": "1.0"}),
    "CF-003": Break(ZONE_SETTING, {"value": "off"}),
    "CF-004": Break(RULESET, {"rules[0].actionParameters.headers": _without_hsts}),
    "CF-005": Break(RULESET, {"rules[0].action": "log"}),
    "CF-006": Break(RULESET, {"rules[0].actionParameters.overrides.enabled": False}),
    "CF-007": Break(RECORDS, {"proxied": False}),
    "CF-008": Break(RULESET, {"rules": _uncached}),
    "CF-009": Break(ZONE_SETTING, {"value": "off"}),
    "CF-010": Break(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"cidrIpv4": "0.0.0.0/0"},
    ),
    "CF-011": Break(DNSSEC, {"status": "disabled"}),
    "CF-012": Break(ZONE_SETTING, {"value": "off"}),
    "CF-013": Break(ZONE_SETTING, {"value": "on"}),
    "CF-014": Break(RECORDS, {"content": "10.0.0.10"}),
}
