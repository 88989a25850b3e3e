"""MON-010: an alarm's message gets into its topic: the topic's policy and its key let CloudWatch in.

CloudWatch says nothing when they do not: the alarm changes its state, and nobody hears of it.
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
from .topics import TOPIC, alarms_telling, policies_of

KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
ALIAS = "aws:kms/alias:Alias"
CLOUDWATCH = "cloudwatch.amazonaws.com"
USE = ("kms:Decrypt", "kms:GenerateDataKey")


def check(topic: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in alarms_telling(stack, topic)):
        raise NotApplicable("no alarm of this stack tells it")
    for holder in (topic, *policies_of(stack, topic)):
        # Without a policy of its own a topic takes every message of its own account, CloudWatch's too.
        if (policy := holder.properties.get("policy")) and not service_may(policy, CLOUDWATCH, ["sns:Publish"]):
            yield Finding(f"policy ({holder.name})", f"does not let {CLOUDWATCH} publish", "a statement that does")
    if not declared(topic.properties, "kmsMasterKeyId"):
        return
    yield from _key(topic, stack)


def _key(topic: Resource, stack: Stack) -> Iterator[Finding]:
    keys = [key for key in stack.of((KEY,)) if _encrypts(key, topic, stack)]  # a stack has few alarm topics
    if not keys:
        if str(topic.properties["kmsMasterKeyId"]).endswith("alias/aws/sns"):
            yield Finding(
                "kmsMasterKeyId",
                "AWS's own key alias/aws/sns, which CloudWatch may not use",
                f"a key of your own whose policy lets {CLOUDWATCH} use it",
            )
            return
        raise Indeterminate("its key is not of this stack, so the key's policy cannot be seen")
    for key in keys:
        holders = (key, *stack.referring((KEY_POLICY,), "keyId", key, "keyId"))
        if not any(service_may(h.properties.get("policy") or "{}", CLOUDWATCH, USE) for h in holders):
            yield Finding(
                f"kmsMasterKeyId, policy of {key.name}",
                f"does not let {CLOUDWATCH} use the key",
                f"a statement that allows it {' and '.join(USE)}*",
            )


def _encrypts(key: Resource, topic: Resource, stack: Stack) -> bool:
    if refers(topic, "kmsMasterKeyId", key, "arn") or refers(topic, "kmsMasterKeyId", key, "keyId"):
        return True
    aliases = stack.referring((ALIAS,), "targetKeyId", key, "keyId")
    return any(refers(topic, "kmsMasterKeyId", alias, "name") for alias in aliases)


RULE = StackRule(
    id="MON-010",
    name="alarm-topic-reachable",
    title="CloudWatch may publish to the topic of an alarm, and use the key that encrypts it.",
    item=ChecklistItem.UPTIME,
    severity=Severity.HIGH,
    applies_to=(TOPIC,),
    check=check,
    remediation="Encrypt the topic with a key of your own that lets cloudwatch.amazonaws.com decrypt and generate.",
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
    unproven="That the conditions of the statements are met when an alarm is raised.",
)
