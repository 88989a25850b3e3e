"""K8S-007: a container cannot write to its root file system, so that a break-in cannot change the program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from .workloads import WORKLOADS, containers


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for at, container in containers(workload):
        switch = block(container, "securityContext").get("readOnlyRootFilesystem")
        if switch is not True:
            yield Finding(f"{at}.securityContext.readOnlyRootFilesystem", shown(switch), "true")


RULE = ResourceRule(
    id="K8S-007",
    name="kubernetes-read-only-root",
    title="A container has a read-only root file system.",
    item=ChecklistItem.CONTAINERIZATION,
    severity=Severity.MEDIUM,
    applies_to=WORKLOADS,
    check=check,
    remediation="Set readOnlyRootFilesystem, and mount an emptyDir where the program writes, such as /tmp.",
    example="""container = {
    "name": "app",
    "security_context": {"read_only_root_filesystem": True},
    "volume_mounts": [{"name": "tmp", "mount_path": "/tmp"}],
}""",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html",
    read=date(2026, 11, 28),
)
