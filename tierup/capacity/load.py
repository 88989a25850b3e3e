"""Requests per second over time: a daily curve, a spike, and the busiest hours of a day while the users grow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tierup.capacity.assumptions import Assumptions

DAY: Final = 86_400.0
HOUR: Final = 3_600.0
_SMALLEST_SHARE: Final = 0.1  # of the average, at night

Rate = Callable[[float], float]
"""Returns the expected requests per second at a time in seconds."""

GROWTH_USERS: Final[Sequence[int]] = tuple(int(round(10 ** (4 + step / 6), -3)) for step in range(19))
"""Numbers of users from 10,000 to 10 million, six in each decade."""


class Scenario(StrEnum):
    """A load that can be simulated."""

    DAILY = "daily"
    SPIKE = "spike"
    GROWTH = "growth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """A load and how long it lasts."""

    seconds: float
    rate: Rate


def average_rate(assumptions: Assumptions) -> float:
    """Return the average requests per second of all users."""
    return assumptions.users * assumptions.requests_per_user_hour / HOUR


def daily(assumptions: Assumptions) -> Load:
    """Return a day with its peak at noon. Its average and its peak are those of the assumptions."""
    average, shape = average_rate(assumptions), _day_shape(assumptions.peak_factor)
    return Load(seconds=DAY, rate=lambda second: average * shape(second))


def busiest_hours(assumptions: Assumptions, hours: float = 4) -> Load:
    """Return the hours around the peak of a day."""
    average, shape = average_rate(assumptions), _day_shape(assumptions.peak_factor)
    begin = DAY / 2 - hours * HOUR / 2
    return Load(seconds=hours * HOUR, rate=lambda second: average * shape(begin + second))


def spike(assumptions: Assumptions) -> Load:
    """Return two hours at the average rate with a spike of half an hour, which begins within a minute."""
    average = average_rate(assumptions)
    begin, rise, length = HOUR / 2, 60.0, HOUR / 2

    def rate(second: float) -> float:
        up = min(max((second - begin) / rise, 0.0), 1.0)
        down = min(max((second - begin - rise - length) / rise, 0.0), 1.0)
        return average * (1 + (assumptions.spike_factor - 1) * (up - down))

    return Load(seconds=2 * HOUR, rate=rate)


def _day_shape(peak: float) -> Rate:
    """Return a curve over a day with the average 1 and this peak: a power of a cosine on a constant part.

    The higher the peak, the narrower the curve, so that the night keeps at least a tenth of the average.
    """
    if peak <= 1:
        return lambda _second: 1.0
    power = 1
    while True:
        mean = math.comb(2 * power, power) / 4**power  # the average of ((1 + cos) / 2) ** power
        low = (1 - mean * peak) / (1 - mean)
        if low >= _SMALLEST_SHARE:
            break
        power += 1

    def shape(second: float) -> float:
        wave = (1 - math.cos(2 * math.pi * second / DAY)) / 2
        return low + (peak - low) * wave**power

    return shape
