from __future__ import annotations

import json
from typing import Any

import pytest

from policies.monitoring.topic_reachable import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource

TOPIC = "watch-topic"
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
def test_the_key_lets_cloudwatch_use_it(principal: Any, action: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, TOPIC, {"watch-key: policy": allowing(principal, action)}).outcome is outcome


def test_a_key_without_a_policy_obeys_its_account_alone() -> None:
    assert evaluate(RULE, TOPIC, {"watch-key: policy": ABSENT}).outcome is Outcome.FAIL


def test_a_statement_that_denies_allows_nothing() -> None:
    assert evaluate(RULE, TOPIC, {"watch-key: policy": allowing("*", ACTIONS, "Deny")}).outcome is Outcome.FAIL


@pytest.mark.parametrize("key", ["alias/aws/sns", "arn:aws:kms:eu-west-1:111122223333:alias/aws/sns"])
def test_awss_own_key_loses_every_message(key: str) -> None:
    assert "alias/aws/sns" in evaluate(RULE, TOPIC, {"kmsMasterKeyId": key}).findings[0].found


def test_a_key_of_another_stack_is_not_applicable() -> None:
    assert evaluate(RULE, TOPIC, {"kmsMasterKeyId": "arn:aws:kms:eu-west-1:1:key/2"}).outcome is Outcome.UNKNOWN


def test_a_topic_in_plain_text_is_reachable() -> None:
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
def test_the_topics_policy_lets_cloudwatch_publish(policy: str, outcome: Outcome) -> None:
    assert evaluate(RULE, TOPIC, {"watch-policy: policy": policy}).outcome is outcome


def test_unknown_key_policy_evaluates_to_unknown() -> None:
    assert evaluate(RULE, TOPIC, {"watch-key: policy": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_a_topic_of_no_alarm_is_not_applicable() -> None:
    topic = resource("aws:sns/topic:Topic", {"kmsMasterKeyId": "alias/aws/sns"})
    assert RULE.evaluate(topic, Stack((topic,))).outcome is Outcome.NOT_APPLICABLE
