"""LOG-002: a log group is encrypted with a customer managed key, whose policy controls who can read the logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, declared
from .log_groups import LOG_GROUP


def check(group: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not declared(group.properties, "kmsKeyId"):
        yield Finding("kmsKeyId", "not set: the AWS managed default", "a customer managed KMS key")


RULE = ResourceRule(
    id="LOG-002",
    name="log-encryption",
    title="A log group is encrypted with a customer managed KMS key.",
    item=ChecklistItem.LOGGING,
    severity=Severity.LOW,
    applies_to=(LOG_GROUP,),
    check=check,
    remediation="Set kms_key_id to a key whose policy lets logs.REGION.amazonaws.com use it.",
    example="""aws.cloudwatch.LogGroup("api", kms_key_id=key.arn, retention_in_days=365)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    read=date(2026, 11, 24),
    level=Level.ADVISORY,
)
