"""An existing ECS cluster, which another stack or team owns: it is only looked up; nothing is created or changed.

The owner must have associated the capacity providers FARGATE and FARGATE_SPOT: ECS rejects a service that names
another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingClusterArgs:
    """Arguments of ExistingCluster. Raises ValueError for a cluster name that is not valid."""

    cluster_name: str
    """Name of the cluster, not its ARN."""
    exec_log_group_arn: Input[str] | None = None
    """ARN of the log group of the cluster's ECS Exec sessions, which no lookup returns. If None, services do not allow
    ECS Exec."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", self.cluster_name):
            raise ValueError(
                f"cluster_name: not a cluster name (got {self.cluster_name!r}). "
                "Set the name, not the ARN: up to 255 letters, digits, hyphens and underscores."
            )


class ExistingCluster(ComponentResource):
    """An existing cluster with the outputs of an EcsCluster."""

    arn: Output[str]
    """ARN of the cluster."""
    cluster_name: Output[str]
    """Name of the cluster, the `ClusterName` dimension of its metrics."""
    exec_log_group_arn: Output[str] | None
    """ARN of the log group of ECS Exec sessions, as given."""

    def __init__(self, name: str, args: ExistingClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ExistingCluster", name, None, opts)
        found = aws.ecs.get_cluster_output(cluster_name=args.cluster_name, opts=InvokeOptions(parent=self))
        self.arn = found.arn
        self.cluster_name = found.cluster_name
        self.exec_log_group_arn = (
            Output.from_input(args.exec_log_group_arn) if args.exec_log_group_arn is not None else None
        )
        self.register_outputs(
            {
                "arn": self.arn,
                "cluster_name": self.cluster_name,
                "exec_log_group_arn": self.exec_log_group_arn,
            }
        )
