"""MON-009: a dashboard shows the CPU and memory utilization of a service that receives requests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..ecs.services import SERVICE
from ..rule import ChecklistItem, Finding, Level, Parameters, Pitfall, Resource, Severity, Stack, StackRule
from .dashboards import shows
from .services import INSIGHTS, NAMESPACE, require_called

WANTED = {"CPUUtilization": "CpuUtilized", "MemoryUtilization": "MemoryUtilized"}
"""ECS's metric, and the Container Insights metric for the same."""


def check(service: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_called(service)
    for metric, insight in WANTED.items():
        if not (shows(stack, NAMESPACE, metric, service) or shows(stack, INSIGHTS, insight, service)):
            yield Finding(f"dashboard: {metric}", "missing", "a metric widget on a dashboard")


RULE = StackRule(
    id="MON-009",
    name="service-dashboard",
    title="A dashboard shows the CPU and memory utilization of a service.",
    item=ChecklistItem.CPU,
    severity=Severity.LOW,
    applies_to=(SERVICE,),
    check=check,
    remediation="Add the service's CPUUtilization and MemoryUtilization to a dashboard.",
    example="""of = ["ClusterName", cluster.name, "ServiceName", service.name]
lines = [["AWS/ECS", "CPUUtilization", *of], ["AWS/ECS", "MemoryUtilization", *of]]
aws.cloudwatch.Dashboard(
    "api",
    dashboard_name="api",
    dashboard_body=pulumi.Output.json_dumps(
        {"widgets": [{"type": "metric", "properties": {"region": "eu-west-1", "metrics": lines}}]}
    ),
)""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
    level=Level.ADVISORY,
)
