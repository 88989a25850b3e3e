"""Encryption of an Atlas project's clusters with a customer managed KMS key.

Revoking the key makes the data unreadable.

Creates an IAM role that Atlas may assume, its registration with Atlas, and the project's encryption at rest. It does
not create the key, whose policy must delegate access to IAM of its account. Clusters opt in by `customer_managed_key`.
Checklist: encryption at rest, customer managed keys.

An encrypted cluster stops when Atlas loses access to the key, so protect the key from deletion.
Source: https://www.mongodb.com/docs/atlas/security-aws-kms/ (read 2026-11-29).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.assumed_role import AtlasAssumedRole
from components.atlas.region_names import atlas_region

_KEY_ACTIONS = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasEncryptionArgs:
    """Arguments of AtlasEncryption."""

    project_id: Input[str]
    """Id of the Atlas project whose clusters may use the key."""
    key_arn: Input[str]
    """ARN of a symmetric KMS key of the same account; its policy must delegate access to IAM."""
    region: str
    """AWS region of the key."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""

    def __post_init__(self) -> None:
        atlas_region(self.region)


class AtlasEncryption(ComponentResource):
    """The encryption at rest of one project."""

    project_id: Output[str]
    """Id of the project, available once encryption is ready. A cluster with `customer_managed_key` depends on it."""
    role_arn: Output[str]
    """ARN of the role that Atlas assumes to use the key."""

    def __init__(self, name: str, args: AtlasEncryptionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasEncryption", name, None, opts)
        child = ResourceOptions(parent=self)
        assumed = AtlasAssumedRole(name, args.project_id, args.tags, child)
        policy = aws.iam.RolePolicy(
            f"{name}-use",
            role=assumed.role.id,
            policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": _KEY_ACTIONS, "Resource": args.key_arn}],
                }
            ),
            opts=child,
        )
        encryption = mongodbatlas.EncryptionAtRest(
            f"{name}-encryption",
            project_id=args.project_id,
            aws_kms_config={
                "enabled": True,
                "customer_master_key_id": Output.from_input(args.key_arn).apply(lambda arn: arn.rpartition("/")[2]),
                "region": atlas_region(args.region),
                "role_id": assumed.role_id,
            },
            # Atlas validates the key when encryption is enabled.
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )

        self.project_id = encryption.project_id
        self.role_arn = assumed.role.arn
        self.register_outputs({"project_id": self.project_id, "role_arn": self.role_arn})
