"""An IAM role that an Atlas project may assume, and its registration with Atlas, for several components.

https://www.mongodb.com/docs/atlas/security/set-up-unified-aws-access/ (read 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
from pulumi import Input, Output, ResourceOptions


class AtlasAssumedRole:
    """The role's resources, as children of `child.parent`. Not a component: the calling component is."""

    role: aws.iam.Role
    """The role, without permissions."""
    role_id: Output[str]
    """Atlas's id of the role, once Atlas may assume it."""

    def __init__(
        self,
        name: str,
        project_id: Input[str],
        tags: Mapping[str, str],
        child: ResourceOptions,
        max_session_seconds: int | None = None,
    ) -> None:
        """Create the set-up in Atlas, the role, and its authorization."""
        setup = mongodbatlas.CloudProviderAccessSetup(
            f"{name}-setup",
            project_id=project_id,
            provider_name="AWS",
            # The provider keeps the old project's setup when the project changes.
            opts=ResourceOptions.merge(child, ResourceOptions(replace_on_changes=["projectId"])),
        )
        self.role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=setup.aws_configs.apply(
                lambda configs: Output.json_dumps(
                    _trust(configs[0].atlas_aws_account_arn, configs[0].atlas_assumed_role_external_id)
                )
            ),
            max_session_duration=max_session_seconds,
            tags={**tags, "Name": f"{name}-role"},
            opts=child,
        )
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            f"{name}-authorization",
            project_id=project_id,
            role_id=setup.role_id,
            aws={"iam_assumed_role_arn": self.role.arn},
            opts=child,
        )
        self.role_id = authorization.role_id


def _trust(atlas_arn: str | None, external_id: str | None) -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": atlas_arn},
                # Atlas generates the id for this project, so no other project can assume the role.
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }
