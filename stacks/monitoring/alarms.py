"""Every alarm of a stack: one function a layer, each row with the number from which on somebody must act.

Outages are told in every phase; the guide's numbers (targets.py) from optimization on. An alarm that asks for no
action is left out: a count of requests, a spare replica that restarts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi import Input

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.log_error_metric import NAMESPACE as LOG_NAMESPACE
from components.monitoring.metric import Metric
from stacks.catalog import thresholds

_ENOUGH_REQUESTS = 1000  # fewer, and one failed request alone would pass 0.1 %
_BLOCKED_IN_5_MINUTES = 1000  # a scanner's usual visit is some hundreds


def load_balancer_metric(name: str, load_balancer: Input[str], statistic: str) -> Metric:
    """A metric of the load balancer as a whole. `load_balancer` is its ARN suffix."""
    return Metric(
        namespace="AWS/ApplicationELB", name=name, dimensions={"LoadBalancer": load_balancer}, statistic=statistic
    )


def target_metric(name: str, load_balancer: Input[str], target_group: Input[str], statistic: str) -> Metric:
    """A metric of the tasks behind it, as the load balancer sees them. Both are ARN suffixes."""
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        dimensions={"LoadBalancer": load_balancer, "TargetGroup": target_group},
        statistic=statistic,
    )


def service_metric(name: str, cluster: Input[str], service: Input[str], statistic: str) -> Metric:
    """A metric of the ECS service, over all its tasks."""
    return Metric(
        namespace="AWS/ECS",
        name=name,
        dimensions={"ClusterName": cluster, "ServiceName": service},
        statistic=statistic,
    )


def cache_metric(name: str, node: Input[str], statistic: str) -> Metric:
    """A metric of one cache node, by its cluster id."""
    return Metric(namespace="AWS/ElastiCache", name=name, dimensions={"CacheClusterId": node}, statistic=statistic)


def firewall_metric(name: str, acl: Input[str], region: str | None, statistic: str) -> Metric:
    """A metric of all rules of a web ACL. `region` is None for one that stands before CloudFront."""
    where = {} if region is None else {"Region": region}
    return Metric(
        namespace="AWS/WAFV2", name=name, dimensions={"WebACL": acl, "Rule": "ALL", **where}, statistic=statistic
    )


def site_metric(name: str, distribution: Input[str], statistic: str) -> Metric:
    """A metric of a CloudFront distribution; all of them are in us-east-1."""
    return Metric(
        namespace="AWS/CloudFront",
        name=name,
        dimensions={"DistributionId": distribution, "Region": "Global"},
        statistic=statistic,
    )


def log_error_metric(name: Input[str]) -> Metric:
    """Errors in the service's log, counted by components/monitoring/log_error_metric.py."""
    return Metric(namespace=LOG_NAMESPACE, name=name, dimensions={}, statistic="Sum")


def _in_all(
    name: str, load_balancer: Input[str], target_groups: Sequence[Input[str]], statistic: str
) -> tuple[Mapping[str, Metric], str | None]:
    """A count over all target groups, and the expression that adds them up. With blue/green deployments there are two,
    and the tasks that serve stand in either; the other has no samples."""
    metrics = {
        f"in_group_{number}": target_metric(name, load_balancer, group, statistic)
        for number, group in enumerate(target_groups, 1)
    }
    return metrics, " + ".join(f"FILL({each}, 0)" for each in metrics) if len(metrics) > 1 else None


def outages(
    *, load_balancer: Input[str], target_groups: Sequence[Input[str]], log_errors: Input[str]
) -> Mapping[str, Alarm]:
    """Users get errors, or nobody answers them."""
    # Maximum, because a node of the load balancer whose zone has no task reports 0 in all health.
    healthy, all_healthy = _in_all("HealthyHostCount", load_balancer, target_groups, "Maximum")
    unhealthy, all_unhealthy = _in_all("UnHealthyHostCount", load_balancer, target_groups, "Maximum")
    errors, all_errors = _in_all("HTTPCode_Target_5XX_Count", load_balancer, target_groups, "Sum")
    return {
        "no-running-task": Alarm(
            summary="No task of the service answers its health check: the API is down.",
            action="ECS, the service, tab Events: it says why tasks stop. Then the log of the last stopped task."
            " /health answers 503 while the database is out of reach, so look at Atlas too.",
            metrics=healthy,
            expression=all_healthy,
            comparison="<",
            threshold=1,
            treat_missing_data=TreatMissingData.BREACHING,  # without a registered task there is no data
            period_seconds=60,
            evaluation_periods=5,
        ),
        "unhealthy-task": Alarm(
            summary="A task has failed its health check for minutes, and replacing it does not help.",
            action="ECS, the service, tab Tasks: compare its revision with the last deployment's; roll back if new.",
            metrics=unhealthy,
            expression=all_unhealthy,
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=60,
            evaluation_periods=10,
            datapoints_to_alarm=8,  # a deployment or a restart passes through unhealthy for some
        ),
        "service-errors": Alarm(
            summary="The service answered with a 5xx status more than 10 times in 5 minutes.",
            action="The service's log, lines of level error, and Sentry: which route fails since when? A new revision:"
            " roll back.",
            metrics=errors,
            expression=all_errors,
            comparison=">",
            threshold=10,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        ),
        "load-balancer-errors": Alarm(
            summary="The load balancer itself answered with a 5xx status more than 10 times in 5 minutes.",
            action="502: tasks close connections or crash. 503: there is no healthy task. 504: requests take longer"
            " than the idle timeout. The access logs in the log bucket tell which.",
            metrics={"errors": load_balancer_metric("HTTPCode_ELB_5XX_Count", load_balancer, "Sum")},
            comparison=">",
            threshold=10,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        ),
        "logged-errors": _logged_errors("service", log_errors),
    }


def failing_release(*, load_balancer: Input[str]) -> Mapping[str, Alarm]:
    """What undoes a deployment. Over both target groups, because the new release is in either."""
    return {
        "failing-release": Alarm(
            summary="Tasks answered with a 5xx status more than 10 times in a minute; a deployment is undone.",
            action="ECS, the service, tab Deployments: was one rolled back? Then its log: the new revision is at fault."
            " If none runs, treat it as service-errors.",
            metrics={"errors": load_balancer_metric("HTTPCode_Target_5XX_Count", load_balancer, "Sum")},
            comparison=">",
            threshold=10,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=60,
        ),
    }


def service_targets(
    *,
    load_balancer: Input[str],
    target_groups: Sequence[Input[str]],
    cluster: Input[str],
    service: Input[str],
) -> Mapping[str, Alarm]:
    """The service runs but is slower, fuller or faultier than the guide allows."""
    errors, all_errors = _in_all("HTTPCode_Target_5XX_Count", load_balancer, target_groups, "Sum")
    return {
        "slow-responses": Alarm(
            summary=f"One in twenty requests takes longer than {thresholds.P95_SECONDS * 1000:g} ms.",
            action="Dashboard: is the CPU full (more tasks), the cache missing, or the database slow (Atlas,"
            " Performance Advisor)?",
            metrics={"p95": load_balancer_metric("TargetResponseTime", load_balancer, "p95")},
            comparison=">",
            threshold=thresholds.P95_SECONDS,
            treat_missing_data=TreatMissingData.NOT_BREACHING,  # no requests, no waiting
            evaluation_periods=3,
        ),
        "error-rate": Alarm(
            summary=f"More than {thresholds.ERROR_PERCENT:g} % of the service's answers are errors.",
            action="The service's log and Sentry: which route? A new revision: roll back.",
            metrics={
                # Not summed with the load balancer's own 5xx: a metric that never had a sample would empty the sum, and
                # the alarm would sleep. load-balancer-errors watches those.
                **errors,
                "requests": load_balancer_metric("RequestCount", load_balancer, "Sum"),
            },
            expression=f"IF(requests >= {_ENOUGH_REQUESTS}, 100 * ({all_errors or next(iter(errors))}) / requests, 0)",
            comparison=">",
            threshold=thresholds.ERROR_PERCENT,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            period_seconds=900,
        ),
        "service-cpu": _cpu("service", cluster, service),
        "service-memory": _memory("service", cluster, service),
    }


def further_service(
    what: str, *, cluster: Input[str], service: Input[str], log_errors: Input[str]
) -> Mapping[str, Alarm]:
    """One of tierup:services, or one version of it."""
    return {
        "service-cpu": _cpu(what, cluster, service, more="tasks and maxTasks in tierup:services"),
        "service-memory": _memory(what, cluster, service, larger="memory in tierup:services"),
        "logged-errors": _logged_errors(what, log_errors),
    }


def worker(*, cluster: Input[str], service: Input[str], log_errors: Input[str]) -> Mapping[str, Alarm]:
    """What works off the queue. Its CPU may be full: then it is at work, and autoscaling adds tasks."""
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
        summary=f"The {what}'s CPU is more than {thresholds.CPU_PERCENT:g} % used.",
        action=f"More tasks ({more}) or the next tier.",
        metrics={"cpu": service_metric("CPUUtilization", cluster, service, "Average")},
        comparison=">",
        threshold=thresholds.CPU_PERCENT,
        treat_missing_data=TreatMissingData.MISSING,
        evaluation_periods=3,
    )


def _memory(what: str, cluster: Input[str], service: Input[str], larger: str = "taskMemory") -> Alarm:
    return Alarm(
        summary=f"The {what}'s memory is more than {thresholds.MEMORY_PERCENT:g} % used.",
        action=f"A steady climb since the last deployment is a leak: roll back. Else larger tasks ({larger}).",
        metrics={"memory": service_metric("MemoryUtilization", cluster, service, "Average")},
        comparison=">",
        threshold=thresholds.MEMORY_PERCENT,
        treat_missing_data=TreatMissingData.MISSING,
        evaluation_periods=3,
    )


def _logged_errors(what: str, metric: Input[str]) -> Alarm:
    return Alarm(
        summary=f"The {what} logs errors, although users may not have seen them.",
        action=f"Sentry, and the lines of level error in the {what}'s log in CloudWatch.",
        metrics={"errors": log_error_metric(metric)},
        comparison=">",
        threshold=10,
        treat_missing_data=TreatMissingData.NOT_BREACHING,
    )


def cache_targets(nodes: Sequence[Input[str]]) -> Mapping[str, Alarm]:
    """Rows for each node of the cache, numbered from 1; node ids may be known only after it was made."""
    return {name: alarm for number, node in enumerate(nodes, 1) for name, alarm in _cache_node(number, node).items()}


def _cache_node(number: int, node: Input[str]) -> Mapping[str, Alarm]:
    return {
        f"cache-memory-{number}": Alarm(
            summary=f"Cache node {number} is more than {thresholds.MEMORY_PERCENT:g} % full.",
            action="Shorter expiry times, or a larger node (cacheNodeType) before it evicts what is in use.",
            metrics={"memory": cache_metric("DatabaseMemoryUsagePercentage", node, "Average")},
            comparison=">",
            threshold=thresholds.MEMORY_PERCENT,
            treat_missing_data=TreatMissingData.MISSING,
            evaluation_periods=3,
        ),
        f"cache-evictions-{number}": Alarm(
            summary=f"Cache node {number} throws entries away to make room, for a quarter of an hour.",
            action="It is too small for what is kept in it: shorter expiry times or a larger node (cacheNodeType).",
            metrics={"evictions": cache_metric("Evictions", node, "Sum")},
            comparison=">",
            threshold=0,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
        f"cache-cpu-{number}": Alarm(
            summary=f"Cache node {number} uses more than {thresholds.CPU_PERCENT:g} % of its engine's core.",
            action="Look for slow commands (KEYS, large SORTs) in the slow log, then a larger node (cacheNodeType).",
            # Not CPUUtilization: on a node of two vCPUs the engine is at its limit when that says 50 %.
            metrics={"cpu": cache_metric("EngineCPUUtilization", node, "Average")},
            comparison=">",
            threshold=thresholds.CPU_PERCENT,
            treat_missing_data=TreatMissingData.MISSING,
            evaluation_periods=3,
        ),
    }


def api_firewall_targets(*, acl: Input[str], region: str) -> Mapping[str, Alarm]:
    """The API is being attacked, or the firewall refuses its users."""
    return {"api-blocked-requests": _blocked("API", firewall_metric("BlockedRequests", acl, region, "Sum"))}


def site_targets(*, acl: Input[str], distribution: Input[str]) -> Mapping[str, Alarm]:
    """The same before the site, and the site itself; all its metrics are in us-east-1."""
    return {
        "site-blocked-requests": _blocked("site", firewall_metric("BlockedRequests", acl, None, "Sum")),
        "site-errors": Alarm(
            summary="More than 1 % of the site's answers are 5xx errors.",
            action="CloudFront reaches its bucket no more: look at the bucket's policy and the last upload.",
            metrics={"errors": site_metric("5xxErrorRate", distribution, "Average")},
            comparison=">",
            threshold=1,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            evaluation_periods=3,
        ),
    }


def _blocked(what: str, metric: Metric) -> Alarm:
    return Alarm(
        summary=f"The firewall of the {what} blocked more than {_BLOCKED_IN_5_MINUTES} requests in 5 minutes.",
        action="WAF, the web ACL, Traffic overview: one rule and a few addresses are an attack, it holds. Many"
        " addresses and one of your own routes: a rule is wrong, set tierup:wafMode to count and look at its log.",
        metrics={"blocked": metric},
        comparison=">",
        threshold=_BLOCKED_IN_5_MINUTES,
        treat_missing_data=TreatMissingData.NOT_BREACHING,
    )
