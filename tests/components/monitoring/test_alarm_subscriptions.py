"""Subscribers of an alarm topic: addresses, and webhooks whose URLs stay secret."""

from __future__ import annotations

import pulumi
import pytest

from components.monitoring.alarm_subscriptions import AlarmSubscriptions, AlarmSubscriptionsArgs
from tests.engine_recorder import Recording, record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"


def recorded() -> Recording[AlarmSubscriptions]:
    return record(
        lambda: AlarmSubscriptions(
            "page-alerts",
            AlarmSubscriptionsArgs(
                topic_arn=TOPIC,
                emails=["on-call@example.com"],
                webhooks={"pagerDuty": pulumi.Output.secret("https://events.example.com/integration/key/enqueue")},
                region="us-east-1",
            ),
        )
    )


def test_each_subscriber_has_a_subscription() -> None:
    recording = recorded()
    assert recording.tree() == {
        "page-alerts": None,
        "page-alerts-on-call@example.com": "page-alerts",
        "page-alerts-pagerDuty": "page-alerts",
    }
    email, webhook = recording.of("aws:sns/topicSubscription:TopicSubscription")
    assert (email.inputs["protocol"], email.inputs["endpoint"]) == ("email", "on-call@example.com")
    assert (webhook.inputs["protocol"], webhook.inputs["endpointAutoConfirms"]) == ("https", True)
    assert {each.inputs["region"] for each in (email, webhook)} == {"us-east-1"}
    assert {each.inputs["topic"] for each in (email, webhook)} == {TOPIC}


def test_the_url_of_a_webhook_is_secret() -> None:
    webhook = recorded().of("aws:sns/topicSubscription:TopicSubscription")[1]
    assert "endpoint" in webhook.secret_inputs


@pytest.mark.parametrize(
    ("emails", "message"),
    [
        (["ops"], "^emails: not e-mail addresses"),
        (["a@b.example", "a@b.example"], "^emails: an address is listed twice"),
    ],
)
def test_wrong_addresses_are_rejected(emails: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AlarmSubscriptionsArgs(topic_arn=TOPIC, emails=emails)
