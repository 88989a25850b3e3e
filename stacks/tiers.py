"""How big things are: one frozen table, a row a tier, each number a decision with its reason.

The frame is the production scaling guide's (version 1.0, "Cost Estimates"): small < 10,000 users, medium up to
100,000, large beyond. `tierup:overrides` replaces single numbers of a row, within the bounds stated here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from components.fargate_sizes import check_fargate_size

from .phases import Phase


class Tier(enum.StrEnum):
    """How many users a stack is made for."""

    SMALL = "small"  # < 10,000
    MEDIUM = "medium"  # 10,000–100,000
    LARGE = "large"  # > 100,000


AtlasInstanceSize = Literal["M10", "M20", "M30", "M40", "M50", "M60", "M80"]
"""Dedicated sizes that keep 3 nodes, continuous backup and peering; smaller ones have none of these."""


class Sizes(BaseModel):
    """The sizes of one stack. Names in configuration are camelCase: taskCpu, cacheNodeType ..."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    task_cpu: int = Field(description="CPU units of a task; 1024 are one vCPU")
    task_memory: int = Field(description="MiB of memory of a task")
    tasks: int = Field(ge=1, le=100, description="tasks of the service, a whole number from 1 to 100")
    cache_node_type: str = Field(
        pattern=r"^cache\.[a-z][a-z0-9-]*\.(micro|small|medium|large|\d{0,2}xlarge)$",
        description="an ElastiCache node type such as cache.t4g.micro",
    )
    cache_nodes: int = Field(
        ge=1, le=6, description="nodes of the cache, a whole number from 1 to 6; the first is written to"
    )
    cache_snapshot_days: int = Field(ge=0, le=35, description="days that cache snapshots are kept, 0 (none) to 35")
    database_size: AtlasInstanceSize = Field(description="an Atlas instance size: M10, M20, M30, M40, M50, M60 or M80")
    database_disk_gb: int = Field(
        ge=10, le=4096, description="GB of disk of a database node, a whole number from 10 to 4096"
    )
    database_pool: int = Field(
        ge=1, le=500, description="connections a task may open to a database node, a whole number from 1 to 500"
    )

    @field_validator("task_memory")
    @classmethod
    def _fits_the_cpu(cls, memory: int, info: ValidationInfo) -> int:
        cpu = info.data.get("task_cpu")
        if cpu is not None:
            check_fargate_size(cpu, memory)
        return memory


_ROWS: Mapping[Tier, Sizes] = MappingProxyType(
    {
        # Guide: M10, 1–2 tasks. Half a vCPU serves a Node process well (it is one thread); the smallest Graviton cache
        # node holds half a GiB of JSON; a disk of 10 GB is what Atlas starts M10 with.
        Tier.SMALL: Sizes(
            task_cpu=512,
            task_memory=1024,
            tasks=2,
            cache_node_type="cache.t4g.micro",
            cache_nodes=1,
            cache_snapshot_days=1,
            database_size="M10",
            database_disk_gb=10,
            database_pool=50,
        ),
        # Guide: "AWS ECS (4 instances)", M30, "Redis (ElastiCache): $112": about one m7g.large, which unlike the t
        # family has no CPU credits that run out under steady load. 40 GB is what Atlas starts M30 with.
        Tier.MEDIUM: Sizes(
            task_cpu=1024,
            task_memory=2048,
            tasks=4,
            cache_node_type="cache.m7g.large",
            cache_nodes=1,
            cache_snapshot_days=7,
            database_size="M30",
            database_disk_gb=40,
            database_pool=100,
        ),
        # Guide: 10 nodes, M60, "Redis Cluster: $336": three of medium's nodes, a primary with two replicas that can
        # take over. A task has two vCPUs so that garbage collection and TLS don't wait for the one Node thread. 160 GB
        # is what Atlas starts M60 with.
        Tier.LARGE: Sizes(
            task_cpu=2048,
            task_memory=4096,
            tasks=10,
            cache_node_type="cache.m7g.large",
            cache_nodes=3,
            cache_snapshot_days=14,
            database_size="M60",
            database_disk_gb=160,
            database_pool=100,
        ),
    }
)

# Pools: the driver's own default is 100 a node. M10 takes 1,500 connections in all, and a deployment has twice the
# tasks. https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)

# One task is the guide's "1–2" at its smallest: before there are users a zone's outage costs minutes, a second task $15
# a month. From optimization on "Single Instance → no high availability" counts.
_FIRST_TASKS = 1

AWS_BUDGET_USD: Mapping[Tier, int] = MappingProxyType(
    # A month of AWS alone (Atlas bills apart), rounded up so that a quiet month stays below it: the guide's headline
    # without Atlas ($63, $254, $2,500) and what it leaves out (load balancer, firewall, public addresses, logs).
    {Tier.SMALL: 150, Tier.MEDIUM: 400, Tier.LARGE: 3000}
)


def sizes(tier: Tier, phase: Phase) -> Sizes:
    """The row of a tier in a phase."""
    row = _ROWS[tier]
    if tier is Tier.SMALL and phase is Phase.MVP:
        return row.model_copy(update={"tasks": _FIRST_TASKS})
    return row
