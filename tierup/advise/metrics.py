"""The metrics that advice reads, and the value of each for a day.

A day's value is that of its busiest hour, the one with the most requests, because capacity is needed then. Users are
estimated from the requests of the whole day.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

METRICS: Final[Mapping[str, str]] = {
    "requests": "requests to the load balancer in an hour",
    "errors": "responses of the service with a 5xx status in an hour",
    "p95_ms": "p95 of the response time in ms",
    "tasks": "healthy tasks of the API",
    "cpu_percent": "average CPU utilization of the tasks of the busiest service",
    "memory_percent": "average memory utilization of the tasks of the busiest service",
    "cache_memory_percent": "memory in use of the fullest cache node",
    "database_cpu_percent": "CPU of the database (Atlas publishes it outside CloudWatch)",
    "database_disk_percent": "disk in use of the database (Atlas publishes it outside CloudWatch)",
    "users": "users; without them estimated from the requests",
}
"""The metrics by their name in a CSV file."""

_HOURS_OF_A_DAY: Final = 12
"""A day with data of fewer hours, such as today's, is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """The values of one hour by metric."""

    time: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The values of one day by metric."""

    date: date
    values: Mapping[str, float]


def days_of(samples: Iterable[Sample], *, users: int | None, requests_per_user_hour: float) -> Sequence[Day]:
    """Return the days (UTC) with data of at least twelve hours, or with a single row, as a daily CSV file has.

    `users` is the known number of users, or None to estimate it.
    """
    by_day: defaultdict[date, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.values:
            by_day[sample.time.astimezone(UTC).date()].append(sample)
    daily = bool(by_day) and max(map(len, by_day.values())) == 1
    return [
        Day(date=each, values=_day_values(hours, users, requests_per_user_hour))
        for each, hours in sorted(by_day.items())
        if daily or len(hours) >= _HOURS_OF_A_DAY
    ]


def _day_values(hours: Sequence[Sample], users: int | None, requests_per_user_hour: float) -> Mapping[str, float]:
    busiest = max(hours, key=lambda hour: hour.values.get("requests", 0.0))
    found = {name: max(each.values[name] for each in hours if name in each.values) for name in _known(hours)}
    found.update(busiest.values)
    requests = [hour.values["requests"] for hour in hours if "requests" in hour.values]
    if users is not None:
        found["users"] = float(users)
    elif "users" not in found and requests:
        found["users"] = statistics.fmean(requests) / requests_per_user_hour
    return found


def _known(hours: Sequence[Sample]) -> set[str]:
    return {name for hour in hours for name in hour.values}
