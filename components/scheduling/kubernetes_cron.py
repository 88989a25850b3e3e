"""Schedule expressions of AWS in the form of Kubernetes' CronJob.

AWS: cron(minutes hours day-of-month month day-of-week year), where one of the two days is `?` and Sunday is 1.
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html and, for the days,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html (read 2026-11-28)
Kubernetes: minute hour day-of-month month day-of-week, where Sunday is 0.
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ (read 2026-11-28)
"""

from __future__ import annotations

import re
from typing import Final

from components.scheduling.expression import check_schedule

_DAY_NUMBER: Final = re.compile(r"(?<![/\d])[1-7](?!\d)")
_ONLY_AWS: Final = re.compile(r"[LW#]$")
_IN_AN_HOUR, _IN_A_DAY = 60, 24


def kubernetes_schedule(schedule: str) -> str:
    """Return an AWS schedule as five fields. Raises ValueError for one that a CronJob cannot have."""
    check_schedule(schedule)
    kind, _, arguments = schedule.removesuffix(")").partition("(")
    if kind == "at":
        raise ValueError(_sentence(schedule, "a CronJob does not run once", "cron() or rate()"))
    return _of_rate(schedule, arguments) if kind == "rate" else _of_cron(schedule, arguments)


def _of_rate(schedule: str, arguments: str) -> str:
    number, unit = arguments.split()
    every = int(number)
    if unit.startswith("minute") and every < _IN_AN_HOUR and _IN_AN_HOUR % every == 0:
        return f"*/{every} * * * *"
    if unit.startswith("minute") and every % _IN_AN_HOUR == 0:
        every, unit = every // _IN_AN_HOUR, "hours"
    if unit.startswith("hour") and every < _IN_A_DAY and _IN_A_DAY % every == 0:
        return f"0 */{every} * * *"
    if (unit.startswith("hour") and every == _IN_A_DAY) or (unit.startswith("day") and every == 1):
        return "0 0 * * *"
    raise ValueError(
        _sentence(
            schedule,
            "a CronJob starts at fixed times, so the rate must divide an hour or a day",
            "such as rate(15 minutes), rate(6 hours), rate(1 day) or cron()",
        )
    )


def _of_cron(schedule: str, arguments: str) -> str:
    minutes, hours, day, month, weekday, year = arguments.upper().split()
    if year != "*":
        raise ValueError(_sentence(schedule, "a CronJob has no year", "* as the sixth field"))
    if any(_ONLY_AWS.search(part) or "#" in part for field in (day, weekday) for part in field.split(",")):
        raise ValueError(_sentence(schedule, "a CronJob has no L, W or #", "days by number or name"))
    weekday = _DAY_NUMBER.sub(lambda number: str(int(number.group()) - 1), weekday)
    return " ".join("*" if field == "?" else field for field in (minutes, hours, day, month, weekday))


def _sentence(schedule: str, problem: str, allowed: str) -> str:
    return f"schedule: {problem} (got {schedule}). Set {allowed}."
