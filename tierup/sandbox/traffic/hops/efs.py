"""EFS: the mount targets of a file system, their security group, the access point, and the role that mounts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes
from ..rows import Rows, label, listed
from . import iam, network

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
_NFS_PORT = 2049


def mounted(definition: CloudResource | None) -> Mapping[str, Mapping[str, Any]]:
    """Return the EFS volumes of a task definition by name."""
    volumes = listed(definition.value("volumes")) if definition is not None else []
    return {
        str(each.get("name")): each["efsVolumeConfiguration"] for each in volumes if each.get("efsVolumeConfiguration")
    }


def mount(world: World, here: network.Party, definition: CloudResource, volume: Mapping[str, Any]) -> Iterator[Hop]:
    """Yield the hops by which tasks mount a volume of their definition."""
    files = world.rows.one(FILE_SYSTEM, id=str(volume.get("fileSystemId")))
    if files is None:
        reason = "The file system of the volume does not exist."
        yield fails("file-system", str(volume.get("fileSystemId")), "id", reason, sources.EFS_MOUNT)
        return
    targets = list(world.rows.find(MOUNT_TARGET, fileSystemId=files.id))
    zones = {network.zone_of(world.rows, str(each.value("subnetId"))): each for each in targets}
    for subnet in network.usable_subnets(world, here.subnets):
        target = zones.get(network.zone_of(world.rows, subnet))
        if target is None:
            reason = f"The zone of subnet {subnet} has no mount target, so tasks in it do not start."
            yield fails("mount-target", label(files), "subnetId", reason, sources.EFS_MOUNT)
            continue
        yield from network.inside_vpc(world, here, _party(target), _NFS_PORT)
    yield _access_point(world.rows, files, volume)
    authorization = volume.get("authorizationConfig") or {}
    if authorization.get("iam") == "ENABLED":
        yield iam.mounts_files(world, definition, str(files.value("arn")), _arn(world.rows, volume))


def _party(target: CloudResource) -> network.Party:
    return network.Party(
        name="the mount target",
        subnets=[str(target.value("subnetId"))],
        groups=[str(each) for each in listed(target.value("securityGroups"))],
    )


def _point(rows: Rows, volume: Mapping[str, Any]) -> CloudResource | None:
    wanted = (volume.get("authorizationConfig") or {}).get("accessPointId")
    return rows.one(ACCESS_POINT, id=str(wanted)) if wanted else None


def _arn(rows: Rows, volume: Mapping[str, Any]) -> str:
    point = _point(rows, volume)
    return str(point.value("arn")) if point is not None else ""


def _access_point(rows: Rows, files: CloudResource, volume: Mapping[str, Any]) -> Hop:
    point = _point(rows, volume)
    if (volume.get("authorizationConfig") or {}).get("accessPointId") and (
        point is None or point.value("fileSystemId") != files.id
    ):
        reason = "The access point of the volume is not one of its file system."
        return fails("access-point", label(files), "accessPointId", reason, sources.EFS_MOUNT)
    return passes("access-point", label(point or files), "id", "The folder of the volume exists.", sources.EFS_MOUNT)
