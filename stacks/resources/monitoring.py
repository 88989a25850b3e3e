"""Those who watch: alarms and whom they tell, the check from outside, the dashboard, the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pulumi import Output, Resource, ResourceOptions

from components.elasticache.replication_group import ClusterMode, ReplicationGroup
from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.monitoring.alarms import Alarm, Alarms, AlarmsArgs
from components.monitoring.budget import Budget, BudgetArgs
from components.monitoring.burn_rate_alarms import BurnRateAlarms, BurnRateAlarmsArgs
from components.monitoring.dashboard import Dashboard, DashboardArgs, DashboardRow
from components.monitoring.log_error_metric import LogErrorMetric, LogErrorMetricArgs
from components.monitoring.metric import Metric
from components.monitoring.uptime_check import UptimeCheck, UptimeCheckArgs
from stacks.catalog.phases import Feature
from stacks.context import EDGE_REGION, StackContext
from stacks.monitoring import alarms as alarm_table
from stacks.monitoring import business as business_table
from stacks.monitoring import dashboard as dashboard_rows
from stacks.monitoring import maintenance as upkeep_table
from stacks.resources.compute import Compute, business_metrics
from stacks.resources.ingress import Ingress
from stacks.resources.maintenance import Maintenance
from stacks.resources.site import Site


def create_topic(name: str, context: StackContext, *, region: str | None) -> AlarmTopic:
    """Whom alarms of a region tell; None is the stack's."""
    return AlarmTopic(
        name,
        AlarmTopicArgs(
            account_id=context.lookups.account_id, email=context.settings.alert_email, region=region, tags=context.tags
        ),
        context.opts,
    )


class Monitoring:
    """All of it, of one stack; `outputs` say where it can be found."""

    outputs: Mapping[str, Output[str]]

    def __init__(
        self,
        context: StackContext,
        topic: AlarmTopic,
        ingress: Ingress,
        compute: Compute,
        site: Site,
        cache: ReplicationGroup | None,
        maintenance: Maintenance,
    ) -> None:
        self._plan = context
        self._front, self._running, self._site, self._cache, self._upkeep = ingress, compute, site, cache, maintenance
        self._log_errors = LogErrorMetric(
            "backend-errors", LogErrorMetricArgs(log_group_name=compute.service.log_group_name), context.opts
        )
        self._alarms = self._make_alarms(topic)
        if context.has(Feature.TARGET_ALARMS):
            self._further_alarms(topic)
        outputs = {"alarm_topic_arn": topic.arn}
        if context.has(Feature.TARGET_ALARMS) or context.has(Feature.UPTIME_CHECK):
            # An alarm lives where its metrics are and tells a topic beside it.
            here = context.settings.region == EDGE_REGION
            edge_topic = topic if here else create_topic("edge-alarm", context, region=EDGE_REGION)
            outputs["edge_alarm_topic_arn"] = edge_topic.arn
            self._edge_alarms(edge_topic)
            self._uptime_check(edge_topic)
        if context.has(Feature.ERROR_BUDGET):
            self._error_budget(topic)
        if context.has(Feature.DASHBOARD):
            outputs["dashboard_url"] = self._dashboard().url
        if context.has(Feature.BUDGET):
            self._budget(topic)
        self.outputs = outputs

    @property
    def _balancer(self) -> Output[str]:
        return self._front.load_balancer.arn_suffix

    @property
    def _target_groups(self) -> Sequence[Output[str]]:
        """One, or the two between which blue/green deployments move."""
        blue_green = self._running.blue_green
        alternate = [blue_green.alternate_target_group_arn_suffix] if blue_green else []
        return [self._front.load_balancer.target_group_arn_suffix, *alternate]

    def _make_alarms(self, topic: AlarmTopic) -> Alarms:
        context, compute = self._plan, self._running
        rows = dict(
            alarm_table.outages(
                load_balancer=self._balancer,
                target_groups=self._target_groups,
                log_errors=self._log_errors.metric_name,
            )
        )
        if context.has(Feature.TARGET_ALARMS):
            rows |= alarm_table.service_targets(
                load_balancer=self._balancer,
                target_groups=self._target_groups,
                cluster=compute.cluster.cluster_name,
                service=compute.service.service_name,
            )
            rows |= alarm_table.cache_targets(cache_nodes(context, self._cache))
            if self._front.web_acl is not None:
                rows |= alarm_table.api_firewall_targets(
                    acl=self._front.web_acl.acl_metric, region=context.settings.region
                )
        if self._upkeep.rotation is not None:
            rows |= upkeep_table.rotation(self._upkeep.rotation.function_name)
        if self._upkeep.backups is not None:
            rows |= upkeep_table.backups(self._upkeep.backups.vault_name)
        if context.has(Feature.BUSINESS_METRICS):
            rows |= business_table.business_alarms(business_metrics(context))
        args = AlarmsArgs(alarms=rows, topic_arn=topic.arn, runbooks=context.settings.runbook_url, tags=context.tags)
        return Alarms("alarms", args, self._once_it_stands(compute.service))

    def _further_alarms(self, topic: AlarmTopic) -> None:
        """Of the worker and of tierup:services, a component each; their runbooks are those of the API's rows."""
        context, compute = self._plan, self._running
        cluster = compute.cluster.cluster_name
        rows: dict[str, Mapping[str, Alarm]] = {}
        if (worker := compute.worker) is not None:
            errors = self._errors_of("worker", worker.log_group_name)
            rows["worker"] = alarm_table.worker(cluster=cluster, service=worker.service_name, log_errors=errors)
        for name, service in compute.others.items():
            errors = self._errors_of(name, service.log_group_name)
            rows[name] = alarm_table.further_service(
                name, cluster=cluster, service=service.service_name, log_errors=errors
            )
        for name, alarms in rows.items():
            args = AlarmsArgs(
                alarms=alarms, topic_arn=topic.arn, runbooks=context.settings.runbook_url, tags=context.tags
            )
            Alarms(f"alarms-{name}", args, context.opts)

    def _errors_of(self, name: str, log_group_name: Output[str]) -> Output[str]:
        """The name of the metric that counts them."""
        return LogErrorMetric(
            f"{name}-errors", LogErrorMetricArgs(log_group_name=log_group_name), self._plan.opts
        ).metric_name

    def _once_it_stands(self, *watched: Resource) -> ResourceOptions:
        """For those that call silence an outage: else they wake somebody while the first task is still starting."""
        return ResourceOptions.merge(self._plan.opts, ResourceOptions(depends_on=watched))

    def _edge_alarms(self, topic: AlarmTopic) -> None:
        site, context = self._site, self._plan
        if site.cloudfront is None or site.web_acl is None:  # Cloudflare has no metrics in CloudWatch
            return
        rows = alarm_table.site_targets(acl=site.web_acl.acl_metric, distribution=site.cloudfront.distribution_id)
        args = AlarmsArgs(
            alarms=rows,
            topic_arn=topic.arn,
            region=EDGE_REGION,
            runbooks=context.settings.runbook_url,
            tags=context.tags,
        )
        Alarms("edge-alarms", args, context.opts)

    def _uptime_check(self, topic: AlarmTopic) -> None:
        args = UptimeCheckArgs(
            host=self._plan.settings.api_host,
            topic_arn=topic.arn,
            runbooks=self._plan.settings.runbook_url,
            tags=self._plan.tags,
        )
        UptimeCheck("uptime", args, self._once_it_stands(self._running.service, self._front.name))

    def _requests(self) -> Metric:
        return alarm_table.load_balancer_metric("RequestCount", self._balancer, "Sum")

    def _failures(self) -> Mapping[str, Metric]:
        """What users saw of failures: the tasks' and the load balancer's own."""
        return {
            "by_tasks": alarm_table.load_balancer_metric("HTTPCode_Target_5XX_Count", self._balancer, "Sum"),
            "by_balancer": alarm_table.load_balancer_metric("HTTPCode_ELB_5XX_Count", self._balancer, "Sum"),
        }

    def _error_budget(self, topic: AlarmTopic) -> None:
        BurnRateAlarms(
            "api-budget",
            BurnRateAlarmsArgs(
                requests=self._requests(),
                failures=self._failures(),
                objective_percent=business_table.OBJECTIVE_PERCENT,
                topic_arn=topic.arn,
                runbooks=self._plan.settings.runbook_url,
                tags=self._plan.tags,
            ),
            self._plan.opts,
        )

    def _dashboard(self) -> Dashboard:
        context, compute = self._plan, self._running
        cluster, service, group = compute.cluster.cluster_name, compute.service.service_name, self._target_groups[0]
        rows: list[DashboardRow] = [
            dashboard_rows.now_row(list(self._alarms.arns.values())),
            *(
                [business_table.objective_row(requests=self._requests(), failures=self._failures())]
                if context.has(Feature.ERROR_BUDGET)
                else []
            ),
            *(
                [business_table.business_row(business_metrics(context))]
                if context.has(Feature.BUSINESS_METRICS)
                else []
            ),
            dashboard_rows.api_row(load_balancer=self._balancer, target_group=group),
            *self._edge_row(),
            dashboard_rows.service_row(
                cluster=cluster, service=service, load_balancer=self._balancer, target_group=group
            ),
            *([dashboard_rows.cache_row(cache_nodes(context, self._cache))] if self._cache else []),
            dashboard_rows.log_row(log_group=compute.service.log_group_name, log_errors=self._log_errors.metric_name),
        ]
        # The service's name ends in random characters of its own, so two stacks called dev never draw over each other.
        name = Output.concat(context.stack, "-", cluster if context.settings.existing_cluster is None else service)
        return Dashboard(
            "dashboard", DashboardArgs(dashboard_name=name, region=context.settings.region, rows=rows), context.opts
        )

    def _edge_row(self) -> list[DashboardRow]:
        site, ingress = self._site, self._front
        if site.cloudfront is None or site.web_acl is None or ingress.web_acl is None:
            return []
        return [
            dashboard_rows.edge_row(
                distribution=site.cloudfront.distribution_id,
                site_acl=site.web_acl.acl_metric,
                api_acl=ingress.web_acl.acl_metric,
                region=self._plan.settings.region,
            )
        ]

    def _budget(self, topic: AlarmTopic) -> None:
        args = BudgetArgs(
            limit_usd=self._plan.settings.budget_usd,
            tag=("Stack", self._plan.tags["Stack"]),
            topic_arn=topic.arn,
            tags=self._plan.tags,
        )
        Budget("budget", args, self._plan.opts)


def cache_nodes(context: StackContext, cache: ReplicationGroup | None) -> Sequence[Output[str]]:
    """The dimension of each cache node. As many as the settings ask for, because the list itself is known too late for
    the number of alarms."""
    if cache is None:
        return ()
    sizes = context.settings.sizes
    shards = sizes.cache_shards if context.settings.cluster_mode is ClusterMode.ENABLED else 1
    return [cache.node_ids.apply(partial(_node, number)) for number in range(shards * sizes.cache_nodes)]


def _node(number: int, ids: Sequence[str]) -> str:
    """One of them; while a preview still shows the list of before a growth, a name that no node has."""
    return ids[number] if number < len(ids) else f"node-{number + 1}-to-come"
