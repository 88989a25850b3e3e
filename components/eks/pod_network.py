"""The security group rules between a load balancer, pods, and the destinations of pods.

In Auto Mode pods have the security group of the cluster, which allows every egress; security groups for single pods are
not supported: https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html (stored copy, read 2026-11-28).
NetworkPolicies limit single pods. The component also creates the rules of the other security
groups (load balancer, cache, private endpoint).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class PodDependency:
    """A destination of pods with its own security group. Raises ValueError for ports out of range."""

    security_group_id: Input[str]
    """Id of the destination's security group, which gets a rule."""
    from_port: int
    """First TCP port, 1 to 65535."""
    to_port: int
    """Last TCP port, `from_port` to 65535."""

    def __post_init__(self) -> None:
        if not 0 < self.from_port <= self.to_port < 65_536:
            raise ValueError(
                f"from_port, to_port: not a port range (got {self.from_port}-{self.to_port}). "
                "Set 1 to 65535, and to_port not below from_port."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class PodNetworkArgs:
    """Arguments of PodNetwork. Raises ValueError for ports out of range, and for no port."""

    pod_security_group_id: Input[str]
    """Id of the pods' security group: that of the cluster."""
    load_balancer_security_group_id: Input[str]
    """Id of the load balancer's security group, which gets a rule, too."""
    ports: tuple[int, ...]
    """TCP ports of pods to which the load balancer connects, each 1 to 65535."""
    tags: Mapping[str, str]
    """Tags of every rule; a Name is added."""
    dependencies: Mapping[str, PodDependency] = field(default_factory=dict[str, PodDependency])
    """Destinations of pods, by a short name that becomes part of the rules' names."""

    def __post_init__(self) -> None:
        wrong = [port for port in self.ports if not 0 < port < 65_536]
        if wrong or not self.ports:
            raise ValueError(f"ports: not ports (got {wrong or 'none'}). Set one or more from 1 to 65535.")


class PodNetwork(ComponentResource):
    """The rules between the load balancer, pods and their dependencies."""

    security_group_id: Output[str]
    """Id of the pods' security group, which resolves after all rules exist."""

    def __init__(self, name: str, args: PodNetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:PodNetwork", name, None, opts)
        child = ResourceOptions(parent=self)
        pods, load_balancer = args.pod_security_group_id, args.load_balancer_security_group_id
        rules: list[Output[str]] = []
        for port in dict.fromkeys(args.ports):
            incoming = aws.vpc.SecurityGroupIngressRule(
                f"{name}-from-load-balancer-{port}",
                security_group_id=pods,
                description="Pods from the load balancer",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                referenced_security_group_id=load_balancer,
                tags={**args.tags, "Name": f"{name}-from-load-balancer-{port}"},
                opts=child,
            )
            outgoing = aws.vpc.SecurityGroupEgressRule(
                f"{name}-load-balancer-to-pods-{port}",
                security_group_id=load_balancer,
                description="Load balancer to pods",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                referenced_security_group_id=pods,
                tags={**args.tags, "Name": f"{name}-load-balancer-to-pods-{port}"},
                opts=child,
            )
            rules += [incoming.id, outgoing.id]
        for target, dependency in args.dependencies.items():
            rule = aws.vpc.SecurityGroupIngressRule(
                f"{name}-into-{target}",
                security_group_id=dependency.security_group_id,
                description=f"Pods into {target}",
                ip_protocol="tcp",
                from_port=dependency.from_port,
                to_port=dependency.to_port,
                referenced_security_group_id=pods,
                tags={**args.tags, "Name": f"{name}-into-{target}"},
                opts=child,
            )
            rules.append(rule.id)

        self.security_group_id = Output.all(pods, *rules).apply(lambda known: str(known[0]))
        self.register_outputs({"security_group_id": self.security_group_id})
