"""Elastic Load Balancing: the addresses that a load balancer takes in its subnets, by its type and scheme."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .elb import LOAD_BALANCER, kind_of
from .same_scope import known
from .sources import sdk

_CODE = "InvalidConfigurationRequest"


@rule(
    "load-balancer-addresses",
    Stage.PLAN,
    source=documented(
        "AWS API model of elbv2 (botocore 1.44), SubnetMapping and CreateLoadBalancerInput: SubnetMappings,"
        " SecurityGroups",
        read="2026-11-29",
    ),
)
def _addresses(call: Call) -> Iterator[Rejection]:
    if call.get("loadBalancerType") is UNKNOWN:
        return
    kind, internal = kind_of(call.inputs), known(call, "internal") is True
    used: set[str] = set()
    for at, allocation in located(call.inputs, "subnetMappings[*].allocationId"):
        if kind != "network" or internal:
            yield Rejection(
                at, "Elastic IP addresses are supported only for internet-facing Network Load Balancers.", _CODE
            )
        if allocation is not UNKNOWN and allocation in used:
            yield Rejection(at, f"The allocation ID '{allocation}' is specified more than once.", _CODE)
        used.add(str(allocation))
    for at, _ in located(call.inputs, "subnetMappings[*].privateIpv4Address"):
        if kind != "network":
            yield Rejection(at, "Private IPv4 addresses are supported only for Network Load Balancers.", _CODE)
    if kind == "gateway" and call.get("securityGroups"):
        yield Rejection("securityGroups", "Security groups are not supported for Gateway Load Balancers.", _CODE)


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=LOAD_BALANCER, source=sdk("lb/loadbalancer"), rules=(_addresses,)),
)
