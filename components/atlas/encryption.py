"""Encryption of an Atlas project's clusters with a KMS key of one's own: who takes the key away, takes the data away.

Makes: an IAM role that Atlas may take on, its registration with Atlas, and the project's encryption at rest. Not here:
the key, whose policy has to leave access to IAM of its account, and the clusters, which opt in (`own_key`).
Checklist: encryption at rest, customer-managed keys.

A cluster that is encrypted so stops when Atlas loses the key for good: the key wants protection from deletion.
Source: https://www.mongodb.com/docs/atlas/security-aws-kms/ (from memory, to be checked).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.region_names import atlas_region

_USE_OF_THE_KEY = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasEncryptionArgs:
    """Which key for which project."""

    project_id: Input[str]
    """Whose clusters may use the key."""
    key_arn: Input[str]
    """A symmetric KMS key of the same account; its policy must leave access to IAM."""
    region: str
    """The key's, AWS form."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""

    def __post_init__(self) -> None:
        atlas_region(self.region)


class AtlasEncryption(ComponentResource):
    """A project whose clusters may be encrypted with the key."""

    project_id: Output[str]
    """The project's id, once encryption is ready: what a cluster with `own_key` has to wait for."""
    role_arn: Output[str]
    """Of the role that Atlas uses the key as."""

    def __init__(self, name: str, args: AtlasEncryptionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasEncryption", name, None, opts)
        child = ResourceOptions(parent=self)
        setup = mongodbatlas.CloudProviderAccessSetup(
            f"{name}-setup", project_id=args.project_id, provider_name="AWS", opts=child
        )
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=setup.aws_configs.apply(
                lambda configs: Output.json_dumps(
                    _trust(configs[0].atlas_aws_account_arn, configs[0].atlas_assumed_role_external_id)
                )
            ),
            tags={**args.tags, "Name": f"{name}-role"},
            opts=child,
        )
        use = aws.iam.RolePolicy(
            f"{name}-use",
            role=role.id,
            policy=Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": _USE_OF_THE_KEY, "Resource": args.key_arn}],
                }
            ),
            opts=child,
        )
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            f"{name}-authorization",
            project_id=args.project_id,
            role_id=setup.role_id,
            aws={"iam_assumed_role_arn": role.arn},
            opts=child,
        )
        encryption = mongodbatlas.EncryptionAtRest(
            f"{name}-encryption",
            project_id=args.project_id,
            aws_kms_config={
                "enabled": True,
                "customer_master_key_id": Output.from_input(args.key_arn).apply(lambda arn: arn.rpartition("/")[2]),
                "region": atlas_region(args.region),
                "role_id": authorization.role_id,
            },
            # Atlas tries the key at once.
            opts=ResourceOptions(parent=self, depends_on=[use]),
        )

        self.project_id = encryption.project_id
        self.role_arn = role.arn
        self.register_outputs({"project_id": self.project_id, "role_arn": self.role_arn})


def _trust(atlas_arn: str | None, external_id: str | None) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": atlas_arn},
                # Drawn by Atlas for this project: nobody else's project can borrow the role.
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }
