"""FILES-001: a file system of EFS is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, shown

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"


def check(files: Resource, _parameters: Parameters) -> Iterator[Finding]:
    encrypted = files.properties.get("encrypted")
    if encrypted is not True:
        yield Finding("encrypted", shown(encrypted), "true, which a file system gets only when it is created")


RULE = ResourceRule(
    id="FILES-001",
    name="files-encrypted",
    title="A file system is encrypted at rest.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(FILE_SYSTEM,),
    check=check,
    remediation="Set encrypted, which replaces an existing file system: copy the files to the new one first.",
    example="""aws.efs.FileSystem("files", encrypted=True)""",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html#efs-1",
    read=date(2026, 11, 28),
)
