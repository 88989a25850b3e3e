"""The security group of a task, and the rules of its connections on both ends.

Rules are separate resources, so that two groups can refer to each other without a cycle. The task creates the rules of
both groups: a cache or a load balancer need not know the services that connect to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class EgressTarget:
    """A destination of a task's connections, by either its CIDR block or its security group.

    Raises ValueError for ports out of range, and unless exactly one of the two is set.
    """

    from_port: int
    """First TCP port, 1 to 65535."""
    to_port: int
    """Last TCP port, `from_port` to 65535."""
    cidr_ipv4: Input[str] | None = None
    """IPv4 CIDR block of the destination. Only the task's group gets a rule."""
    security_group_id: Input[str] | None = None
    """Id of the destination's security group. Both groups get a rule."""

    def __post_init__(self) -> None:
        if not 0 < self.from_port <= self.to_port < 65_536:
            raise ValueError(
                f"from_port, to_port: not a port range (got {self.from_port}-{self.to_port}). "
                "Set 1 to 65535, and to_port not below from_port."
            )
        if (self.cidr_ipv4 is None) == (self.security_group_id is None):
            given = "neither" if self.cidr_ipv4 is None else "both"
            raise ValueError(
                f"cidr_ipv4, security_group_id: not exactly one (got {given}). "
                "Set one of them: a security group rule has a single destination."
            )


class TaskSecurityGroup:
    """The security group of a task and its rules, as children of `child.parent`. Not a component: the service is."""

    group: aws.ec2.SecurityGroup
    rules: list[Resource]
    """The rules that must exist before a task starts."""

    def __init__(
        self,
        name: str,
        *,
        vpc_id: Input[str],
        port: int | None = None,
        load_balancer_security_group_id: Input[str] | None = None,
        egress_targets: Mapping[str, EgressTarget],
        ipv6: bool = False,
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
                "Tasks: in from the load balancer, out to their dependencies"
                if load_balancer_security_group_id is not None
                else "Tasks: out to their dependencies"
            ),
            tags={**tags, "Name": f"{name}-tasks"},
            opts=child,
        )
        tasks, load_balancer = self.group.id, load_balancer_security_group_id
        self.rules = []
        if load_balancer is not None and port is not None:
            self.rules += [
                self._ingress("from-load-balancer", group_id=tasks, ports=(port, port), from_group=load_balancer),
                self._egress("load-balancer-to-tasks", group_id=load_balancer, ports=(port, port), to_group=tasks),
            ]
        self.rules.append(self._egress("to-https", group_id=tasks, ports=(443, 443), to_cidr="0.0.0.0/0"))
        if ipv6:
            self.rules.append(self._egress("to-https-ipv6", group_id=tasks, ports=(443, 443), to_cidr_ipv6="::/0"))
        for target_name, target in egress_targets.items():
            ports = (target.from_port, target.to_port)
            group, cidr = target.security_group_id, target.cidr_ipv4
            self.rules.append(
                self._egress(f"to-{target_name}", group_id=tasks, ports=ports, to_group=group, to_cidr=cidr)
            )
            if group is not None:
                self.rules.append(self._ingress(f"into-{target_name}", group_id=group, ports=ports, from_group=tasks))

    def _ingress(self, part: str, *, group_id: Input[str], ports: tuple[int, int], from_group: Input[str]) -> Resource:
        return aws.vpc.SecurityGroupIngressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group_id,
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
        group_id: Input[str],
        ports: tuple[int, int],
        to_group: Input[str] | None = None,
        to_cidr: Input[str] | None = None,
        to_cidr_ipv6: Input[str] | None = None,
    ) -> Resource:
        return aws.vpc.SecurityGroupEgressRule(
            f"{self._logical_name}-{part}",
            security_group_id=group_id,
            description=f"{self._logical_name} {part}",
            ip_protocol="tcp",
            from_port=ports[0],
            to_port=ports[1],
            referenced_security_group_id=to_group,
            cidr_ipv4=to_cidr,
            cidr_ipv6=to_cidr_ipv6,
            tags={**self._tags, "Name": f"{self._logical_name}-{part}"},
            opts=self._child,
        )
