"""The tasks' security group: in from the load balancer alone, both ends opened, no cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.ecs.task_security_group import EgressTarget, TaskSecurityGroup
from tests.engine_recorder import Recording, record

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def firewall(egress_targets: Mapping[str, EgressTarget]) -> Recording[TaskSecurityGroup]:
    return record(
        lambda: TaskSecurityGroup(
            "api",
            vpc_id="vpc-1",
            port=5000,
            load_balancer_security_group_id="sg-balancer",
            egress_targets=egress_targets,
            tags={"Stack": "dev"},
            child=ResourceOptions(),
        )
    )


def rules(recording: Recording[Any], type_token: str) -> dict[str, tuple[str, int, int, str]]:
    """Rule -> (group it is in, ports, the other end)."""
    return {
        rule.name: (
            rule.inputs["securityGroupId"],
            rule.inputs["fromPort"],
            rule.inputs["toPort"],
            rule.inputs.get("referencedSecurityGroupId") or rule.inputs["cidrIpv4"],
        )
        for rule in recording.of(type_token)
    }


def test_with_nobody_to_reach_only_the_load_balancer_comes_in_and_https_goes_out() -> None:
    recording = firewall({})

    assert rules(recording, INGRESS) == {"api-from-load-balancer": ("api-tasks-id", 5000, 5000, "sg-balancer")}
    assert rules(recording, EGRESS) == {
        "api-load-balancer-to-tasks": ("sg-balancer", 5000, 5000, "api-tasks-id"),
        "api-to-https": ("api-tasks-id", 443, 443, "0.0.0.0/0"),
    }
    assert not {"ingress", "egress"} & recording.one("aws:ec2/securityGroup:SecurityGroup").inputs.keys()


def test_a_group_is_opened_on_both_ends_and_an_address_block_on_ours() -> None:
    recording = firewall(
        {
            "cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache"),
            "database": EgressTarget(from_port=27015, to_port=27017, cidr_ipv4="192.168.248.0/21"),
        }
    )

    ingress, egress = rules(recording, INGRESS), rules(recording, EGRESS)
    assert egress["api-to-cache"] == ("api-tasks-id", 6379, 6379, "sg-cache")
    assert ingress["api-into-cache"] == ("sg-cache", 6379, 6379, "api-tasks-id")
    assert egress["api-to-database"] == ("api-tasks-id", 27015, 27017, "192.168.248.0/21")
    assert (len(ingress), len(egress)) == (2, 4)


def test_every_rule_is_among_those_to_wait_for() -> None:
    recording = firewall({"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")})

    assert len(recording.result.rules) == len(recording.of(INGRESS)) + len(recording.of(EGRESS)) == 5


@pytest.mark.parametrize(
    ("reach", "message"),
    [
        ({"from_port": 1, "to_port": 1}, "got neither, allowed one"),
        ({"from_port": 1, "to_port": 1, "cidr_ipv4": "10.0.0.0/8", "security_group_id": "sg"}, "got both, allowed one"),
        ({"from_port": 2, "to_port": 1, "cidr_ipv4": "10.0.0.0/8"}, "got 2-1, allowed 1 to 65535, lower first"),
        ({"from_port": 0, "to_port": 1, "cidr_ipv4": "10.0.0.0/8"}, "got 0-1"),
        ({"from_port": 1, "to_port": 65_536, "cidr_ipv4": "10.0.0.0/8"}, "got 1-65536"),
    ],
)
def test_wrong_reaches_are_refused(reach: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EgressTarget(**reach)


def test_without_a_load_balancer_nobody_comes_in() -> None:
    recording = record(
        lambda: TaskSecurityGroup(
            "job", vpc_id="vpc-1", egress_targets={}, tags={"Stack": "dev"}, child=ResourceOptions()
        )
    )

    assert not rules(recording, INGRESS)
    assert rules(recording, EGRESS) == {"job-to-https": ("job-tasks-id", 443, 443, "0.0.0.0/0")}
