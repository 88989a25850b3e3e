"""An ECS cluster that stands already, taken as it is: nothing is made, nothing changed.

Its owner must have attached the capacity providers FARGATE and FARGATE_SPOT: AWS refuses a service that names one the
cluster lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ExistingClusterArgs:
    """Which cluster."""

    cluster_name: str
    """No ARN."""
    exec_log_group_arn: Input[str] | None = None
    """Where the cluster records ECS Exec sessions, as its owner set it; no lookup tells. None: no service allows
    any."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", self.cluster_name):
            raise ValueError(
                f"cluster_name: got {self.cluster_name!r}, allowed a name, no ARN: up to 255 letters, digits, hyphens "
                "and underscores"
            )


class ExistingCluster(ComponentResource):
    """The outputs of a ContainerCluster, of a cluster that another made."""

    arn: Output[str]
    """The cluster's."""
    cluster_name: Output[str]
    """The `ClusterName` dimension of its metrics."""
    exec_log_group_arn: Output[str] | None
    """As given."""

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
