"""The stateful resource types, and the transformation that protects them from deletion and replacement.

Protection is by type and not by component: a component creates a bucket together with its policies, and a protected
task definition or secret version could never be replaced by its next version. Pulumi refuses a plan that would delete
or replace a protected resource. To delete one on purpose, run `pulumi state unprotect <urn>` first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi

STATEFUL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mongodbatlas:index/advancedCluster:AdvancedCluster": "the data",
        "mongodbatlas:index/project:Project": "the cluster, its backups and its users",
        "aws:elasticache/replicationGroup:ReplicationGroup": "sessions and queues; its endpoint is in REDIS_URL",
        "aws:efs/fileSystem:FileSystem": "the files of the volumes",
        "aws:s3/bucket:Bucket": "the site, the access logs",
        "aws:ecr/repository:Repository": "the images a rollback needs",
        "aws:secretsmanager/secret:Secret": "passwords and keys; its ARN is in task definitions",
        "aws:cloudwatch/logGroup:LogGroup": "the log events",
        "aws:kms/key:Key": "all data that is encrypted with it",
        "aws:ec2/vpc:Vpc": "all resources inside the VPC",
        "aws:ec2/subnet:Subnet": "the load balancer nodes, tasks and cache nodes in its zone",
        "aws:lb/loadBalancer:LoadBalancer": "the DNS name that aliases point at",
    }
)
"""Type token → what its deletion would lose."""


def protect_stateful(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Protect a stateful resource. As a transformation of a component it applies to all of its children."""
    if args.type_ not in STATEFUL:
        return None
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformationResult(args.props, opts)
