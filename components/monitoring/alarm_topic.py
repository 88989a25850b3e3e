"""Where alarms go: an SNS topic that is encrypted at rest and still reachable by the services that raise alarms.

Makes a KMS key, the topic, its policy and one e-mail subscription. AWS's own key for SNS (alias/aws/sns) would not do:
its policy cannot be edited, CloudWatch may not use it, and an alarm would change state while its message is lost in
silence
(https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services, as others cite it,
read 2026-11-24).
SNS mails the address a link once; nothing is delivered there until it is clicked.

Checklist: monitoring (someone hears of it), encryption at rest, TLS only.
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
    """Who is told, and of which account's alarms."""

    account_id: str  # the AWS account's, 12 digits
    email: str  # one address; more subscribe in SNS without a change here
    tags: Mapping[str, str]  # of everything made here that can have some; a Name is added
    region: str | None = None
    """Where topic and key live; None is the provider's region. An alarm reaches topics of its own region only."""

    def __post_init__(self) -> None:
        check_account_id("account_id", self.account_id)
        if "@" not in self.email.strip("@"):
            raise ValueError(
                f"email is '{self.email}'; allowed is one address, because alarms nobody reads are not alarms"
            )


class AlarmTopic(pulumi.ComponentResource):
    """`arn` is known once the policy stands, so whoever is given it may publish at once."""

    arn: Output[str]
    """The topic's, for alarms and budgets of its region."""
    key_arn: Output[str]
    """Of the key that encrypts its messages."""

    def __init__(self, name: str, args: AlarmTopicArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:AlarmTopic", name, None, opts)
        child = ResourceOptions(parent=self)

        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts the messages of the SNS topic {name}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.json_dumps(_key_policy(args.account_id)),
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
            policy=pulumi.Output.json_dumps(_topic_policy(topic.arn, args.account_id)),
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


def _key_policy(account_id: str) -> dict[str, Any]:
    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministers",  # else nobody could: a key obeys its own policy alone
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                # As AWS documents it, with no condition: CloudWatch sends KMS no source account, and with one every
                # message would be lost in silence. Whose alarms may publish is settled by the topic's policy.
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
        ],
    }


def _topic_policy(topic_arn: Input[str], account_id: str) -> dict[str, Any]:
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
