"""The alarm topic: its key, policy and subscription."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
from tests.engine_recorder import ACCOUNT, Recording, record


def recorded(region: str | None = None) -> Recording[AlarmTopic]:
    args = AlarmTopicArgs(account_id=ACCOUNT, email="ops@example.com", region=region, tags={"Stack": "dev"})
    return record(lambda: AlarmTopic("alarm", args))


def statements(recording: Recording[AlarmTopic], type_token: str) -> dict[str, Any]:
    policy = json.loads(recording.one(type_token).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_creates_exactly_these_resources() -> None:
    recording = recorded()
    assert recording.tree() == {
        "alarm": None,
        "alarm-key": "alarm",
        "alarm-topic": "alarm",
        "alarm-policy": "alarm",
        "alarm-email": "alarm",
    }


def test_topic_is_encrypted_with_a_key_for_cloudwatch() -> None:
    recording = recorded()
    key = recording.one("aws:kms/key:Key")
    topic = recording.one("aws:sns/topic:Topic")
    assert topic.inputs["kmsMasterKeyId"] == recording.value(recording.result.key_arn)
    assert key.inputs["enableKeyRotation"] is True
    allowed = statements(recording, "aws:kms/key:Key")
    assert allowed["CloudWatchPublishes"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert set(allowed["CloudWatchPublishes"]["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    # CloudWatch sends no source account to KMS, so a condition on it would lose every message.
    assert "Condition" not in allowed["CloudWatchPublishes"]
    assert allowed["AccountAdministers"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_policy_allows_the_accounts_alarms_and_budgets_over_tls_only() -> None:
    allowed = statements(recorded(), "aws:sns/topicPolicy:TopicPolicy")
    for sid, source in (("CloudwatchPublishes", "cloudwatch:*"), ("BudgetsPublishes", "budgets:")):
        condition = allowed[sid]["Condition"]
        assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert condition["ArnLike"]["aws:SourceArn"].startswith(f"arn:aws:{source}:{ACCOUNT}:")
    denied = allowed["TlsOnly"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_arn_depends_on_the_policy() -> None:
    recording = recorded()
    assert "alarm-policy" in recording.sources(recording.result.arn)


def test_resources_are_in_the_given_region() -> None:
    regions = {found.name: found.inputs.get("region") for found in recorded("us-east-1").resources if found.custom}
    assert set(regions.values()) == {"us-east-1"}


def test_given_address_is_subscribed_by_email() -> None:
    subscription = recorded().one("aws:sns/topicSubscription:TopicSubscription")
    assert (subscription.inputs["protocol"], subscription.inputs["endpoint"]) == ("email", "ops@example.com")


@pytest.mark.parametrize("email", ["", "ops", "@", "ops@"])
def test_invalid_email_is_rejected(email: str) -> None:
    with pytest.raises(ValueError, match=r"^email: not an e-mail address .*Give one address"):
        AlarmTopicArgs(account_id=ACCOUNT, email=email, tags={})


def test_invalid_account_id_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"^account_id: "):
        AlarmTopicArgs(account_id="12", email="ops@example.com", tags={})
