"""What an Atlas instance size allows on AWS: connections and disk. One table, and the check that an application's pools
fit the connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """Of each node."""

    connections: int
    """Incoming ones, at once; of each mongos in a sharded cluster."""
    default_disk_gb: int
    """What a cluster of this size starts with when no disk is asked for."""
    most_disk_gb: int


LIMITS: Mapping[str, InstanceLimits] = MappingProxyType(
    {
        "M10": InstanceLimits(1_500, 10, 128),
        "M20": InstanceLimits(3_000, 20, 256),
        "M30": InstanceLimits(3_000, 40, 512),
        "M40": InstanceLimits(6_000, 80, 1_024),
        "M50": InstanceLimits(16_000, 160, 4_096),
        "M60": InstanceLimits(32_000, 320, 4_096),
        "M80": InstanceLimits(96_000, 750, 4_096),
    }
)
"""Connections: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24). Disks: what Atlas offers
on AWS when a cluster is created; its documents give the defaults and the ratio of disk to memory alone
(https://www.mongodb.com/docs/atlas/sizing-tier-selection/)."""

ATLAS_CONNECTIONS = 10
"""Atlas keeps these of each node for itself (atlas-limits, as above)."""

MONITORS = 2
"""Connections that each client opens to each node beside its pool: one watches, one measures the round trip.
From memory, to be checked: https://github.com/mongodb/specifications, server-discovery-and-monitoring."""

SMALLEST_SHARDED = "M30"
"""The least size of a config server: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)."""


def size_number(instance_size: str) -> int:
    """60 of M60 and of R60: what sizes are compared by."""
    return int("".join(sign for sign in instance_size.partition("_")[0] if sign.isdigit()))


def connections_needed(*, pool: int, max_tasks: int, deployments: int = 2) -> int:
    """Connections to one node at the worst moment: all tasks of `deployments` releases at once, pools full."""
    return max_tasks * deployments * (pool + MONITORS) + ATLAS_CONNECTIONS


def check_connections(instance_size: str, *, pool: int, max_tasks: int, deployments: int = 2) -> None:
    """Raises ValueError if the pools of all tasks may need more connections than a node of this size takes.

    `pool` is maxPoolSize, connections that a task opens to each node; `max_tasks` the largest count that autoscaling
    may reach; `deployments` how many releases run at once (two while one replaces the other).
    Raises KeyError for an instance size that is not in `LIMITS`.
    """
    allowed = LIMITS[instance_size].connections
    needed = connections_needed(pool=pool, max_tasks=max_tasks, deployments=deployments)
    if needed > allowed:
        fits = (allowed - ATLAS_CONNECTIONS) // (max_tasks * deployments) - MONITORS
        advice = f"a pool of {fits} fits" if fits > 0 else "no pool fits so many tasks"
        raise ValueError(
            f"a pool of {pool} in {max_tasks} tasks, {deployments} deployments at once, may need {needed:,} "
            f"connections to a node; {instance_size} allows {allowed:,}: {advice}, or take fewer "
            "tasks or a larger instance size"
        )
