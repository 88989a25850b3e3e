"""MON-010: the policy and key of an alarm's topic allow CloudWatch to publish to it.

CloudWatch reports no error otherwise: the alarm changes its state, but no subscriber receives the message.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Indeterminate,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
    refers,
)
from .permissions import service_may
from .topics import TOPIC, notifying_alarms, policies_of

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
ALIAS = "aws:kms/alias:Alias"
CLOUDWATCH = "cloudwatch.amazonaws.com"
USE = ("kms:Decrypt", "kms:GenerateDataKey")


def check(topic: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in notifying_alarms(stack, topic)):
        raise NotApplicable("no alarm of this stack notifies the topic")
    for holder in (topic, *policies_of(stack, topic)):
        # Without a policy, a topic accepts messages from its own account, including CloudWatch's.
        if holder.properties.get("policy") and not service_may(holder.properties, CLOUDWATCH, ["sns:Publish"]):
            yield Finding(
                f"policy ({holder.name})",
                f"does not allow {CLOUDWATCH} to publish",
                "a statement that allows sns:Publish",
            )
    if not declared(topic.properties, "kmsMasterKeyId"):
        return
    yield from _key(topic, stack)


def _key(topic: Resource, stack: Stack) -> Iterator[Finding]:
    keys = [key for key in stack.of((KEY,)) if _encrypts(key, topic, stack)]  # a stack has few alarm topics
    if not keys:
        if str(topic.properties["kmsMasterKeyId"]).endswith("alias/aws/sns"):
            yield Finding(
                "kmsMasterKeyId",
                "the AWS managed key alias/aws/sns, which CloudWatch may not use",
                f"a customer managed key whose policy lets {CLOUDWATCH} use it",
            )
            return
        raise Indeterminate("its key is not in this stack, so the rule cannot see the key's policy")
    for key in keys:
        holders = (key, *stack.referring((KEY_POLICY,), "keyId", key, "keyId"))
        if not any(service_may(holder.properties, CLOUDWATCH, USE) for holder in holders):
            yield Finding(
                f"kmsMasterKeyId, policy of {key.name}",
                f"does not allow {CLOUDWATCH} to use the key",
                f"a statement that allows {' and '.join(USE)}*",
            )


def _encrypts(key: Resource, topic: Resource, stack: Stack) -> bool:
    if refers(topic, "kmsMasterKeyId", key, "arn") or refers(topic, "kmsMasterKeyId", key, "keyId"):
        return True
    aliases = stack.referring((ALIAS,), "targetKeyId", key, "keyId")
    return any(refers(topic, "kmsMasterKeyId", alias, "name") for alias in aliases)


RULE = StackRule(
    id="MON-010",
    name="alarm-topic-reachable",
    title="CloudWatch may publish to the topic of an alarm and use its encryption key.",
    item=ChecklistItem.UPTIME,
    severity=Severity.HIGH,
    applies_to=(TOPIC,),
    check=check,
    remediation=(
        "Encrypt the topic with a customer managed key that allows cloudwatch.amazonaws.com to decrypt and generate "
        "data keys."
    ),
    example="""key = aws.kms.Key(
    "alarms",
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                    "Resource": "*",
                },
            ],
        }
    ),
)
topic = aws.sns.Topic("alarms", kms_master_key_id=key.arn)""",
    source="https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
    unproven="The rule assumes that the conditions of the statements are met when an alarm fires.",
)
