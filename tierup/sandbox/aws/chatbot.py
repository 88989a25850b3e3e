"""Amazon Q Developer in chat applications (AWS Chatbot): Slack channels of SNS topics."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Name, Rejection, Stage, documented, rule
from .sources import api, created_only, sdk

SLACK_CHANNEL = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"

_REGIONS = ("us-east-2", "us-west-2", "eu-west-1", "ap-southeast-1")


@rule(
    "chatbot-region",
    Stage.PLAN,
    source=documented("https://docs.aws.amazon.com/general/latest/gr/chatbot.html", read="2026-11-28"),
)
def _region(call: Call) -> Iterator[Rejection]:
    if call.region not in _REGIONS:
        yield Rejection(
            "region",
            f"the service has no endpoint in {call.region}. It has some in {', '.join(_REGIONS)}.",
            "UnknownEndpoint",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=SLACK_CHANNEL,
        source=sdk("chatbot/slackchannelconfiguration"),
        id="arn:aws:chatbot::{account}:chat-configuration/slack-channel/{configurationName}",
        outputs={
            "chatConfigurationArn": "{id}",
            "guardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            "loggingLevel": "NONE",
            "slackChannelName": "alerts",
            "slackTeamName": "workspace",
            "userAuthorizationRequired": False,
        },
        replaces=frozenset({"configurationName", "slackTeamId"}),
        replace_source=created_only("AWS::Chatbot::SlackChannelConfiguration"),
        enums={"loggingLevel": ("ERROR", "INFO", "NONE")},
        name=Name(
            property="configurationName",
            longest=128,
            pattern=r"[A-Za-z0-9_-]+",
            allowed="letters, digits, '_' and '-'",
            automatic=False,
            taken="ConflictException",
            source=api("chatbot", "CreateSlackChannelConfiguration"),
        ),
        rules=(_region,),
    ),
)
