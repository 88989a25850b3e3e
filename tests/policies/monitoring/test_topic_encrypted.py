from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.topic_encrypted import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource


@pytest.mark.parametrize(
    ("key", "outcome"),
    [("arn:aws:kms:eu-west-1:1:key/2", Outcome.PASS), (ABSENT, Outcome.FAIL), (UNKNOWN, Outcome.PASS)],
)
def test_a_topic_fails_only_without_a_key(key: Any, outcome: Outcome) -> None:
    assert evaluate(RULE, "monitored-topic", {"kmsMasterKeyId": key}).outcome is outcome


def test_topic_without_alarm_is_not_applicable() -> None:
    topic = resource("aws:sns/topic:Topic", {})
    assert RULE.evaluate(topic, Stack((topic,))).outcome is Outcome.NOT_APPLICABLE
