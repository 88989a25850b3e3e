"""Tests of the rules between load balancer, pods and their dependencies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.eks.pod_network import PodDependency, PodNetwork, PodNetworkArgs
from tests.engine_recorder import record

ARGS = PodNetworkArgs(
    pod_security_group_id="sg-pods",
    load_balancer_security_group_id="sg-alb",
    ports=(3000,),
    tags={},
    dependencies={"cache": PodDependency(security_group_id="sg-cache", from_port=6379, to_port=6379)},
)


def test_load_balancer_reaches_pods_and_pods_reach_their_dependencies() -> None:
    recording = record(lambda: PodNetwork("pods", ARGS))
    rules = {
        each.name: (each.inputs["securityGroupId"], each.inputs["referencedSecurityGroupId"], each.inputs["fromPort"])
        for each in recording.resources
        if each.custom
    }

    assert rules == {
        "pods-from-load-balancer-3000": ("sg-pods", "sg-alb", 3000),
        "pods-load-balancer-to-pods-3000": ("sg-alb", "sg-pods", 3000),
        "pods-into-cache": ("sg-cache", "sg-pods", 6379),
    }
    assert recording.sources(recording.result.security_group_id) == set(rules)


def test_port_is_opened_once_for_several_workloads() -> None:
    recording = record(lambda: PodNetwork("pods", replace(ARGS, ports=(3000, 3000, 8080), dependencies={})))

    assert len(recording.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")) == 2


@pytest.mark.parametrize("ports", [(), (0,), (70_000,)])
def test_invalid_ports_are_rejected(ports: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ports: not ports"):
        replace(ARGS, ports=ports)


def test_invalid_port_range_of_a_dependency_is_rejected() -> None:
    with pytest.raises(ValueError, match="not a port range"):
        PodDependency(security_group_id="sg-cache", from_port=6380, to_port=6379)
