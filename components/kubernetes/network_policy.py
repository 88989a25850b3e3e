"""The traffic of a workload's pods that its namespace's policy denies otherwise."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import Input, ResourceOptions
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgsDict,
    NetworkPolicyIngressRuleArgsDict,
    NetworkPolicyPortArgsDict,
)

from components.kubernetes.names import selector_labels

_ANYWHERE = ("0.0.0.0/0", "::/0")
# The Pod Identity agent of the node. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (from
# memory, to be checked)
_POD_IDENTITY_AGENT = ("169.254.170.23/32", "fd00:ec2::23/128")
_LINK_LOCAL = {"0.0.0.0/0": "169.254.0.0/16", "::/0": "fe80::/10"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PodEgressTarget:
    """A destination of a pod's connections. Raises ValueError for invalid ranges or ports."""

    cidrs: Sequence[str]
    """IPv4 or IPv6 ranges, such as 10.0.0.0/16."""
    ports: Sequence[int] = ()
    """TCP ports."""
    port_ranges: Sequence[tuple[int, int]] = ()
    """First and last TCP port of each range."""

    def __post_init__(self) -> None:
        check_cidrs("cidrs", self.cidrs)
        wrong = [port for port in self.ports if not 1 <= port <= 65_535]
        wrong += [port for low, high in self.port_ranges for port in (low, high) if not 1 <= low <= high <= 65_535]
        if wrong or not (self.ports or self.port_ranges):
            raise ValueError(
                f"ports, port_ranges: not TCP ports (got {wrong or 'none'}). Set one port or more, 1 to 65535."
            )

    def rules(self) -> list[NetworkPolicyPortArgsDict]:
        """Return the ports of the policy's rule."""
        single: list[NetworkPolicyPortArgsDict] = [{"protocol": "TCP", "port": port} for port in self.ports]
        return single + [{"protocol": "TCP", "port": low, "end_port": high} for low, high in self.port_ranges]


def check_cidrs(argument: str, cidrs: Sequence[str]) -> None:
    """Raise ValueError unless there is one range or more, and all are valid."""
    try:
        for cidr in cidrs:
            ipaddress.ip_network(cidr)
    except ValueError as error:
        raise ValueError(f"{argument}: not an address range ({error}). Use the form 10.0.0.0/16.") from error
    if not cidrs:
        raise ValueError(f"{argument}: empty (got []). Set one range or more.")


def network_policy(
    name: str,
    *,
    namespace: Input[str],
    workload: str,
    port: int | None,
    ingress_cidrs: Sequence[str],
    egress_targets: Mapping[str, PodEgressTarget],
    calls: Mapping[str, int],
    opts: ResourceOptions,
) -> kubernetes.networking.v1.NetworkPolicy:
    """Create the NetworkPolicy of the pods that `selector_labels(workload)` selects.

    It allows connections to `port` from `ingress_cidrs` (the load balancer's subnets), DNS, the node's Pod Identity
    agent, HTTPS to any address except the instance metadata service, `egress_targets`, and the pods of other workloads
    (`calls`: logical name -> port). Kubernetes has no security groups, so the load balancer is a range of addresses
    here. The controller of EKS adds the address of each Service that selects the same pods:
    https://github.com/aws/amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go (read 2026-11-28).
    """
    ingress: list[NetworkPolicyIngressRuleArgsDict] = []
    if port is not None and ingress_cidrs:
        ingress.append(
            {
                "from_": [{"ip_block": {"cidr": cidr}} for cidr in ingress_cidrs],
                "ports": [{"protocol": "TCP", "port": port}],
            }
        )
    egress: list[NetworkPolicyEgressRuleArgsDict] = [
        # The address of DNS differs between clusters, and EKS Auto Mode serves it on the node.
        {"ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]},
        {
            "to": [{"ip_block": {"cidr": cidr}} for cidr in _POD_IDENTITY_AGENT],
            "ports": [{"protocol": "TCP", "port": 80}],
        },
        {
            "to": [{"ip_block": {"cidr": cidr, "except_": [_LINK_LOCAL[cidr]]}} for cidr in _ANYWHERE],
            "ports": [{"protocol": "TCP", "port": 443}],
        },
    ]
    for _, target in sorted(egress_targets.items()):
        egress.append(
            {
                "to": [{"ip_block": {"cidr": cidr}} for cidr in target.cidrs],
                "ports": target.rules(),
            }
        )
    for called, called_port in sorted(calls.items()):
        egress.append(
            {
                "to": [{"pod_selector": {"match_labels": selector_labels(called)}}],
                "ports": [{"protocol": "TCP", "port": called_port}],
            }
        )
    return kubernetes.networking.v1.NetworkPolicy(
        name,
        metadata={"namespace": namespace},
        spec={
            "pod_selector": {"match_labels": selector_labels(workload)},
            "policy_types": ["Ingress", "Egress"],
            "ingress": ingress,
            "egress": egress,
        },
        opts=opts,
    )
