"""What a stack's settings decide about its capacity: tasks, autoscaling, connection pools, sizes of the databases."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from tierup.program_loader import import_path
from tierup.program_settings import Phase, Settings, Tier

with import_path():
    from components.atlas.instance_limits import LIMITS, connections_needed
    from components.ecs.autoscaling import ServiceAutoscalingArgs
    from stacks.catalog.phases import Feature, features
    from stacks.catalog.tiers import REQUESTS_PER_TASK, Sizes, sizes
    from stacks.config.constraints.services import max_clients
    from stacks.config.groups import AutoscalingConfig

_DEFAULTS: Final[Mapping[str, Any]] = {each.name: each.default for each in dataclasses.fields(ServiceAutoscalingArgs)}

HEALTHY_SECONDS: Final = 30.0
"""From a listening task to its first request: two health checks of 15 seconds (components/alb/target_group.py)."""

DATABASE_GB: Final[Mapping[str, int]] = MappingProxyType(
    # https://www.mongodb.com/docs/atlas/reference/amazon-aws/ (read 2026-11-29), where an M80 has 131 GB
    {"M10": 2, "M20": 4, "M30": 8, "M40": 16, "M50": 32, "M60": 64, "M80": 128}
)
"""Memory of a database node in GB."""

_STANDARD_IOPS: Final = 3_000  # "3,000 minimum" from M30 on: MongoDB 8.0 in Action, section 10.2.4 (read 2026-11-28)
DATABASE_IOPS: Final[Mapping[str, int]] = MappingProxyType(
    {"M10": 1_000, "M20": 2_000} | dict.fromkeys(("M30", "M40", "M50", "M60", "M80"), _STANDARD_IOPS)
)
"""Disk operations per second of a database node with standard storage. Those of M10 and M20 are from memory."""

CACHE_GIB: Final[Mapping[str, float]] = MappingProxyType(
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Redis.html, maxmemory by node type (from
    # memory; a public repository's table of nodes has the first three, read 2026-11-28)
    {
        "cache.t4g.micro": 0.5,
        "cache.t4g.small": 1.37,
        "cache.t4g.medium": 3.09,
        "cache.m7g.large": 6.38,
        "cache.m7g.xlarge": 12.93,
        "cache.r7g.large": 13.07,
    }
)
"""Memory of a cache node in GiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackSizes:
    """The part of a stack's settings that decides its capacity."""

    phase: Phase
    tier: Tier
    task_cpu: int
    """CPU units of a task; 1024 are one vCPU."""
    task_memory: int
    """MiB of a task."""
    min_tasks: int
    max_tasks: int
    autoscaled: bool
    """Whether the number of tasks changes. Without autoscaling `max_tasks` is `min_tasks`."""
    cpu_percent: float | None
    """The target of autoscaling for the average CPU utilization."""
    requests_per_minute: float | None
    """The target of autoscaling for requests per minute and task."""
    scale_out_cooldown_seconds: float
    scale_in_cooldown_seconds: float
    other_tasks: int
    """The largest number of other tasks that connect to the database: workers, further services, scheduled tasks."""
    pool: int
    """Connections of a task to each database node (maxPoolSize)."""
    database: str
    """The Atlas instance size."""
    max_database: str
    """The largest instance size that database autoscaling reaches."""
    database_shards: int
    database_disk_gb: int
    cached: bool
    cache_node_type: str
    cache_shards: int

    @property
    def vcpu(self) -> float:
        """The vCPUs of a task."""
        return self.task_cpu / 1024

    @property
    def connections(self) -> int:
        """The largest number of connections to a database node, during a deployment."""
        return connections_needed(pool=self.pool, max_tasks=self.max_tasks + self.other_tasks)

    @property
    def allowed_connections(self) -> int:
        """The connections that a database node allows."""
        return LIMITS[self.database].connections


def of_tier(phase: Phase, tier: Tier) -> StackSizes:
    """Return the sizes of a stack with default settings."""
    row = sizes(tier, phase)
    return _stack_sizes(
        phase,
        tier,
        row,
        cpu_percent=AutoscalingConfig().cpu_percent,
        requests_per_minute=REQUESTS_PER_TASK[tier],
        other_tasks=row.max_workers if Feature.WORKER in features(phase) else 0,
    )


def of_settings(settings: Settings) -> StackSizes:
    """Return the sizes of a stack with these settings."""
    scaling, row = settings.autoscaling, settings.sizes
    own = row.max_tasks if Feature.AUTOSCALING in features(settings.phase) else row.tasks
    return _stack_sizes(
        settings.phase,
        settings.tier,
        row,
        cpu_percent=scaling.cpu_percent,
        requests_per_minute=scaling.requests_per_minute or REQUESTS_PER_TASK[settings.tier],
        other_tasks=max_clients(settings) - own,
    )


def _stack_sizes(
    phase: Phase, tier: Tier, row: Sizes, *, cpu_percent: float, requests_per_minute: float, other_tasks: int
) -> StackSizes:
    found = features(phase)
    autoscaled = Feature.AUTOSCALING in found
    grows = Feature.DATABASE_AUTOSCALING in found and Feature.DATABASE_SHARDS not in found
    return StackSizes(
        phase=phase,
        tier=tier,
        task_cpu=row.task_cpu,
        task_memory=row.task_memory,
        min_tasks=row.tasks,
        max_tasks=row.max_tasks if autoscaled else row.tasks,
        autoscaled=autoscaled,
        cpu_percent=cpu_percent if autoscaled else None,
        requests_per_minute=requests_per_minute if autoscaled else None,
        scale_out_cooldown_seconds=float(_DEFAULTS["scale_out_cooldown_seconds"]),
        scale_in_cooldown_seconds=float(_DEFAULTS["scale_in_cooldown_seconds"]),
        other_tasks=other_tasks,
        pool=row.database_max_pool_size,
        database=row.database_instance_size,
        max_database=row.database_max_instance_size if grows else row.database_instance_size,
        database_shards=max(row.database_shards, 1) if Feature.DATABASE_SHARDS in found else 1,
        database_disk_gb=row.database_disk_gb,
        cached=Feature.CACHE in found,
        cache_node_type=row.cache_node_type,
        cache_shards=row.cache_shards if Feature.CACHE_SHARDS in found else 1,
    )
