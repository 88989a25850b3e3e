"""Schedules of jobs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tierup.copilot_import.conversion.values import Found, seconds
from tierup.copilot_import.draft import Draft, unmapped
from tierup.copilot_import.manifest import Node
from tierup.program_loader import import_path

with import_path():
    from components.scheduling.expression import check_schedule

_PRESETS: Final[Mapping[str, str]] = {
    # internal/pkg/deploy/cloudformation/stack/scheduled_job.go; @weekly is Sunday, day 1 of AWS.
    "@hourly": "cron(0 * * * ? *)",
    "@daily": "cron(0 0 * * ? *)",
    "@midnight": "cron(0 0 * * ? *)",
    "@weekly": "cron(0 0 ? * 1 *)",
    "@monthly": "cron(0 0 1 * ? *)",
    "@yearly": "cron(0 0 1 1 ? *)",
    "@annually": "cron(0 0 1 1 ? *)",
}


def aws_schedule(text: str) -> str:
    """Return Copilot's schedule as an expression of EventBridge Scheduler. Raises ValueError if it is not one.

    This follows awsSchedule, toRate and toAWSCron in internal/pkg/deploy/cloudformation/stack/scheduled_job.go.
    """
    text = text.strip()
    if text in _PRESETS:
        return _PRESETS[text]
    if text.startswith("@every "):
        duration = seconds(Node(value=text.removeprefix("@every ").strip(), file="", line=0))
        if not duration or duration % 60:
            raise ValueError("the duration is not a whole number of minutes")
        minutes = int(duration // 60)
        return f"rate({minutes} minute{'' if minutes == 1 else 's'})"
    if not text.startswith(("cron(", "rate(")):
        text = _cron(text.split())
    check_schedule(text)
    return text


def _cron(fields: list[str]) -> str:
    if len(fields) != 5:
        raise ValueError("a cron schedule has five fields")
    minute, hour, day, month, weekday = fields
    any_day, any_weekday = any(each in day for each in "*?"), any(each in weekday for each in "*?")
    if not any_day and not any_weekday:
        raise ValueError("AWS does not support a day of the month together with a day of the week")
    if any_weekday:
        weekday, day = "?", "*" if any_day else day
    else:
        # Days of the week are 0 to 6 (7 is Sunday again) in cron, and 1 to 7 in AWS; a step is not a day.
        weekday = re.sub(r"(?<![\d/#])\d", lambda match: str(int(match[0]) % 7 + 1), weekday)
        day = "?"
    return f"cron({minute} {hour} {day} {month} {weekday} *)"


def schedule(draft: Draft, node: Node) -> Found:
    container = draft.current.container
    if node.text() == "none":
        draft.put("rate(1 day)", *container, "schedule")
        return draft.mapped(False, *container, "enabled", note="The schedule is created disabled.")
    try:
        expression = aws_schedule(node.text())
    except ValueError as error:
        return unmapped(f"{node.text()}: {error}.")
    return draft.mapped(expression, *container, "schedule")
