"""The alarm topic: encrypted, and yet reachable by those who raise alarms, and by nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.monitoring.alarm_topic import AlarmTopic, AlarmTopicArgs
from tests.engine_recorder import ACCOUNT, Recording, record


def built(region: str | None = None) -> Recording[AlarmTopic]:
    args = AlarmTopicArgs(account_id=ACCOUNT, email="ops@example.com", region=region, tags={"Stack": "dev"})
    return record(lambda: AlarmTopic("alarm", args))


def statements(recording: Recording[AlarmTopic], type_token: str) -> dict[str, Any]:
    policy = json.loads(recording.one(type_token).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_what_is_made() -> None:
    recording = built()
    assert recording.tree() == {
        "alarm": None,
        "alarm-key": "alarm",
        "alarm-topic": "alarm",
        "alarm-policy": "alarm",
        "alarm-email": "alarm",
    }


def test_the_topic_is_encrypted_with_a_key_that_cloudwatch_may_use() -> None:
    recording = built()
    key = recording.one("aws:kms/key:Key")
    topic = recording.one("aws:sns/topic:Topic")
    assert topic.inputs["kmsMasterKeyId"] == recording.value(recording.result.key_arn)
    assert key.inputs["enableKeyRotation"] is True
    allowed = statements(recording, "aws:kms/key:Key")
    assert allowed["CloudWatchPublishes"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert set(allowed["CloudWatchPublishes"]["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    # CloudWatch sends KMS no source account: a condition on it would lose every message.
    assert "Condition" not in allowed["CloudWatchPublishes"]
    assert allowed["AccountAdministers"]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_only_this_accounts_alarms_and_budgets_may_publish_and_only_over_tls() -> None:
    allowed = statements(built(), "aws:sns/topicPolicy:TopicPolicy")
    for sid, source in (("CloudwatchPublishes", "cloudwatch:*"), ("BudgetsPublishes", "budgets:")):
        condition = allowed[sid]["Condition"]
        assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert condition["ArnLike"]["aws:SourceArn"].startswith(f"arn:aws:{source}:{ACCOUNT}:")
    denied = allowed["TlsOnly"]
    assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_arn_is_known_only_once_the_policy_stands() -> None:
    recording = built()
    assert "alarm-policy" in recording.sources(recording.result.arn)


def test_everything_is_in_the_region_that_was_asked_for() -> None:
    regions = {found.name: found.inputs.get("region") for found in built("us-east-1").resources if found.custom}
    assert set(regions.values()) == {"us-east-1"}


def test_the_address_is_subscribed() -> None:
    subscription = built().one("aws:sns/topicSubscription:TopicSubscription")
    assert (subscription.inputs["protocol"], subscription.inputs["endpoint"]) == ("email", "ops@example.com")


@pytest.mark.parametrize("email", ["", "ops", "@", "ops@"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="allowed is one address"):
        AlarmTopicArgs(account_id=ACCOUNT, email=email, tags={})


def test_invalid_account_id_is_rejected() -> None:
    with pytest.raises(ValueError, match="account_id: got '12', allowed 12 digits"):
        AlarmTopicArgs(account_id="12", email="ops@example.com", tags={})
