"""Application Auto Scaling of an ECS service: target tracking on CPU, memory, requests or other metrics, and schedules.

Creates the scalable target, one target tracking policy for each metric (the highest task count wins), and scheduled
actions.
It does not create the service, which must ignore changes of its desired count (`autoscaled=True`), because
autoscaling owns it.

Scale-out is fast and scale-in is slow: a burst may return within a minute, and a stopping task interrupts its work.
ECS does not scale in while a deployment is in progress.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.appautoscaling import PolicyTargetTrackingScalingPolicyConfigurationArgsDict

from components.ecs.scaling_targets import (
    CustomMetric,
    MetricTarget,
    QueueTarget,
    RequestTarget,
    ScheduledCapacity,
    check_bounds,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceAutoscalingArgs:
    """Arguments of ServiceAutoscaling. A target that is None creates no policy.

    Raises ValueError for bounds, percentages and cooldowns out of range, and if there is no target at all.
    """

    cluster_name: Input[str]
    """Name of the service's cluster."""
    service_name: Input[str]
    """Name of the service."""
    min_tasks: int
    """Minimum number of tasks, 0 or more."""
    max_tasks: int
    """Maximum number of tasks, `min_tasks` or more."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    cpu_percent: int | None = 70
    """Target of the tasks' average CPU utilization in percent, 10 to 95."""
    memory_percent: int | None = None
    """Target of the tasks' average memory utilization in percent, 10 to 95. None by default: V8 does not return most of
    its heap to the operating system, so memory stays high after a burst and the service would not scale in."""
    requests: RequestTarget | None = None
    """Target of requests for each task."""
    metrics: Mapping[str, MetricTarget | QueueTarget] = field(default_factory=dict[str, MetricTarget | QueueTarget])
    """Targets of other metrics, by a short name that becomes part of the policy's name."""
    schedules: Mapping[str, ScheduledCapacity] = field(default_factory=dict[str, ScheduledCapacity])
    """Scheduled bounds by a short name. After a scheduled action, a refresh reports changed bounds, which is
    expected."""
    scale_out_cooldown_seconds: int = 60
    """Seconds between two scale-out activities, 0 to 3,600."""
    scale_in_cooldown_seconds: int = 300
    """Seconds between two scale-in activities, `scale_out_cooldown_seconds` to 3,600."""

    def __post_init__(self) -> None:
        check_bounds(self.min_tasks, self.max_tasks)
        for argument, percent in (("cpu_percent", self.cpu_percent), ("memory_percent", self.memory_percent)):
            if percent is not None and not 10 <= percent <= 95:
                raise ValueError(
                    f"{argument}: out of range (got {percent}). Set 10 to 95, or None: a lower target wastes capacity, "
                    "and a higher one scales out too late."
                )
        for argument, seconds in (
            ("scale_out_cooldown_seconds", self.scale_out_cooldown_seconds),
            ("scale_in_cooldown_seconds", self.scale_in_cooldown_seconds),
        ):
            if not 0 <= seconds <= 3_600:
                raise ValueError(f"{argument}: out of range (got {seconds}). Set 0 to 3600 seconds.")
        if self.scale_in_cooldown_seconds < self.scale_out_cooldown_seconds:
            raise ValueError(
                "scale_in_cooldown_seconds: shorter than scale_out_cooldown_seconds "
                f"(got {self.scale_in_cooldown_seconds}). Set {self.scale_out_cooldown_seconds} or more: "
                "the number of tasks would oscillate otherwise."
            )
        if self.cpu_percent is None and self.memory_percent is None and not (self.requests or self.metrics):
            raise ValueError(
                "cpu_percent, memory_percent, requests, metrics: no scaling target (got None for all). "
                "Set at least one of them."
            )


class ServiceAutoscaling(ComponentResource):
    """Autoscaling of one ECS service between a minimum and a maximum number of tasks."""

    resource_id: Output[str]
    """Resource id of the scalable target: `service/<cluster>/<service>`."""

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
            self._policy("cpu", args.cpu_percent, predefined="ECSServiceAverageCPUUtilization")
        if args.memory_percent is not None:
            self._policy("memory", args.memory_percent, predefined="ECSServiceAverageMemoryUtilization")
        if args.requests is not None:
            self._request_policy(args.requests)
        for metric_name, target in args.metrics.items():
            self._policy(metric_name, target.value, custom=target.specification())
        for schedule_name, bounds in args.schedules.items():
            self._scheduled(schedule_name, bounds)

        self.resource_id = self._target.resource_id
        self.register_outputs({"resource_id": self.resource_id})

    def _policy(
        self,
        part: str,
        value: float,
        *,
        predefined: str | None = None,
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
        elif predefined is not None:
            tracking["predefined_metric_specification"] = {"predefined_metric_type": predefined}
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

    def _request_policy(self, target: RequestTarget) -> None:
        custom = target.both_groups_specification()
        if custom is not None:
            self._policy("requests", target.requests_per_minute, custom=custom)
            return
        label = Output.format("{0}/{1}", target.load_balancer_arn_suffix, target.target_group_arn_suffix)
        self._policy("requests", target.requests_per_minute, predefined="ALBRequestCountPerTarget", label=label)

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
