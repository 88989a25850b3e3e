"""LOG-001: a log group has a limited retention that is long enough to investigate an incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..inputs import number
from ..rule import ChecklistItem, Finding, NotApplicable, Parameter, Parameters, Resource, ResourceRule, Severity, shown
from .log_groups import LOG_GROUP

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html, as the docstring of
# pulumi_aws 7.51.1's LogGroup lists them (read 2026-11-24); 0 means unlimited.
CHOICES = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
    *(365, 400, 545, 731, 1096, 1827),
    *(2192, 2557, 2922, 3288, 3653),
)
RETENTION = Parameter(
    "retentionDays",
    {"type": "integer", "minimum": 1, "maximum": CHOICES[-1]},
    30,
    "Minimum retention in days.",
)


def check(group: Resource, parameters: Parameters) -> Iterator[Finding]:
    if group.properties.get("logGroupClass") == "DELIVERY":
        raise NotApplicable("CloudWatch sets two days for a log group of class DELIVERY")
    days = number(group.properties, "retentionInDays")
    minimum = parameters[RETENTION.name]
    if not days:
        yield Finding("retentionInDays", f"{shown(days)}: unlimited", f"{minimum} or more")
    elif days < minimum:
        yield Finding("retentionInDays", shown(days), f"{minimum} or more")


def remedy(_group: Resource, parameters: Parameters) -> Mapping[str, Any]:
    return {"retentionInDays": next(days for days in CHOICES if days >= parameters[RETENTION.name])}


RULE = ResourceRule(
    id="LOG-001",
    name="log-retention",
    title="A log group has a retention period.",
    item=ChecklistItem.LOGGING,
    severity=Severity.LOW,
    applies_to=(LOG_GROUP,),
    check=check,
    remedy=remedy,
    remediation="Set retention_in_days to 30 or more to investigate incidents, or to 365 where auditors require it.",
    example="""aws.cloudwatch.LogGroup("api", retention_in_days=365)""",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
    read=date(2026, 11, 24),
    parameters=(RETENTION,),
    unproven="The rule does not see the contents of the logs.",
)
