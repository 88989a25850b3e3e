"""An existing application load balancer, which another stack or team owns: this stack adds only its own resources.

Creates this stack's target group, the listener rule that routes its host to it, and its certificate on the listener.
It does not create the load balancer, its listeners, security group, TLS policy or access logs, which the owner
manages. A service adds its rule to the owner's security group, where its description names the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, InvokeOptions, Output, ResourceOptions

from components.alb.listener_rule import RequestMatch, check_priority, conditions
from components.alb.load_balancer_outputs import LoadBalancerComponent
from components.alb.target_group import TargetSettings, check_in_range, check_name_length, target_group


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingLoadBalancerArgs:
    """Arguments of ExistingLoadBalancer.

    Raises ValueError for a priority or port out of range, and for a match without hosts.
    """

    arn: Input[str]
    """ARN of an application load balancer with an HTTPS listener."""
    vpc_id: Input[str]
    """Id of the load balancer's VPC; targets must be in it."""
    match: RequestMatch
    """The requests of this stack, by its host names."""
    priority: int
    """Priority of the listener rule, 1 to 50,000; it must be unused on the listener."""
    targets: TargetSettings
    """Settings of this stack's target group."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    certificate_arn: Input[str] | None = None
    """ARN of a certificate for this stack's host, which is added to the listener. None if the listener's certificate
    covers the host."""
    https_port: int = 443
    """Port of the HTTPS listener, 1 to 65535."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        check_in_range("https_port", self.https_port, range(1, 65_536))
        if not self.match.hosts:
            raise ValueError(
                "match: no hosts (got none). Set one or more hosts: the rule must not match requests of other hosts."
            )


class ExistingLoadBalancer(LoadBalancerComponent):
    """An existing load balancer with the outputs of a LoadBalancer."""

    def __init__(self, name: str, args: ExistingLoadBalancerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ExistingLoadBalancer", name, None, opts)
        check_name_length(name, "-targets")
        child, lookup = ResourceOptions(parent=self), InvokeOptions(parent=self)
        load_balancer = aws.lb.get_load_balancer_output(arn=args.arn, opts=lookup)
        listener = aws.lb.get_listener_output(load_balancer_arn=args.arn, port=args.https_port, opts=lookup)
        targets = target_group(f"{name}-targets", args.targets, vpc_id=args.vpc_id, tags=args.tags, child=child)
        rule = aws.lb.ListenerRule(
            f"{name}-route",
            listener_arn=listener.arn,
            priority=args.priority,
            conditions=conditions(args.match),
            actions=[{"type": "forward", "target_group_arn": targets.arn}],
            tags={**args.tags, "Name": f"{name}-route"},
            opts=child,
        )
        if args.certificate_arn is not None:
            aws.lb.ListenerCertificate(
                f"{name}-certificate", listener_arn=listener.arn, certificate_arn=args.certificate_arn, opts=child
            )

        self.arn = load_balancer.arn
        self.arn_suffix = load_balancer.arn_suffix
        self.dns_name = load_balancer.dns_name
        self.zone_id = load_balancer.zone_id
        self.security_group_id = load_balancer.security_groups.apply(_first_group)
        self.https_listener_arn = listener.arn
        self.target_group_arn = Output.all(targets.arn, rule.arn).apply(lambda both: str(both[0]))
        self.target_group_arn_suffix = targets.arn_suffix
        self._register_outputs()


def _first_group(groups: list[str]) -> str:
    if not groups:
        raise ValueError(
            "arn: the existing load balancer has no security group (got none). "
            "Add one to it: the tasks' rules refer to the load balancer's security group."
        )
    return sorted(groups)[0]
