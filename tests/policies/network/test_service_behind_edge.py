from __future__ import annotations

from policies.network.service_behind_edge import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

FROM_WORLD = {"from-edge: referencedSecurityGroupId": ABSENT, "from-edge: cidrIpv4": "0.0.0.0/0"}


def test_a_service_that_only_its_edge_reaches_passes() -> None:
    assert evaluate(RULE, "service").outcome is Outcome.PASS


def test_a_rule_that_lets_the_world_in_fails_by_name() -> None:
    verdict = evaluate(RULE, "service", FROM_WORLD)
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("networkConfiguration.securityGroups (task-group), from-edge: cidrIpv4", "0.0.0.0/0 on tcp port 5000")
    ]


def test_the_webs_own_ports_are_no_excuse_here() -> None:
    changes = {**FROM_WORLD, "from-edge: fromPort": 443.0, "from-edge: toPort": 443.0}
    assert evaluate(RULE, "service", changes).outcome is Outcome.FAIL


def test_a_rule_written_inside_the_services_group_fails() -> None:
    ingress = [{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": ["0.0.0.0/0"]}]
    assert evaluate(RULE, "service", {"task-group: ingress": ingress}).outcome is Outcome.FAIL


def test_the_edges_own_opening_is_not_the_services() -> None:
    assert evaluate(RULE, "service", {"world-https: cidrIpv4": "0.0.0.0/0"}).outcome is Outcome.PASS


def test_a_service_without_network_of_its_own_passes() -> None:
    assert evaluate(RULE, "service", {**FROM_WORLD, "networkConfiguration": ABSENT}).outcome is Outcome.PASS


def test_unknown_source_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "service", {**FROM_WORLD, "from-edge: cidrIpv4": UNKNOWN}).outcome is Outcome.UNKNOWN
