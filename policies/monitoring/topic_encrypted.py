"""MON-015: the topic of an alarm is encrypted at rest, since alarm messages describe the system and its failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    Level,
    NotApplicable,
    Parameters,
    Resource,
    Severity,
    Stack,
    StackRule,
    declared,
)
from .topics import TOPIC, notifying_alarms


def check(topic: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    if not any(True for _ in notifying_alarms(stack, topic)):
        raise NotApplicable("no alarm of this stack notifies the topic")
    if not declared(topic.properties, "kmsMasterKeyId"):
        yield Finding("kmsMasterKeyId", "not set", "a KMS key that CloudWatch may use")


RULE = StackRule(
    id="MON-015",
    name="alarm-topic-encrypted",
    title="The SNS topic of an alarm is encrypted at rest.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    applies_to=(TOPIC,),
    check=check,
    remediation="Set kms_master_key_id to a customer managed key whose policy lets cloudwatch.amazonaws.com use it.",
    example="""topic = aws.sns.Topic("alarms", kms_master_key_id=key.arn)""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/sns-encrypted-kms.html",
    read=date(2026, 11, 24),
    level=Level.ADVISORY,
)
