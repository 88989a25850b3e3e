"""A Slack channel: its role, the guardrail, and the region of the API."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.monitoring.slack_channel import SlackChannel, SlackChannelArgs, api_region
from tests.engine_recorder import ACCOUNT, Recording, record

ARGS = SlackChannelArgs(
    configuration_name="shop-prod-C07EZ1ABC23",
    workspace_id="T07EA123LEP",
    channel_id="C07EZ1ABC23",
    topic_arns=["arn:aws:sns:eu-central-1:111122223333:alarms"],
    account_id=ACCOUNT,
    region="eu-central-1",
    tags={"Stack": "prod"},
)


def recorded() -> Recording[SlackChannel]:
    return record(lambda: SlackChannel("slack", ARGS))


def test_child_resources() -> None:
    assert recorded().tree() == {
        "slack": None,
        "slack-role": "slack",
        "slack-policy": "slack",
        "slack-channel": "slack",
    }


def test_members_of_the_channel_can_only_read_monitoring_data() -> None:
    recording = recorded()
    channel = recording.one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs
    assert channel["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]
    (statement,) = json.loads(recording.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])["Statement"]
    assert {action.partition(":")[0] for action in statement["Action"]} == {"cloudwatch"}
    trust = json.loads(recording.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trust["Principal"] == {"Service": "chatbot.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_the_configuration_is_in_a_region_of_the_api() -> None:
    channel = recorded().one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs
    assert channel["region"] == "eu-west-1"
    assert (channel["slackTeamId"], channel["slackChannelId"]) == ("T07EA123LEP", "C07EZ1ABC23")
    regions = ("eu-west-1", "eu-north-1", "ap-south-1", "us-west-1", "us-east-1", "sa-east-1")
    expected = ["eu-west-1", "eu-west-1", "ap-southeast-1", "us-west-2", "us-east-2", "us-east-2"]
    assert [api_region(region) for region in regions] == expected


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"workspace_id": "C07EZ1ABC23"}, "^workspace_id: not an id of Slack"),
        ({"channel_id": "#alerts"}, "^channel_id: not an id of Slack"),
        ({"topic_arns": []}, "^topic_arns: empty"),
        ({"account_id": "12"}, "^account_id: "),
    ],
)
def test_wrong_arguments_are_rejected(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ARGS, **changed)
