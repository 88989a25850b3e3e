"""ECS-004: a cluster collects metrics for each of its tasks with Container Insights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, items, shown
from .clusters import CLUSTER


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    settings = {each.get("name"): each.get("value") for _, each in items(cluster.properties, "settings")}
    insights = settings.get("containerInsights")
    if insights not in ("enabled", "enhanced"):
        yield Finding("settings.containerInsights", shown(insights), '"enabled" or "enhanced"')


RULE = ResourceRule(
    id="ECS-004",
    name="cluster-container-insights",
    title="A cluster has Container Insights enabled.",
    item=ChecklistItem.CPU,
    severity=Severity.LOW,
    level=Level.ADVISORY,  # billed per metric; CloudWatch records the averages of a service without it
    applies_to=(CLUSTER,),
    check=check,
    remediation="Add the setting containerInsights with the value enabled to the cluster.",
    example='aws.ecs.Cluster("main", settings=[{"name": "containerInsights", "value": "enabled"}])',
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether an alarm reads these metrics.",
)
