"""The log groups of the CloudWatch observability add-on, with retention.

Creates the four log groups to which Fluent Bit and the CloudWatch agent of the add-on write. The add-on would create
them without retention, so they must exist before it.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html
(three of them, read 2026-11-28; that of the metrics: from memory)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention

KINDS: Final = ("application", "dataplane", "host", "performance")
"""Logs of pods, of Kubernetes on the nodes, of the nodes, and the events from which Container Insights computes
metrics."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContainerLogsArgs:
    """Arguments of ContainerLogs. Raises ValueError for a period that CloudWatch Logs does not support."""

    cluster_name: str
    """Name of the cluster, which is part of the names of the log groups."""
    log_retention_days: int
    """Retention in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of the log groups; a Name is added."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log groups; its key policy must allow CloudWatch Logs of the region."""

    def __post_init__(self) -> None:
        check_retention("log_retention_days", self.log_retention_days)


class ContainerLogs(ComponentResource):
    """The log groups of a cluster's containers and nodes."""

    application_log_group_name: Output[str]
    """Name of the log group of all pods."""

    def __init__(self, name: str, args: ContainerLogsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ContainerLogs", name, None, opts)
        groups = {
            kind: aws.cloudwatch.LogGroup(
                f"{name}-{kind}",
                name=f"/aws/containerinsights/{args.cluster_name}/{kind}",
                retention_in_days=args.log_retention_days,
                kms_key_id=args.log_key_arn,
                tags={**args.tags, "Name": f"{name}-{kind}"},
                opts=ResourceOptions(parent=self),
            )
            for kind in KINDS
        }
        self.application_log_group_name = groups["application"].name
        self.register_outputs({"application_log_group_name": self.application_log_group_name})
