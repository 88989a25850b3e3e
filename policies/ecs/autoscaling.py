"""ECS-013: a service that a load balancer sends requests to gets more tasks when there is more to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, Resource, Severity, Stack, StackRule, shown
from .services import SERVICE, balanced, is_daemon, scaling_policies, scaling_targets


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    balanced(service)
    if is_daemon(service):
        raise NotApplicable("a daemon has a task on each instance")
    targets = list(scaling_targets(service, stack))
    if not targets:
        yield Finding("autoscaling target", "missing", "one, with a scaling policy")
    for target in targets:
        if not any(True for _ in scaling_policies(target, stack)):
            yield Finding(f"autoscaling target {target.name}: policy", "missing", "one that follows CPU or requests")
        least, most = target.properties.get("minCapacity", 0), target.properties.get("maxCapacity", 0)
        if most <= least:
            yield Finding(f"autoscaling target {target.name}: maxCapacity", shown(most), f"more than {shown(least)}")


RULE = StackRule(
    id="ECS-013",
    name="service-autoscaling",
    title="A service behind a load balancer scales with its load.",
    item=ChecklistItem.REQUEST_RATE,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # not before there is a load that changes
    applies_to=(SERVICE,),
    check=check,
    remediation="Make an autoscaling target for the service and a policy that keeps its CPU at about 60 %.",
    example="""target = aws.appautoscaling.Target(
    "api",
    service_namespace="ecs",
    scalable_dimension="ecs:service:DesiredCount",
    resource_id=pulumi.Output.concat("service/", cluster.name, "/", service.name),
    min_capacity=2,
    max_capacity=10,
)
aws.appautoscaling.Policy(
    "api-cpu",
    policy_type="TargetTrackingScaling",
    service_namespace=target.service_namespace,
    scalable_dimension=target.scalable_dimension,
    resource_id=target.resource_id,
    target_tracking_scaling_policy_configuration={
        "target_value": 60,
        "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
    },
)""",
    source="https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    read=date(2026, 11, 24),
)
