"""Volumes of a task: folders of an EFS file system. This module creates no resources.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html (read 2026-11-28)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input

_PATH = re.compile(r"(/[A-Za-z0-9_.-]+)+")
_TAKEN = ("/tmp", "/dev", "/proc", "/sys", "/etc", "/usr", "/bin", "/lib", "/root")  # noqa: S108  paths in the container


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A folder that the application's container mounts. Raises ValueError for a path that it cannot have."""

    name: str
    """Name of the volume in the task definition."""
    path: str
    """Absolute path in the container, such as /var/uploads."""
    file_system_id: Input[str]
    """Id of the EFS file system, which has a mount target in each zone of the task's subnets."""
    access_point_id: Input[str]
    """Id of the access point of the folder. The task role must allow it."""

    def __post_init__(self) -> None:
        check_mount_path("path", self.path)

    def definition(self) -> aws.ecs.TaskDefinitionVolumeArgsDict:
        """Return the volume in a task definition: encrypted in transit, with the task role's permissions."""
        return {
            "name": self.name,
            "efs_volume_configuration": {
                "file_system_id": self.file_system_id,
                "transit_encryption": "ENABLED",
                "authorization_config": {"access_point_id": self.access_point_id, "iam": "ENABLED"},
            },
        }

    def mount_point(self) -> dict[str, object]:
        """Return the mount in the container definition."""
        return {"sourceVolume": self.name, "containerPath": self.path, "readOnly": False}


def check_mount_path(argument: str, path: str) -> None:
    """Raise ValueError unless `path` is an absolute path outside the folders of the system."""
    if not _PATH.fullmatch(path) or ".." in path.split("/") or f"/{path.split('/')[1]}" in _TAKEN:
        raise ValueError(
            f"{argument}: not a path that a volume can have (got {path!r}). Set an absolute path outside the folders "
            "of the system, such as /var/uploads."
        )
