"""Schedule expressions of Application Auto Scaling and EventBridge Scheduler, which share one syntax.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (read 2026-11-24)
"""

from __future__ import annotations

import re

_SCHEDULE = re.compile(
    r"cron\((\S+ ){5}\S+\)|rate\([1-9]\d* (minutes?|hours?|days?)\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)"
)


def check_schedule(schedule: str) -> None:
    """Raise ValueError unless `schedule` has one of AWS's three forms.

    The forms are cron(minutes hours day-of-month month day-of-week year), rate(...) and at(yyyy-mm-ddThh:mm:ss).
    """
    if not _SCHEDULE.fullmatch(schedule):
        raise ValueError(
            f"schedule: not a schedule expression (got {schedule!r}). "
            "Set cron() with six fields, rate(5 minutes) or at(yyyy-mm-ddThh:mm:ss)."
        )
