"""The alarms of a stack: one function for each layer.

Every phase has the alarms on outages. The alarms on the guide's thresholds (stacks/catalog/thresholds.py) start with
phase optimization. There is no alarm without an action: none on the number of requests, none on a restarted replica.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pulumi import Input

from components.elasticache.topology import CpuMetric, cpu_metric, has_cpu_credits
from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.certificate_expiry import certificate_expiry
from components.monitoring.log_error_metric import NAMESPACE as LOG_NAMESPACE
from components.monitoring.metric import Metric
from stacks.catalog import thresholds

ENOUGH_REQUESTS = 1000  # below it a single failed request is more than 0.1 %
_BLOCKED_IN_5_MINUTES = 1000  # a typical scan is some hundreds
_FAILING_RELEASE_PERCENT = 5.0  # far above the guide's 0.1 %: a rollback is not for a single failing route
_FAILING_RELEASE_MINIMUM = 5  # errors a minute; fewer are not a failing release at any number of requests
_CPU_CREDITS = 30  # minutes of one core at full use
CACHE_CPU_PERCENT: Mapping[CpuMetric, float] = MappingProxyType(
    {
        # The engine uses one core. On a node with two, it is fully used at 50 % of both; AWS recommends 45 % there.
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
        # (read 2026-11-28)
        CpuMetric.CPU: 45.0,
        CpuMetric.ENGINE_CPU: thresholds.CPU_PERCENT,
    }
)
"""The threshold of the CPU of a cache node, by the metric that its node type needs."""


def load_balancer_metric(name: str, load_balancer: Input[str], statistic: str) -> Metric:
    """Return a metric of the whole load balancer. `load_balancer` is its ARN suffix."""
    return Metric(
        namespace="AWS/ApplicationELB", name=name, dimensions={"LoadBalancer": load_balancer}, statistic=statistic
    )


def target_metric(name: str, load_balancer: Input[str], target_group: Input[str], statistic: str) -> Metric:
    """Return a metric of a target group. `load_balancer` and `target_group` are ARN suffixes."""
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        dimensions={"LoadBalancer": load_balancer, "TargetGroup": target_group},
        statistic=statistic,
    )


def service_metric(name: str, cluster: Input[str], service: Input[str], statistic: str) -> Metric:
    """Return a metric of an ECS service over all of its tasks."""
    return Metric(
        namespace="AWS/ECS",
        name=name,
        dimensions={"ClusterName": cluster, "ServiceName": service},
        statistic=statistic,
    )


def cache_metric(name: str, node: Input[str], statistic: str) -> Metric:
    """Return a metric of a cache node. `node` is its CacheClusterId."""
    return Metric(namespace="AWS/ElastiCache", name=name, dimensions={"CacheClusterId": node}, statistic=statistic)


def web_acl_metric(name: str, acl: Input[str], region: str | None, statistic: str) -> Metric:
    """Return a metric over all rules of a web ACL. `region` is None for a web ACL of CloudFront."""
    location = {} if region is None else {"Region": region}
    return Metric(
        namespace="AWS/WAFV2", name=name, dimensions={"WebACL": acl, "Rule": "ALL", **location}, statistic=statistic
    )


def site_metric(name: str, distribution: Input[str], statistic: str) -> Metric:
    """Return a metric of a CloudFront distribution. All of them are in us-east-1."""
    return Metric(
        namespace="AWS/CloudFront",
        name=name,
        dimensions={"DistributionId": distribution, "Region": "Global"},
        statistic=statistic,
    )


def log_error_metric(name: Input[str]) -> Metric:
    """Return the metric of errors in a log, which components/monitoring/log_error_metric.py creates."""
    return Metric(namespace=LOG_NAMESPACE, name=name, dimensions={}, statistic="Sum")


def _over_target_groups(
    name: str, load_balancer: Input[str], target_groups: Sequence[Input[str]], statistic: str
) -> tuple[Mapping[str, Metric], str | None]:
    """Return a metric for each target group, and the expression that adds them, or None for a single group.

    Blue/green deployments have two target groups. The one without tasks has no samples.
    """
    metrics = {
        f"in_group_{number}": target_metric(name, load_balancer, group, statistic)
        for number, group in enumerate(target_groups, 1)
    }
    return metrics, " + ".join(f"FILL({each}, 0)" for each in metrics) if len(metrics) > 1 else None


def outages(
    *, load_balancer: Input[str], target_groups: Sequence[Input[str]], log_errors: Input[str]
) -> Mapping[str, Alarm]:
    """Return the alarms on outages."""
    # Maximum, because a load balancer node reports 0 when no task is in its zone, although the service is healthy.
    healthy, all_healthy = _over_target_groups("HealthyHostCount", load_balancer, target_groups, "Maximum")
    unhealthy, all_unhealthy = _over_target_groups("UnHealthyHostCount", load_balancer, target_groups, "Maximum")
    errors, all_errors = _over_target_groups("HTTPCode_Target_5XX_Count", load_balancer, target_groups, "Sum")
    return {
        "no-running-task": Alarm(
            summary="No task of the service answers its health check: the API is down.",
            action="Read why tasks stop in ECS, the service, tab Events. Then read the log of the last stopped task."
            " /health returns 503 while the database is unreachable, so check Atlas too.",
            metrics=healthy,
            expression=all_healthy,
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,  # no data without a registered target
            period_seconds=60,
            evaluation_periods=5,
        ),
        "unhealthy-task": Alarm(
            summary="A task has failed its health check for minutes, also after its replacement.",
            action="Compare the revision of the task (ECS, tab Tasks) with the last deployment. Roll back if it is "
            "new.",
            metrics=unhealthy,
            expression=all_unhealthy,
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=60,
            evaluation_periods=10,
            datapoints_to_alarm=8,  # tasks are briefly unhealthy during a deployment
        ),
        "service-errors": Alarm(
            summary="The service answered with a 5xx status more than 10 times in 5 minutes.",
            action="Find the failing route in the service's log (level error) and in Sentry. Roll back if the "
            "revision is"
            " new.",
            metrics=errors,
            expression=all_errors,
            comparison=">",
            threshold=10,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        ),
        "load-balancer-errors": Alarm(
            summary="The load balancer itself answered with a 5xx status more than 10 times in 5 minutes.",
            action="Find the status in the access logs (log bucket). 502: tasks close connections or crash. 503: "
            "no task is"
            " healthy. 504: requests take longer than the idle timeout.",
            metrics={"errors": load_balancer_metric("HTTPCode_ELB_5XX_Count", load_balancer, "Sum")},
            comparison=">",
            threshold=10,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        ),
        "logged-errors": _logged_errors("service", log_errors),
    }


def failing_release(*, load_balancer: Input[str], target_groups: Sequence[Input[str]]) -> Mapping[str, Alarm]:
    """Return the alarm that rolls back a deployment.

    It covers both target groups of the service, because either can have the release, and no other service: their errors
    would roll this one back. A share of the requests means the same at any load. SUM of a list skips a group without
    data; FILL would set the newest point to 0 (components/ecs/scaling_targets.py).
    """
    groups = list(enumerate(target_groups, 1))
    errors = {
        f"errors_{n}": target_metric("HTTPCode_Target_5XX_Count", load_balancer, group, "Sum") for n, group in groups
    }
    requests = {f"requests_{n}": target_metric("RequestCount", load_balancer, group, "Sum") for n, group in groups}
    failed, answered = f"SUM([{', '.join(errors)}])", f"SUM([{', '.join(requests)}])"
    return {
        "failing-release": Alarm(
            summary=f"More than {_FAILING_RELEASE_PERCENT:g} % of the service's answers have a 5xx status; ECS rolls "
            "back a deployment.",
            action="Check in ECS, tab Deployments, whether one was rolled back, and read the log of its revision. "
            "Without a"
            " deployment follow the runbook of service-errors.",
            metrics={**errors, **requests},
            expression=f"IF({failed} > {_FAILING_RELEASE_MINIMUM}, 100 * {failed} / {answered}, 0)",
            comparison=">",
            threshold=_FAILING_RELEASE_PERCENT,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=60,
            evaluation_periods=3,
            datapoints_to_alarm=2,
        ),
    }


def service_targets(
    *,
    load_balancer: Input[str],
    target_groups: Sequence[Input[str]],
    cluster: Input[str],
    service: Input[str] | None,
) -> Mapping[str, Alarm]:
    """Return the alarms on the guide's thresholds: response time, error rate, CPU and memory.

    `service` is the ECS service; None leaves CPU and memory out.
    """
    errors, all_errors = _over_target_groups("HTTPCode_Target_5XX_Count", load_balancer, target_groups, "Sum")
    return {
        "slow-responses": Alarm(
            summary=f"One in twenty requests takes longer than {thresholds.P95_SECONDS * 1000:g} ms.",
            action="Check CPU and cache hits on the dashboard, and slow queries in Atlas, Performance Advisor.",
            metrics={"p95": load_balancer_metric("TargetResponseTime", load_balancer, "p95")},
            comparison=">",
            threshold=thresholds.P95_SECONDS,
            treat_missing_data=TreatMissingData.NOT_BREACHING,  # without requests there is no response time
            evaluation_periods=3,
        ),
        "error-rate": Alarm(
            summary=f"More than {thresholds.ERROR_PERCENT:g} % of the service's answers are errors.",
            action="Find the failing route in the service's log and in Sentry. Roll back if the revision is new.",
            metrics={
                # Without the load balancer's own 5xx: a metric that never had a sample would make the whole sum empty.
                # The alarm load-balancer-errors covers those.
                **errors,
                "requests": load_balancer_metric("RequestCount", load_balancer, "Sum"),
            },
            expression=f"IF(requests >= {ENOUGH_REQUESTS}, 100 * ({all_errors or next(iter(errors))}) / requests, 0)",
            comparison=">",
            threshold=thresholds.ERROR_PERCENT,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=900,
        ),
        **(
            {"service-cpu": _cpu("service", cluster, service), "service-memory": _memory("service", cluster, service)}
            if service is not None
            else {}
        ),
    }


def pod_metric(name: str, cluster: Input[str], namespace: Input[str], service: Input[str], statistic: str) -> Metric:
    """Return a metric of Container Insights over the pods of a Kubernetes service.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html (from memory)
    """
    return Metric(
        namespace="ContainerInsights",
        name=name,
        dimensions={"ClusterName": cluster, "Namespace": namespace, "Service": service},
        statistic=statistic,
    )


def pods(
    *,
    cluster: Input[str],
    namespace: Input[str],
    service: Input[str],
    log_errors: Input[str] | None,
    what: str = "the API",
    larger: str = "tierup:sizeOverrides.taskMemory",
) -> Mapping[str, Alarm]:
    """Return the alarms of a service's pods. Pods have no CPU limit, so there is no alarm on CPU: the autoscaler
    follows it. `log_errors` is None if another alarm watches the log of pods."""
    return {
        "service-memory": Alarm(
            summary=f"Pods of {what} use more than {thresholds.MEMORY_PERCENT:g} % of their memory.",
            action=f"Memory that only grows is a leak: compare it with the last deployment. Else set {larger}.",
            metrics={
                "memory": pod_metric("pod_memory_utilization_over_pod_limit", cluster, namespace, service, "Average")
            },
            comparison=">",
            threshold=thresholds.MEMORY_PERCENT,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
        **({"logged-errors": _logged_errors("pods", log_errors)} if log_errors is not None else {}),
    }


def further_service(
    what: str, *, cluster: Input[str], service: Input[str], log_errors: Input[str]
) -> Mapping[str, Alarm]:
    """Return the alarms of an entry of tierup:services, or of one of its versions."""
    return {
        "service-cpu": _cpu(what, cluster, service, more="tasks and maxTasks in tierup:services"),
        "service-memory": _memory(what, cluster, service, larger="memory in tierup:services"),
        "logged-errors": _logged_errors(what, log_errors),
    }


def worker(*, cluster: Input[str], service: Input[str], log_errors: Input[str]) -> Mapping[str, Alarm]:
    """Return the alarms of the worker. There is none on CPU: a busy worker is normal, and autoscaling adds tasks."""
    return {
        "service-memory": _memory("worker", cluster, service),
        "logged-errors": _logged_errors("worker", log_errors),
    }


def _cpu(
    what: str,
    cluster: Input[str],
    service: Input[str],
    more: str = "pulumi config set --path tierup:sizeOverrides.tasks N",
) -> Alarm:
    return Alarm(
        summary=f"The CPU utilization of the {what} is above {thresholds.CPU_PERCENT:g} %.",
        action=f"Add tasks ({more}), or choose the next tier.",
        metrics={"cpu": service_metric("CPUUtilization", cluster, service, "Average")},
        comparison=">",
        threshold=thresholds.CPU_PERCENT,
        treat_missing_data=TreatMissingData.MISSING,
        evaluation_periods=3,
    )


def _memory(what: str, cluster: Input[str], service: Input[str], larger: str = "taskMemory") -> Alarm:
    return Alarm(
        summary=f"The memory utilization of the {what} is above {thresholds.MEMORY_PERCENT:g} %.",
        action=f"If it grows steadily since the last deployment, it is a leak: roll back. Otherwise use larger "
        f"tasks ({larger}).",
        metrics={"memory": service_metric("MemoryUtilization", cluster, service, "Average")},
        comparison=">",
        threshold=thresholds.MEMORY_PERCENT,
        treat_missing_data=TreatMissingData.MISSING,
        evaluation_periods=3,
    )


def _logged_errors(what: str, metric: Input[str]) -> Alarm:
    return Alarm(
        summary=f"The {what} logs errors, which may not reach users.",
        action=f"Read Sentry, and the lines of level error in the log of the {what} in CloudWatch.",
        metrics={"errors": log_error_metric(metric)},
        comparison=">",
        threshold=10,
        treat_missing_data=TreatMissingData.NOT_BREACHING,
    )


def cache_targets(nodes: Sequence[Input[str]], node_type: str) -> Mapping[str, Alarm]:
    """Return the alarms of each cache node. Nodes are numbered from 1, because their ids may be unknown outputs."""
    return {
        name: alarm
        for number, node in enumerate(nodes, 1)
        for name, alarm in {
            **_cache_node(number, node, cpu_metric(node_type)),
            **(_cache_credits(number, node) if has_cpu_credits(node_type) else {}),
        }.items()
    }


def _cache_credits(number: int, node: Input[str]) -> Mapping[str, Alarm]:
    return {
        f"cache-credits-{number}": Alarm(
            summary=f"Cache node {number} has almost no CPU credits left.",
            action="Find out what uses its CPU (alarm cache-cpu). Choose a larger node or one of a family without"
            " credits (cacheNodeType): credits beyond the balance are billed.",
            metrics={"credits": cache_metric("CPUCreditBalance", node, "Average")},
            comparison="<",
            threshold=_CPU_CREDITS,
            treat_missing_data=TreatMissingData.MISSING,
            # A new node begins with a balance of 0; the smallest one earns 12 credits an hour.
            period_seconds=3_600,
            evaluation_periods=6,
        ),
    }


def _cache_node(number: int, node: Input[str], cpu: CpuMetric) -> Mapping[str, Alarm]:
    return {
        f"cache-memory-{number}": Alarm(
            summary=f"The memory of cache node {number} is more than {thresholds.MEMORY_PERCENT:g} % full.",
            action="Shorten expiry times, or choose a larger node (cacheNodeType) before it evicts entries in use.",
            metrics={"memory": cache_metric("DatabaseMemoryUsagePercentage", node, "Average")},
            comparison=">",
            threshold=thresholds.MEMORY_PERCENT,
            treat_missing_data=TreatMissingData.MISSING,
            evaluation_periods=3,
        ),
        f"cache-evictions-{number}": Alarm(
            summary=f"Cache node {number} has evicted entries for a quarter of an hour.",
            action="Shorten expiry times, or choose a larger node (cacheNodeType).",
            metrics={"evictions": cache_metric("Evictions", node, "Sum")},
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
        f"cache-cpu-{number}": Alarm(
            summary=f"The {cpu} of cache node {number} is above {CACHE_CPU_PERCENT[cpu]:g} %: its engine's core is"
            " nearly full.",
            action="Find slow commands (KEYS, large SORTs) in the slow log, or choose a larger node (cacheNodeType).",
            metrics={"cpu": cache_metric(cpu.value, node, "Average")},
            comparison=">",
            threshold=CACHE_CPU_PERCENT[cpu],
            treat_missing_data=TreatMissingData.MISSING,
            evaluation_periods=3,
        ),
    }


def certificates(arns: Sequence[Input[str]]) -> Mapping[str, Alarm]:
    """Return the alarm of each certificate, numbered from 1. All certificates are in one region."""
    return {f"certificate-expiry-{number}": certificate_expiry(arn) for number, arn in enumerate(arns, 1)}


def api_edge_targets(*, acl: Input[str], distribution: Input[str]) -> Mapping[str, Alarm]:
    """Return the alarms of the API's CloudFront distribution and its web ACL, whose metrics are in us-east-1."""
    return {
        "api-blocked-requests": _blocked("API's distribution", web_acl_metric("BlockedRequests", acl, None, "Sum")),
        "api-cdn-errors": Alarm(
            summary="More than 5 % of the responses of the API's distribution are 5xx errors.",
            action="If the alarms of service and load balancer are OK, CloudFront does not reach the load balancer: "
            "check its certificate, its security group and the rule cdn-only of its web ACL.",
            metrics={"errors": site_metric("5xxErrorRate", distribution, "Average")},
            comparison=">",
            threshold=5,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
    }


def api_web_acl_targets(*, acl: Input[str], region: str) -> Mapping[str, Alarm]:
    """Return the alarm on blocked API requests: an attack, or a rule that blocks users."""
    return {"api-blocked-requests": _blocked("API", web_acl_metric("BlockedRequests", acl, region, "Sum"))}


def site_targets(*, acl: Input[str], distribution: Input[str]) -> Mapping[str, Alarm]:
    """Return the alarms of the site. All of its metrics are in us-east-1."""
    return {
        "site-blocked-requests": _blocked("site", web_acl_metric("BlockedRequests", acl, None, "Sum")),
        "site-errors": Alarm(
            summary="More than 1 % of the site's responses are 5xx errors.",
            action="CloudFront cannot read the bucket. Check the bucket policy and the last upload.",
            metrics={"errors": site_metric("5xxErrorRate", distribution, "Average")},
            comparison=">",
            threshold=1,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
    }


def _blocked(what: str, metric: Metric) -> Alarm:
    return Alarm(
        summary=f"The web ACL of the {what} blocked more than {_BLOCKED_IN_5_MINUTES} requests in 5 minutes.",
        action="Open the Traffic overview of the web ACL in AWS WAF. One rule and few addresses are an attack. "
        "Many addresses"
        " and one of your routes point to a wrong rule: set tierup:wafMode to count and read the WAF log.",
        metrics={"blocked": metric},
        comparison=">",
        threshold=_BLOCKED_IN_5_MINUTES,
        treat_missing_data=TreatMissingData.NOT_BREACHING,
    )
