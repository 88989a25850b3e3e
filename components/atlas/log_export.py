"""The export of a database's logs to an S3 bucket, by Atlas's log integration.

Creates an IAM role that Atlas may assume, its registration with Atlas, and the integration, with which Atlas writes the
logs of the last minute as objects. It does not create the bucket, which must be in the same account.
https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/logintegration/ (read 2026-11-28)
Checklist: logging configured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.assumed_role import AtlasAssumedRole

_SESSION_SECONDS = 12 * 60 * 60
"""What Atlas requires of the role.
https://www.mongodb.com/docs/atlas/export-logs-external-sinks/#prerequisites (read 2026-11-29)"""


class AtlasLog(StrEnum):
    """A log that Atlas exports.

    https://www.mongodb.com/docs/atlas/export-logs/#supported-log-types (read 2026-11-29)
    """

    MONGOD = "mongod"
    """The log of each node."""
    MONGOS = "mongos"
    """The log of each router of a sharded database."""
    MONGOD_AUDIT = "mongod-audit"
    """The audit log of each node, if auditing is on."""
    MONGOS_AUDIT = "mongos-audit"
    """The audit log of each router, if auditing is on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasLogExportArgs:
    """Arguments of AtlasLogExport."""

    project_id: Input[str]
    """Id of the Atlas project, whose clusters have M10 or larger."""
    bucket_name: Input[str]
    """Name of the bucket."""
    bucket_arn: Input[str]
    """ARN of the bucket."""
    logs: Sequence[AtlasLog]
    """The logs, one or more."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    prefix: str = "atlas"
    """Prefix of the objects, without a final slash."""

    def __post_init__(self) -> None:
        if not self.logs or len(set(self.logs)) != len(self.logs):
            raise ValueError(
                f"logs: must have each log once (got {', '.join(self.logs) or 'none'}). Give one or more of "
                f"{', '.join(AtlasLog)}."
            )
        if not self.prefix or self.prefix != self.prefix.strip("/"):
            raise ValueError(f"prefix: begins or ends with a slash, or is empty (got {self.prefix!r}). Give a name.")


class AtlasLogExport(ComponentResource):
    """The log export of one project."""

    role_arn: Output[str]
    """ARN of the role that Atlas assumes to write the logs."""

    def __init__(self, name: str, args: AtlasLogExportArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasLogExport", name, None, opts)
        child = ResourceOptions(parent=self)
        assumed = AtlasAssumedRole(name, args.project_id, args.tags, child, max_session_seconds=_SESSION_SECONDS)
        policy = aws.iam.RolePolicy(
            f"{name}-write", role=assumed.role.id, policy=Output.json_dumps(_permissions(args)), opts=child
        )
        mongodbatlas.LogIntegration(
            f"{name}-integration",
            project_id=args.project_id,
            type="S3_LOG_EXPORT",
            log_types=[log.value.replace("-", "_").upper() for log in args.logs],
            bucket_name=args.bucket_name,
            iam_role_id=assumed.role_id,
            prefix_path=args.prefix,
            # Atlas writes a test object when the integration is created.
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.role_arn = assumed.role.arn
        self.register_outputs({"role_arn": self.role_arn})


def _permissions(args: AtlasLogExportArgs) -> Mapping[str, object]:
    """Return the policy of the role: the provider's example, with objects limited to the prefix.

    https://github.com/mongodb/terraform-provider-mongodbatlas, examples/mongodbatlas_log_integration/s3bucket/aws.tf
    (read 2026-11-28)
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
                "Resource": Output.concat(args.bucket_arn, f"/{args.prefix}/*"),
            },
            {
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
                "Resource": args.bucket_arn,
            },
        ],
    }
