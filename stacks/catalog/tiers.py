"""The sizes of each tier: one frozen row a tier, with the reason for each number.

The tiers are those of the production scaling guide (version 1.0, "Cost Estimates"): small below 10,000 users, medium up
to 100,000, large above. `tierup:sizeOverrides` replaces single numbers of a row, within the bounds stated here.
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
    """The number of users that a stack is sized for."""

    SMALL = "small"  # < 10,000
    MEDIUM = "medium"  # 10,000–100,000
    LARGE = "large"  # > 100,000


AtlasInstanceSize = Literal["M10", "M20", "M30", "M40", "M50", "M60", "M80"]
"""Dedicated instance sizes with 3 nodes, continuous backup and peering. Smaller instance sizes have none of these."""


class Sizes(BaseModel):
    """The sizes of one stack. Keys in the configuration are camelCase: taskCpu, cacheNodeType."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    task_cpu: int = Field(description="CPU units of a task; 1024 units are one vCPU")
    task_memory: int = Field(description="MiB of memory of a task")
    tasks: int = Field(ge=1, le=100, description="tasks of the service, a whole number from 1 to 100")
    max_tasks: int = Field(
        ge=1,
        le=500,
        description="the maximum number of tasks of autoscaling from phase scale on, a whole number from 1 to 500",
    )
    workers: int = Field(ge=0, le=100, description="the minimum number of worker tasks, a whole number from 0 to 100")
    max_workers: int = Field(
        ge=0, le=500, description="the maximum number of worker tasks of autoscaling, a whole number from 0 to 500"
    )
    cache_node_type: str = Field(
        pattern=r"^cache\.[a-z][a-z0-9-]*\.(micro|small|medium|large|\d{0,2}xlarge)$",
        description="an ElastiCache node type such as cache.t4g.micro",
    )
    cache_nodes: int = Field(
        ge=1,
        le=6,
        description="nodes of each shard of the cache, a whole number from 1 to 6; the first node is the primary",
    )
    cache_shards: int = Field(
        ge=1, le=30, description="shards of the cache in phase enterprise, a whole number from 1 to 30"
    )
    cache_snapshot_days: int = Field(
        ge=0, le=35, description="the retention of cache snapshots in days, 0 (no snapshots) to 35"
    )
    database_instance_size: AtlasInstanceSize = Field(
        description="an Atlas instance size: M10, M20, M30, M40, M50, M60 or M80"
    )
    database_max_instance_size: AtlasInstanceSize = Field(
        description="the largest instance size of database autoscaling in phase scale, M10 to M80"
    )
    database_shards: int = Field(
        ge=0, le=30, description="shards of the database in phase enterprise, 0 (a replica set) to 30"
    )
    database_disk_gb: int = Field(
        ge=10, le=4096, description="the disk of a database node in GB, a whole number from 10 to 4096"
    )
    database_max_pool_size: int = Field(
        ge=1,
        le=500,
        description="the connection pool of a task to each database node (maxPoolSize), a whole number from 1 to 500",
    )

    @field_validator("task_memory")
    @classmethod
    def _check_task_memory(cls, memory: int, info: ValidationInfo) -> int:
        cpu = info.data.get("task_cpu")
        if cpu is not None:
            check_fargate_size(cpu, memory)
        return memory


_ROWS: Mapping[Tier, Sizes] = MappingProxyType(
    {
        # Guide: M10, 1–2 tasks. Half a vCPU is enough for a Node.js process, which has one thread. The smallest
        # Graviton cache node has half a GiB of memory. 10 GB is the default disk of an M10.
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
        # family has no CPU credits that steady load uses up. 40 GB is the default disk of an M30.
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
        # Guide: 10 nodes, M60, "Redis Cluster: $336": three of medium's nodes, a primary with two replicas. A task has
        # two vCPUs so that garbage collection and TLS do not wait for the single JavaScript thread. 160 GB is half of
        # the default disk of an M60; the disk grows automatically.
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
            # One, because nothing distributes the collections: a second shard would be paid and idle. Add shards when
            # you have chosen shard keys (docs/adr/0012-defaults-on-real-clouds.md).
            database_shards=1,
            database_disk_gb=160,
            database_max_pool_size=100,
        ),
    }
)

# Connection pools: the driver's default is 100 connections to each node. M10 allows 1,500 connections, M30 3,000, and a
# deployment doubles the number of tasks. Medium's 80 leave room for four more clients, such as scheduled tasks.
# https://www.mongodb.com/docs/atlas/reference/atlas-limits/ (read 2026-11-24)

# One task is the lower end of the guide's "1–2": before there are users, the outage of an availability zone costs
# minutes, and a second task costs $15 a month. From optimization on the guide's pitfall "Single Instance" applies.
_MVP_TASKS = 1

AWS_BUDGET_USD: Mapping[Phase, Mapping[Tier, int]] = MappingProxyType(
    # Monthly cost of AWS, without Atlas: the fixed cost from `tierup cost`, plus at least half of it for usage, rounded
    # up to 50. Set tierup:monthlyBudgetUsd when you know your own number.
    {
        Phase.MVP: {Tier.SMALL: 100, Tier.MEDIUM: 300, Tier.LARGE: 1000},
        Phase.OPTIMIZATION: {Tier.SMALL: 200, Tier.MEDIUM: 450, Tier.LARGE: 1500},
        Phase.SCALE: {Tier.SMALL: 350, Tier.MEDIUM: 750, Tier.LARGE: 2000},
        Phase.ENTERPRISE: {Tier.SMALL: 400, Tier.MEDIUM: 1150, Tier.LARGE: 3000},
    }
)


NAT: Mapping[Tier, NatKind] = MappingProxyType(
    # A NAT gateway costs $35 a month. A single one is cheaper, but when its availability zone fails, the tasks of the
    # other zones lose internet access too, and no task can start. From 10,000 users on that outage costs more.
    {Tier.SMALL: NatKind.SINGLE, Tier.MEDIUM: NatKind.PER_ZONE, Tier.LARGE: NatKind.PER_ZONE}
)

ENDPOINTS: Mapping[Tier, tuple[EndpointService, ...]] = MappingProxyType(
    # An interface endpoint costs $8 a month and zone, NAT $0.048 a GB (https://aws.amazon.com/privatelink/pricing/,
    # https://aws.amazon.com/vpc/pricing/, eu-west-1, from memory). Endpoints are cheaper from 500 GB a month and
    # service on, which only logs and image pulls of large reach. Secrets Manager has one too, so that a task starts
    # without NAT.
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

REQUESTS_PER_TASK: Mapping[Tier, int] = MappingProxyType(
    # Requests per minute and task at which autoscaling adds a task: what a Node.js process with the tier's CPU answers
    # at half load, about 20 requests per second and vCPU with one database query each. Measure your own application;
    # autoscaling follows CPU and memory as well.
    {Tier.SMALL: 600, Tier.MEDIUM: 1_200, Tier.LARGE: 2_400}
)

NODE_POOL_VCPUS: Mapping[Tier, int] = MappingProxyType(
    # The most vCPUs of the nodes of EKS, a limit on the cost of a mistake. Each is about twice what all pods request at
    # their maximum (tasks and workers together), because a deployment starts new pods before it stops old ones.
    {Tier.SMALL: 16, Tier.MEDIUM: 48, Tier.LARGE: 256}
)

# Failover (phase scale) needs a replica.
_NODES_FOR_FAILOVER = 2


def sizes(tier: Tier, phase: Phase) -> Sizes:
    """Return the sizes of a tier in a phase."""
    row = _ROWS[tier]
    if tier is Tier.SMALL and phase is Phase.MVP:
        return row.model_copy(update={"tasks": _MVP_TASKS})
    if Feature.CACHE_FAILOVER in features(phase):
        return row.model_copy(update={"cache_nodes": max(row.cache_nodes, _NODES_FOR_FAILOVER)})
    return row
