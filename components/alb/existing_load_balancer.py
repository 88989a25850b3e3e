"""An application load balancer that stands already, shared with others: only what is ours is added to it.

Makes: our target group, the listener rule that sends our host's requests to it, and our certificate on its listener.
Not here: the load balancer, its listeners and its security group, which stay its owner's; nor its TLS policy and access
logs. A service opens its rule in the owner's security group, where the owner sees it by its description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions

from components.alb.listener_rule import RequestMatch, check_priority, conditions
from components.alb.target_group import TargetSettings, check_in_range, check_name_fits, target_group


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingLoadBalancerArgs:
    """Which load balancer, and what of it is ours."""

    arn: Input[str]
    """Of an application load balancer with an HTTPS listener."""
    vpc_id: Input[str]
    """The load balancer's own VPC; targets cannot stand in another."""
    match: RequestMatch
    """The requests that are ours: our host."""
    priority: int
    """A place among its listener's rules that is free."""
    targets: TargetSettings
    """How our tasks are reached and watched."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    certificate_arn: Input[str] | None = None
    """Ours, for our host, beside the listener's own; None where its own covers our host."""
    https_port: int = 443
    """Its HTTPS listener's."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        check_in_range("https_port", self.https_port, range(1, 65_536))
        if not self.match.hosts:
            raise ValueError("match: got no hosts, allowed one at least: other hosts' requests are not ours to take")


class ExistingLoadBalancer(ComponentResource):
    """The outputs of a LoadBalancer, of one that another made."""

    arn: Output[str]
    """The load balancer's."""
    arn_suffix: Output[str]
    """The `LoadBalancer` dimension of its metrics."""
    dns_name: Output[str]
    """AWS's name for it."""
    zone_id: Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    security_group_id: Output[str]
    """The first of its security groups."""
    https_listener_arn: Output[str]
    """Where further rules go."""
    target_group_arn: Output[str]
    """Known once the rule uses it."""
    target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of its metrics."""

    def __init__(self, name: str, args: ExistingLoadBalancerArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ExistingLoadBalancer", name, None, opts)
        check_name_fits(name, "-targets")
        child, look = ResourceOptions(parent=self), InvokeOptions(parent=self)
        balancer = aws.lb.get_load_balancer_output(arn=args.arn, opts=look)
        listener = aws.lb.get_listener_output(load_balancer_arn=args.arn, port=args.https_port, opts=look)
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

        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = balancer.security_groups.apply(_first_group)
        self.https_listener_arn = listener.arn
        self.target_group_arn = Output.all(targets.arn, rule.arn).apply(lambda both: str(both[0]))
        self.target_group_arn_suffix = targets.arn_suffix
        self.register_outputs(
            {
                "arn": self.arn,
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "security_group_id": self.security_group_id,
                "https_listener_arn": self.https_listener_arn,
                "target_group_arn": self.target_group_arn,
                "target_group_arn_suffix": self.target_group_arn_suffix,
            }
        )


def _first_group(groups: list[str]) -> str:
    if not groups:
        raise ValueError("the existing load balancer has no security group, so no task could let it in; give it one")
    return sorted(groups)[0]
