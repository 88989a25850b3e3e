"""FILES-002: a task mounts a file system of EFS with encryption in transit, an access point and its role."""

from __future__ import annotations

from collections.abc import Iterator

from ..ecs.definitions import TASK_DEFINITION
from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared, items, shown


def check(task: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for path, volume in items(task.properties, "volumes"):
        if volume.get("efsVolumeConfiguration") is None:
            continue
        mounted = block(volume, "efsVolumeConfiguration")
        at, authorization = f"{path}.efsVolumeConfiguration", block(mounted, "authorizationConfig")
        if mounted.get("transitEncryption") != "ENABLED":
            yield Finding(f"{at}.transitEncryption", shown(mounted.get("transitEncryption")), '"ENABLED"')
        if not declared(authorization, "accessPointId"):
            yield Finding(f"{at}.authorizationConfig.accessPointId", "not set", "the access point of the task's folder")
        if authorization.get("iam") != "ENABLED":
            yield Finding(f"{at}.authorizationConfig.iam", shown(authorization.get("iam")), '"ENABLED"')


RULE = ResourceRule(
    id="FILES-002",
    name="files-mounts",
    title="A task mounts EFS encrypted, by an access point, with the permissions of its role.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=(TASK_DEFINITION,),
    check=check,
    remediation="Set transitEncryption and authorizationConfig of the volume. Without them every client that reaches "
    "a mount target reads every file.",
    example="""volume = {
    "name": "uploads",
    "efs_volume_configuration": {
        "file_system_id": files.id,
        "transit_encryption": "ENABLED",
        "authorization_config": {"access_point_id": uploads.id, "iam": "ENABLED"},
    },
}""",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-best-practices.html",
    read=None,
)
