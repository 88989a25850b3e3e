"""What the dashboard shows: a row a layer, from what users feel down to the machines, limits as in the alarms."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input

from components.monitoring.dashboard import AlarmStates, DashboardRow, Graph, LogLines
from stacks.catalog import thresholds
from stacks.monitoring.alarms import (
    cache_metric,
    firewall_metric,
    load_balancer_metric,
    log_error_metric,
    service_metric,
    site_metric,
    target_metric,
)

_EDGE_REGION = "us-east-1"  # CloudFront's metrics and those of the firewall before it


def now_row(alarm_arns: Sequence[Input[str]]) -> DashboardRow:
    """First of all: is anything wrong."""
    return DashboardRow(
        heading="Now",
        reading="Red is what somebody was told of. Each alarm's description says what to do.",
        panels=[AlarmStates(title="Alarms", arns=alarm_arns)],
    )


def api_row(*, load_balancer: Input[str], target_group: Input[str]) -> DashboardRow:
    """What the API's users feel."""
    return DashboardRow(
        heading="API",
        reading="What users feel: are requests answered, rightly, and in time?",
        panels=[
            Graph(
                title="Requests a minute",
                lines={
                    "requests": load_balancer_metric("RequestCount", load_balancer, "Sum"),
                    "refused by the firewall or the client's fault (4xx)": target_metric(
                        "HTTPCode_Target_4XX_Count", load_balancer, target_group, "Sum"
                    ),
                },
                unit="requests",
            ),
            Graph(
                title="Response time",
                lines={
                    "half are faster (p50)": load_balancer_metric("TargetResponseTime", load_balancer, "p50"),
                    "19 of 20 are faster (p95)": load_balancer_metric("TargetResponseTime", load_balancer, "p95"),
                    "99 of 100 are faster (p99)": load_balancer_metric("TargetResponseTime", load_balancer, "p99"),
                },
                unit="s",
                limit=thresholds.P95_SECONDS,
            ),
            Graph(
                title="Errors a minute",
                lines={
                    "service (5xx)": target_metric("HTTPCode_Target_5XX_Count", load_balancer, target_group, "Sum"),
                    "load balancer (5xx)": load_balancer_metric("HTTPCode_ELB_5XX_Count", load_balancer, "Sum"),
                },
                unit="errors",
            ),
        ],
    )


def edge_row(*, distribution: Input[str], site_acl: Input[str], api_acl: Input[str], region: str) -> DashboardRow:
    """The edge: what arrives, and what is kept out."""
    return DashboardRow(
        heading="Edge",
        reading="The site on CloudFront, and what the firewalls keep out. A rise of blocked requests without a rise of"
        " requests is a rule that is wrong.",
        panels=[
            Graph(
                title="Site requests in 5 minutes",
                lines={"requests": site_metric("Requests", distribution, "Sum")},
                unit="requests",
                period_seconds=300,
                region=_EDGE_REGION,
            ),
            Graph(
                title="Site errors",
                lines={
                    "5xx": site_metric("5xxErrorRate", distribution, "Average"),
                    "4xx": site_metric("4xxErrorRate", distribution, "Average"),
                },
                unit="%",
                period_seconds=300,
                region=_EDGE_REGION,
            ),
            Graph(
                title="Blocked before the site",
                lines={"blocked": firewall_metric("BlockedRequests", site_acl, None, "Sum")},
                unit="requests",
                region=_EDGE_REGION,
            ),
            Graph(
                title="Blocked before the API",
                lines={"blocked": firewall_metric("BlockedRequests", api_acl, region, "Sum")},
                unit="requests",
            ),
        ],
    )


def service_row(
    *, cluster: Input[str], service: Input[str], load_balancer: Input[str], target_group: Input[str]
) -> DashboardRow:
    """The tasks."""
    return DashboardRow(
        heading="Service",
        reading="The tasks on Fargate. Full CPU: more tasks. Memory that only climbs: a leak.",
        panels=[
            Graph(
                title="CPU",
                lines={
                    "average": service_metric("CPUUtilization", cluster, service, "Average"),
                    "busiest task": service_metric("CPUUtilization", cluster, service, "Maximum"),
                },
                unit="%",
                limit=thresholds.CPU_PERCENT,
            ),
            Graph(
                title="Memory",
                lines={
                    "average": service_metric("MemoryUtilization", cluster, service, "Average"),
                    "fullest task": service_metric("MemoryUtilization", cluster, service, "Maximum"),
                },
                unit="%",
                limit=thresholds.MEMORY_PERCENT,
            ),
            Graph(
                title="Tasks",
                lines={
                    "healthy": target_metric("HealthyHostCount", load_balancer, target_group, "Maximum"),
                    "unhealthy": target_metric("UnHealthyHostCount", load_balancer, target_group, "Maximum"),
                },
                unit="tasks",
            ),
        ],
    )


def cache_row(nodes: Sequence[Input[str]]) -> DashboardRow:
    """The cache, a line a node."""
    named = {f"node {number}": node for number, node in enumerate(nodes, 1)}
    return DashboardRow(
        heading="Cache",
        reading="Valkey on ElastiCache. Evictions mean that it is too small; many misses that little of it is used.",
        panels=[
            Graph(
                title="Memory",
                lines={
                    label: cache_metric("DatabaseMemoryUsagePercentage", node, "Average")
                    for label, node in named.items()
                },
                unit="%",
                limit=thresholds.MEMORY_PERCENT,
            ),
            Graph(
                title="Engine CPU",
                lines={label: cache_metric("EngineCPUUtilization", node, "Average") for label, node in named.items()},
                unit="%",
                limit=thresholds.CPU_PERCENT,
            ),
            Graph(
                title="Found and not found",
                lines={
                    **{f"{label}, hits": cache_metric("CacheHits", node, "Sum") for label, node in named.items()},
                    **{f"{label}, misses": cache_metric("CacheMisses", node, "Sum") for label, node in named.items()},
                },
                unit="reads",
            ),
            Graph(
                title="Evictions",
                lines={label: cache_metric("Evictions", node, "Sum") for label, node in named.items()},
                unit="entries",
            ),
        ],
    )


def log_row(*, log_group: Input[str], log_errors: Input[str]) -> DashboardRow:
    """What the service says itself."""
    return DashboardRow(
        heading="Log",
        reading="What the service says itself. The database has its own graphs in Atlas.",
        panels=[
            Graph(title="Logged errors a minute", lines={"errors": log_error_metric(log_errors)}, unit="errors"),
            LogLines(
                title="Newest errors",
                log_group_name=log_group,
                query='fields @timestamp, level, message | filter level = "error" or level >= 50'
                " | sort @timestamp desc | limit 20",
            ),
        ],
    )
