"""Conditions that a user injects into what runs: a stopped task, a failing health check, a zone that is down.

They are not resources, so no operation of Pulumi changes them. `tierup sandbox conditions` adds and clears them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class ConditionKind(enum.StrEnum):
    """The kinds of conditions."""

    TASK_STOPPED = "task-stopped"  # every task of a service stops, and none starts again
    HEALTH_FAILING = "health-failing"  # the tasks of a service run, and fail the health check of the load balancer
    ZONE_DOWN = "zone-down"  # an Availability Zone is unreachable
    REGION_DOWN = "region-down"  # every Availability Zone of a region is unreachable
    CERTIFICATE_EXPIRED = "certificate-expired"  # a certificate was not renewed
    DISK_FULL = "disk-full"  # the disk of a cluster is full, so it accepts no writes


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `target` is a logical name, a physical name, a zone, or a region."""

    kind: ConditionKind
    target: str


class Conditions:
    """The conditions that hold."""

    def __init__(self, conditions: Iterable[Condition] = ()) -> None:
        self._conditions = frozenset(conditions)

    def __iter__(self) -> Iterator[Condition]:
        return iter(sorted(self._conditions, key=lambda each: (each.kind, each.target)))

    def __bool__(self) -> bool:
        return bool(self._conditions)

    def holds(self, kind: ConditionKind, *names: str) -> bool:
        """Return whether a condition of a kind holds for something with one of these names."""
        return any(each.kind is kind and each.target in names for each in self._conditions)

    def zone_is_down(self, zone: str) -> bool:
        """Return whether an Availability Zone ("eu-west-1a") or its region is down."""
        return self.holds(ConditionKind.ZONE_DOWN, zone) or self.holds(ConditionKind.REGION_DOWN, zone[:-1])
