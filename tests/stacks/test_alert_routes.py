"""Alert routes reach the topics, subscriptions and channels of their severity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from stacks import architecture
from stacks.catalog.phases import Phase
from stacks.config.errors import InvalidConfigError
from stacks.config.reading import parse
from stacks.resources.alert_routes import PAGED
from tests.engine_recorder import Recording, record
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.monitoring.test_runbooks import ALARMS
from tests.stacks.test_architecture import CALLS, OUTPUTS

URL = "https://events.pagerduty.com/integration/key/enqueue"
ROUTES: Mapping[str, Any] = {
    "page": {"emails": ["on-call@example.com"], "slackChannel": "C07EZ1ABC23", "webhooks": ["pagerDuty"]},
    "ticket": {"slackChannel": "C07EZ1ABC24"},
    "slackWorkspace": "T07EA123LEP",
}


def config(routes: Mapping[str, Any] | None, webhooks: Mapping[str, str] | None) -> tuple[dict[str, str], set[str]]:
    given = {**MINIMAL_CONFIG, "tierup:phase": Phase.ENTERPRISE, "tierup:tier": "medium"}
    if routes is not None:
        given["tierup:alertRoutes"] = json.dumps(routes)
    if webhooks is not None:
        given["tierup:alertWebhooks"] = json.dumps(webhooks)
    return given, {"tierup:alertWebhooks"} if webhooks is not None else set()


def built(routes: Mapping[str, Any] | None, webhooks: Mapping[str, str] | None = None) -> Recording[Any]:
    given, secrets = config(routes, webhooks)
    urls = {name: pulumi.Output.secret(url) for name, url in (webhooks or {}).items()}
    settings = parse(given, secret_keys=secrets, stack="prod").model_copy(update={"alert_webhooks": urls})
    return record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS, stack="prod")


def actions(recording: Recording[Any]) -> dict[str, str]:
    """Return the logical name of the topic that each alarm notifies."""
    alarms = (
        *recording.of("aws:cloudwatch/metricAlarm:MetricAlarm"),
        *recording.of("aws:cloudwatch/compositeAlarm:CompositeAlarm"),
    )
    flows = {alarm.name: alarm.flows.get("alarmActions", frozenset()) for alarm in alarms}
    policies = {
        name: [urn.rpartition("::")[2] for urn in urns if "TopicPolicy" in urn] for name, urns in flows.items() if urns
    }
    return {name: policy.removesuffix("-policy") + "-topic" for name, (policy,) in policies.items()}


def errors(routes: Mapping[str, Any] | None, webhooks: Mapping[str, str] | None, *, secret: bool = True) -> str:
    given, secrets = config(routes, webhooks)
    with pytest.raises(InvalidConfigError) as error:
        parse(given, secret_keys=secrets if secret else set(), stack="prod")
    return str(error.value)


def test_every_paged_alarm_exists() -> None:
    assert set(ALARMS) >= PAGED


def test_without_routes_a_region_has_one_topic_and_no_events() -> None:
    recording = built(None)
    assert {each.name for each in recording.of("aws:sns/topic:Topic")} == {"alarm-topic", "edge-alarm-topic"}
    assert not recording.of("aws:cloudwatch/eventTarget:EventTarget")
    assert "events.amazonaws.com" not in json.dumps(
        [each.inputs for each in recording.of("aws:sns/topicPolicy:TopicPolicy")]
    )


def test_alarms_of_severity_page_notify_their_own_topic() -> None:
    found = actions(built(ROUTES, {"pagerDuty": URL}))
    expected = {
        "alarms-no-running-task": "page-alarm-topic",
        "alarms-service-errors": "page-alarm-topic",
        "alarms-service-cpu": "alarm-topic",
        "alarms-cache-memory-1": "alarm-topic",
        "api-budget-fast-burn": "page-alarm-topic",
        "api-budget-slow-burn": "alarm-topic",
        "edge-alarms-site-errors": "edge-page-alarm-topic",
        "uptime-down": "edge-page-alarm-topic",
    }
    assert {name: found.get(name) for name in expected} == expected


def test_a_severity_without_a_route_uses_the_topic_of_all_alarms() -> None:
    routes = {"ticket": {"emails": ["team@example.com"]}}
    assert set(actions(built(routes)).values()) == {"alarm-topic", "edge-alarm-topic"}


def test_subscribers_and_channels_are_those_of_the_severity() -> None:
    recording = built(ROUTES, {"pagerDuty": URL})
    subscriptions = {each.name: each for each in recording.of("aws:sns/topicSubscription:TopicSubscription")}
    assert {"page-alerts-pagerDuty", "edge-page-alerts-pagerDuty", "page-alerts-on-call@example.com"} <= set(
        subscriptions
    )
    assert "endpoint" in subscriptions["page-alerts-pagerDuty"].secret_inputs
    channels = recording.of("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")
    assert {each.inputs["slackChannelId"]: len(each.inputs["snsTopicArns"]) for each in channels} == {
        "C07EZ1ABC23": 2,
        "C07EZ1ABC24": 2,
    }


def test_one_channel_for_both_severities_has_one_configuration() -> None:
    routes = {
        "page": {"slackChannel": "C07EZ1ABC23"},
        "ticket": {"slackChannel": "C07EZ1ABC23"},
        "slackWorkspace": "T07EA123LEP",
    }
    (channel,) = built(routes).of("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")
    assert len(channel.inputs["snsTopicArns"]) == 4


def test_failed_deployments_of_all_services_are_published() -> None:
    recording = built({"ticket": {"emails": ["team@example.com"]}})
    (rule,) = recording.of("aws:cloudwatch/eventRule:EventRule")
    assert len(json.loads(rule.inputs["eventPattern"])["resources"]) == 2  # the service and the worker
    policies = {each.name: each.inputs["policy"] for each in recording.of("aws:sns/topicPolicy:TopicPolicy")}
    assert "events.amazonaws.com" in policies["alarm-policy"]
    assert "events.amazonaws.com" not in policies["edge-alarm-policy"]


@pytest.mark.parametrize(
    ("routes", "webhooks", "message"),
    [
        ({"page": {"slackChannel": "C07EZ1ABC23"}}, None, "slackWorkspace, slackChannel: one is missing"),
        ({"slackWorkspace": "T07EA123LEP"}, None, "slackWorkspace, slackChannel: one is missing"),
        ({"page": {"webhooks": ["pagerDuty"]}}, None, "tierup:alertRoutes.page.webhooks"),
        ({"page": {"emails": ["ops"]}}, None, "tierup:alertRoutes"),
        ({"page": {"webhooks": ["pagerDuty"]}}, {"pagerDuty": "http://example.com"}, "tierup:alertWebhooks"),
        (None, {"pagerDuty": URL}, "the secret is set without tierup:alertRoutes"),
    ],
)
def test_wrong_routes_are_rejected_without_showing_a_url(
    routes: Mapping[str, Any] | None, webhooks: Mapping[str, str] | None, message: str
) -> None:
    text = errors(routes, webhooks)
    assert message in text
    assert "integration/key" not in text


def test_webhooks_in_plain_text_are_rejected() -> None:
    text = errors({"page": {"webhooks": ["pagerDuty"]}}, {"pagerDuty": URL}, secret=False)
    assert "stored in plain text" in text
    assert "integration/key" not in text
