"""Tests of the behaviour rows of EventBridge rules and targets."""

from __future__ import annotations

from typing import Any

import pytest

from .account import Account
from .cloudwatch_inputs import TOPIC

RULE = "aws:cloudwatch/eventRule:EventRule"

TARGET = "aws:cloudwatch/eventTarget:EventTarget"


@pytest.mark.parametrize(
    ("inputs", "rejected"),
    [
        ({"scheduleExpression": "rate(5 minutes)"}, False),
        ({"scheduleExpression": "rate(1 minutes)"}, True),
        ({"scheduleExpression": "cron(0 20 * * ? *)"}, False),
        ({"scheduleExpression": "cron(0 20 * * *)"}, True),
        ({"eventPattern": '{"source":["aws.ecs"]}'}, False),
        ({"eventPattern": "aws.ecs"}, True),
        ({}, True),
    ],
)
def test_event_rule_trigger_is_validated(inputs: dict[str, Any], rejected: bool) -> None:
    assert bool(Account().codes(RULE, **inputs)) is rejected


def test_event_target_requires_rule_and_role() -> None:
    account = Account()
    account.make("aws:sns/topic:Topic", name="alarms")
    rule = account.make(RULE, name="stopped", eventPattern='{"source":["aws.ecs"]}')
    target = account.make(TARGET, rule="stopped", arn=TOPIC)
    assert target.id == f"stopped-{target.outputs['targetId']}"
    assert account.delete_codes(rule) == {"ValidationException"}
    assert account.codes(TARGET, rule="none", arn=TOPIC) == {"ResourceNotFoundException"}
    cluster = {"taskDefinitionArn": "arn:aws:ecs:eu-west-1:1:task-definition/a:1"}
    assert account.codes(TARGET, "ecs", rule="stopped", arn=TOPIC, ecsTarget=cluster) == {"ValidationException"}
    for number in range(4):
        account.make(TARGET, f"more-{number}", rule="stopped", arn=TOPIC)
    assert account.codes(TARGET, "sixth", rule="stopped", arn=TOPIC) == {"LimitExceededException"}
