from __future__ import annotations

from typing import Any

import pytest

from policies.network.public_ingress import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


@pytest.mark.parametrize("subject", ["world-https", "from-edge", "old-rule", "inline-group", "default-group"])
def test_the_edges_port_and_references_to_groups_pass(subject: str) -> None:
    assert evaluate(RULE, subject).outcome is Outcome.PASS


@pytest.mark.parametrize("port", [22, 3389, 27017, 6379, 5000])
def test_another_port_fails_by_number(port: int) -> None:
    verdict = evaluate(RULE, "world-https", {"fromPort": float(port), "toPort": float(port)})
    assert [finding.found for finding in verdict.findings] == [f"0.0.0.0/0 on tcp port {port}"]


@pytest.mark.parametrize(
    "changes",
    [
        {"fromPort": 80.0, "toPort": 443.0},
        {"fromPort": ABSENT, "toPort": ABSENT},
        {"ipProtocol": "-1", "fromPort": ABSENT, "toPort": ABSENT},
        {"ipProtocol": "udp", "fromPort": 80.0, "toPort": 80.0},
        {"ipProtocol": "icmp", "fromPort": 0.0, "toPort": 0.0},
        {"cidrIpv4": "0.0.0.0/1", "fromPort": 22.0, "toPort": 22.0},
        {"cidrIpv4": ABSENT, "cidrIpv6": "::/0", "fromPort": 22.0, "toPort": 22.0},
    ],
)
def test_ranges_other_protocols_and_other_spellings_of_the_world_fail(changes: dict[str, Any]) -> None:
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
def test_the_web_and_ones_own_networks_pass(changes: dict[str, Any]) -> None:
    assert evaluate(RULE, "world-https", changes).outcome is Outcome.PASS


def test_rules_written_inside_a_group_are_evaluated() -> None:
    verdict = evaluate(RULE, "inline-group", {"ingress[0].fromPort": 22.0, "ingress[0].toPort": 22.0})
    assert [finding.path for finding in verdict.findings] == ["ingress[0].cidrBlocks[0]"]


def test_the_default_group_is_evaluated() -> None:
    ingress = [{"protocol": "-1", "fromPort": 0.0, "toPort": 0.0, "cidrBlocks": ["0.0.0.0/0"]}]
    verdict = evaluate(RULE, "default-group", {"ingress": ingress})
    assert [finding.found for finding in verdict.findings] == ["0.0.0.0/0 on any protocol all ports"]


def test_rules_of_the_older_kind_are_evaluated_in_both_families() -> None:
    verdict = evaluate(RULE, "old-rule", {"fromPort": 22.0, "toPort": 22.0})
    assert [finding.path for finding in verdict.findings] == ["cidrBlocks[0]", "ipv6CidrBlocks[0]"]


def test_egress_is_another_matter() -> None:
    changes = {"type": "egress", "protocol": "-1", "fromPort": 0.0, "toPort": 0.0}
    assert evaluate(RULE, "old-rule", changes).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("subject", "path"),
    [("world-https", "cidrIpv4"), ("world-https", "fromPort"), ("old-rule", "type"), ("inline-group", "ingress")],
)
def test_unknown_values_evaluate_to_unknown(subject: str, path: str) -> None:
    assert evaluate(RULE, subject, {path: UNKNOWN}).outcome is Outcome.UNKNOWN


def test_a_group_not_known_yet_does_not_matter_where_no_cidr_is_given() -> None:
    assert evaluate(RULE, "from-edge", {"referencedSecurityGroupId": UNKNOWN}).outcome is Outcome.PASS
