"""An encrypted SNS topic for alarms, with a key that CloudWatch and AWS Budgets may use.

Creates a KMS key, the topic, its policy and one e-mail subscription. The AWS managed key for SNS (alias/aws/sns) does
not work: its policy cannot be edited, so CloudWatch may not use it, and an alarm would change state without delivering
its message
(https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services, as others cite it,
read 2026-11-24).
SNS sends the address a confirmation link once and delivers nothing until it is confirmed.

Checklist: monitoring (notifications), encryption at rest, TLS only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from components.iam.account_id import check_account_id


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTopicArgs:
    """Arguments of AlarmTopic."""

    account_id: str
    """Id of the AWS account whose alarms may publish, 12 digits."""
    email: str
    """One e-mail address. Further addresses subscribe in SNS."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    region: str | None = None
    """Region of topic and key; None is the provider's region. An alarm can notify topics of its own region only."""
    accepts_events: bool = False
    """Whether EventBridge rules of the account may publish."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if "@" not in self.email.strip("@"):
            raise ValueError(f"email: not an e-mail address (got {self.email!r}). Give one address.")


class AlarmTopic(pulumi.ComponentResource):
    """An SNS topic for alarms and budgets."""

    arn: Output[str]
    """ARN of the topic, available once its policy exists, so that publishers have their permission."""
    key_arn: Output[str]
    """ARN of the key that encrypts the messages."""

    def __init__(self, name: str, args: AlarmTopicArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:AlarmTopic", name, None, opts)
        child = ResourceOptions(parent=self)

        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts the messages of the SNS topic {name}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.json_dumps(_key_policy(args)),
            region=args.region,
            tags={**args.tags, "Name": f"{name}-key"},
            opts=child,
        )
        topic = aws.sns.Topic(
            f"{name}-topic",
            kms_master_key_id=key.arn,
            region=args.region,
            tags={**args.tags, "Name": f"{name}-topic"},
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps(_topic_policy(topic.arn, args)),
            region=args.region,
            opts=child,
        )
        aws.sns.TopicSubscription(
            f"{name}-email",
            topic=topic.arn,
            protocol="email",
            endpoint=args.email,
            region=args.region,
            opts=child,
        )

        self.arn = policy.arn
        self.key_arn = key.arn
        self.register_outputs({"arn": self.arn, "key_arn": self.key_arn})


def _key_policy(args: AlarmTopicArgs) -> dict[str, Any]:
    account_id = args.account_id
    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministers",  # required: only the policy of a key controls its access
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                # AWS documents no condition here: CloudWatch sends no source account to KMS, so with one every message
                # would be lost without an error. The topic's policy limits which alarms may publish.
                "Sid": "CloudWatchPublishes",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": use,
                "Resource": "*",
            },
            {
                "Sid": "BudgetsPublishes",
                "Effect": "Allow",
                "Principal": {"Service": "budgets.amazonaws.com"},
                "Action": use,
                "Resource": "*",
                "Condition": _from_account(account_id, f"arn:aws:budgets::{account_id}:*"),
            },
            # As for CloudWatch without a condition.
            *([_events_use_key(use)] if args.accepts_events else []),
        ],
    }


def _events_use_key(use: list[str]) -> dict[str, Any]:
    return {
        "Sid": "EventsPublishes",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": use,
        "Resource": "*",
    }


def _events_publish(topic_arn: Input[str]) -> dict[str, Any]:
    """Return the statement as AWS documents it, without a condition: a wrong one would lose messages without an error.

    https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification (read 2026-11-28)
    """
    return {
        "Sid": "EventsPublishes",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic_arn,
    }


def _topic_policy(topic_arn: Input[str], args: AlarmTopicArgs) -> dict[str, Any]:
    account_id = args.account_id

    def may_publish(service: str, source: str) -> dict[str, Any]:
        return {
            "Sid": f"{service.title()}Publishes",
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": _from_account(account_id, source),
        }

    return {
        "Version": "2012-10-17",
        "Statement": [
            may_publish("cloudwatch", f"arn:aws:cloudwatch:*:{account_id}:alarm:*"),
            may_publish("budgets", f"arn:aws:budgets::{account_id}:*"),
            *([_events_publish(topic_arn)] if args.accepts_events else []),
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


def _from_account(account_id: str, source_arn: str) -> dict[str, Any]:
    return {"StringEquals": {"aws:SourceAccount": account_id}, "ArnLike": {"aws:SourceArn": source_arn}}
