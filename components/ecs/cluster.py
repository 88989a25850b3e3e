"""The ECS cluster of the services, with the capacity providers Fargate and Fargate Spot.

Creates the cluster, its capacity providers, and the log group of ECS Exec sessions. Each service decides whether it
allows ECS Exec.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention


class ContainerInsights(StrEnum):
    """The metrics that CloudWatch Container Insights collects; each is billed as a custom metric.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterSetting.html (read 2026-11-24)
    """

    DISABLED = "disabled"  # ECS still reports a service's average CPU and memory
    ENABLED = "enabled"  # metrics of tasks and services
    ENHANCED = "enhanced"  # metrics of containers as well


@dataclass(frozen=True, kw_only=True, slots=True)
class EcsClusterArgs:
    """Arguments of EcsCluster. Raises ValueError for a retention period that CloudWatch Logs does not support."""

    exec_log_retention_days: int
    """Retention of ECS Exec session logs in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    container_insights: ContainerInsights = ContainerInsights.DISABLED
    """The metrics that CloudWatch collects of the cluster."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log group; its key policy must allow CloudWatch Logs of the region."""

    def __post_init__(self) -> None:
        check_retention("exec_log_retention_days", self.exec_log_retention_days)


class EcsCluster(ComponentResource):
    """An ECS cluster whose services use Fargate and Fargate Spot by capacity provider strategies."""

    arn: Output[str]
    """ARN of the cluster. It resolves after both capacity providers are associated: ECS rejects a service that names
    another one."""
    cluster_name: Output[str]
    """Name of the cluster, the `ClusterName` dimension of its metrics."""
    exec_log_group_arn: Output[str]
    """ARN of the log group of ECS Exec sessions."""

    def __init__(self, name: str, args: EcsClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EcsCluster", name, None, opts)
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
