"""Those who watch: alarms and whom they tell, the check from outside, the dashboard, the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi import Output

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.alarms import Alarms, AlarmsArgs
from components.budget import Budget, BudgetArgs
from components.cache import Cache
from components.dashboard import Dashboard, DashboardArgs, Row
from components.log_errors import LogErrors, LogErrorsArgs
from components.uptime_check import UptimeCheck, UptimeCheckArgs

from . import alarm_table, dashboard_rows
from .api import Api
from .phases import Block
from .plan import Plan
from .site import EDGE_REGION, Site


def watch(plan: Plan, api: Api, site: Site, cache: Cache | None) -> Mapping[str, Output[str]]:
    """Returns where they can be found, as outputs of the stack."""
    topic = _topic("alarm", plan, region=None)
    log_errors = _log_errors(plan, api)
    alarms = _alarms(plan, api, cache, log_errors, topic)
    outputs = {"alarm_topic_arn": topic.arn}
    if plan.has(Block.TARGET_ALARMS) or plan.has(Block.UPTIME_CHECK):
        # An alarm lives where its metrics are and tells a topic beside it.
        edge_topic = topic if plan.settings.region == EDGE_REGION else _topic("edge-alarm", plan, region=EDGE_REGION)
        outputs["edge_alarm_topic_arn"] = edge_topic.arn
        _edge_alarms(plan, site, edge_topic)
        _uptime_check(plan, edge_topic)
    if plan.has(Block.DASHBOARD):
        outputs["dashboard_url"] = _dashboard(plan, api, site, cache, log_errors, alarms).url
    if plan.has(Block.BUDGET):
        _budget(plan, topic)
    return outputs


def cache_nodes(plan: Plan, cache: Cache | None) -> Sequence[Output[str]]:
    """The dimension of each cache node: ElastiCache numbers the members of a replication group from 001."""
    if cache is None:
        return ()
    numbers = range(1, plan.settings.sizes.cache_nodes + 1)
    return [Output.concat(cache.replication_group_id, f"-{number:03}") for number in numbers]


def _topic(name: str, plan: Plan, *, region: str | None) -> AlarmTopic:
    return AlarmTopic(
        name,
        AlarmTopicArgs(
            account_id=plan.around.account_id, email=plan.settings.alert_email, region=region, tags=plan.tags
        ),
        plan.opts,
    )


def _log_errors(plan: Plan, api: Api) -> LogErrors:
    return LogErrors("backend-errors", LogErrorsArgs(log_group_name=api.service.log_group_name), plan.opts)


def _alarms(plan: Plan, api: Api, cache: Cache | None, log_errors: LogErrors, topic: AlarmTopic) -> Alarms:
    balancer, group = api.load_balancer.arn_suffix, api.load_balancer.target_group_arn_suffix
    rows = dict(alarm_table.outages(load_balancer=balancer, target_group=group, log_errors=log_errors.metric_name))
    if plan.has(Block.TARGET_ALARMS):
        rows |= alarm_table.service_targets(
            load_balancer=balancer,
            target_group=group,
            cluster=api.cluster.cluster_name,
            service=api.service.service_name,
        )
        rows |= alarm_table.cache_targets(cache_nodes(plan, cache))
        rows |= alarm_table.api_firewall_targets(acl=api.firewall.acl_name, region=plan.settings.region)
    return Alarms("alarms", AlarmsArgs(alarms=rows, topic_arn=topic.arn, tags=plan.tags), plan.opts)


def _edge_alarms(plan: Plan, site: Site, topic: AlarmTopic) -> Alarms:
    rows = alarm_table.site_targets(acl=site.firewall.acl_name, distribution=site.cdn.distribution_id)
    args = AlarmsArgs(alarms=rows, topic_arn=topic.arn, region=EDGE_REGION, tags=plan.tags)
    return Alarms("edge-alarms", args, plan.opts)


def _uptime_check(plan: Plan, topic: AlarmTopic) -> UptimeCheck:
    args = UptimeCheckArgs(host=plan.settings.api_host, topic_arn=topic.arn, tags=plan.tags)
    return UptimeCheck("uptime", args, plan.opts)


def _dashboard(
    plan: Plan, api: Api, site: Site, cache: Cache | None, log_errors: LogErrors, alarms: Alarms
) -> Dashboard:
    balancer, group = api.load_balancer.arn_suffix, api.load_balancer.target_group_arn_suffix
    cluster, service = api.cluster.cluster_name, api.service.service_name
    rows: list[Row] = [
        dashboard_rows.now_row(list(alarms.arns.values())),
        dashboard_rows.api_row(load_balancer=balancer, target_group=group),
        dashboard_rows.edge_row(
            distribution=site.cdn.distribution_id,
            site_acl=site.firewall.acl_name,
            api_acl=api.firewall.acl_name,
            region=plan.settings.region,
        ),
        dashboard_rows.service_row(cluster=cluster, service=service, load_balancer=balancer, target_group=group),
        *([dashboard_rows.cache_row(cache_nodes(plan, cache))] if cache else []),
        dashboard_rows.log_row(log_group=api.service.log_group_name, log_errors=log_errors.metric_name),
    ]
    # The cluster's name ends in random characters of its own, so two stacks called dev never draw over each other.
    name = Output.concat(plan.stack, "-", cluster)
    return Dashboard("dashboard", DashboardArgs(dashboard_name=name, region=plan.settings.region, rows=rows), plan.opts)


def _budget(plan: Plan, topic: AlarmTopic) -> Budget:
    args = BudgetArgs(
        limit_usd=plan.settings.budget_usd,
        tag=("Stack", plan.tags["Stack"]),
        topic_arn=topic.arn,
        tags=plan.tags,
    )
    return Budget("budget", args, plan.opts)
