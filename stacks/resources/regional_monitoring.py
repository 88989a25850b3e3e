"""Monitoring of a further region: its alarms and its dashboard. They notify the region's own topic.

The alarms link to the same runbooks as those of the first region. Alarms of CloudFront, the uptime checks, the error
budget and the budget cover all regions, and are part of the first region's monitoring.
"""

from __future__ import annotations

from pulumi import Output, ResourceOptions

from components.ecs.worker_service import WorkerService
from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.dashboard import Dashboard, DashboardArgs
from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
from stacks.monitoring import alarms, dashboard
from stacks.resources.monitoring import cache_nodes
from stacks.resources.regions import Region


def monitor_region(region: Region) -> Dashboard:
    """Create the alarms and the dashboard of a region, and return the dashboard."""
    context, compute = region.context, region.cluster
    errors = LogErrorMetric(
        context.named("backend-errors"),
        LogErrorMetricArgs(log_group_name=region.service.log_group_name),
        context.opts,
    )
    balancer = region.ingress.load_balancer
    groups = [
        balancer.target_group_arn_suffix,
        *([region.blue_green.alternate_target_group_arn_suffix] if region.blue_green else []),
    ]
    nodes = cache_nodes(context, region.cache)
    rows = {
        **alarms.outages(load_balancer=balancer.arn_suffix, target_groups=groups, log_errors=errors.metric_name),
        **alarms.service_targets(
            load_balancer=balancer.arn_suffix,
            target_groups=groups,
            cluster=compute.cluster_name,
            service=region.service.service_name,
        ),
        **alarms.cache_targets(nodes, context.settings.sizes.cache_node_type),
        **alarms.certificates([region.ingress.certificate_arn]),
    }
    if region.ingress.web_acl is not None:
        acl = region.ingress.web_acl.acl_metric
        rows |= alarms.api_web_acl_targets(acl=acl, region=context.settings.region)
    created = Alarms(
        context.named("alarms"),
        AlarmsArgs(
            alarms=rows,
            topic_arn=region.foundation.topic.arn,
            runbooks=context.settings.runbook_url,
            tags=context.tags,
        ),
        # Alarms that treat missing data as breaching come after the first task.
        ResourceOptions.merge(context.opts, ResourceOptions(depends_on=[region.service])),
    )
    if region.worker is not None:
        _monitor_worker(region, region.worker)
    args = DashboardArgs(
        dashboard_name=Output.concat(context.stack, "-", compute.cluster_name),
        region=context.settings.region,
        rows=[
            dashboard.alarm_row(list(created.arns.values())),
            dashboard.api_row(load_balancer=balancer.arn_suffix, target_group=groups[0]),
            dashboard.service_row(
                cluster=compute.cluster_name,
                service=region.service.service_name,
                load_balancer=balancer.arn_suffix,
                target_group=groups[0],
            ),
            *dashboard.cache_rows(nodes, context.settings.sizes.cache_node_type),
            dashboard.log_row(log_group=region.service.log_group_name, log_errors=errors.metric_name),
        ],
    )
    return Dashboard(context.named("dashboard"), args, context.opts)


def _monitor_worker(region: Region, worker: WorkerService) -> None:
    context = region.context
    errors = LogErrorMetric(
        context.named("worker-errors"), LogErrorMetricArgs(log_group_name=worker.log_group_name), context.opts
    )
    rows = alarms.worker(
        cluster=region.cluster.cluster_name, service=worker.service_name, log_errors=errors.metric_name
    )
    args = AlarmsArgs(
        alarms=rows,
        topic_arn=region.foundation.topic.arn,
        runbooks=context.settings.runbook_url,
        tags=context.tags,
    )
    Alarms(context.named("alarms-worker"), args, context.opts)
