"""Connection and disk limits of Atlas instance sizes on AWS, and the check that connection pools fit them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class InstanceLimits:
    """Limits of each node of one instance size."""

    connections: int
    """Concurrent incoming connections; in a sharded cluster, of each mongos."""
    default_disk_gb: int
    """Disk size in GB of a cluster that declares none."""
    max_disk_gb: int
    """Largest disk size in GB."""


LIMITS: Mapping[str, InstanceLimits] = MappingProxyType(
    {
        "M10": InstanceLimits(1_500, 10, 128),
        "M20": InstanceLimits(3_000, 20, 255),
        "M30": InstanceLimits(3_000, 40, 512),
        "M40": InstanceLimits(6_000, 80, 1_024),
        "M50": InstanceLimits(16_000, 160, 4_096),
        "M60": InstanceLimits(32_000, 320, 4_096),
        "M80": InstanceLimits(96_000, 750, 4_096),
    }
)
"""Connections: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24). Disks:
https://www.mongodb.com/docs/atlas/reference/amazon-aws/ (read 2026-11-29)."""

ATLAS_CONNECTIONS = 10
"""Connections of each node that Atlas reserves (atlas-limits, as above)."""

MONITORS = 2
"""Monitoring connections that each client opens to each node besides its pool: one for state, one for round-trip time.
https://github.com/mongodb/specifications, source/server-discovery-and-monitoring/server-monitoring.md, Measuring RTT
(read 2026-11-29)."""

SMALLEST_SHARDED = "M30"
"""Smallest size of a sharded cluster: https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)."""


def size_number(instance_size: str) -> int:
    """Return the number that instance sizes are compared by: 60 for M60 and for R60."""
    return int("".join(sign for sign in instance_size.partition("_")[0] if sign.isdigit()))


def connections_needed(*, pool: int, max_tasks: int, deployments: int = 2) -> int:
    """Return the largest number of connections to one node: all tasks of `deployments` releases, with full pools."""
    return max_tasks * deployments * (pool + MONITORS) + ATLAS_CONNECTIONS


def check_connections(instance_size: str, *, pool: int, max_tasks: int, deployments: int = 2) -> None:
    """Raise ValueError if the pools of all tasks may need more connections than a node of this size accepts.

    `pool` is maxPoolSize, the connections that a task opens to each node. `max_tasks` is the largest count that
    autoscaling may reach. `deployments` is the number of releases that run at once: two during a deployment.
    Raises KeyError for an instance size that is not in `LIMITS`.
    """
    allowed = LIMITS[instance_size].connections
    needed = connections_needed(pool=pool, max_tasks=max_tasks, deployments=deployments)
    if needed > allowed:
        fits = (allowed - ATLAS_CONNECTIONS) // (max_tasks * deployments) - MONITORS
        remedy = f"Use a pool of {fits}" if fits > 0 else "No pool fits so many tasks: use"
        raise ValueError(
            f"max_pool_size: the tasks may need {needed:,} connections to a node and {instance_size} allows "
            f"{allowed:,} (got a pool of {pool} in {max_tasks} tasks, {deployments} deployments at once). "
            f"{remedy}{', ' if fits > 0 else ' '}fewer tasks or a larger instance size."
        )
