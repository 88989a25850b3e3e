"""ECS-013: a service behind a load balancer has an autoscaling target and a scaling policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..inputs import number
from ..rule import ChecklistItem, Finding, Level, NotApplicable, Parameters, Resource, Severity, Stack, StackRule, shown
from .services import SERVICE, is_daemon, require_load_balancer, scaling_policies, scaling_targets


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_load_balancer(service)
    if is_daemon(service):
        raise NotApplicable("a daemon service runs one task on each instance")
    targets = list(scaling_targets(service, stack))
    if not targets:
        yield Finding("autoscaling target", "missing", "an autoscaling target with a scaling policy")
    for target in targets:
        if not any(True for _ in scaling_policies(target, stack)):
            path = f"autoscaling target {target.name}: policy"
            yield Finding(path, "missing", "a scaling policy on CPU or on requests")
        minimum = number(target.properties, "minCapacity") or 0
        maximum = number(target.properties, "maxCapacity") or 0
        if maximum <= minimum:
            yield Finding(
                f"autoscaling target {target.name}: maxCapacity", shown(maximum), f"more than {shown(minimum)}"
            )


RULE = StackRule(
    id="ECS-013",
    name="service-autoscaling",
    title="A service behind a load balancer scales automatically with its load.",
    item=ChecklistItem.REQUEST_RATE,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # a service with a constant load does not need it
    applies_to=(SERVICE,),
    check=check,
    remediation="Create an autoscaling target for the service and a scaling policy that keeps its CPU at about 60 %.",
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
