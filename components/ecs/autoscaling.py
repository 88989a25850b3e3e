"""How many tasks a service has: by CPU, memory, requests or any other number a task, and by the clock.

Makes: the scalable target, one target tracking policy for each number (the one that wants most tasks wins), and
scheduled actions.
Not here: the service, which must leave its desired count alone (`autoscaled=True`): the count is this block's.

Tasks come quickly and go slowly: a burst that is over may be back in a minute, and a task that goes cuts what it does
short. Whether the service stands while it scales in is ECS's care: a deployment that runs is never scaled in.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.appautoscaling import PolicyTargetTrackingScalingPolicyConfigurationArgsDict

from components.ecs.scaling_targets import CustomMetric, MetricTarget, RequestTarget, ScheduledCapacity, check_bounds


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceAutoscalingArgs:
    """What one service's autoscaling needs. A target that is None is not looked at."""

    cluster_name: Input[str]
    """Of the cluster that the service is in."""
    service_name: Input[str]
    """The service's."""
    min_tasks: int
    """0 or more."""
    max_tasks: int
    """`min_tasks` or more."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    cpu_percent: int | None = 70
    """Average of the tasks' CPU that is kept to, 10 to 95."""
    memory_percent: int | None = 80
    """The same of memory."""
    requests: RequestTarget | None = None
    """Requests that are kept to."""
    metrics: Mapping[str, MetricTarget] = field(default_factory=dict[str, MetricTarget])
    """By a short name that goes into the policy's name."""
    schedules: Mapping[str, ScheduledCapacity] = field(default_factory=dict[str, ScheduledCapacity])
    """By a short name. What a scheduled action sets in AWS a refresh shows as a change of the bounds; it is meant."""
    scale_out_cooldown_seconds: int = 60
    """Between two steps up, 0 to 3,600."""
    scale_in_cooldown_seconds: int = 300
    """Between two steps down, `scale_out_cooldown_seconds` to 3,600."""

    def __post_init__(self) -> None:
        check_bounds(self.min_tasks, self.max_tasks)
        for argument, percent in (("cpu_percent", self.cpu_percent), ("memory_percent", self.memory_percent)):
            if percent is not None and not 10 <= percent <= 95:
                raise ValueError(
                    f"{argument}: got {percent}, allowed 10 to 95, or None: below, tasks only cost; above, new ones "
                    "come too late"
                )
        for argument, seconds in (
            ("scale_out_cooldown_seconds", self.scale_out_cooldown_seconds),
            ("scale_in_cooldown_seconds", self.scale_in_cooldown_seconds),
        ):
            if not 0 <= seconds <= 3_600:
                raise ValueError(f"{argument}: got {seconds}, allowed 0 to 3600")
        if self.scale_in_cooldown_seconds < self.scale_out_cooldown_seconds:
            raise ValueError(
                f"scale_in_cooldown_seconds: got {self.scale_in_cooldown_seconds}, allowed "
                f"{self.scale_out_cooldown_seconds} (scale_out_cooldown_seconds) or more: tasks would go faster than "
                "they come, and the number swing"
            )
        if self.cpu_percent is None and self.memory_percent is None and not (self.requests or self.metrics):
            raise ValueError("cpu_percent, memory_percent, requests, metrics: got none, allowed one at least")


class ServiceAutoscaling(ComponentResource):
    """A service that has as many tasks as it needs, between two bounds."""

    resource_id: Output[str]
    """`service/<cluster>/<service>`, as Application Auto Scaling names it."""

    def __init__(self, name: str, args: ServiceAutoscalingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ServiceAutoscaling", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        self._target = aws.appautoscaling.Target(
            f"{name}-target",
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=Output.format("service/{0}/{1}", args.cluster_name, args.service_name),
            min_capacity=args.min_tasks,
            max_capacity=args.max_tasks,
            tags={**args.tags, "Name": f"{name}-target"},
            opts=self._child,
        )
        if args.cpu_percent is not None:
            self._policy("cpu", args.cpu_percent, ready_made="ECSServiceAverageCPUUtilization")
        if args.memory_percent is not None:
            self._policy("memory", args.memory_percent, ready_made="ECSServiceAverageMemoryUtilization")
        if args.requests is not None:
            self._request_policy(args.requests)
        for each, wanted in args.metrics.items():
            self._policy(each, wanted.value, custom=wanted.specification())
        for each, bounds in args.schedules.items():
            self._scheduled(each, bounds)

        self.resource_id = self._target.resource_id
        self.register_outputs({"resource_id": self.resource_id})

    def _policy(
        self,
        part: str,
        value: float,
        *,
        ready_made: str | None = None,
        label: Input[str] | None = None,
        custom: CustomMetric | None = None,
    ) -> None:
        tracking: PolicyTargetTrackingScalingPolicyConfigurationArgsDict = {
            "target_value": value,
            "scale_out_cooldown": self._args.scale_out_cooldown_seconds,
            "scale_in_cooldown": self._args.scale_in_cooldown_seconds,
        }
        if custom is not None:
            tracking["customized_metric_specification"] = custom
        elif ready_made is not None:
            tracking["predefined_metric_specification"] = {"predefined_metric_type": ready_made}
            if label is not None:
                tracking["predefined_metric_specification"]["resource_label"] = label
        aws.appautoscaling.Policy(
            f"{self._logical_name}-{part}",
            policy_type="TargetTrackingScaling",
            service_namespace=self._target.service_namespace,
            scalable_dimension=self._target.scalable_dimension,
            resource_id=self._target.resource_id,
            target_tracking_scaling_policy_configuration=tracking,
            opts=self._child,
        )

    def _request_policy(self, wanted: RequestTarget) -> None:
        custom = wanted.of_both_groups()
        if custom is not None:
            self._policy("requests", wanted.requests_per_minute, custom=custom)
            return
        label = Output.format("{0}/{1}", wanted.load_balancer_arn_suffix, wanted.target_group_arn_suffix)
        self._policy("requests", wanted.requests_per_minute, ready_made="ALBRequestCountPerTarget", label=label)

    def _scheduled(self, part: str, bounds: ScheduledCapacity) -> None:
        aws.appautoscaling.ScheduledAction(
            f"{self._logical_name}-{part}",
            service_namespace=self._target.service_namespace,
            scalable_dimension=self._target.scalable_dimension,
            resource_id=self._target.resource_id,
            schedule=bounds.schedule,
            timezone=bounds.timezone,
            scalable_target_action={"min_capacity": bounds.min_tasks, "max_capacity": bounds.max_tasks},
            opts=self._child,
        )
