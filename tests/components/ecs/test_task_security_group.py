"""Tests of the tasks' security group and its rules on both ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi import ResourceOptions

from components.ecs.task_security_group import EgressTarget, TaskSecurityGroup
from tests.engine_recorder import Recording, record

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def security_group(egress_targets: Mapping[str, EgressTarget]) -> Recording[TaskSecurityGroup]:
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
    """Return rule -> (security group, ports, source or destination)."""
    return {
        rule.name: (
            rule.inputs["securityGroupId"],
            rule.inputs["fromPort"],
            rule.inputs["toPort"],
            rule.inputs.get("referencedSecurityGroupId") or rule.inputs["cidrIpv4"],
        )
        for rule in recording.of(type_token)
    }


def test_without_egress_targets_only_load_balancer_ingress_and_https_egress_are_allowed() -> None:
    recording = security_group({})

    assert rules(recording, INGRESS) == {"api-from-load-balancer": ("api-tasks-id", 5000, 5000, "sg-balancer")}
    assert rules(recording, EGRESS) == {
        "api-load-balancer-to-tasks": ("sg-balancer", 5000, 5000, "api-tasks-id"),
        "api-to-https": ("api-tasks-id", 443, 443, "0.0.0.0/0"),
    }
    assert not {"ingress", "egress"} & recording.one("aws:ec2/securityGroup:SecurityGroup").inputs.keys()


def test_security_group_target_has_rules_on_both_ends_and_cidr_target_on_one() -> None:
    recording = security_group(
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


def test_the_output_rules_contains_every_rule() -> None:
    recording = security_group({"cache": EgressTarget(from_port=6379, to_port=6379, security_group_id="sg-cache")})

    assert len(recording.result.rules) == len(recording.of(INGRESS)) + len(recording.of(EGRESS)) == 5


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"from_port": 1, "to_port": 1}, r"cidr_ipv4, security_group_id: not exactly one \(got neither\)"),
        (
            {"from_port": 1, "to_port": 1, "cidr_ipv4": "10.0.0.0/8", "security_group_id": "sg"},
            r"not exactly one \(got both\)",
        ),
        (
            {"from_port": 2, "to_port": 1, "cidr_ipv4": "10.0.0.0/8"},
            r"from_port, to_port: not a port range \(got 2-1\)\. Set 1 to 65535",
        ),
        ({"from_port": 0, "to_port": 1, "cidr_ipv4": "10.0.0.0/8"}, r"\(got 0-1\)"),
        ({"from_port": 1, "to_port": 65_536, "cidr_ipv4": "10.0.0.0/8"}, r"\(got 1-65536\)"),
    ],
)
def test_invalid_egress_targets_are_rejected(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        EgressTarget(**given)


def test_without_a_load_balancer_there_is_no_ingress_rule() -> None:
    recording = record(
        lambda: TaskSecurityGroup(
            "job", vpc_id="vpc-1", egress_targets={}, tags={"Stack": "dev"}, child=ResourceOptions()
        )
    )

    assert not rules(recording, INGRESS)
    assert rules(recording, EGRESS) == {"job-to-https": ("job-tasks-id", 443, 443, "0.0.0.0/0")}
