"""Which resources hold what cannot be made again, and their protection from deletion and replacement.

By type, not by component: a component mixes a bucket with the policies on it, and a protected task definition or secret
version could never be replaced by its successor. Pulumi refuses a plan that would delete or replace a protected
resource; to let one go on purpose: `pulumi state unprotect <urn>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi

STATEFUL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mongodbatlas:index/advancedCluster:AdvancedCluster": "the data",
        "mongodbatlas:index/project:Project": "the cluster, its backups and users go with it",
        "aws:elasticache/replicationGroup:ReplicationGroup": "sessions and queues; its endpoint is in REDIS_URL",
        "aws:s3/bucket:Bucket": "the site, the access logs",
        "aws:ecr/repository:Repository": "the images a rollback needs",
        "aws:secretsmanager/secret:Secret": "passwords and keys; its ARN is in task definitions",
        "aws:cloudwatch/logGroup:LogGroup": "what happened",
        "aws:kms/key:Key": "everything encrypted with it",
        "aws:ec2/vpc:Vpc": "everything inside",
        "aws:lb/loadBalancer:LoadBalancer": "the DNS name that aliases point at",
    }
)
"""Type token → what would be lost."""


def protect_stateful(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """A transformation for `ResourceOptions.transformations`: it reaches every child of the resource it is given to."""
    if args.type_ not in STATEFUL:
        return None
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformationResult(args.props, opts)
