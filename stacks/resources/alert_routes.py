"""Alert routes: the topics of each severity, their subscribers, the Slack channels, and failed deployments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pulumi import Input, Output

from components.monitoring.alarm_subscriptions import AlarmSubscriptions, AlarmSubscriptionsArgs
from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.monitoring.deployment_events import DeploymentEvents, DeploymentEventsArgs
from components.monitoring.slack_channel import SlackChannel, SlackChannelArgs
from stacks.config.groups import AlertRoute
from stacks.context import StackContext
from stacks.resources.compute import Compute

PAGED: Final = frozenset(
    {
        "no-running-task",
        "service-errors",
        "load-balancer-errors",
        "fast-burn",
        "site-errors",
        "api-cdn-errors",
        "health-check-down",
    }
)
"""The alarms of severity page, by runbook: users are affected now. All others have severity ticket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTopics:
    """The topics of one region. Without a route for severity page both are the same."""

    ticket: AlarmTopic
    page: AlarmTopic

    @property
    def all(self) -> Mapping[str, AlarmTopic]:
        """The topics by the severities that only they have."""
        return {"ticket": self.ticket, **({} if self.page is self.ticket else {"page": self.page})}

    def overrides(self, alarms: Iterable[str]) -> Mapping[str, Input[str]]:
        """Return the topic of each alarm that does not notify the topic of severity ticket."""
        if self.page is self.ticket:
            return {}
        return {alarm: self.page.arn for alarm in alarms if re.sub(r"-[0-9]+$", "", alarm) in PAGED}


def create_topic(name: str, context: StackContext, *, region: str | None) -> AlarmTopic:
    """Create an SNS topic for alarms of a region; None is the region of the stack."""
    settings = context.settings
    args = AlarmTopicArgs(
        account_id=context.lookups.account_id,
        email=settings.alert_email,
        region=region,
        accepts_events=region is None and settings.alert_routes is not None,
        tags=context.tags,
    )
    return AlarmTopic(name, args, context.opts)


def create_topics(prefix: str, context: StackContext, ticket: AlarmTopic, *, region: str | None) -> AlarmTopics:
    """Create the topic of severity page if it has a route, and the subscriptions of both topics."""
    routes = context.settings.alert_routes
    if routes is None:
        return AlarmTopics(ticket=ticket, page=ticket)
    page = create_topic(f"{prefix}page-alarm", context, region=region) if routes.page.is_set else ticket
    topics = AlarmTopics(ticket=ticket, page=page)
    for severity, topic in topics.all.items():
        route = routes.page if severity == "page" else routes.ticket
        _subscribe(f"{prefix}{severity}-alerts", context, topic, route, region)
    return topics


def _subscribe(name: str, context: StackContext, topic: AlarmTopic, route: AlertRoute, region: str | None) -> None:
    urls = context.settings.alert_webhooks
    webhooks = {key: urls[key] for key in route.webhooks if key in urls}
    # SNS has one subscription for an address.
    emails = [email for email in route.emails if email != context.settings.alert_email]
    if emails or webhooks:
        args = AlarmSubscriptionsArgs(topic_arn=topic.arn, emails=emails, webhooks=webhooks, region=region)
        AlarmSubscriptions(name, args, context.opts)


def create_slack_channels(context: StackContext, regions: Iterable[AlarmTopics]) -> None:
    """Create the Slack channel of each severity, for the topics of all regions.

    A channel of both severities has one configuration, because Slack channels and configurations belong together.
    """
    routes = context.settings.alert_routes
    if routes is None or routes.slack_workspace is None:
        return
    topics: dict[str, list[Input[str]]] = {}
    for region in regions:
        for severity, topic in region.all.items():
            channel = (routes.page if severity == "page" else routes.ticket).slack_channel
            if channel is not None:
                topics.setdefault(channel, []).append(topic.arn)
    for channel, arns in topics.items():
        name = f"slack-{channel}"
        args = SlackChannelArgs(
            configuration_name=f"{context.tags['Project']}-{context.stack}-{channel}",
            workspace_id=routes.slack_workspace,
            channel_id=channel,
            topic_arns=arns,
            account_id=context.lookups.account_id,
            region=context.settings.region,
            tags=context.tags,
        )
        SlackChannel(name, args, context.opts)


def create_deployment_events(context: StackContext, topics: AlarmTopics, compute: Compute) -> None:
    """Publish failed deployments of all services with severity ticket: ECS rolls them back."""
    if context.settings.alert_routes is None:
        return
    own = [each for each in (compute.service, compute.worker) if each is not None]
    names = [each.service_name for each in (*own[:1], *compute.others.values(), *own[1:])]
    if not names:
        return  # pods only: ECS has no service
    prefix = f"arn:aws:ecs:{context.settings.region}:{context.lookups.account_id}:service/"
    args = DeploymentEventsArgs(
        service_arns=[Output.concat(prefix, compute.cluster.cluster_name, "/", name) for name in names],
        topic_arn=topics.ticket.arn,
        runbooks=context.settings.runbook_url,
        tags=context.tags,
    )
    DeploymentEvents("deployment-events", args, context.opts)
