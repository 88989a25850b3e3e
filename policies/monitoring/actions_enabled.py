"""MON-002: a CloudWatch alarm with actions has its actions enabled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import (
    ChecklistItem,
    Finding,
    NotApplicable,
    Parameters,
    Pitfall,
    Resource,
    ResourceRule,
    Severity,
    declared,
)
from .alarms import ALARMS


def check(alarm: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not any(declared(alarm.properties, key) for key in ("alarmActions", "okActions", "insufficientDataActions")):
        raise NotApplicable("the alarm has no actions")
    if alarm.properties.get("actionsEnabled") is False:
        yield Finding("actionsEnabled", "false", "true, or not set")


RULE = ResourceRule(
    id="MON-002",
    name="alarm-actions-enabled",
    title="An alarm's actions are enabled.",
    item=ChecklistItem.UPTIME,
    severity=Severity.HIGH,
    applies_to=ALARMS,
    check=check,
    remediation="Remove actions_enabled=False, which is meant for a maintenance window and not for the program.",
    example="""aws.cloudwatch.MetricAlarm(
    "errors",
    alarm_actions=[topic.arn],
    actions_enabled=True,
    # ...
)""",
    source="https://docs.aws.amazon.com/config/latest/developerguide/cloudwatch-alarm-action-enabled-check.html",
    read=date(2026, 11, 24),
    pitfall=Pitfall.NO_MONITORING,
)
