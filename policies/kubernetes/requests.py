"""K8S-003: a container requests CPU and memory, and has a limit of memory.

Without requests, the scheduler packs too many pods on a node, and autoscaling on utilization does not work. Without a
limit of memory, one pod can take the memory of all others on its node.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, declared
from .workloads import WORKLOADS, containers

WANTED = (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for at, container in containers(workload):
        resources = block(container, "resources")
        for part, name in WANTED:
            if not declared(block(resources, part), name):
                yield Finding(f"{at}.resources.{part}.{name}", "not set", "a quantity")


RULE = ResourceRule(
    id="K8S-003",
    name="kubernetes-requests",
    title="A container requests CPU and memory, and limits memory.",
    item=ChecklistItem.MEMORY,
    severity=Severity.MEDIUM,
    applies_to=WORKLOADS,
    check=check,
    remediation="Set requests for cpu and memory, and a limit for memory.",
    example="""container = {
    "name": "app",
    "resources": {"requests": {"cpu": "500m", "memory": "512Mi"}, "limits": {"memory": "512Mi"}},
}""",
    source="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    read=date(2026, 11, 28),
)
