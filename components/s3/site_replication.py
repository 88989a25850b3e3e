"""A copy of the site's files in a second bucket, kept by S3 itself: what a CDN serves when the first is out of reach.

Makes: the replication's configuration and the role that S3 takes to copy. Not here: the two buckets (site_bucket.py),
both with versions, the second in another region. Files that stood before the replication are not copied: S3 copies
what is uploaded from then on, so upload the build once more.
Checklist: deployment rollback (deletions are copied too, as markers).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

# As AWS gives it. Not service_trust's conditions: AWS does not say that replication fills them in, and without them it
# would stop unseen. What the role may do is limited to the two buckets.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html (from memory)
_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteReplicationArgs:
    """From where to where."""

    bucket_name: Input[str]
    """Of the bucket that is copied; its versions are kept."""
    bucket_arn: Input[str]
    """Of the same."""
    copy_arn: Input[str]
    """ARN of the second bucket."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""


class SiteReplication(ComponentResource):
    """Copies within seconds as a rule, within 15 minutes for most; nothing waits for it."""

    role_arn: Output[str]
    """What S3 copies as."""

    def __init__(self, name: str, args: SiteReplicationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SiteReplication", name, None, opts)
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="S3 copies the site's files to the second bucket",
            assume_role_policy=_TRUST,
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        policy = aws.iam.RolePolicy(f"{name}-copies", role=role.name, policy=_copies(args), opts=child)
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
                    "destination": {"bucket": args.copy_arn, "storage_class": "STANDARD"},
                }
            ],
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})


def _copies(args: SiteReplicationArgs) -> Output[str]:
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "SeesWhatToCopy",
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
                    "Sid": "WritesCopies",
                    "Effect": "Allow",
                    "Action": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
                    "Resource": pulumi.Output.concat(args.copy_arn, "/*"),
                },
            ],
        }
    )
