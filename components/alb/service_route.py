"""A listener rule that routes requests to one service by host and path, or to several versions of it for an A/B test.

Creates a target group for each version and one listener rule before the listener's default action.
It does not create the load balancer, or the services that register with the target groups. For blue/green deployments,
in which ECS moves the traffic, add a BlueGreen component with a higher priority.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.lb import ListenerRuleActionForwardTargetGroupArgsDict

from components.alb.listener_rule import RequestMatch, check_priority, conditions
from components.alb.target_group import CLUSTER_TAG, TargetSettings, check_in_range, check_name_length, target_group

_MAX_VERSIONS = 5  # target groups in one forward action
_MAX_WEIGHT: Final = 999
_MAX_STICKINESS_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class PodShare:
    """The share of the requests that pods on EKS get. Raises ValueError for a share out of range."""

    cluster_name: Input[str]
    """Name of the cluster whose pods are registered."""
    percent: int
    """Percentage of the requests of each version, 0 to 100. With 0 the load balancer still checks the pods' health."""
    beside_tasks: bool
    """Whether tasks on ECS get the rest. If False, pods get every request."""

    def __post_init__(self) -> None:
        check_in_range("percent", self.percent, range(101))


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRouteArgs:
    """Arguments of ServiceRoute. Raises ValueError for a priority, weights or durations out of range, and for too many
    versions."""

    listener_arn: Input[str]
    """ARN of the load balancer's HTTPS listener."""
    vpc_id: Input[str]
    """Id of the load balancer's VPC."""
    match: RequestMatch
    """The requests that are routed to the service."""
    priority: int
    """Priority of the listener rule, 1 to 50,000. The lowest number is evaluated first; it must be unique."""
    targets: TargetSettings
    """Settings of each version's target group."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    weights: Mapping[str, int] | None = None
    """Version -> relative share of new clients, 0 to 999, for an A/B test: {"a": 90, "b": 10}. A version with weight 0
    gets none. None means one version with the name "main"."""
    selections: Mapping[str, RequestMatch] = field(default_factory=dict[str, RequestMatch])
    """Version -> the requests that always reach it, whatever the weights: usually those of `match` with a header."""
    selection_priority: int | None = None
    """Priority of the first selection's rule; the others follow. They are evaluated before the route. Required with
    `selections`."""
    pods: PodShare | None = None
    """The share of pods on EKS. Each version then has a target group for its pods."""
    version_sticky_seconds: int = 3_600
    """Duration of target group stickiness in seconds, 1 to 604,800: how long a client stays with its version."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        check_in_range("version_sticky_seconds", self.version_sticky_seconds, range(1, _MAX_STICKINESS_SECONDS + 1))
        self._check_selections()
        if self.weights is None:
            return
        maximum = _MAX_VERSIONS // 2 if self.pods is not None and self.pods.beside_tasks else _MAX_VERSIONS
        if not 1 <= len(self.weights) <= maximum:
            raise ValueError(
                f"weights: wrong number of versions (got {len(self.weights)}). Set 1 to {maximum} versions."
            )
        for version, weight in self.weights.items():
            if not re.fullmatch(r"[a-z][a-z0-9]*", version):
                raise ValueError(
                    f"weights: not a version name (got {version!r}). Use lower-case letters and digits that start with "
                    "a letter: the version becomes part of a target group's name."
                )
            check_in_range(f"weights[{version}]", weight, range(1_000))
        if not any(self.weights.values()):
            raise ValueError(
                "weights: no version gets requests (got 0 for every version). Set at least one weight above 0."
            )

    def _check_selections(self) -> None:
        if not self.selections:
            return
        unknown = sorted(self.selections.keys() - (self.weights or {"main": 1}).keys())
        if unknown:
            raise ValueError(
                f"selections: versions without a weight (got {', '.join(unknown)}). Use the versions of weights."
            )
        if self.selection_priority is None or self.selection_priority + len(self.selections) > self.priority:
            raise ValueError(
                f"selection_priority: the rules of {len(self.selections)} selections are not before the route (got "
                f"{self.selection_priority}, and priority {self.priority}). Set a number that is low enough."
            )
        check_priority(self.selection_priority)


class ServiceRoute(ComponentResource):
    """A listener rule with one target group for each version of a service."""

    target_group_arns: Mapping[str, Output[str]]
    """Version -> target group ARN of its tasks; none if only pods serve. It resolves after the rule uses the group: ECS
    rejects a target group without a load balancer."""
    pod_target_group_arns: Mapping[str, Output[str]]
    """Version -> target group ARN of its pods. It resolves after the rule uses the group."""
    target_group_arn_suffixes: Mapping[str, Output[str]]
    """Version -> the `TargetGroup` dimension of the group's metrics."""
    rule_arn: Output[str]
    """ARN of the listener rule."""

    def __init__(self, name: str, args: ServiceRouteArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ServiceRoute", name, None, opts)
        child = ResourceOptions(parent=self)
        weights = args.weights or {"main": 1}
        groups, pods = _target_groups(name, args, list(weights), child)
        rule = aws.lb.ListenerRule(
            f"{name}-route",
            listener_arn=args.listener_arn,
            priority=args.priority,
            conditions=conditions(args.match),
            actions=[
                {
                    "type": "forward",
                    "forward": {
                        "target_groups": _targets(args, groups, pods, weights),
                        "stickiness": {"enabled": len(weights) > 1, "duration": args.version_sticky_seconds},
                    },
                }
            ],
            tags={**args.tags, "Name": f"{name}-route"},
            opts=child,
        )

        selection_priority = args.selection_priority or 0
        for number, (version, match) in enumerate(sorted(args.selections.items())):
            aws.lb.ListenerRule(
                f"{name}-{version}-selected",
                listener_arn=args.listener_arn,
                priority=selection_priority + number,
                conditions=conditions(match),
                actions=[
                    {"type": "forward", "target_group_arn": groups[version].arn}
                    if args.pods is None
                    else {"type": "forward", "forward": {"target_groups": _targets(args, groups, pods, {version: 1})}}
                ],
                tags={**args.tags, "Name": f"{name}-{version}-selected"},
                opts=child,
            )

        self.target_group_arns, self.pod_target_group_arns = (
            {
                version: Output.all(group.arn, rule.arn).apply(lambda both: str(both[0]))
                for version, group in own.items()
            }
            for own in (groups, pods)
        )
        self.target_group_arn_suffixes = {version: group.arn_suffix for version, group in groups.items()}
        self.rule_arn = rule.arn
        self.register_outputs(
            {
                "target_group_arns": self.target_group_arns,
                "pod_target_group_arns": self.pod_target_group_arns,
                "target_group_arn_suffixes": self.target_group_arn_suffixes,
                "rule_arn": self.rule_arn,
            }
        )


_Groups = Mapping[str, aws.lb.TargetGroup]


def _target_groups(
    name: str, args: ServiceRouteArgs, versions: Sequence[str], child: ResourceOptions
) -> tuple[_Groups, _Groups]:
    """Create the target groups of tasks and those of pods. Return both by version."""
    groups: dict[str, aws.lb.TargetGroup] = {}
    pods: dict[str, aws.lb.TargetGroup] = {}
    for version in versions:
        if args.pods is None or args.pods.beside_tasks:
            check_name_length(name, f"-{version}")
            groups[version] = target_group(
                f"{name}-{version}", args.targets, vpc_id=args.vpc_id, tags=args.tags, child=child
            )
        if args.pods is not None:
            suffix = "-pods" if version == "main" else f"-{version}-pods"
            check_name_length(name, suffix)
            pods[version] = target_group(
                f"{name}{suffix}",
                args.targets,
                vpc_id=args.vpc_id,
                tags={**args.tags, CLUSTER_TAG: args.pods.cluster_name},
                child=child,
            )
    return groups, pods


def _targets(
    args: ServiceRouteArgs, groups: _Groups, pods: _Groups, weights: Mapping[str, int]
) -> list[ListenerRuleActionForwardTargetGroupArgsDict]:
    """Return the target groups of a forward action. A group with weight 0 gets no requests, but health checks."""
    if args.pods is None:
        return [{"arn": groups[version].arn, "weight": weight} for version, weight in weights.items()]
    if not args.pods.beside_tasks:
        return [{"arn": pods[version].arn, "weight": weight} for version, weight in weights.items()]
    share = args.pods.percent
    largest = max(weights.values()) * max(share, 100 - share)
    targets: list[ListenerRuleActionForwardTargetGroupArgsDict] = []
    for version, weight in weights.items():
        for group, part in ((groups[version], weight * (100 - share)), (pods[version], weight * share)):
            # Weights have a maximum, and rounding must not take the last request of a group.
            scaled = max(1, round(part * _MAX_WEIGHT / largest)) if largest > _MAX_WEIGHT and part else part
            targets.append({"arn": group.arn, "weight": scaled})
    return targets
