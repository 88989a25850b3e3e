"""Target tracking of Application Auto Scaling, as it changes the desired count of a service.

- A policy has two alarms on one-minute values: three above the target scale out, and fifteen below nine tenths of it
  scale in. Alarms that AWS created, as two public repositories import them, have these numbers (read 2026-11-28).
- The new count is proportional: count × value ÷ target, rounded up. With several policies the largest count wins, and
  the service scales in only when all policies allow it.
- After a scale-out the cooldown counts the tasks that it added as part of the next one. A scale-out ends the cooldown
  of a scale-in.

https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html (read
2026-11-28)
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MINUTES_OUT: Final = 3
MINUTES_IN: Final = 15
SCALE_IN_SHARE: Final = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class ScalingPolicies:
    """The policies of one service."""

    min_tasks: int
    max_tasks: int
    targets: Mapping[str, float]
    """The target of each metric, by its name."""
    scale_out_cooldown_seconds: float
    scale_in_cooldown_seconds: float


class TargetTracking:
    """The desired count of a service under its policies. Time is in seconds."""

    def __init__(self, policies: ScalingPolicies, desired: int) -> None:
        self.desired = desired
        self._policies = policies
        self._values = {name: deque[float](maxlen=MINUTES_IN) for name in policies.targets}
        self._base = desired  # the count before the last scale-out
        self._last_out = self._last_in = -math.inf

    def observe(self, now: float, values: Mapping[str, float]) -> int:
        """Add the values of one more minute by metric, and return the desired count."""
        for name, value in values.items():
            self._values[name].append(value)
        self._scale_out(now)
        self._scale_in(now)
        return self.desired

    def _scale_out(self, now: float) -> None:
        policies = self._policies
        if now - self._last_out >= policies.scale_out_cooldown_seconds:
            self._base = self.desired
        wanted = max(
            (
                self._proportional(self._base, self._values[name][-1], target)
                for name, target in policies.targets.items()
                if self._is_high(name, target)
            ),
            default=0,
        )
        wanted = min(wanted, policies.max_tasks)
        if wanted > self.desired:
            self.desired, self._last_out = wanted, now

    def _scale_in(self, now: float) -> None:
        policies = self._policies
        last = max(self._last_in, self._last_out)
        if now - last < policies.scale_in_cooldown_seconds:
            return
        if not all(self._is_low(name, target) for name, target in policies.targets.items()):
            return
        wanted = max(
            (
                self._proportional(self.desired, self._values[name][-1], target)
                for name, target in policies.targets.items()
            ),
            default=self.desired,
        )
        wanted = max(wanted, policies.min_tasks)
        if wanted < self.desired:
            self.desired, self._last_in = wanted, now

    def _is_high(self, name: str, target: float) -> bool:
        newest = list(self._values[name])[-MINUTES_OUT:]
        return len(newest) == MINUTES_OUT and min(newest) > target

    def _is_low(self, name: str, target: float) -> bool:
        values = self._values[name]
        return len(values) == MINUTES_IN and max(values) < SCALE_IN_SHARE * target

    @staticmethod
    def _proportional(tasks: int, value: float, target: float) -> int:
        return math.ceil(round(tasks * value / target, 6))
