"""Tests of the behaviour rows of SNS."""

from __future__ import annotations

import pytest

from .account import Account

TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
POLICY = "aws:sns/topicPolicy:TopicPolicy"


def test_topic_id_is_arn() -> None:
    topic = Account().make(TOPIC, name="alarms")
    assert topic.id == topic.outputs["arn"] == "arn:aws:sns:eu-west-1:123456789012:alarms"


@pytest.mark.parametrize(
    ("name", "fifo", "rejected"),
    [("a", None, False), ("a.fifo", True, False), ("a.fifo", None, True), ("a", True, True), ("a b", None, True)],
)
def test_topic_name_is_validated(name: str, fifo: bool | None, rejected: bool) -> None:
    inputs = {"name": name} | ({"fifoTopic": fifo} if fifo is not None else {})
    assert bool(Account().codes(TOPIC, **inputs)) is rejected


def test_topic_with_missing_key_is_rejected() -> None:
    account = Account()
    assert account.codes(TOPIC, kmsMasterKeyId="alias/none") == {"KMSNotFoundException"}
    assert not account.codes(TOPIC, kmsMasterKeyId="alias/aws/sns")
    key = account.make("aws:kms/key:Key")
    assert not account.codes(TOPIC, kmsMasterKeyId=key.id)


@pytest.mark.parametrize(
    ("protocol", "endpoint", "rejected"),
    [
        ("email", "ops@example.com", False),
        ("email", "ops", True),
        ("https", "https://example.com/hook", False),
        ("https", "http://example.com/hook", True),
        ("sms", "+491701234567", False),
        ("sms", "0170", True),
        ("sqs", "https://sqs", True),
        ("pigeon", "coo", True),
    ],
)
def test_endpoint_must_match_protocol(protocol: str, endpoint: str, rejected: bool) -> None:
    account = Account()
    topic = account.make(TOPIC, name="alarms")
    assert bool(account.codes(SUBSCRIPTION, topic=topic.id, protocol=protocol, endpoint=endpoint)) is rejected


def test_subscription_requires_topic_in_region() -> None:
    account = Account()
    topic = account.make(TOPIC, name="alarms")
    mail = account.make(SUBSCRIPTION, topic=topic.id, protocol="email", endpoint="ops@example.com")
    assert mail.outputs["pendingConfirmation"] is True
    assert mail.id.startswith(f"{topic.id}:")
    assert not account.delete_codes(topic)  # deleting a topic deletes its subscriptions
    missing = f"{topic.id}-missing"
    assert account.codes(SUBSCRIPTION, topic=missing, protocol="email", endpoint="a@example.com") == {
        "NotFoundException"
    }
    other_region = Account("us-east-1", account.cloud)
    assert other_region.codes(SUBSCRIPTION, topic=topic.id, protocol="email", endpoint="a@example.com") >= {
        "InvalidParameterException"
    }


def test_second_policy_of_topic_is_rejected() -> None:
    account = Account()
    topic = account.make(TOPIC, name="alarms")
    text = (
        '{"Statement":[{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish",'
        '"Resource":"*"}]}'
    )
    account.make(POLICY, "first", arn=topic.id, policy=text)
    assert account.codes(POLICY, "second", arn=topic.id, policy=text) == {"InvalidParameterException"}
    assert account.codes(POLICY, "first", arn=topic.id, policy="[]") == {"InvalidParameterException"}
