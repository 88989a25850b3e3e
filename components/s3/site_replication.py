"""S3 replication of the site's files to a bucket in another region, which a CDN serves during a failover.

Creates the replication configuration and the role that S3 assumes. site_bucket.py creates the two buckets, both with
versioning. S3 does not replicate objects that exist before the configuration, so upload the build once more.
Checklist: deployment rollback (delete markers are replicated too).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

# As AWS documents it, without service_trust's source conditions: AWS does not document that replication sends these
# keys, and replication would fail without an error. The role's permissions are limited to the two buckets.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html (read 2026-11-28)
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteReplicationArgs:
    """Arguments of SiteReplication."""

    bucket_name: Input[str]
    """Name of the source bucket, with versioning."""
    bucket_arn: Input[str]
    """ARN of the source bucket."""
    destination_arn: Input[str]
    """ARN of the destination bucket, with versioning, in another region."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""


class SiteReplication(ComponentResource):
    """An asynchronous replication, usually within seconds and mostly within 15 minutes."""

    role_arn: Output[str]
    """ARN of the role that S3 assumes."""

    def __init__(self, name: str, args: SiteReplicationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteReplication", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="S3 replicates the site's files to the destination bucket",
            assume_role_policy=_TRUST,
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=_permissions(args), opts=child)
        aws.s3.BucketReplicationConfig(
            f"{name}-rule",
            bucket=args.bucket_name,
            role=role.arn,
            rules=[
                {
                    "id": "everything",
                    "priority": 1,
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "delete_marker_replication": {"status": "Enabled"},
                    "destination": {"bucket": args.destination_arn, "storage_class": "STANDARD"},
                }
            ],
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})


def _permissions(args: SiteReplicationArgs) -> Output[str]:
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "ReadsConfiguration",
                    "Effect": "Allow",
                    "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
                    "Resource": args.bucket_arn,
                },
                {
                    "Sid": "ReadsFiles",
                    "Effect": "Allow",
                    "Action": [
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionTagging",
                    ],
                    "Resource": pulumi.Output.concat(args.bucket_arn, "/*"),
                },
                {
                    "Sid": "WritesReplicas",
                    "Effect": "Allow",
                    "Action": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
                    "Resource": pulumi.Output.concat(args.destination_arn, "/*"),
                },
            ],
        }
    )
