"""The file system of the volumes that tierup:backend and tierup:services name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from components.ecs.task import TaskArgs
from components.ecs.task_security_group import EgressTarget
from components.ecs.volumes import Volume
from components.efs.shared_files import NFS_PORT, SharedFiles, SharedFilesArgs, shared_files_permissions
from stacks.context import StackContext
from stacks.resources.foundation import Foundation


def create_shared_files(context: StackContext, foundation: Foundation) -> SharedFiles | None:
    """Create the file system beside cache and database, with a folder for each volume. None without a volume."""
    if not context.settings.volume_names:
        return None
    args = SharedFilesArgs(
        vpc_id=foundation.network.vpc_id,
        subnet_ids=foundation.network.data_subnet_ids,
        volumes=context.settings.volume_names,
        tags=context.tags,
    )
    return SharedFiles(context.named("files"), args, context.opts)


def with_volumes(task: TaskArgs, files: SharedFiles | None, paths: Mapping[str, str]) -> TaskArgs:
    """Return `task` with the volumes, what its role needs for them, and the way to their mount targets."""
    if files is None or not paths:
        return task
    statement = shared_files_permissions(files.arn, [files.access_point_arns[name] for name in paths])
    mounts = EgressTarget(from_port=NFS_PORT, to_port=NFS_PORT, security_group_id=files.security_group_id)
    return replace(
        task,
        volumes=[
            Volume(
                name=name,
                path=path,
                file_system_id=files.file_system_id,
                access_point_id=files.access_point_ids[name],
            )
            for name, path in sorted(paths.items())
        ],
        permissions=replace(task.permissions, statements=[*task.permissions.statements, statement]),
        egress_targets={**task.egress_targets, "files": mounts},
    )
