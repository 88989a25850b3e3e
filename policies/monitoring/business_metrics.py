"""MON-012: the business is watched too: a dashboard shows metrics that only the application can know."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
from .dashboards import drawn_metrics
from .services import SERVICE, only_answering

NAMESPACES = Parameter(
    "businessNamespaces",
    {"type": "array", "items": {"type": "string"}},
    (),
    "The CloudWatch namespaces of business metrics; none given means every one that is not AWS's own.",
)
# AWS's own beside those that begin with AWS/.
FROM_AWS = ("AWS/", "ECS/", "ContainerInsights", "LambdaInsights", "CWAgent", "CloudWatchSynthetics", "Glue")
# What is counted of the machine, not of the business.
TECHNICAL = re.compile(
    r"error|exception|fault|fail|latency|duration|timeout|retr(y|ies)|5xx|4xx|cpu|memory|heap", re.IGNORECASE
)


def check(service: Resource, stack: Stack, parameters: Parameters) -> Iterator[Finding]:
    only_answering(service)
    namespaces = parameters[NAMESPACES.name]
    if not any(_is_business(namespace, metric, namespaces) for namespace, metric in drawn_metrics(stack)):
        yield Finding("dashboard: the application's metrics", "missing", "active users, tasks created, retention")


def _is_business(namespace: str, metric: str, namespaces: tuple[str, ...]) -> bool:
    if namespaces:
        return namespace in namespaces
    return not namespace.startswith(FROM_AWS) and not TECHNICAL.search(metric)


RULE = StackRule(
    id="MON-012",
    name="business-metrics",
    title="A dashboard shows what users do, not only what machines do.",
    item=ChecklistItem.BUSINESS,
    severity=Severity.LOW,
    applies_to=(SERVICE,),
    check=check,
    remediation="Let the application log its own metrics (embedded metric format), and draw them on a dashboard.",
    example="""users = ["shop/business", "ActiveUsers", "Stack", "prod", {"stat": "Maximum"}]
aws.cloudwatch.Dashboard(
    "shop",
    dashboard_name="shop",
    dashboard_body=json.dumps(
        {"widgets": [{"type": "metric", "properties": {"region": "eu-west-1", "metrics": [users]}}]}
    ),
)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html",
    read=None,
    parameters=(NAMESPACES,),
    unproven="That the application reports these metrics, and that they are the ones that matter.",
    level=Level.ADVISORY,
)
