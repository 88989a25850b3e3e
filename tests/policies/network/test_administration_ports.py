from __future__ import annotations

from typing import Any

import pytest

from policies.network.administration_ports import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

WIDE = "198.0.0.0/12"


def opened(port: float, cidr: str = WIDE) -> dict[str, Any]:
    return {"fromPort": port, "toPort": port, "cidrIpv4": cidr}


@pytest.mark.parametrize(
    "subject", ["world-https", "from-edge", "old-rule", "inline-group", "default-group", "acl-inline", "acl-rule"]
)
def test_web_ports_groups_and_ephemeral_ports_pass(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("port", "found"),
    [
        (22, "SSH (22)"),
        (3389, "RDP (3389)"),
        (27017, "MongoDB (27017)"),
        (6379, "Redis (6379)"),
        (5432, "PostgreSQL (5432)"),
        (3306, "MySQL (3306)"),
        (9200, "Elasticsearch (9200)"),
        (11211, "Memcached (11211)"),
    ],
)
def test_wide_range_on_a_sensitive_port_fails(port: int, found: str) -> None:
    verdict = evaluate(RULE, "world-https", opened(float(port)))
    assert [(finding.path, finding.found) for finding in verdict.findings] == [("cidrIpv4", f"{found} open to {WIDE}")]


@pytest.mark.parametrize(
    ("cidr", "outcome"),
    [
        ("198.0.0.0/15", Outcome.FAIL),
        ("198.51.0.0/16", Outcome.PASS),
        ("10.0.0.0/8", Outcome.PASS),
        ("100.64.0.0/10", Outcome.PASS),
        ("100.0.0.0/8", Outcome.FAIL),
        ("0.0.0.0/0", Outcome.PASS),  # NET-001 evaluates the whole internet
    ],
)
def test_only_a_public_range_wider_than_one_owner_fails(cidr: str, outcome: Outcome) -> None:
    assert evaluate(RULE, "world-https", opened(22.0, cidr)).outcome is outcome


@pytest.mark.parametrize(("cidr", "outcome"), [("2001:4000::/24", Outcome.FAIL), ("2001:db8::/32", Outcome.PASS)])
def test_ipv6_ranges_are_evaluated(cidr: str, outcome: Outcome) -> None:
    changes = {"cidrIpv4": ABSENT, "cidrIpv6": cidr, "fromPort": 22.0, "toPort": 22.0}
    assert evaluate(RULE, "world-https", changes).outcome is outcome


def test_port_range_fails_with_all_sensitive_ports() -> None:
    verdict = evaluate(RULE, "world-https", {**opened(22.0), "toPort": 23.0})
    assert [finding.found for finding in verdict.findings] == [f"SSH (22), Telnet (23) open to {WIDE}"]


def test_other_port_passes() -> None:
    assert evaluate(RULE, "world-https", opened(8080.0)).outcome is Outcome.PASS


def test_inline_and_legacy_rules_are_evaluated() -> None:
    inside = {"ingress[0].fromPort": 22.0, "ingress[0].toPort": 22.0, "ingress[0].cidrBlocks": [WIDE]}
    assert evaluate(RULE, "inline-group", inside).findings[0].path == "ingress[0].cidrBlocks[0]"
    older = {"fromPort": 22.0, "toPort": 22.0, "cidrBlocks": [WIDE]}
    assert evaluate(RULE, "old-rule", older).outcome is Outcome.FAIL
    assert evaluate(RULE, "old-rule", {**older, "type": "egress"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"fromPort": 22.0, "toPort": 22.0}, Outcome.FAIL),
        ({"fromPort": 20.0, "toPort": 1000.0}, Outcome.FAIL),
        ({"fromPort": 22.0, "toPort": 1046.0}, Outcome.PASS),  # too wide to be an explicit opening
        ({"fromPort": 0.0, "toPort": 65535.0}, Outcome.PASS),
        ({"protocol": "-1", "fromPort": 0.0, "toPort": 0.0}, Outcome.PASS),
        ({"fromPort": 22.0, "toPort": 22.0, "egress": True}, Outcome.PASS),
        ({"fromPort": 22.0, "toPort": 22.0, "ruleAction": "deny"}, Outcome.PASS),
        ({"fromPort": 22.0, "toPort": 22.0, "cidrBlock": "10.0.0.0/8"}, Outcome.PASS),
        ({"fromPort": 22.0, "toPort": 22.0, "cidrBlock": ABSENT, "ipv6CidrBlock": "::/0"}, Outcome.FAIL),
    ],
)
def test_network_acl_must_not_open_a_sensitive_port_explicitly(changes: dict[str, Any], outcome: Outcome) -> None:
    assert evaluate(RULE, "acl-rule", changes).outcome is outcome


def test_inline_network_acl_rules_are_evaluated() -> None:
    ssh = {"ingress[0].fromPort": 22.0, "ingress[0].toPort": 22.0}
    verdict = evaluate(RULE, "acl-inline", ssh)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("ingress[0].cidrBlock", "SSH (22) open to 0.0.0.0/0")
    ]
    assert evaluate(RULE, "acl-inline", {**ssh, "ingress[0].action": "deny"}).outcome is Outcome.PASS


@pytest.mark.parametrize(("subject", "path"), [("world-https", "cidrIpv4"), ("acl-rule", "ruleAction")])
def test_unknown_values_evaluate_to_unknown(subject: str, path: str) -> None:
    assert evaluate(RULE, subject, {path: UNKNOWN}).outcome is Outcome.UNKNOWN
