"""The way from a load balancer's listener to one service, by host and path; for an A/B test, to several versions of it.

Makes: a target group for each version and one listener rule before the listener's default action.
Not here: the load balancer, and the services that register with the target groups. For blue/green deployments, where
ECS moves the traffic itself, put a TrafficShift before the route.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alb.listener_rule import RequestMatch, check_priority, conditions
from components.alb.target_group import TargetSettings, check_in_range, check_name_fits, target_group

_MOST_VERSIONS = 5  # target groups in one forward action
_LONGEST_STICKINESS_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceRouteArgs:
    """What one route needs."""

    listener_arn: Input[str]
    """Of the load balancer's HTTPS listener."""
    vpc_id: Input[str]
    """The load balancer's own VPC."""
    match: RequestMatch
    """Which requests go there."""
    priority: int
    """Its place among the listener's rules: the lowest number is asked first. No two may be equal."""
    targets: TargetSettings
    """How the tasks are reached and watched."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    weights: Mapping[str, int] | None = None
    """Version -> its share of new clients, relative to the others, for an A/B test: {"a": 90, "b": 10}. A version of
    weight 0 takes none. None: one version, named "main"."""
    same_version_seconds: int = 3_600
    """How long a client stays with the version it first met, where there are several."""

    def __post_init__(self) -> None:
        check_priority(self.priority)
        check_in_range("same_version_seconds", self.same_version_seconds, range(1, _LONGEST_STICKINESS_SECONDS + 1))
        if self.weights is None:
            return
        if not 1 <= len(self.weights) <= _MOST_VERSIONS:
            raise ValueError(f"weights: got {len(self.weights)} versions, allowed 1 to {_MOST_VERSIONS}")
        for version, weight in self.weights.items():
            if not re.fullmatch(r"[a-z][a-z0-9]*", version):
                raise ValueError(
                    f"weights: got a version {version!r}, allowed lower-case letters and digits, a letter first: "
                    "it becomes part of a target group's name"
                )
            check_in_range(f"weights[{version}]", weight, range(1_000))
        if not any(self.weights.values()):
            raise ValueError("weights: got 0 for every version, allowed one above 0 at least: nobody would be served")


class ServiceRoute(ComponentResource):
    """Requests of some hosts and paths go to one service."""

    target_group_arns: Mapping[str, Output[str]]
    """By version. Each known once the rule uses it: ECS refuses a target group that no load balancer uses."""
    target_group_arn_suffixes: Mapping[str, Output[str]]
    """By version: the `TargetGroup` dimension of its metrics."""
    rule_arn: Output[str]
    """Its listener rule."""

    def __init__(self, name: str, args: ServiceRouteArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ServiceRoute", name, None, opts)
        child = ResourceOptions(parent=self)
        weights = args.weights or {"main": 1}
        groups: dict[str, aws.lb.TargetGroup] = {}
        for version in weights:
            check_name_fits(name, f"-{version}")
            groups[version] = target_group(
                f"{name}-{version}", args.targets, vpc_id=args.vpc_id, tags=args.tags, child=child
            )
        rule = aws.lb.ListenerRule(
            f"{name}-route",
            listener_arn=args.listener_arn,
            priority=args.priority,
            conditions=conditions(args.match),
            actions=[
                {
                    "type": "forward",
                    "forward": {
                        "target_groups": [
                            {"arn": groups[version].arn, "weight": weight} for version, weight in weights.items()
                        ],
                        "stickiness": {"enabled": len(weights) > 1, "duration": args.same_version_seconds},
                    },
                }
            ],
            tags={**args.tags, "Name": f"{name}-route"},
            opts=child,
        )

        self.target_group_arns = {
            version: Output.all(group.arn, rule.arn).apply(lambda both: str(both[0]))
            for version, group in groups.items()
        }
        self.target_group_arn_suffixes = {version: group.arn_suffix for version, group in groups.items()}
        self.rule_arn = rule.arn
        self.register_outputs(
            {
                "target_group_arns": self.target_group_arns,
                "target_group_arn_suffixes": self.target_group_arn_suffixes,
                "rule_arn": self.rule_arn,
            }
        )
