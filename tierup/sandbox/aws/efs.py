"""EFS: file systems, their mount targets, access points, policies and backups."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Quota, Reference, Rejection, Stage, assumed, rule
from .kms import key_exists
from .network import SUBNET, to_security_group, to_subnet
from .policy_documents import policy_document
from .same_scope import known, others_in_region, output_of
from .sources import FORCE_NEW, api, created_only, sdk

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
_QUOTAS = assumed("from memory; page to check: https://docs.aws.amazon.com/efs/latest/ug/limits.html")


def _to_file_system(operation: str) -> Reference:
    return Reference(
        path="fileSystemId",
        to=FILE_SYSTEM,
        code="FileSystemNotFound",
        in_use="FileSystemInUse",
        source=api("efs", f"{operation}: FileSystemNotFound"),
    )


@rule("elastic-throughput", Stage.PLAN, source=api("efs", "CreateFileSystem: PerformanceMode"))
def _throughput(call: Call) -> Iterator[Rejection]:
    if call.get("performanceMode") == "maxIO" and call.get("throughputMode") == "elastic":
        yield Rejection("performanceMode", "maxIO is not supported with elastic throughput.", "BadRequest")


@rule("one-zone-file-system", Stage.PLAN, source=api("efs", "CreateFileSystem: PerformanceMode"))
def _one_zone(call: Call) -> Iterator[Rejection]:
    if known(call, "availabilityZoneName") and known(call, "performanceMode") == "maxIO":
        yield Rejection("performanceMode", "One Zone file systems do not support maxIO.", "BadRequest")


@rule("one-mount-target-for-each-zone", Stage.CREATE, source=api("efs", "CreateMountTarget: MountTargetConflict"))
def _conflicts(call: Call) -> Iterator[Rejection]:
    subnet = call.cloud.get(SUBNET, str(call.get("subnetId")))
    if subnet is None:
        return
    zone, vpc = subnet.outputs.get("availabilityZone"), subnet.outputs.get("vpcId")
    for other in others_in_region(call, MOUNT_TARGET, fileSystemId=call.get("fileSystemId")):
        taken = other.inputs.get("subnetId")
        if zone and output_of(call, SUBNET, taken, "availabilityZone") == zone:
            yield Rejection("subnetId", f"mount target already exists in this AZ (got {zone}).", "MountTargetConflict")
        # the sandbox only assumes the VPC of a seeded subnet
        elif subnet.urn and vpc and output_of(call, SUBNET, taken, "vpcId") not in (None, vpc):
            yield Rejection(
                "subnetId", "requested subnet for new mount target is not in the same VPC as existing mount targets",
                "MountTargetConflict",
            )  # fmt: skip


@rule("mount-target-in-the-one-zone", Stage.CREATE, source=api("efs", "CreateMountTarget: AvailabilityZonesMismatch"))
def _zone(call: Call) -> Iterator[Rejection]:
    found = call.cloud.get(FILE_SYSTEM, str(call.get("fileSystemId")))
    zone = found.inputs.get("availabilityZoneName") if found is not None else None
    own = output_of(call, SUBNET, call.get("subnetId"), "availabilityZone")
    if zone and own and zone != own:
        yield Rejection(
            "subnetId", f"The file system is in {zone} (the subnet is in {own}).", "AvailabilityZonesMismatch"
        )


@rule("sixteen-secondary-groups", Stage.PLAN, source=api("efs", "PosixUser: SecondaryGids"))
def _groups(call: Call) -> Iterator[Rejection]:
    groups = known(call, "posixUser.secondaryGids")
    if isinstance(groups, list) and len(groups) > 16:
        yield Rejection("posixUser.secondaryGids", f"Allowed are 16 groups at most (got {len(groups)}).", "BadRequest")


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=FILE_SYSTEM,
        source=sdk("efs/filesystem"),
        id="fs-{hex17}",
        outputs={
            "arn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}",
            "dnsName": "{id}.efs.{region}.amazonaws.com",
        },
        replaces=frozenset({"availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"}),
        replace_source=created_only("AWS::EFS::FileSystem"),
        quotas=(
            Quota(
                limit=1_000,
                per="region",
                what="file systems per Region",
                code="FileSystemLimitExceeded",
                source=_QUOTAS,
            ),
        ),
        rules=(_throughput, _one_zone, key_exists("kmsKeyId", "BadRequest")),
    ),
    Behaviour(
        type=MOUNT_TARGET,
        source=sdk("efs/mounttarget"),
        id="fsmt-{hex17}",
        outputs={
            "fileSystemArn": lambda call: (
                f"arn:aws:elasticfilesystem:{call.region}:{call.account}:file-system/{call.get('fileSystemId')}"
            )
        },
        replaces=frozenset({"fileSystemId", "ipAddress", "subnetId"}),
        replace_source=created_only("AWS::EFS::MountTarget"),
        references=(
            _to_file_system("CreateMountTarget"),
            to_subnet(code="SubnetNotFound"),
            to_security_group("securityGroups[*]", "SecurityGroupNotFound"),
        ),
        rules=(_conflicts, _zone),
    ),
    Behaviour(
        type=ACCESS_POINT,
        source=sdk("efs/accesspoint"),
        id="fsap-{hex17}",
        outputs={"arn": "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}"},
        replaces=frozenset({"fileSystemId", "posixUser", "rootDirectory"}),
        replace_source=created_only("AWS::EFS::AccessPoint"),
        references=(_to_file_system("CreateAccessPoint"),),
        rules=(_groups,),
    ),
    Behaviour(
        type="aws:efs/backupPolicy:BackupPolicy",
        source=sdk("efs/backuppolicy"),
        id=lambda call: str(call.get("fileSystemId")),
        replaces=frozenset({"fileSystemId"}),
        replace_source=FORCE_NEW,
        references=(_to_file_system("PutBackupPolicy"),),
    ),
    Behaviour(
        type="aws:efs/fileSystemPolicy:FileSystemPolicy",
        source=sdk("efs/filesystempolicy"),
        id=lambda call: str(call.get("fileSystemId")),
        replaces=frozenset({"fileSystemId"}),
        replace_source=FORCE_NEW,
        references=(_to_file_system("PutFileSystemPolicy"),),
        rules=(policy_document("policy", "resource", longest=20_000, code="InvalidPolicyException"),),
    ),
)
