"""The ECS cluster the services run in: Fargate and Fargate Spot, nothing to patch.

Makes: the cluster, its capacity providers, and the log group that records ECS Exec sessions (whether a service allows
any is the service's decision).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention


class ContainerInsights(StrEnum):
    """How much CloudWatch records about the cluster; each step up is paid for by the metric.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html (read 2026-11-24)
    """

    DISABLED = "disabled"  # a service's average CPU and memory are recorded all the same
    ENABLED = "enabled"  # by task and service
    ENHANCED = "enhanced"  # by container, too


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsClusterArgs:
    """What one cluster needs."""

    exec_log_retention_days: int
    """Of the records of ECS Exec; one of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    container_insights: ContainerInsights = ContainerInsights.DISABLED
    """How much CloudWatch records."""
    log_key_arn: Input[str] | None = None
    """The customer's own KMS key for the log group; its policy must let CloudWatch Logs of the region use it."""

    def __post_init__(self) -> None:
        check_retention("exec_log_retention_days", self.exec_log_retention_days)


class EcsCluster(ComponentResource):
    """A cluster whose services choose between Fargate and Fargate Spot by capacity provider strategies."""

    arn: Output[str]
    """Known once both capacity providers are attached: ECS refuses a service that names one the cluster lacks."""
    cluster_name: Output[str]
    """The `ClusterName` dimension of its metrics."""
    exec_log_group_arn: Output[str]
    """Where ECS Exec sessions are recorded."""

    def __init__(self, name: str, args: EcsClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ContainerCluster", name, None, opts)
        child = ResourceOptions(parent=self)
        exec_log_group = aws.cloudwatch.LogGroup(
            f"{name}-exec",
            retention_in_days=args.exec_log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={**args.tags, "Name": f"{name}-exec"},
            opts=child,
        )
        cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            settings=[{"name": "containerInsights", "value": args.container_insights.value}],
            configuration={
                "execute_command_configuration": {
                    "logging": "OVERRIDE",
                    "log_configuration": {"cloud_watch_log_group_name": exec_log_group.name},
                }
            },
            tags={**args.tags, "Name": f"{name}-cluster"},
            opts=child,
        )
        providers = aws.ecs.ClusterCapacityProviders(
            f"{name}-capacity",
            cluster_name=cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            default_capacity_provider_strategies=[{"capacity_provider": "FARGATE", "base": 1, "weight": 1}],
            opts=child,
        )

        self.arn = Output.all(cluster.arn, providers.id).apply(lambda both: str(both[0]))
        self.cluster_name = cluster.name
        self.exec_log_group_arn = exec_log_group.arn
        self.register_outputs(
            {
                "arn": self.arn,
                "cluster_name": self.cluster_name,
                "exec_log_group_arn": self.exec_log_group_arn,
            }
        )
