"""How big things are: one frozen table, a row a tier, each number a decision with its reason.

The frame is the production scaling guide's (version 1.0, "Cost Estimates"): small < 10,000 users, medium up to
100,000, large beyond. `tierup:sizeOverrides` replaces single numbers of a row, within the bounds stated here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from components.ecs.fargate_sizes import check_fargate_size
from components.vpc.endpoints import EndpointService
from components.vpc.nat import NatKind
from stacks.catalog.phases import Feature, Phase, features


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
    max_tasks: int = Field(
        ge=1, le=500, description="tasks that autoscaling may reach from phase scale on, a whole number from 1 to 500"
    )
    workers: int = Field(ge=0, le=100, description="tasks of the worker at the least, a whole number from 0 to 100")
    max_workers: int = Field(
        ge=0, le=500, description="tasks of the worker that autoscaling may reach, a whole number from 0 to 500"
    )
    cache_node_type: str = Field(
        pattern=r"^cache\.[a-z][a-z0-9-]*\.(micro|small|medium|large|\d{0,2}xlarge)$",
        description="an ElastiCache node type such as cache.t4g.micro",
    )
    cache_nodes: int = Field(
        ge=1, le=6, description="nodes of the cache, a whole number from 1 to 6; the first is written to. Of each shard"
    )
    cache_shards: int = Field(
        ge=1, le=30, description="shards of the cache in phase enterprise, a whole number from 1 to 30"
    )
    cache_snapshot_days: int = Field(ge=0, le=35, description="days that cache snapshots are kept, 0 (none) to 35")
    database_instance_size: AtlasInstanceSize = Field(
        description="an Atlas instance size: M10, M20, M30, M40, M50, M60 or M80"
    )
    database_max_instance_size: AtlasInstanceSize = Field(
        description="the instance size that the database may grow to by itself in phase scale, M10 to M80"
    )
    database_shards: int = Field(
        ge=0, le=30, description="shards of the database in phase enterprise, 0 (a replica set) to 30"
    )
    database_disk_gb: int = Field(
        ge=10, le=4096, description="GB of disk of a database node, a whole number from 10 to 4096"
    )
    database_max_pool_size: int = Field(
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
            max_tasks=4,
            workers=1,
            max_workers=2,
            cache_node_type="cache.t4g.micro",
            cache_nodes=1,
            cache_shards=1,
            cache_snapshot_days=1,
            database_instance_size="M10",
            database_max_instance_size="M30",
            database_shards=1,
            database_disk_gb=10,
            database_max_pool_size=50,
        ),
        # Guide: "AWS ECS (4 instances)", M30, "Redis (ElastiCache): $112": about one m7g.large, which unlike the t
        # family has no CPU credits that run out under steady load. 40 GB is what Atlas starts M30 with.
        Tier.MEDIUM: Sizes(
            task_cpu=1024,
            task_memory=2048,
            tasks=4,
            max_tasks=10,
            workers=1,
            max_workers=4,
            cache_node_type="cache.m7g.large",
            cache_nodes=1,
            cache_shards=2,
            cache_snapshot_days=7,
            database_instance_size="M30",
            database_max_instance_size="M50",
            database_shards=1,
            database_disk_gb=40,
            database_max_pool_size=80,
        ),
        # Guide: 10 nodes, M60, "Redis Cluster: $336": three of medium's nodes, a primary with two replicas that can
        # take over. A task has two vCPUs so that garbage collection and TLS don't wait for the one Node thread. 160 GB
        # is half of what Atlas starts M60 with; a disk can grow and never shrinks.
        Tier.LARGE: Sizes(
            task_cpu=2048,
            task_memory=4096,
            tasks=10,
            max_tasks=40,
            workers=2,
            max_workers=10,
            cache_node_type="cache.m7g.large",
            cache_nodes=3,
            cache_shards=3,
            cache_snapshot_days=14,
            database_instance_size="M60",
            database_max_instance_size="M80",
            database_shards=2,
            database_disk_gb=160,
            database_max_pool_size=100,
        ),
    }
)

# Pools: the driver's own default is 100 a node. M10 takes 1,500 connections in all, M30 3,000, and a deployment has
# twice the tasks. Medium's 80 leave room for four clients more: tasks by the clock, or another service.
# https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)

# One task is the guide's "1–2" at its smallest: before there are users a zone's outage costs minutes, a second task $15
# a month. From optimization on "Single Instance → no high availability" counts.
_FIRST_TASKS = 1

AWS_BUDGET_USD: Mapping[Phase, Mapping[Tier, int]] = MappingProxyType(
    # A month of AWS alone (Atlas bills apart): what `tierup cost` finds, and half as much again or more for what is
    # paid by use, in full fifties. Yours goes into tierup:monthlyBudgetUsd once you know it.
    {
        Phase.MVP: {Tier.SMALL: 100, Tier.MEDIUM: 300, Tier.LARGE: 1000},
        Phase.OPTIMIZATION: {Tier.SMALL: 200, Tier.MEDIUM: 450, Tier.LARGE: 1500},
        Phase.SCALE: {Tier.SMALL: 350, Tier.MEDIUM: 750, Tier.LARGE: 2000},
        Phase.ENTERPRISE: {Tier.SMALL: 400, Tier.MEDIUM: 1150, Tier.LARGE: 3000},
    }
)


NAT: Mapping[Tier, NatKind] = MappingProxyType(
    # A gateway is $35 a month and zone. One for all is cheaper, and cuts the other zones off when its own fails: large
    # has users enough that this costs more.
    {Tier.SMALL: NatKind.SINGLE, Tier.MEDIUM: NatKind.SINGLE, Tier.LARGE: NatKind.PER_ZONE}
)

ENDPOINTS: Mapping[Tier, tuple[EndpointService, ...]] = MappingProxyType(
    # An endpoint is $8 a month and zone, NAT $0.048 a GB (https://aws.amazon.com/privatelink/pricing/,
    # https://aws.amazon.com/vpc/pricing/, eu-west-1, from memory): cheaper from 500 GB a month and service on,
    # which only logs and image pulls of large reach. Secrets go with them so that a task starts without NAT.
    {
        Tier.SMALL: (),
        Tier.MEDIUM: (),
        Tier.LARGE: (
            EndpointService.ECR_API,
            EndpointService.ECR_DKR,
            EndpointService.LOGS,
            EndpointService.SECRETS_MANAGER,
        ),
    }
)

REQUESTS_A_TASK: Mapping[Tier, int] = MappingProxyType(
    # A minute, at which another task comes: what a Node process of the tier's CPU answers at half load, about 20
    # requests a second and vCPU with a database behind each. Measure yours; CPU and memory count beside it.
    {Tier.SMALL: 600, Tier.MEDIUM: 1_200, Tier.LARGE: 2_400}
)

# A replica that takes over (phase scale) is a second node.
_NODES_FOR_FAILOVER = 2


def sizes(tier: Tier, phase: Phase) -> Sizes:
    """The row of a tier in a phase."""
    row = _ROWS[tier]
    if tier is Tier.SMALL and phase is Phase.MVP:
        return row.model_copy(update={"tasks": _FIRST_TASKS})
    if Feature.CACHE_FAILOVER in features(phase):
        return row.model_copy(update={"cache_nodes": max(row.cache_nodes, _NODES_FOR_FAILOVER)})
    return row
