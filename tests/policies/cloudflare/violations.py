"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.cloudflare.dnssec import DNSSEC
from policies.cloudflare.zones import RECORDS, RULESET, ZONE_SETTING
from tests.policies.violations import Violation


def _without_hsts(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: header for name, header in headers.items() if name != "Strict-Transport-Security"}


def _uncached(rules: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**rule, "actionParameters": {**rule["actionParameters"], "cache": False}} for rule in rules]


# The first setting or ruleset is taken whose change makes the rule fail: "off" violates a different rule on each.
VIOLATIONS: Mapping[str, Violation] = {
    "CF-001": Violation(ZONE_SETTING, {"value": "flexible"}),
    "CF-002": Violation(ZONE_SETTING, {"value": "1.0"}),
    "CF-003": Violation(ZONE_SETTING, {"value": "off"}),
    "CF-004": Violation(RULESET, {"rules[0].actionParameters.headers": _without_hsts}),
    "CF-005": Violation(RULESET, {"rules[0].action": "log"}),
    "CF-006": Violation(RULESET, {"rules[0].actionParameters.overrides.enabled": False}),
    "CF-007": Violation(RECORDS, {"proxied": False}),
    "CF-008": Violation(RULESET, {"rules": _uncached}),
    "CF-009": Violation(ZONE_SETTING, {"value": "off"}),
    "CF-010": Violation(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"cidrIpv4": "0.0.0.0/0"},
    ),
    "CF-011": Violation(DNSSEC, {"status": "disabled"}),
    "CF-012": Violation(ZONE_SETTING, {"value": "off"}),
    "CF-013": Violation(ZONE_SETTING, {"value": "on"}),
    "CF-014": Violation(RECORDS, {"content": "10.0.0.10"}),
}
