"""What the APIs of FSx and Directory Service check beyond their models: capacities, throughputs and subnets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import Behaviour, Call, Rejection, Stage, located, rule
from .same_scope import known
from .service_references import token
from .sources import api, sdk, unread

_THROUGHPUT = {
    ("PERSISTENT_1", "SSD"): (50, 100, 200),
    ("PERSISTENT_1", "HDD"): (12, 40),
    ("PERSISTENT_2", "SSD"): (125, 250, 500, 1000),
}
"""The MB/s per TiB by deployment and storage type. Source: CreateFileSystemLustreConfiguration of the API model."""


@rule("lustre-capacity", Stage.PLAN, source=api("fsx", "CreateFileSystem: StorageCapacity, PerUnitStorageThroughput"))
def _lustre(call: Call) -> Iterator[Rejection]:
    kind, storage = str(known(call, "deploymentType", "SCRATCH_1")), str(known(call, "storageType", "SSD"))
    capacity, throughput = known(call, "storageCapacity"), known(call, "perUnitStorageThroughput")
    if isinstance(capacity, (int, float)):
        step = {("SCRATCH_1", "SSD"): 3600, ("PERSISTENT_1", "HDD"): {12: 6000, 40: 1800}.get(throughput or 0, 600)}
        multiple = step.get((kind, storage), 2400)
        if capacity % multiple and capacity not in ((1200, 2400) if storage == "SSD" else ()):
            yield Rejection(
                "storageCapacity",
                f"it is no capacity of {kind} with {storage} (got {capacity:g}). Allowed are multiples of {multiple}"
                f" GiB{', and 1200' if storage == 'SSD' else ''}.",
                "BadRequest",
            )
    allowed = _THROUGHPUT.get((kind, storage))
    if allowed and isinstance(throughput, (int, float)) and throughput not in allowed:
        yield Rejection(
            "perUnitStorageThroughput",
            f"it is not allowed for {kind} with {storage} (got {throughput:g}). Allowed are"
            f" {', '.join(map(str, allowed))}.",
            "BadRequest",
        )


def _subnets_of(call: Call, wanted: int, kind: str) -> Iterator[Rejection]:
    subnets = known(call, "subnetIds")
    if isinstance(subnets, list) and len(subnets) != wanted:
        yield Rejection(
            "subnetIds", f"{kind} requires {wanted} subnet{'s' if wanted > 1 else ''} (got {len(subnets)}).",
            "InvalidNetworkSettings",
        )  # fmt: skip
    preferred = known(call, "preferredSubnetId")
    all_known = isinstance(subnets, list) and all(isinstance(each, str) for each in subnets)
    if all_known and isinstance(preferred, str) and preferred not in subnets:
        yield Rejection("preferredSubnetId", "it must be one of subnetIds.", "InvalidNetworkSettings")


@rule("subnets-of-file-system", Stage.PLAN, source=api("fsx", "CreateFileSystem: SubnetIds"))
def _subnets(call: Call) -> Iterator[Rejection]:
    kind = known(call, "deploymentType", "SINGLE_AZ_1")
    if isinstance(kind, str):
        yield from _subnets_of(call, 2 if kind.startswith("MULTI_AZ") else 1, kind)


@rule("windows-capacity", Stage.PLAN, source=api("fsx", "CreateFileSystem: StorageCapacity"))
def _windows(call: Call) -> Iterator[Rejection]:
    least = 2000 if known(call, "storageType") == "HDD" else 32
    capacity = known(call, "storageCapacity")
    if isinstance(capacity, (int, float)) and not least <= capacity <= 65536:
        yield Rejection(
            "storageCapacity", f"it is out of range (got {capacity:g}). Allowed are {least} to 65536 GiB.", "BadRequest"
        )


_ZFS: Mapping[str, tuple[int, ...]] = {
    "SINGLE_AZ_1": (64, 128, 256, 512, 1024, 2048, 3072, 4096),
    "SINGLE_AZ_HA_1": (64, 128, 256, 512, 1024, 2048, 3072, 4096),
    "SINGLE_AZ_2": (160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240),
    "SINGLE_AZ_HA_2": (160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240),
    "MULTI_AZ_1": (160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240),
}
"""The MB/s by deployment type. Source: CreateFileSystemOpenZFSConfiguration of the API model, ThroughputCapacity."""


@rule("zfs-throughput", Stage.PLAN, source=api("fsx", "CreateFileSystemOpenZFSConfiguration: ThroughputCapacity"))
def _zfs(call: Call) -> Iterator[Rejection]:
    kind, throughput = str(known(call, "deploymentType")), known(call, "throughputCapacity")
    if isinstance(throughput, (int, float)) and throughput not in _ZFS.get(kind, (throughput,)):
        yield Rejection(
            "throughputCapacity", f"it is not allowed for {kind} (got {throughput:g}). Allowed are"
            f" {', '.join(map(str, _ZFS[kind]))} MB/s.", "BadRequest",
        )  # fmt: skip


@rule("directory-spans-zones", Stage.CREATE, source=unread("ds", "CreateDirectory: DirectoryVpcSettings"))
def _directory(call: Call) -> Iterator[Rejection]:
    for block in ("vpcSettings", "connectSettings"):
        subnets = [value for _, value in located(call.inputs, f"{block}.subnetIds[*]")]
        found = [call.cloud.get("aws:ec2/subnet:Subnet", str(each)) for each in subnets]
        zones = {each.outputs.get("availabilityZone") for each in found if each}
        if call.get(block) is not None and (len(subnets) != 2 or (all(found) and len(zones) < 2)):
            yield Rejection(
                f"{block}.subnetIds", "Invalid subnet ID(s). They must correspond to two subnets in different"
                " Availability Zones.", "InvalidParameterException",
            )  # fmt: skip
        vpc = call.get(f"{block}.vpcId")
        if any(each and each.outputs.get("vpcId") != vpc for each in found):
            yield Rejection(f"{block}.subnetIds", f"they are not in the VPC {vpc}.", "InvalidParameterException")


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=token("fsx.LustreFileSystem"), source=sdk("fsx/lustrefilesystem"), rules=(_lustre,)),
    Behaviour(type=token("fsx.OntapFileSystem"), source=sdk("fsx/ontapfilesystem"), rules=(_subnets,)),
    Behaviour(type=token("fsx.OpenZfsFileSystem"), source=sdk("fsx/openzfsfilesystem"), rules=(_subnets, _zfs)),
    Behaviour(type=token("fsx.WindowsFileSystem"), source=sdk("fsx/windowsfilesystem"), rules=(_subnets, _windows)),
    Behaviour(type=token("directoryservice.Directory"), source=sdk("directoryservice/directory"), rules=(_directory,)),
)
