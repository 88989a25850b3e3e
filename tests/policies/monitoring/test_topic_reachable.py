from __future__ import annotations

import json
from typing import Any

import pytest

from policies.monitoring.topic_reachable import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

TOPIC = "monitored-topic"
ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey*"]


def allowing(principal: Any, action: Any, effect: str = "Allow") -> str:
    return json.dumps({"Statement": {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}})


CLOUDWATCH = {"Service": ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]}


@pytest.mark.parametrize(
    ("principal", "action", "outcome"),
    [
        (CLOUDWATCH, ACTIONS, Outcome.PASS),
        (CLOUDWATCH, "kms:*", Outcome.PASS),
        ("*", ACTIONS, Outcome.PASS),
        (CLOUDWATCH, "kms:Decrypt", Outcome.FAIL),
        ({"Service": "budgets.amazonaws.com"}, ACTIONS, Outcome.FAIL),
        ({"AWS": "arn:aws:iam::111122223333:root"}, "kms:*", Outcome.FAIL),
    ],
)
def test_key_policy_must_allow_cloudwatch(principal: Any, action: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, TOPIC, {"monitored-key: policy": allowing(principal, action)}).outcome is outcome


def test_key_with_default_policy_fails() -> None:
    assert evaluate(RULE, TOPIC, {"monitored-key: policy": ABSENT}).outcome is Outcome.FAIL


def test_deny_statement_allows_nothing() -> None:
    assert evaluate(RULE, TOPIC, {"monitored-key: policy": allowing("*", ACTIONS, "Deny")}).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", ["alias/aws/sns", "arn:aws:kms:eu-west-1:111122223333:alias/aws/sns"])
def test_aws_managed_key_fails(key: str) -> None:
    assert "alias/aws/sns" in evaluate(RULE, TOPIC, {"kmsMasterKeyId": key}).findings[0].found


def test_key_of_another_stack_evaluates_to_unknown() -> None:
    assert evaluate(RULE, TOPIC, {"kmsMasterKeyId": "arn:aws:kms:eu-west-1:1:key/2"}).outcome is Outcome.UNKNOWN


def test_unencrypted_topic_passes() -> None:
    assert evaluate(RULE, TOPIC, {"kmsMasterKeyId": ABSENT}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (allowing(CLOUDWATCH, "SNS:Publish"), Outcome.PASS),
        (allowing({"AWS": "*"}, ["sns:Subscribe", "sns:Publish"]), Outcome.PASS),
        (allowing({"Service": "budgets.amazonaws.com"}, "sns:Publish"), Outcome.FAIL),
        (allowing(CLOUDWATCH, "sns:Subscribe"), Outcome.FAIL),
        ("no json", Outcome.UNKNOWN),
        (UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_topic_policy_must_allow_cloudwatch(policy: str, outcome: Outcome) -> None:
    assert evaluate(RULE, TOPIC, {"monitored-policy: policy": policy}).outcome is outcome


def test_unknown_key_policy_evaluates_to_unknown() -> None:
    assert evaluate(RULE, TOPIC, {"monitored-key: policy": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_topic_without_alarm_is_not_applicable() -> None:
    topic = resource("aws:sns/topic:Topic", {"kmsMasterKeyId": "alias/aws/sns"})
    assert RULE.evaluate(topic, Stack((topic,))).outcome is Outcome.NOT_APPLICABLE
