"""The load balancer resources of an ECS blue/green deployment.

Creates the alternate target group, a listener rule with a higher priority than the service's existing route, and the
IAM role in which ECS changes that rule.
It does not create the service, which takes the three outputs as its BlueGreenTraffic.

A change to blue/green takes two updates, in AWS's order
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html, read 2026-11-24): an
existing service gets these resources while its strategy is still rolling, and changes to blue/green in a later update.
A new service may get both at once. To go back, change only the strategy and keep these resources, because the tasks
that serve may be in either target group.

ECS decides which of the two groups serves. The rule's actions are therefore ignored after the first update; otherwise
each `up` would route all traffic back to the first group (https://github.com/aws/aws-cdk/issues/36649, read
2026-11-24).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.listener_rule import ALL_REQUESTS, LAST_PRIORITY, RequestMatch, check_priority, conditions
from components.alb.target_group import TargetSettings, check_name_length, target_group

# It has no condition on the source, as in AWS's example: the page names no source that ECS sends here, and ECS assumes
# the role only for principals that may pass it.
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
    """Arguments of BlueGreen. Raises ValueError for a priority out of range, and for
    stickiness."""

    listener_arn: Input[str]
    """ARN of the load balancer's HTTPS listener."""
    vpc_id: Input[str]
    """Id of the load balancer's VPC."""
    target_group_arn: Input[str]
    """ARN of the service's first target group, which a load balancer or a route created."""
    targets: TargetSettings
    """The settings of the first target group: tasks register with either group."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    match: RequestMatch = ALL_REQUESTS
    """The requests of the service's route."""
    priority: int = LAST_PRIORITY
    """Priority of the rule, 1 to 50,000: higher than the service's route, lower than every other route."""
    test_match: RequestMatch | None = None
    """The test requests, which reach the new tasks before all others: usually those of `match` with a header. None
    creates no test rule."""
    test_priority: int = LAST_PRIORITY - 1
    """Priority of the test rule, which is evaluated before the production rule."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        if self.test_match is not None:
            check_priority(self.test_priority)
            if self.test_priority >= self.priority:
                raise ValueError(
                    f"test_priority: not before the production rule (got {self.test_priority}, and priority "
                    f"{self.priority}). Set a lower number."
                )
        # ELB rejects target stickiness behind a rule with two groups and no group stickiness
        # (https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2734, read 2026-11-28). Group
        # stickiness would keep clients on the old group, whose tasks ECS stops after the deployment.
        if self.targets.sticky_seconds is not None:
            raise ValueError(
                f"targets.sticky_seconds: not supported by blue/green deployments (got {self.targets.sticky_seconds}). "
                "Set None, or use the rolling strategy without a BlueGreen component."
            )


class BlueGreen(ComponentResource):
    """An alternate target group, the listener rule of both groups, and the role that changes the rule's weights."""

    alternate_target_group_arn: Output[str]
    """ARN of the alternate target group. It resolves after the rule uses the group."""
    alternate_target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of its metrics: alarms must watch both groups."""
    production_rule_arn: Output[str]
    """ARN of the listener rule whose weights ECS changes."""
    test_rule_arn: Output[str] | None
    """ARN of the test rule; None without one."""
    role_arn: Output[str]
    """ARN of the role in which ECS changes the rules. It resolves after the role has its policy."""

    def __init__(self, name: str, args: BlueGreenArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:BlueGreen", name, None, opts)
        check_name_length(name, "-alternate")
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)

        alternate = target_group(
            f"{name}-alternate", args.targets, vpc_id=args.vpc_id, tags=args.tags, child=self._child
        )
        rule = self._rule("production", args.match, args.priority, alternate)
        test = None if args.test_match is None else self._rule("test", args.test_match, args.test_priority, alternate)
        role, policy = self._role()

        self.alternate_target_group_arn = Output.all(alternate.arn, rule.arn).apply(lambda both: str(both[0]))
        self.alternate_target_group_arn_suffix = alternate.arn_suffix
        self.production_rule_arn = rule.arn
        self.test_rule_arn = None if test is None else test.arn
        self.role_arn = Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))
        self.register_outputs(
            {
                "alternate_target_group_arn": self.alternate_target_group_arn,
                "alternate_target_group_arn_suffix": self.alternate_target_group_arn_suffix,
                "production_rule_arn": self.production_rule_arn,
                "test_rule_arn": self.test_rule_arn,
                "role_arn": self.role_arn,
            }
        )

    def _rule(
        self, kind: str, match: RequestMatch, priority: int, alternate: aws.lb.TargetGroup
    ) -> aws.lb.ListenerRule:
        return aws.lb.ListenerRule(
            f"{self._logical_name}-{kind}",
            listener_arn=self._args.listener_arn,
            priority=priority,
            conditions=conditions(match),
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
            tags={**self._args.tags, "Name": f"{self._logical_name}-{kind}"},
            opts=ResourceOptions(parent=self, ignore_changes=["actions"]),
        )

    def _role(self) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
        """Create the role with AWS's managed policy, because the permissions that ECS needs change with ECS.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
        (from memory, to be checked).
        """
        role = aws.iam.Role(
            f"{self._logical_name}-blue-green",
            description="ECS moves traffic between a service's two target groups",
            assume_role_policy=_TRUST,
            tags={**self._args.tags, "Name": f"{self._logical_name}-blue-green"},
            opts=self._child,
        )
        policy = aws.iam.RolePolicyAttachment(
            f"{self._logical_name}-blue-green",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
            opts=self._child,
        )
        return role, policy
