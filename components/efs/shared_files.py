"""A file system that tasks share, with a folder and an access point for each volume.

Creates the EFS file system with its backups and policy, a mount target in each subnet with one security group, and the
access points. The rules of the security group belong to the tasks. The task roles need `shared_files_permissions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.iam.statement import PolicyStatement

NFS_PORT = 2049
"""The port of mount targets.
https://docs.aws.amazon.com/efs/latest/ug/network-access.html (from memory)"""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_OWNER = 1000
"""The user and group of every file, whatever the user of the container is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedFilesArgs:
    """Arguments of SharedFiles. Raises ValueError without a volume or subnet, and for an invalid name of a volume."""

    vpc_id: Input[str]
    """Id of the subnets' VPC."""
    subnet_ids: Mapping[str, Input[str]]
    """Availability zone → id of a subnet in it. A file system has one mount target in each zone."""
    volumes: Sequence[str]
    """Names of the volumes: lower-case letters, digits and hyphens, 31 at most."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""

    def __post_init__(self) -> None:
        if not self.volumes or not self.subnet_ids:
            raise ValueError(
                f"volumes, subnet_ids: one is empty (got {len(self.volumes)} volumes and {len(self.subnet_ids)} "
                "subnets). Give at least one of each."
            )
        check_volume_names("volumes", self.volumes)


class SharedFiles(ComponentResource):
    """An encrypted file system with automatic backups, which accepts only connections with TLS and an IAM role."""

    arn: Output[str]
    """ARN of the file system."""
    file_system_id: Output[str]
    """Id of the file system, known when every zone has a mount target."""
    security_group_id: Output[str]
    """Id of the security group of the mount targets, which has no rules."""
    access_point_ids: Mapping[str, Output[str]]
    """Name of the volume → id of its access point."""
    access_point_arns: Mapping[str, Output[str]]
    """Name of the volume → ARN of its access point."""

    def __init__(self, name: str, args: SharedFilesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:SharedFiles", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        files = self._file_system()
        group = aws.ec2.SecurityGroup(
            f"{name}-mounts",
            vpc_id=args.vpc_id,
            description="Mount targets: in from the tasks",
            tags={**args.tags, "Name": f"{name}-mounts"},
            opts=self._child,
        )
        targets = [
            aws.efs.MountTarget(
                f"{name}-{zone}",
                file_system_id=files.id,
                subnet_id=subnet_id,
                security_groups=[group.id],
                opts=self._child,
            )
            for zone, subnet_id in args.subnet_ids.items()
        ]
        points = {volume: self._access_point(files, volume) for volume in args.volumes}

        self.arn = files.arn
        # A task fails to start while its zone has no mount target.
        self.file_system_id = Output.all(files.id, *(target.id for target in targets)).apply(lambda ids: ids[0])
        self.security_group_id = group.id
        self.access_point_ids = {volume: point.id for volume, point in points.items()}
        self.access_point_arns = {volume: point.arn for volume, point in points.items()}
        self.register_outputs({"arn": self.arn, "file_system_id": self.file_system_id})

    def _file_system(self) -> aws.efs.FileSystem:
        files = aws.efs.FileSystem(
            f"{self._logical_name}-system",
            encrypted=True,
            throughput_mode="elastic",
            # Files that nobody reads for a month cost a twelfth, and the first read moves them back.
            lifecycle_policies=[
                {"transition_to_ia": "AFTER_30_DAYS"},
                {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
            ],
            tags={**self._args.tags, "Name": f"{self._logical_name}-system"},
            opts=self._child,
        )
        aws.efs.BackupPolicy(
            f"{self._logical_name}-backups",
            file_system_id=files.id,
            backup_policy={"status": "ENABLED"},
            opts=self._child,
        )
        aws.efs.FileSystemPolicy(
            f"{self._logical_name}-policy",
            file_system_id=files.id,
            policy=json.dumps(_ENCRYPTED_ONLY),
            opts=self._child,
        )
        return files

    def _access_point(self, files: aws.efs.FileSystem, volume: str) -> aws.efs.AccessPoint:
        return aws.efs.AccessPoint(
            f"{self._logical_name}-{volume}",
            file_system_id=files.id,
            posix_user={"uid": _OWNER, "gid": _OWNER},
            root_directory={
                "path": f"/{volume}",
                "creation_info": {"owner_uid": _OWNER, "owner_gid": _OWNER, "permissions": "0750"},
            },
            tags={**self._args.tags, "Name": f"{self._logical_name}-{volume}"},
            opts=self._child,
        )


# A file system without a policy accepts every client that reaches a mount target. With this one, which allows nobody,
# a client needs an IAM role that allows it.
# https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html (read 2026-11-28)
_ENCRYPTED_ONLY: Mapping[str, object] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "EncryptedConnectionsOnly",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}


def check_volume_names(argument: str, names: Iterable[str]) -> None:
    """Raise ValueError for names that are not those of a volume."""
    wrong = sorted(name for name in names if not _NAME.fullmatch(name))
    if wrong:
        raise ValueError(
            f"{argument}: not names of volumes (got {', '.join(wrong)}). Use up to 31 lower-case letters, digits and "
            "hyphens, beginning with a letter."
        )


def shared_files_permissions(arn: Input[str], access_point_arns: Sequence[Input[str]]) -> PolicyStatement:
    """Return what a task role needs to read and write the volumes of these access points, and no others."""
    return PolicyStatement(
        actions=("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
        resources=(arn,),
        conditions={"StringEquals": {"elasticfilesystem:AccessPointArn": list(access_point_arns)}},
    )
