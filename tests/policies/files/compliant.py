"""Resources that comply with the rules on file systems."""

from __future__ import annotations

import json

import pulumi_aws as aws

from tests.policies import compliant

TAGS = {"Project": "tests"}


def deploy() -> None:
    files = aws.efs.FileSystem("shared-files", encrypted=True, tags=TAGS)
    aws.efs.BackupPolicy("shared-files-backup", file_system_id=files.id, backup_policy={"status": "ENABLED"})
    point = aws.efs.AccessPoint("uploads", file_system_id=files.id, tags=TAGS)
    aws.ecs.TaskDefinition(
        "with-volume",
        family="with-volume",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        container_definitions=json.dumps([compliant.container()]),
        volumes=[
            {
                "name": "uploads",
                "efs_volume_configuration": {
                    "file_system_id": files.id,
                    "transit_encryption": "ENABLED",
                    "authorization_config": {"access_point_id": point.id, "iam": "ENABLED"},
                },
            },
            {"name": "scratch"},
        ],
        tags=TAGS,
    )
