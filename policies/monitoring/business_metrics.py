"""MON-012: a dashboard shows business metrics that the application reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..ecs.services import SERVICE
from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    Parameter,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
)
from .dashboards import shown_metrics
from .services import require_called

NAMESPACES = Parameter(
    "businessNamespaces",
    {"type": "array", "items": {"type": "string"}},
    (),
    "The CloudWatch namespaces of business metrics; an empty list means every namespace that is not from AWS.",
)
# Namespaces from AWS.
FROM_AWS = ("AWS/", "ECS/", "ContainerInsights", "LambdaInsights", "CWAgent", "CloudWatchSynthetics", "Glue")
# Names of technical metrics.
TECHNICAL = re.compile(
    r"error|exception|fault|fail|latency|duration|timeout|retr(y|ies)|5xx|4xx|cpu|memory|heap", re.IGNORECASE
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    require_called(service)
    namespaces = parameters[NAMESPACES.name]
    if not any(_is_business(namespace, metric, namespaces) for namespace, metric in shown_metrics(stack)):
        yield Finding(
            "dashboard: the application's metrics",
            "missing",
            "metrics such as active users, created tasks or retention",
        )


def _is_business(namespace: str, metric: str, namespaces: tuple[str, ...]) -> bool:
    if namespaces:
        return namespace in namespaces
    return not namespace.startswith(FROM_AWS) and not TECHNICAL.search(metric)


RULE = StackRule(
    id="MON-012",
    name="business-metrics",
    title="A dashboard shows business metrics of the application.",
    item=ChecklistItem.BUSINESS,
    severity=Severity.LOW,
    applies_to=(SERVICE,),
    check=check,
    remediation="Publish business metrics from the application (embedded metric format) and add them to a dashboard.",
    example="""users = ["shop/business", "ActiveUsers", "Stack", "prod", {"stat": "Maximum"}]
aws.cloudwatch.Dashboard(
    "shop",
    dashboard_name="shop",
    dashboard_body=json.dumps(
        {"widgets": [{"type": "metric", "properties": {"region": "eu-west-1", "metrics": [users]}}]}
    ),
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html",
    read=date(2026, 11, 28),
    parameters=(NAMESPACES,),
    unproven=(
        "The rule does not see whether the application reports these metrics, nor whether they are the relevant ones."
    ),
    level=Level.ADVISORY,
)
