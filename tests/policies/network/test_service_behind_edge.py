from __future__ import annotations

from policies.network.service_behind_edge import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

FROM_INTERNET = {"from-edge: referencedSecurityGroupId": ABSENT, "from-edge: cidrIpv4": "0.0.0.0/0"}


def test_service_behind_its_load_balancer_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


def test_rule_open_to_the_internet_fails() -> None:
    verdict = evaluate(RULE, "service", FROM_INTERNET)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("networkConfiguration.securityGroups (task-group), from-edge: cidrIpv4", "0.0.0.0/0 on tcp port 5000")
    ]


def test_web_port_open_to_the_internet_fails() -> None:
    changes = {**FROM_INTERNET, "from-edge: fromPort": 443.0, "from-edge: toPort": 443.0}
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_inline_rule_open_to_the_internet_fails() -> None:
    ingress = [{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": ["0.0.0.0/0"]}]
    assert evaluate(RULE, "service", {"task-group: ingress": ingress}).outcome is Outcome.FAIL


def test_load_balancer_open_to_the_internet_passes() -> None:
    assert evaluate(RULE, "service", {"world-https: cidrIpv4": "0.0.0.0/0"}).outcome is Outcome.PASS


def test_service_without_network_configuration_passes() -> None:
    assert evaluate(RULE, "service", {**FROM_INTERNET, "networkConfiguration": ABSENT}).outcome is Outcome.PASS


def test_unknown_source_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {**FROM_INTERNET, "from-edge: cidrIpv4": UNKNOWN}).outcome is Outcome.UNKNOWN
