"""Who may talk to a task and to whom it talks: its security group and the rules on both ends.

Rules are resources of their own, so two groups can name each other without a cycle. Whoever calls opens both ends: a
service reaches a cache or takes a load balancer's requests without either having to know its services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class EgressTarget:
    """Something the service connects to, by exactly one of its address block and its security group."""

    from_port: int
    """First TCP port."""
    to_port: int
    """Last TCP port."""
    cidr_ipv4: Input[str] | None = None
    """Only the service's own end is opened."""
    security_group_id: Input[str] | None = None
    """Both ends are opened: whoever calls knows both, so the called need not know its callers."""

    def __post_init__(self) -> None:
        if not 0 < self.from_port <= self.to_port < 65_536:
            raise ValueError(
                f"from_port, to_port: got {self.from_port}-{self.to_port}, allowed 1 to 65535, lower first"
            )
        if (self.cidr_ipv4 is None) == (self.security_group_id is None):
            given = "neither" if self.cidr_ipv4 is None else "both"
            raise ValueError(
                f"cidr_ipv4, security_group_id: got {given}, allowed one: a security group rule has one other end"
            )


class TaskSecurityGroup:
    """The security group of `name`'s tasks and its rules, made as children of `child.parent`. No component: the group
    and its rules belong to the service."""

    group: aws.ec2.SecurityGroup
    rules: list[Resource]
    """What must stand before a task starts."""

    def __init__(
        self,
        name: str,
        *,
        vpc_id: Input[str],
        port: int | None = None,
        load_balancer_security_group_id: Input[str] | None = None,
        egress_targets: Mapping[str, EgressTarget],
        tags: Mapping[str, str],
        child: ResourceOptions,
    ) -> None:
        self._logical_name = name
        self._tags = tags
        self._child = child
        self.group = aws.ec2.SecurityGroup(
            f"{name}-tasks",
            vpc_id=vpc_id,
            description=(
                "Tasks: in from the load balancer, out to what they use"
                if load_balancer_security_group_id is not None
                else "Tasks: out to what they use, in from nobody but those that say so"
            ),
            tags={**tags, "Name": f"{name}-tasks"},
            opts=child,
        )
        tasks, balancer = self.group.id, load_balancer_security_group_id
        self.rules = []
        if balancer is not None and port is not None:
            self.rules += [
                self._ingress("from-load-balancer", into=tasks, ports=(port, port), from_group=balancer),
                self._egress("load-balancer-to-tasks", out_of=balancer, ports=(port, port), to_group=tasks),
            ]
        self.rules.append(self._egress("to-https", out_of=tasks, ports=(443, 443), to_cidr="0.0.0.0/0"))
        for target, egress_target in egress_targets.items():
            ports = (egress_target.from_port, egress_target.to_port)
            group, cidr = egress_target.security_group_id, egress_target.cidr_ipv4
            self.rules.append(self._egress(f"to-{target}", out_of=tasks, ports=ports, to_group=group, to_cidr=cidr))
            if group is not None:
                self.rules.append(self._ingress(f"into-{target}", into=group, ports=ports, from_group=tasks))

    def _ingress(self, part: str, *, into: Input[str], ports: tuple[int, int], from_group: Input[str]) -> Resource:
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._logical_name}-{part}",
            security_group_id=into,
            description=f"{self._logical_name} {part}",
            ip_protocol="tcp",
            from_port=ports[0],
            to_port=ports[1],
            referenced_security_group_id=from_group,
            tags={**self._tags, "Name": f"{self._logical_name}-{part}"},
            opts=self._child,
        )

    def _egress(
        self,
        part: str,
        *,
        out_of: Input[str],
        ports: tuple[int, int],
        to_group: Input[str] | None = None,
        to_cidr: Input[str] | None = None,
    ) -> Resource:
        return aws.vpc.SecurityGroupEgressRule(
            f"{self._logical_name}-{part}",
            security_group_id=out_of,
            description=f"{self._logical_name} {part}",
            ip_protocol="tcp",
            from_port=ports[0],
            to_port=ports[1],
            referenced_security_group_id=to_group,
            cidr_ipv4=to_cidr,
            tags={**self._tags, "Name": f"{self._logical_name}-{part}"},
            opts=self._child,
        )
