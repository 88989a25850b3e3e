"""Connections of the application to destinations that the stack does not create: a rule for each, and a flow."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_options import built_with_secrets, errors
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.traffic.evaluation import Evaluator, Report, evaluate, world_of
from tierup.sandbox.traffic.hops import network

EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP = "sg-0123456789abcdef0"
ORDERS = {"port": 5432, "securityGroup": GROUP}
MAIL = {"port": 587, "cidr": "198.51.100.0/24"}
CONNECTIONS = json.dumps({"connections": {"orders": ORDERS, "mail": MAIL}})


def rules(recording: Any, type: str) -> dict[str, Any]:
    return {each.name: each.inputs for each in recording.of(type) if "connection" in each.name}


def test_every_task_of_the_image_has_a_rule_for_each_destination() -> None:
    recording = built_with_secrets(phase=Phase.SCALE, backend=CONNECTIONS)
    egress = rules(recording, EGRESS)
    assert set(egress) == {
        f"{task}-to-connection-{name}" for task in ("backend", "worker") for name in ("mail", "orders")
    }
    mail, orders = egress["backend-to-connection-mail"], egress["backend-to-connection-orders"]
    assert (mail["fromPort"], mail["toPort"], mail["cidrIpv4"]) == (587, 587, "198.51.100.0/24")
    assert (orders["fromPort"], orders["referencedSecurityGroupId"]) == (5432, GROUP)


def test_only_the_group_of_a_destination_gets_an_ingress_rule() -> None:
    ingress = rules(built_with_secrets(phase=Phase.SCALE, backend=CONNECTIONS), INGRESS)
    assert {name: each["securityGroupId"] for name, each in ingress.items()} == {
        "backend-into-connection-orders": GROUP,
        "worker-into-connection-orders": GROUP,
    }


def test_a_service_has_only_its_own_connections() -> None:
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/reports:v1"
    reports = {"image": image, "paths": ["/reports/*"], "priority": 100, "connections": {"mail": MAIL}}
    recording = built_with_secrets(
        phase=Phase.ENTERPRISE, backend=CONNECTIONS, services=json.dumps({"reports": reports})
    )
    own = {name for name in rules(recording, EGRESS) if name.startswith("reports")}
    assert own == {"reports-to-connection-mail"}


def test_tasks_reach_their_destinations_in_the_sandbox_until_a_route_or_rule_is_missing() -> None:
    reports: list[Report] = []

    def inspect(cloud: Cloud) -> None:
        reports.append(evaluate(cloud))
        world = world_of(cloud)
        rule = next(each for each in world.rows.all(network.EGRESS) if each.name == "backend-to-connection-orders")

        def report(**outputs: Any) -> None:
            world.rows.put(replace(rule, outputs={**rule.outputs, **outputs}))
            reports.append(Evaluator(world).report())

        report(cidrIpv4="192.168.7.0/24")  # a private block without a route
        to_group = {"cidrIpv4": None, "referencedSecurityGroupId": GROUP}
        report(**to_group)  # a group without an ingress rule
        tasks = {"securityGroupId": GROUP, "referencedSecurityGroupId": rule.outputs["securityGroupId"]}
        ingress = {**rule.outputs, **to_group, **tasks}
        world.rows.put(replace(rule, key=-1, type=network.INGRESS, id="sgr-1", outputs=ingress))
        report(**to_group)

    connections = json.dumps({"connections": {"orders": {"port": 5432, "cidr": "10.0.0.0/24"}, "mail": MAIL}})
    settings = {"phase": Phase.SCALE.value, "tier": "small", "backend": connections}
    assert deploy(settings, inspect=inspect, destroy=True, again=True) == ([], [])
    whole, without_route, without_ingress, with_ingress = reports
    assert [each.as_document() for each in [*whole.failed, *whole.opened]] == []
    flows = {f"{task} to {name}" for task in ("backend", "worker") for name in ("mail", "orders")}
    assert flows <= {each.flow.id for each in whole.served}
    assert not [each for each in whole.served if each.flow.kind == "task-aws"], "the settings name no permissions"
    assert {each.flow.id for each in without_route.failed} == {"backend to orders"}
    assert {each.flow.id for each in without_ingress.failed} == {"backend to orders"}
    assert list(with_ingress.failed) == []


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ({"port": 5432}, "exactly one of cidr and securityGroup must be set"),
        ({**ORDERS, "cidr": "10.0.0.0/8"}, "exactly one of cidr and securityGroup must be set"),
        ({"port": 5432, "cidr": "10.0.0.1/8"}, "has host bits set"),
        ({"port": 0, "cidr": "10.0.0.0/8"}, "orders.port: the value is not valid (got 0)"),
        ({"port": 5432, "securityGroup": "orders"}, "orders.securityGroup: the value is not"),
    ],
)
def test_other_connections_are_rejected(connection: dict[str, Any], message: str) -> None:
    found = errors(backend=json.dumps({"connections": {"orders": connection}}))
    assert any(message in text for text in found.values()), found


def test_a_name_has_lower_case_letters_digits_and_hyphens() -> None:
    found = errors(backend=json.dumps({"connections": {"Orders": ORDERS}}))
    assert "lower-case letters, digits and hyphens: Orders" in found["tierup:backend"]


def test_connections_are_for_tasks_and_groups_for_one_region() -> None:
    pods = errors(Phase.SCALE, backend=CONNECTIONS, orchestrator="eks")
    assert "name the stack's own database and cache only" in pods["tierup:backend.connections"]
    regions = errors(Phase.ENTERPRISE, backend=CONNECTIONS, regions='["eu-central-1"]')
    assert "a security group is in one region" in regions["tierup:backend.connections"]
