"""What lets ECS move a service's traffic from one set of tasks to the next: the load balancer's half of blue/green.

Makes: the second target group, a listener rule before whatever routed to the first one, and the role in which ECS
changes that rule.
Not here: the service, which takes the three outputs as its ShiftedTraffic.

Two steps, because AWS wants them in this order
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html, read 2026-11-24): a
service that stands takes the shift under its rolling strategy first, and turns to blue/green in a later update. A new
service may have both at once. The way back is the strategy alone: keep the shift, since the tasks that serve may stand
in either target group.

Which of the two groups serves is ECS's to know: the rule's actions are left alone after the first update, else each
`up` would send everybody back to the first group (https://github.com/aws/aws-cdk/issues/36649, read 2026-11-24).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.listener_rule import EVERYTHING, LAST_PRIORITY, RequestMatch, check_priority, conditions
from components.alb.target_group import TargetSettings, check_name_fits, target_group

# Without a condition on the source, as AWS gives it: its page names none that ECS sends along here, and ECS takes the
# role only for whoever may pass it.
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BlueGreenArgs:
    """What one service's traffic shift needs."""

    listener_arn: Input[str]
    """Of the load balancer's HTTPS listener."""
    vpc_id: Input[str]
    """The load balancer's own VPC."""
    target_group_arn: Input[str]
    """The one the service is in already; a load balancer's or a route's."""
    targets: TargetSettings
    """The same as the first target group's: tasks stand in either."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    match: RequestMatch = EVERYTHING
    """The requests that the service's route takes."""
    priority: int = LAST_PRIORITY
    """Before the service's route, after all others'."""

    def __post_init__(self) -> None:
        check_priority(self.priority)


class BlueGreen(ComponentResource):
    """Two target groups behind one rule, and a role that may turn the rule from one to the other."""

    alternate_target_group_arn: Output[str]
    """Known once the rule uses it."""
    alternate_target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of its metrics: alarms must watch both groups."""
    production_rule_arn: Output[str]
    """The listener rule whose weights ECS turns."""
    role_arn: Output[str]
    """Known once the role may do its work."""

    def __init__(self, name: str, args: BlueGreenArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:TrafficShift", name, None, opts)
        check_name_fits(name, "-alternate")
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        alternate = target_group(
            f"{name}-alternate", args.targets, vpc_id=args.vpc_id, tags=args.tags, child=self._child
        )
        rule = self._production_rule(alternate)
        role, rights = self._role()

        self.alternate_target_group_arn = Output.all(alternate.arn, rule.arn).apply(lambda both: str(both[0]))
        self.alternate_target_group_arn_suffix = alternate.arn_suffix
        self.production_rule_arn = rule.arn
        self.role_arn = Output.all(role.arn, rights.id).apply(lambda both: str(both[0]))
        self.register_outputs(
            {
                "alternate_target_group_arn": self.alternate_target_group_arn,
                "alternate_target_group_arn_suffix": self.alternate_target_group_arn_suffix,
                "production_rule_arn": self.production_rule_arn,
                "role_arn": self.role_arn,
            }
        )

    def _production_rule(self, alternate: aws.lb.TargetGroup) -> aws.lb.ListenerRule:
        return aws.lb.ListenerRule(
            f"{self._logical_name}-production",
            listener_arn=self._args.listener_arn,
            priority=self._args.priority,
            conditions=conditions(self._args.match),
            actions=[
                {
                    "type": "forward",
                    "forward": {
                        "target_groups": [
                            {"arn": self._args.target_group_arn, "weight": 100},
                            {"arn": alternate.arn, "weight": 0},
                        ]
                    },
                }
            ],
            tags={**self._args.tags, "Name": f"{self._logical_name}-production"},
            opts=ResourceOptions(parent=self, ignore_changes=["actions"]),
        )

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
        """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
        (from memory, to be checked). AWS's own policy: what ECS needs here grows with ECS."""
        role = aws.iam.Role(
            f"{self._logical_name}-shift",
            description="ECS moves traffic between a service's two target groups",
            assume_role_policy=_TRUST,
            tags={**self._args.tags, "Name": f"{self._logical_name}-shift"},
            opts=self._child,
        )
        rights = aws.iam.RolePolicyAttachment(
            f"{self._logical_name}-shift",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
            opts=self._child,
        )
        return role, rights
