"""A Slack channel that shows the messages of alarm topics, by Amazon Q Developer in chat applications (AWS Chatbot).

Creates the channel's role, its policy and the configuration of the channel. An administrator must first connect the
Slack workspace to the account in the AWS console, because Slack requires consent there. The topics may be in any
region; the API is in four regions only. Members of the channel may read metrics, logs and alarms: without a guardrail
the channel could do everything that its role may. https://docs.aws.amazon.com/chatbot/latest/APIReference/Welcome.html
(regions, read 2026-11-28) https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-regions.html (topics of several
regions, read 2026-11-28)

Checklist: monitoring (notifications).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.iam.account_id import check_account_id
from components.iam.trust_policy import service_trust

API_REGIONS = ("us-east-2", "us-west-2", "eu-west-1", "ap-southeast-1")
"""The regions of the API: https://docs.aws.amazon.com/general/latest/gr/chatbot.html (read 2026-11-28)."""

_NEAREST = {"eu-": "eu-west-1", "ap-": "ap-southeast-1", "us-west-": "us-west-2"}
_GUARDRAIL = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
# What a message with an alarm needs to show its graph (from memory).
_ACTIONS = ("cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*")


def api_region(region: str) -> str:
    """Return the region of the API for a stack in a region: the same one, or one on the same continent."""
    if region in API_REGIONS:
        return region
    return next((nearest for prefix, nearest in _NEAREST.items() if region.startswith(prefix)), API_REGIONS[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackChannelArgs:
    """Arguments of SlackChannel."""

    configuration_name: Input[str]
    """Name of the configuration, unique in the account."""
    workspace_id: str
    """Id of the Slack workspace, such as T07EA123LEP. It must be connected to the account."""
    channel_id: str
    """Id of the channel, such as C07EZ1ABC23. A private channel must have invited the app @Amazon Q."""
    topic_arns: Sequence[Input[str]]
    """ARNs of the topics."""
    account_id: str
    """Id of the AWS account, 12 digits."""
    region: str
    """Region of the stack."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        for argument, value, letters in (
            ("workspace_id", self.workspace_id, "T"),
            ("channel_id", self.channel_id, "CG"),
        ):
            if not re.fullmatch(rf"[{letters}][A-Z0-9]{{7,}}", value):
                raise ValueError(
                    f"{argument}: not an id of Slack (got {value!r}). It begins with {' or '.join(letters)}, and Slack "
                    "shows it in the details of the workspace or channel."
                )
        if not self.topic_arns:
            raise ValueError("topic_arns: empty (got no topic). Give one ARN or more.")


class SlackChannel(pulumi.ComponentResource):
    """The messages of alarm topics in one Slack channel."""

    def __init__(self, name: str, args: SlackChannelArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SlackChannel", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=service_trust(
                "chatbot.amazonaws.com",
                account_id=args.account_id,
                source_arn=f"arn:aws:chatbot::{args.account_id}:*",
            ),
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.id,
            policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": list(_ACTIONS), "Resource": "*"}],
                }
            ),
            opts=child,
        )
        aws.chatbot.SlackChannelConfiguration(
            f"{name}-channel",
            configuration_name=args.configuration_name,
            iam_role_arn=role.arn,
            slack_team_id=args.workspace_id,
            slack_channel_id=args.channel_id,
            sns_topic_arns=list(args.topic_arns),
            guardrail_policy_arns=[_GUARDRAIL],
            logging_level="ERROR",
            region=api_region(args.region),
            tags={**args.tags, "Name": f"{name}-channel"},
            opts=ResourceOptions.merge(child, ResourceOptions(depends_on=[policy])),
        )
        self.register_outputs({})
