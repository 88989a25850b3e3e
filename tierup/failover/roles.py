"""What a failover changes: on the real clouds by their APIs, in the sandbox by its rows.

Every method raises CommandError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class CacheMove(Protocol):
    """The Global Datastore of a stack."""

    def primary_region(self) -> str:
        """Return the region of the primary."""
        ...

    def promote(self, region: str) -> None:
        """Make the region's replication group the primary."""
        ...


class DatabaseMove(Protocol):
    """The cluster of a stack."""

    def preferred_region(self) -> str:
        """Return the region with the highest priority."""
        ...

    def prefer(self, region: str) -> None:
        """Give the region the highest priority in every shard."""
        ...


class TrafficMove(Protocol):
    """The weighted records of a stack's origin name."""

    def weights(self) -> Mapping[str, int]:
        """Return the weight of each region's record."""
        ...

    def point_to(self, region: str) -> None:
        """Give all traffic to a region."""
        ...


class WorkerMove(Protocol):
    """The worker service of one region."""

    def minimum(self) -> int | None:
        """Return the minimum number of tasks; None without a worker."""
        ...

    def scale(self, tasks: int) -> None:
        """Set the minimum and the current number of tasks."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """What a failover changes."""

    cache: CacheMove
    database: DatabaseMove
    traffic: TrafficMove
    workers: Mapping[str, WorkerMove]  # by region
