"""Monitoring: alarms and their topics, the uptime check, the dashboard, the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pulumi import Output, Resource, ResourceOptions

from components.elasticache.replication_group import ClusterMode, ReplicationGroup
from components.monitoring.alarm_topic import AlarmTopic
from components.monitoring.alarms import Alarm, Alarms, AlarmsArgs
from components.monitoring.budget import Budget, BudgetArgs
from components.monitoring.burn_rate_alarms import BURN_RATES, BurnRateAlarms, BurnRateAlarmsArgs
from components.monitoring.dashboard import Dashboard, DashboardArgs, DashboardRow
from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
from components.monitoring.metric import Metric
from components.monitoring.uptime_check import UptimeCheck, UptimeCheckArgs
from stacks.catalog.phases import Feature
from stacks.context import EDGE_REGION, StackContext
from stacks.monitoring import alarms, business, dashboard, maintenance
from stacks.monitoring.vendor_thresholds import VendorMonitoring, vendor_thresholds
from stacks.resources.alert_routes import (
    PAGED,
    AlarmTopics,
    create_deployment_events,
    create_slack_channels,
    create_topic,
    create_topics,
)
from stacks.resources.compute import Compute
from stacks.resources.ingress import Ingress
from stacks.resources.maintenance import Maintenance
from stacks.resources.monitoring_vendors import create_vendors
from stacks.resources.site import Site
from stacks.resources.tasks import business_metrics


@dataclass(frozen=True, kw_only=True, slots=True)
class _Monitored:
    """The parts of the stack that alarms and dashboard show."""

    ingress: Ingress
    compute: Compute
    site: Site | None  # None when another host serves the frontend
    cache: ReplicationGroup | None
    maintenance: Maintenance
    further_balancers: Mapping[str, Output[str]]  # region → ARN suffix of its load balancer

    @property
    def load_balancer(self) -> Output[str]:
        """The ARN suffix of the load balancer."""
        return self.ingress.load_balancer.arn_suffix

    @property
    def target_groups(self) -> Sequence[Output[str]]:
        """The ARN suffixes of the target groups: one, the two of blue/green deployments, and that of pods."""
        blue_green, pods = self.compute.blue_green, self.compute.pods
        alternate = [blue_green.alternate_target_group_arn_suffix] if blue_green else []
        of_pods = [pods.targets.target_group_arn_suffix] if pods else []
        of_tasks = [self.ingress.load_balancer.target_group_arn_suffix, *alternate]
        return [*of_tasks, *of_pods] if self.compute.service else of_pods


def create_monitoring(
    context: StackContext,
    topic: AlarmTopic,
    ingress: Ingress,
    compute: Compute,
    site: Site | None,
    cache: ReplicationGroup | None,
    maintenance: Maintenance,
    further_balancers: Mapping[str, Output[str]] | None = None,
) -> Mapping[str, Output[str]]:
    """Create the monitoring of the stack and return its stack outputs."""
    monitored = _Monitored(
        ingress=ingress,
        compute=compute,
        site=site,
        cache=cache,
        maintenance=maintenance,
        further_balancers=further_balancers or {},
    )
    log_errors = _log_error_metric(context, "backend", compute.log_group_name)
    topics = create_topics("", context, topic, region=None)
    regions = [topics]
    rows = _stack_rows(context, monitored, log_errors)
    service_rows = _service_rows(context, compute) if context.has(Feature.TARGET_ALARMS) else {}
    stack_alarms = Alarms("alarms", _alarms_args(context, topics, rows), _after(context, *compute.serving))
    for name, each in service_rows.items():
        Alarms(f"alarms-{name}", _alarms_args(context, topics, each), context.opts)
    outputs = {"alarm_topic_arn": topic.arn}
    if context.has(Feature.TARGET_ALARMS) or context.has(Feature.UPTIME_CHECK):
        # An alarm is in the region of its metrics, and its topic must be in the same region.
        same_region = context.settings.region == EDGE_REGION
        if same_region:
            edge = topics
        else:
            edge_topic = create_topic("edge-alarm", context, region=EDGE_REGION)
            edge = create_topics("edge-", context, edge_topic, region=EDGE_REGION)
            regions.append(edge)
        outputs["edge_alarm_topic_arn"] = edge.ticket.arn
        _edge_alarms(context, edge, monitored)
        _uptime_checks(context, edge.page, monitored)
    create_slack_channels(context, regions)
    create_deployment_events(context, topics, compute)
    if context.has(Feature.ERROR_BUDGET):
        _burn_rate_alarms(context, topics, monitored)
    if context.has(Feature.DASHBOARD):
        outputs["dashboard_url"] = _dashboard(context, monitored, stack_alarms, log_errors).url
    if context.has(Feature.BUDGET):
        _budget(context, topic)
    return {**outputs, **_vendors(context, monitored, rows, service_rows)}


def _vendors(
    context: StackContext,
    monitored: _Monitored,
    rows: Mapping[str, Alarm],
    service_rows: Mapping[str, Mapping[str, Alarm]],
) -> Mapping[str, Output[str]]:
    """Create the monitoring of the vendors, on the thresholds of the alarms."""
    thresholds = dict(vendor_thresholds(rows, urgent=PAGED))
    for name, each in service_rows.items():
        thresholds |= vendor_thresholds(each, urgent=PAGED, prefix=f"{name}-")
    vendor_monitoring = VendorMonitoring(
        thresholds=thresholds, requests=_requests(monitored), failures=list(_failures(monitored).values())
    )
    return create_vendors(context, vendor_monitoring)


def _stack_rows(context: StackContext, monitored: _Monitored, log_errors: LogErrorMetric) -> Mapping[str, Alarm]:
    compute, ingress = monitored.compute, monitored.ingress
    rows = dict(
        alarms.outages(
            load_balancer=monitored.load_balancer,
            target_groups=monitored.target_groups,
            log_errors=log_errors.metric_name,
        )
    )
    if context.has(Feature.TARGET_ALARMS):
        rows |= alarms.service_targets(
            load_balancer=monitored.load_balancer,
            target_groups=monitored.target_groups,
            cluster=compute.cluster.cluster_name,
            service=compute.service.service_name if compute.service else None,
        )
        rows |= alarms.cache_targets(cache_nodes(context, monitored.cache), context.settings.sizes.cache_node_type)
        rows |= alarms.certificates([ingress.certificate_arn])
        if ingress.web_acl is not None:
            rows |= alarms.api_web_acl_targets(acl=ingress.web_acl.acl_metric, region=context.settings.region)
    if monitored.maintenance.rotation is not None:
        rows |= maintenance.rotation(monitored.maintenance.rotation.function_name)
    if monitored.maintenance.backups is not None:
        rows |= maintenance.backups(monitored.maintenance.backups.vault_name)
    if context.has(Feature.BUSINESS_METRICS) and context.settings.business_alarms:
        rows |= business.business_alarms(business_metrics(context))
    return rows


def _alarms_args(
    context: StackContext, topics: AlarmTopics, rows: Mapping[str, Alarm], region: str | None = None
) -> AlarmsArgs:
    return AlarmsArgs(
        alarms=rows,
        topic_arn=topics.ticket.arn,
        topic_overrides=topics.overrides(rows),
        region=region,
        runbooks=context.settings.runbook_url,
        tags=context.tags,
    )


def _after(context: StackContext, *resources: Resource) -> ResourceOptions:
    """Create alarms that treat missing data as breaching only after `resources`: no data exists before the first
    task."""
    return ResourceOptions.merge(context.opts, ResourceOptions(depends_on=resources))


def _service_rows(context: StackContext, compute: Compute) -> Mapping[str, Mapping[str, Alarm]]:
    """Return the alarms of the worker, of pods and of tierup:services, by component. They share the runbooks of the
    API."""
    cluster = compute.cluster.cluster_name
    rows: dict[str, Mapping[str, Alarm]] = {}
    if (worker := compute.worker) is not None:
        errors = _log_error_metric(context, "worker", worker.log_group_name).metric_name
        rows["worker"] = alarms.worker(cluster=cluster, service=worker.service_name, log_errors=errors)
    if (pods := compute.pods) is not None:
        watched = compute.service is None  # the alarms of the stack watch the log of pods
        rows["pods"] = alarms.pods(
            cluster=pods.cluster.cluster_name,
            namespace=pods.namespace,
            service=pods.service_name,
            log_errors=None if watched else _log_error_metric(context, "pods", pods.log_group_name).metric_name,
        )
        for name, of_service in pods.services.items():
            rows[f"{name}-pods"] = alarms.pods(
                cluster=pods.cluster.cluster_name,
                namespace=pods.namespace,
                service=of_service.service_name,
                log_errors=None,
                what=name,
                larger="memory in tierup:services",
            )
    for name, service in compute.others.items():
        errors = _log_error_metric(context, name, service.log_group_name).metric_name
        rows[name] = alarms.further_service(name, cluster=cluster, service=service.service_name, log_errors=errors)
    return rows


def _log_error_metric(context: StackContext, service: str, log_group_name: Output[str]) -> LogErrorMetric:
    return LogErrorMetric(f"{service}-errors", LogErrorMetricArgs(log_group_name=log_group_name), context.opts)


def _edge_alarms(context: StackContext, topics: AlarmTopics, monitored: _Monitored) -> None:
    """Create the alarms whose metrics are in us-east-1. Cloudflare publishes no metrics to CloudWatch."""
    site, ingress = monitored.site, monitored.ingress
    rows: dict[str, Alarm] = {}
    if site is not None and site.cloudfront is not None and site.web_acl is not None:
        rows |= alarms.site_targets(acl=site.web_acl.acl_metric, distribution=site.cloudfront.distribution_id)
    if ingress.cdn is not None and ingress.edge_web_acl is not None:
        rows |= alarms.api_edge_targets(acl=ingress.edge_web_acl.acl_metric, distribution=ingress.cdn.distribution_id)
    edge = [arn for arn in (site.certificate_arn if site else None, ingress.edge_certificate_arn) if arn is not None]
    # tierup:edgeCertificateArn is one certificate for both.
    rows |= alarms.certificates(edge[:1] if context.settings.edge_certificate_arn else edge)
    if rows:
        Alarms("edge-alarms", _alarms_args(context, topics, rows, region=EDGE_REGION), context.opts)


def _uptime_checks(context: StackContext, topic: AlarmTopic, monitored: _Monitored) -> None:
    """Create the checks of API and site, as far as the checkers of Route 53 may request them.

    They present no client certificate, so an API with mutual TLS at its load balancer has no check; behind Cloudflare
    only Cloudflare presents one. Restrictions by country and network exempt the API's health check, and the site has no
    path that could be exempt.
    """
    settings = context.settings
    if settings.client_certificates is None or context.has(Feature.API_BEHIND_CDN):
        args = _uptime_args(context, topic, settings.api_host)
        UptimeCheck("uptime", args, _after(context, *monitored.compute.serving, monitored.ingress.record))
    if settings.client_restrictions is None and monitored.site is not None:
        args = replace(
            _uptime_args(context, topic, settings.domain),
            path="/",
            action="No response: check the DNS record of the site. 403: the CDN cannot read the bucket, or a WAF rule"
            " blocks; check the last upload.",
        )
        UptimeCheck("site-uptime", args, _after(context, monitored.site.record))


def _uptime_args(context: StackContext, topic: AlarmTopic, host: str) -> UptimeCheckArgs:
    return UptimeCheckArgs(
        host=host,
        path=context.settings.backend.health_check_path,
        topic_arn=topic.arn,
        regions=context.settings.uptime_regions,
        runbooks=context.settings.runbook_url,
        tags=context.tags,
    )


def _requests(monitored: _Monitored) -> Metric:
    return alarms.load_balancer_metric("RequestCount", monitored.load_balancer, "Sum")


def _failures(monitored: _Monitored) -> Mapping[str, Metric]:
    """Return the 5xx responses that users received: those of the tasks, and those of the load balancer itself."""
    return {
        "by_tasks": alarms.load_balancer_metric("HTTPCode_Target_5XX_Count", monitored.load_balancer, "Sum"),
        "by_balancer": alarms.load_balancer_metric("HTTPCode_ELB_5XX_Count", monitored.load_balancer, "Sum"),
    }


def _burn_rate_alarms(context: StackContext, topics: AlarmTopics, monitored: _Monitored) -> None:
    BurnRateAlarms(
        "api-budget",
        BurnRateAlarmsArgs(
            requests=_requests(monitored),
            failures=_failures(monitored),
            objective_percent=business.OBJECTIVE_PERCENT,
            topic_arn=topics.ticket.arn,
            topic_overrides=topics.overrides(BURN_RATES),
            runbooks=context.settings.runbook_url,
            tags=context.tags,
        ),
        context.opts,
    )


def _dashboard(
    context: StackContext, monitored: _Monitored, stack_alarms: Alarms, log_errors: LogErrorMetric
) -> Dashboard:
    compute, cluster = monitored.compute, monitored.compute.cluster.cluster_name
    target_group = monitored.target_groups[0]
    rows: list[DashboardRow] = [
        dashboard.alarm_row(list(stack_alarms.arns.values())),
        *(
            [business.objective_row(requests=_requests(monitored), failures=_failures(monitored))]
            if context.has(Feature.ERROR_BUDGET)
            else []
        ),
        *([business.business_row(business_metrics(context))] if context.has(Feature.BUSINESS_METRICS) else []),
        *(
            [dashboard.regions_row({context.settings.region: monitored.load_balancer, **monitored.further_balancers})]
            if monitored.further_balancers
            else []
        ),
        dashboard.api_row(load_balancer=monitored.load_balancer, target_group=target_group),
        *_edge_rows(context, monitored),
        *(
            [
                dashboard.service_row(
                    cluster=cluster,
                    service=compute.service.service_name,
                    load_balancer=monitored.load_balancer,
                    target_group=target_group,
                )
            ]
            if compute.service
            else []
        ),
        *(
            [
                dashboard.pod_row(
                    cluster=compute.pods.cluster.cluster_name,
                    namespace=compute.pods.namespace,
                    service=compute.pods.service_name,
                )
            ]
            if compute.pods
            else []
        ),
        *(
            dashboard.cache_rows(cache_nodes(context, monitored.cache), context.settings.sizes.cache_node_type)
            if monitored.cache
            else []
        ),
        dashboard.log_row(log_group=compute.log_group_name, log_errors=log_errors.metric_name),
    ]
    # The name contains that of the cluster or service, whose suffix is random, so that two stacks never share a
    # dashboard.
    unique = cluster
    if context.settings.existing_cluster is not None and compute.service is not None:
        unique = compute.service.service_name
    args = DashboardArgs(
        dashboard_name=Output.concat(context.stack, "-", unique), region=context.settings.region, rows=rows
    )
    return Dashboard("dashboard", args, context.opts)


def _edge_rows(context: StackContext, monitored: _Monitored) -> list[DashboardRow]:
    site, ingress = monitored.site, monitored.ingress
    site_edge = (
        dashboard.Edge(distribution=site.cloudfront.distribution_id, acl=site.web_acl.acl_metric)
        if site and site.cloudfront and site.web_acl
        else None
    )
    api_edge = (
        dashboard.Edge(distribution=ingress.cdn.distribution_id, acl=ingress.edge_web_acl.acl_metric)
        if ingress.cdn and ingress.edge_web_acl
        else None
    )
    row = dashboard.edge_row(
        site=site_edge,
        api=api_edge,
        api_acl=ingress.web_acl.acl_metric if ingress.web_acl else None,
        region=context.settings.region,
    )
    return [row] if row else []


def _budget(context: StackContext, topic: AlarmTopic) -> None:
    args = BudgetArgs(
        limit_usd=context.settings.budget_usd,
        tag=("Stack", context.tags["Stack"]),
        topic_arn=topic.arn,
        tags=context.tags,
    )
    Budget("budget", args, context.opts)


def cache_nodes(context: StackContext, cache: ReplicationGroup | None) -> Sequence[Output[str]]:
    """Return the CacheClusterId of each cache node.

    The settings give the number of nodes, because the list itself is an output and the number of alarms cannot be.
    """
    if cache is None:
        return ()
    sizes = context.settings.sizes
    shards = sizes.cache_shards if context.settings.cluster_mode is ClusterMode.ENABLED else 1
    return [cache.node_ids.apply(partial(_node_id, number)) for number in range(shards * sizes.cache_nodes)]


def _node_id(number: int, ids: Sequence[str]) -> str:
    """Return the id of a node. While a preview still has the list from before a scale-out, return a placeholder."""
    return ids[number] if number < len(ids) else f"node-{number + 1}-to-come"
