"""EFS: file systems, their mount targets, access points, policies and backups."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Quota, Reference, Rejection, Stage, assumed, rule
from .kms import key_exists
from .network import SUBNET, to_security_group, to_subnet
from .policy_documents import policy_document
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


@rule("one-mount-target-for-each-zone", Stage.CREATE, source=api("efs", "CreateMountTarget: MountTargetConflict"))
def _one_for_each_zone(call: Call) -> Iterator[Rejection]:
    subnet = next(call.nearby(SUBNET, id=call.get("subnetId")), None)
    zone = subnet.value("availabilityZone") if subnet is not None else None
    for other in call.nearby(MOUNT_TARGET, fileSystemId=call.get("fileSystemId")):
        taken = next(call.nearby(SUBNET, id=other.value("subnetId")), None)
        if zone is not None and taken is not None and taken.value("availabilityZone") == zone:
            yield Rejection("subnetId", f"mount target already exists in this AZ (got {zone}).", "MountTargetConflict")


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
        rules=(_throughput, key_exists("kmsKeyId", "BadRequest")),
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
        rules=(_one_for_each_zone,),
    ),
    Behaviour(
        type=ACCESS_POINT,
        source=sdk("efs/accesspoint"),
        id="fsap-{hex17}",
        outputs={"arn": "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}"},
        replaces=frozenset({"fileSystemId", "posixUser", "rootDirectory"}),
        replace_source=created_only("AWS::EFS::AccessPoint"),
        references=(_to_file_system("CreateAccessPoint"),),
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
