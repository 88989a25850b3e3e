"""The rows of the dashboard: one for each layer, from the requests of users down to nodes, with the alarms'
thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input

from components.elasticache.topology import CpuMetric, cpu_metric, has_cpu_credits
from components.monitoring.dashboard import AlarmStates, DashboardRow, Graph, LogLines, RegionalMetric
from stacks.catalog import thresholds
from stacks.monitoring.alarms import (
    CACHE_CPU_PERCENT,
    cache_metric,
    load_balancer_metric,
    log_error_metric,
    pod_metric,
    service_metric,
    site_metric,
    target_metric,
    web_acl_metric,
)

_EDGE_REGION = "us-east-1"  # the region of the metrics of CloudFront and its web ACLs


def alarm_row(alarm_arns: Sequence[Input[str]]) -> DashboardRow:
    """Return the row with the state of all alarms."""
    return DashboardRow(
        heading="Now",
        reading="A red alarm has sent a notification. Its description says what to do.",
        panels=[AlarmStates(title="Alarms", arns=alarm_arns)],
    )


def api_row(*, load_balancer: Input[str], target_group: Input[str]) -> DashboardRow:
    """Return the row of the API: requests, response time and errors."""
    return DashboardRow(
        heading="API",
        reading="The experience of users: are requests answered correctly and in time?",
        panels=[
            Graph(
                title="Requests per minute",
                lines={
                    "requests": load_balancer_metric("RequestCount", load_balancer, "Sum"),
                    "client errors (4xx)": target_metric(
                        "HTTPCode_Target_4XX_Count", load_balancer, target_group, "Sum"
                    ),
                },
                unit="requests",
            ),
            Graph(
                title="Response time",
                lines={
                    "p50": load_balancer_metric("TargetResponseTime", load_balancer, "p50"),
                    "p95": load_balancer_metric("TargetResponseTime", load_balancer, "p95"),
                    "p99": load_balancer_metric("TargetResponseTime", load_balancer, "p99"),
                },
                unit="s",
                limit=thresholds.P95_SECONDS,
            ),
            Graph(
                title="Errors per minute",
                lines={
                    "service (5xx)": target_metric("HTTPCode_Target_5XX_Count", load_balancer, target_group, "Sum"),
                    "load balancer (5xx)": load_balancer_metric("HTTPCode_ELB_5XX_Count", load_balancer, "Sum"),
                },
                unit="errors",
            ),
        ],
    )


def regions_row(load_balancers: Mapping[str, Input[str]]) -> DashboardRow:
    """Return the row that compares the regions of a stack, by the ARN suffix of the load balancer of each."""

    def by_region(name: str, statistic: str) -> Mapping[str, RegionalMetric]:
        return {
            region: RegionalMetric(metric=load_balancer_metric(name, balancer, statistic), region=region)
            for region, balancer in load_balancers.items()
        }

    return DashboardRow(
        heading="Regions",
        reading="One region serves. Requests in another one mean that Route 53 has left out the region that should.",
        panels=[
            Graph(title="Requests per minute by region", lines=by_region("RequestCount", "Sum"), unit="requests"),
            Graph(
                title="Response time by region, p95",
                lines=by_region("TargetResponseTime", "p95"),
                unit="s",
                limit=thresholds.P95_SECONDS,
            ),
            Graph(
                title="Errors of the service (5xx) per minute by region",
                lines=by_region("HTTPCode_Target_5XX_Count", "Sum"),
                unit="errors",
            ),
        ],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """A CloudFront distribution and its web ACL."""

    distribution: Input[str]
    acl: Input[str]


def edge_row(*, site: Edge | None, api: Edge | None, api_acl: Input[str] | None, region: str) -> DashboardRow | None:
    """Return the row of the edge: CloudFront and the web ACLs. `api_acl` is the web ACL of the load balancer.

    A value is None for a part that the stack does not have: Cloudflare publishes no metrics to CloudWatch. Returns None
    if there is none of them.
    """
    edges = {what: edge for what, edge in (("site", site), ("API", api)) if edge is not None}
    panels: list[Graph] = []
    if edges:
        panels = [
            Graph(
                title="Requests to CloudFront per 5 minutes",
                lines={what: site_metric("Requests", edge.distribution, "Sum") for what, edge in edges.items()},
                unit="requests",
                period_seconds=300,
                region=_EDGE_REGION,
            ),
            Graph(
                title="Errors of CloudFront",
                lines={
                    f"{what}, {status}": site_metric(f"{status}ErrorRate", edge.distribution, "Average")
                    for what, edge in edges.items()
                    for status in ("5xx", "4xx")
                },
                unit="%",
                period_seconds=300,
                region=_EDGE_REGION,
            ),
            Graph(
                title="Requests that WAF blocks at CloudFront",
                lines={what: web_acl_metric("BlockedRequests", edge.acl, None, "Sum") for what, edge in edges.items()},
                unit="requests",
                region=_EDGE_REGION,
            ),
        ]
    if api_acl is not None:
        panels.append(
            Graph(
                title="Requests that WAF blocks at the load balancer",
                lines={"API": web_acl_metric("BlockedRequests", api_acl, region, "Sum")},
                unit="requests",
            )
        )
    if not panels:
        return None
    return DashboardRow(
        heading="Edge",
        reading="The distributions of CloudFront, and the requests that WAF blocks. More blocked requests without more"
        " requests point to a wrong rule.",
        panels=panels,
    )


def service_row(
    *, cluster: Input[str], service: Input[str], load_balancer: Input[str], target_group: Input[str]
) -> DashboardRow:
    """Return the row of the service's tasks."""
    return DashboardRow(
        heading="Service",
        reading="The tasks on Fargate. Add tasks when the CPU is high. Memory that only grows is a leak.",
        panels=[
            Graph(
                title="CPU",
                lines={
                    "average": service_metric("CPUUtilization", cluster, service, "Average"),
                    "highest task": service_metric("CPUUtilization", cluster, service, "Maximum"),
                },
                unit="%",
                limit=thresholds.CPU_PERCENT,
            ),
            Graph(
                title="Memory",
                lines={
                    "average": service_metric("MemoryUtilization", cluster, service, "Average"),
                    "highest task": service_metric("MemoryUtilization", cluster, service, "Maximum"),
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


def pod_row(*, cluster: Input[str], namespace: Input[str], service: Input[str]) -> DashboardRow:
    """Return the row of the API's pods on EKS, from the metrics of Container Insights."""
    return DashboardRow(
        heading="Pods",
        reading="The pods on EKS. The autoscaler adds pods at high CPU. Memory that only grows is a leak.",
        panels=[
            Graph(
                title="CPU of pods, of their nodes' CPU",
                lines={"average": pod_metric("pod_cpu_utilization", cluster, namespace, service, "Average")},
                unit="%",
            ),
            Graph(
                title="Memory of pods",
                lines={
                    "average": pod_metric(
                        "pod_memory_utilization_over_pod_limit", cluster, namespace, service, "Average"
                    ),
                    "highest pod": pod_metric(
                        "pod_memory_utilization_over_pod_limit", cluster, namespace, service, "Maximum"
                    ),
                },
                unit="%",
                limit=thresholds.MEMORY_PERCENT,
            ),
            Graph(
                title="Running pods",
                lines={"running": pod_metric("service_number_of_running_pods", cluster, namespace, service, "Average")},
                unit="pods",
            ),
        ],
    )


def cache_rows(nodes: Sequence[Input[str]], node_type: str) -> Sequence[DashboardRow]:
    """Return the rows of the cache, with a line for each node. The node type decides on the metrics of its CPU."""
    labels = {f"node {number}": node for number, node in enumerate(nodes, 1)}
    credits = DashboardRow(
        heading="Cache credits",
        reading="CPU credits of burstable nodes. A node whose balance is empty is billed for what it uses beyond it.",
        panels=[
            Graph(
                title="CPU credits",
                lines={label: cache_metric("CPUCreditBalance", node, "Average") for label, node in labels.items()},
                unit="credits",
                period_seconds=300,
            )
        ],
    )
    return [_cache_row(labels, cpu_metric(node_type)), *([credits] if has_cpu_credits(node_type) else [])]


def _cache_row(labels: Mapping[str, Input[str]], cpu: CpuMetric) -> DashboardRow:
    return DashboardRow(
        heading="Cache",
        reading="Valkey on ElastiCache. Evictions mean that the cache is too small. Many misses mean that it is of "
        "little use.",
        panels=[
            Graph(
                title="Memory",
                lines={
                    label: cache_metric("DatabaseMemoryUsagePercentage", node, "Average")
                    for label, node in labels.items()
                },
                unit="%",
                limit=thresholds.MEMORY_PERCENT,
            ),
            Graph(
                title=cpu.value,
                lines={label: cache_metric(cpu.value, node, "Average") for label, node in labels.items()},
                unit="%",
                limit=CACHE_CPU_PERCENT[cpu],
            ),
            Graph(
                title="Hits and misses",
                lines={
                    **{f"{label}, hits": cache_metric("CacheHits", node, "Sum") for label, node in labels.items()},
                    **{f"{label}, misses": cache_metric("CacheMisses", node, "Sum") for label, node in labels.items()},
                },
                unit="reads",
            ),
            Graph(
                title="Evictions",
                lines={label: cache_metric("Evictions", node, "Sum") for label, node in labels.items()},
                unit="entries",
            ),
        ],
    )


def log_row(*, log_group: Input[str], log_errors: Input[str]) -> DashboardRow:
    """Return the row of the service's log."""
    return DashboardRow(
        heading="Log",
        reading="The log of the service. Atlas shows the graphs of the database.",
        panels=[
            Graph(title="Logged errors per minute", lines={"errors": log_error_metric(log_errors)}, unit="errors"),
            LogLines(
                title="Newest errors",
                log_group_name=log_group,
                query='fields @timestamp, level, message | filter level = "error" or level >= 50'
                " | sort @timestamp desc | limit 20",
            ),
        ],
    )
