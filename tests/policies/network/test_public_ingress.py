from __future__ import annotations

from typing import Any

import pytest

from policies.network.public_ingress import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("subject", ["world-https", "from-edge", "old-rule", "inline-group", "default-group"])
def test_web_port_and_references_to_groups_pass(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize("port", [22, 3389, 27017, 6379, 5000])
def test_other_port_fails_with_its_number(port: int) -> None:
    verdict = evaluate(RULE, "world-https", {"fromPort": float(port), "toPort": float(port)})
    assert [finding.found for finding in verdict.findings] == [f"0.0.0.0/0 on tcp port {port}"]


@pytest.mark.parametrize(
    "changes",
    [
        {"fromPort": 80.0, "toPort": 443.0},
        {"fromPort": ABSENT, "toPort": ABSENT},
        {"ipProtocol": "-1", "fromPort": ABSENT, "toPort": ABSENT},
        {"ipProtocol": "udp", "fromPort": 80.0, "toPort": 80.0},
        {"ipProtocol": "132", "fromPort": 443.0, "toPort": 443.0},
        {"cidrIpv4": "0.0.0.0/1", "fromPort": 22.0, "toPort": 22.0},
        {"cidrIpv4": ABSENT, "cidrIpv6": "::/0", "fromPort": 22.0, "toPort": 22.0},
    ],
)
def test_ranges_protocols_and_wide_cidrs_fail(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "world-https", changes).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"fromPort": 80.0, "toPort": 80.0},
        {"ipProtocol": "6"},
        {"ipProtocol": "udp"},
        {"cidrIpv4": "10.0.0.0/8", "fromPort": 22.0, "toPort": 22.0},
        {"cidrIpv4": ABSENT, "fromPort": 22.0, "toPort": 22.0},
    ],
)
def test_web_ports_and_private_networks_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "world-https", changes).outcome is Outcome.PASS


def test_inline_rules_are_evaluated() -> None:
    verdict = evaluate(RULE, "inline-group", {"ingress[0].fromPort": 22.0, "ingress[0].toPort": 22.0})
    assert [finding.path for finding in verdict.findings] == ["ingress[0].cidrBlocks[0]"]


def test_default_group_is_evaluated() -> None:
    ingress = [{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": ["0.0.0.0/0"]}]
    verdict = evaluate(RULE, "default-group", {"ingress": ingress})
    assert [finding.found for finding in verdict.findings] == ["0.0.0.0/0 on any protocol, all ports"]


def test_legacy_rules_are_evaluated_for_ipv4_and_ipv6() -> None:
    verdict = evaluate(RULE, "old-rule", {"fromPort": 22.0, "toPort": 22.0})
    assert [finding.path for finding in verdict.findings] == ["cidrBlocks[0]", "ipv6CidrBlocks[0]"]


def test_egress_is_not_evaluated() -> None:
    changes = {"type": "egress", "protocol": "-1", "fromPort": 0.0, "toPort": 0.0}
    assert evaluate(RULE, "old-rule", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("subject", "path"),
    [("world-https", "cidrIpv4"), ("world-https", "fromPort"), ("old-rule", "type"), ("inline-group", "ingress")],
)
def test_unknown_values_evaluate_to_unknown(subject: str, path: str) -> None:
    assert evaluate(RULE, subject, {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_unknown_group_passes_without_a_cidr() -> None:
    assert evaluate(RULE, "from-edge", {"referencedSecurityGroupId": UNKNOWN}).outcome is Outcome.PASS


@pytest.mark.parametrize("protocol", ["icmp", "ICMP", "1", "icmpv6", "58"])
@pytest.mark.parametrize(("kind", "code"), [(8.0, 0.0), (8.0, -1.0), (-1.0, -1.0), (0.0, 0.0)])
def test_icmp_opens_no_port_and_passes(protocol: str, kind: float, code: float) -> None:
    """ICMP has types and codes, and no ports."""
    changes = {"ipProtocol": protocol, "fromPort": kind, "toPort": code}
    assert evaluate(RULE, "world-https", changes).outcome is Outcome.PASS


@pytest.mark.parametrize("subject", ["inline-group", "old-rule"])
def test_icmp_in_inline_and_legacy_rules_passes(subject: str) -> None:
    prefix = "ingress[0]." if subject == "inline-group" else ""
    changes = {f"{prefix}protocol": "icmp", f"{prefix}fromPort": 8.0, f"{prefix}toPort": 0.0}
    assert evaluate(RULE, subject, changes).outcome is Outcome.PASS


def test_other_protocol_without_ports_fails_without_mentioning_ports() -> None:
    verdict = evaluate(RULE, "world-https", {"ipProtocol": "50", "fromPort": ABSENT, "toPort": ABSENT})
    assert [finding.found for finding in verdict.findings] == ["0.0.0.0/0 on 50"]


def test_ports_given_as_text_are_read() -> None:
    assert evaluate(RULE, "world-https", {"fromPort": "443", "toPort": "443"}).outcome is Outcome.PASS
    assert evaluate(RULE, "world-https", {"fromPort": "22", "toPort": "22"}).outcome is Outcome.FAIL
    assert evaluate(RULE, "world-https", {"fromPort": "https", "toPort": "https"}).outcome is Outcome.UNKNOWN
