"""The target group of a workload's pods on an existing listener, and the share of the requests that it gets.

Creates the target group, a listener rule for requests with a test header, and, for a share above 0, a listener rule
that divides the requests between pods and the target group that served before. The load balancer controller of Auto
Mode registers pods with the target group when a TargetGroupBinding names it; its managed policy
AmazonEKSLoadBalancingPolicy allows that only for a target group with the tag eks:eks-cluster-name:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEKSLoadBalancingPolicy.html (stored copy, read
2026-11-28).

The rule with the header always exists, because a load balancer checks the health of targets only in groups that a rule
uses. Pods are thus healthy before the first request, and you can test them with the header.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.listener_rule import RequestMatch, check_priority, conditions
from components.alb.target_group import CLUSTER_TAG, TargetSettings, check_in_range, check_name_length, target_group

TEST_HEADER = "X-Tierup-Orchestrator"
TEST_VALUE = "eks"


@dataclass(frozen=True, kw_only=True, slots=True)
class PodTargetsArgs:
    """Arguments of PodTargets. Raises ValueError for priorities and shares out of range, and for a
    share of the requests without a group for the rest."""

    cluster_name: Input[str]
    """Name of the cluster whose pods are registered."""
    listener_arn: Input[str]
    """ARN of the load balancer's HTTPS listener."""
    vpc_id: Input[str]
    """Id of the load balancer's VPC."""
    targets: TargetSettings
    """Settings of the target group; the port is that of the pods."""
    match: RequestMatch
    """The requests of the workload."""
    priority: int
    """Priority of the rule that divides the requests, 2 to 50,000. The rule with the test header has the one before."""
    percent: int
    """Percentage of the requests that pods get, 0 to 100. With 0 there is no rule: the rules behind it serve."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    other_target_group_arn: Input[str] | None = None
    """ARN of the target group that gets the other requests. None if pods get all of them."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        check_priority(self.priority - 1)
        check_in_range("percent", self.percent, range(101))
        if 0 < self.percent < 100 and self.other_target_group_arn is None:
            raise ValueError(
                f"other_target_group_arn: missing (got percent {self.percent}). "
                "Set the target group that gets the other requests."
            )


class PodTargets(ComponentResource):
    """A target group of pods, with its rules."""

    target_group_arn: Output[str]
    """ARN of the target group. It resolves after a rule uses the group."""
    target_group_arn_suffix: Output[str]
    """The `TargetGroup` dimension of the group's metrics."""

    def __init__(self, name: str, args: PodTargetsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:PodTargets", name, None, opts)
        check_name_length(name, "-pods")
        child = ResourceOptions(parent=self)
        group = target_group(
            f"{name}-pods",
            args.targets,
            vpc_id=args.vpc_id,
            tags={**args.tags, CLUSTER_TAG: args.cluster_name},
            child=child,
        )
        match = args.match
        tested = RequestMatch(hosts=match.hosts, paths=match.paths, headers={**match.headers, TEST_HEADER: TEST_VALUE})
        test = _rule(f"{name}-test", args, tested, args.priority - 1, [(group.arn, 100)], child)
        if args.percent:
            shares: list[tuple[Input[str], int]] = [(group.arn, args.percent)]
            if args.percent < 100 and args.other_target_group_arn is not None:
                shares.append((args.other_target_group_arn, 100 - args.percent))
            _rule(f"{name}-share", args, match, args.priority, shares, child)

        self.target_group_arn = Output.all(group.arn, test.arn).apply(lambda both: str(both[0]))
        self.target_group_arn_suffix = group.arn_suffix
        self.register_outputs(
            {
                "target_group_arn": self.target_group_arn,
                "target_group_arn_suffix": self.target_group_arn_suffix,
            }
        )


def _rule(
    name: str,
    args: PodTargetsArgs,
    match: RequestMatch,
    priority: int,
    shares: list[tuple[Input[str], int]],
    child: ResourceOptions,
) -> aws.lb.ListenerRule:
    return aws.lb.ListenerRule(
        name,
        listener_arn=args.listener_arn,
        priority=priority,
        conditions=conditions(match),
        actions=[
            {
                "type": "forward",
                "forward": {"target_groups": [{"arn": arn, "weight": weight} for arn, weight in shares]},
            }
        ],
        tags={**args.tags, "Name": name},
        opts=child,
    )
