from __future__ import annotations

from typing import Any

import pytest

from policies.monitoring.alarm_has_subscriber import RULE
from policies.rule import Outcome, Stack
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate, resource, resources_with, urn

POLICY_ARN = "arn:aws:sns:eu-west-1:111122223333:monitored-policy"
FOREIGN = "arn:aws:sns:eu-west-1:111122223333:of-another-stack"


@pytest.mark.parametrize("alarm", ["monitored-cpu", "monitored-whole"])
def test_topic_with_subscription_passes(alarm: str) -> None:
    assert evaluate(RULE, alarm).outcome is Outcome.PASS


@pytest.mark.parametrize("actions", [ABSENT, []])
def test_alarm_without_actions_fails(actions: Any) -> None:
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": actions}).findings[0].path == "alarmActions"


def test_topic_without_subscription_fails() -> None:
    verdict = evaluate(RULE, "monitored-cpu", {"monitored-mail": ABSENT})
    assert verdict.findings[0].path == "alarmActions, topic monitored-topic"


def test_one_subscribed_topic_is_enough() -> None:
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": [FOREIGN, POLICY_ARN]}).outcome is Outcome.PASS


def test_topic_of_another_stack_evaluates_to_unknown() -> None:
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": [FOREIGN]}).outcome is Outcome.UNKNOWN


def test_unknown_actions_without_references_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": [UNKNOWN]}).outcome is Outcome.UNKNOWN
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": UNKNOWN}).outcome is Outcome.UNKNOWN


def test_reference_identifies_the_topic_at_preview() -> None:
    known = {each.name: each for each in resources_with({"monitored-cpu: alarmActions": [UNKNOWN]})}
    source = urn("aws:sns/topicPolicy:TopicPolicy", "monitored-policy")
    alarm = known["monitored-cpu"]
    flowing = type(alarm)(
        alarm.type, alarm.name, alarm.urn, alarm.properties, alarm.outputs, {"alarmActions": frozenset({source})}
    )
    stack = Stack((*(each for each in known.values() if each.name != "monitored-cpu"), flowing))
    assert RULE.evaluate(flowing, stack).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "action",
    [
        "arn:aws:automate:eu-west-1:ec2:recover",
        "arn:aws:lambda:eu-west-1:111122223333:function:mend",
        "arn:aws:ssm:eu-west-1:111122223333:opsitem:1",
        "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:autoScalingGroupName/a:policyName/b",
    ],
)
def test_action_other_than_a_notification_passes(action: str) -> None:
    assert evaluate(RULE, "monitored-cpu", {"alarmActions": [action]}).outcome is Outcome.PASS


def test_part_of_a_composite_alarm_is_not_applicable() -> None:
    assert evaluate(RULE, "monitored-part").outcome is Outcome.NOT_APPLICABLE
    assert evaluate(RULE, "monitored-part", {"monitored-whole": ABSENT}).outcome is Outcome.FAIL


def test_alarm_that_rolls_back_deployments_is_not_applicable() -> None:
    changes = {
        "monitored-part: name": "errors-of-release",
        "monitored-whole": ABSENT,
        "service: alarms": {"enable": True},
    }
    assert evaluate(RULE, "monitored-part", changes).outcome is Outcome.FAIL
    changes["service: alarms"] = {"alarmNames": ["monitored-part"], "enable": True, "rollback": True}
    assert evaluate(RULE, "monitored-part", changes).outcome is Outcome.NOT_APPLICABLE


def test_chat_client_is_a_subscription() -> None:
    chat = resource("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", {}, "chat")
    source = urn("aws:sns/topic:Topic", "monitored-topic")
    chat = type(chat)(chat.type, chat.name, chat.urn, chat.properties, {}, {"snsTopicArns": frozenset({source})})
    known = {each.name: each for each in resources_with({"monitored-mail": ABSENT})}
    assert RULE.evaluate(known["monitored-cpu"], Stack((*known.values(), chat))).outcome is Outcome.PASS
