"""K8S-006: an image has a tag other than latest, or a digest.

A restart on another node could pull another image, which no rollback could undo.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity
from .workloads import WORKLOADS, containers


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for at, container in containers(workload):
        image = container.get("image")
        name = str(image).rpartition("/")[2]
        if "@sha256:" in name:
            continue
        tag = name.partition(":")[2]
        if tag in ("", "latest"):
            yield Finding(f"{at}.image", f"the tag {tag}" if tag else "no tag", "a version or a digest")


RULE = ResourceRule(
    id="K8S-006",
    name="kubernetes-pinned-images",
    title="An image has a tag other than latest, or a digest.",
    item=ChecklistItem.ROLLBACK,
    severity=Severity.HIGH,
    applies_to=WORKLOADS,
    check=check,
    remediation="Name the image by a version or, better, by its digest. `tierup deploy` sets the digest.",
    example='container = {"name": "app", "image": f"{repository}@sha256:{digest}"}',
    source="https://kubernetes.io/docs/concepts/containers/images/",
    read=date(2026, 11, 28),
    unproven="The rule does not see whether someone moves the tag; ECR-002 prevents that in the stack.",
)
