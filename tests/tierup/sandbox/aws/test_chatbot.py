"""Tests of the behaviour row of Slack channels."""

from __future__ import annotations

from .account import Account

CHANNEL = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
INPUTS = {
    "configurationName": "shop-prod",
    "iamRoleArn": "arn:aws:iam::123456789012:role/slack",
    "slackTeamId": "T07EA123LEP",
    "slackChannelId": "C07EZ1ABC23",
}


def test_the_id_is_the_arn_of_the_configuration() -> None:
    made = Account().make(CHANNEL, **INPUTS)
    assert made.id == "arn:aws:chatbot::123456789012:chat-configuration/slack-channel/shop-prod"
    assert made.outputs["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/AdministratorAccess"]


def test_a_region_without_the_api_is_rejected() -> None:
    assert Account("eu-central-1").codes(CHANNEL, **INPUTS) == {"UnknownEndpoint"}
    assert not Account("us-east-2").codes(CHANNEL, **INPUTS)
