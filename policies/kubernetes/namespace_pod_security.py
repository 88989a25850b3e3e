"""K8S-002: a namespace enforces the restricted pod security standard, for the pods of all programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown

LABEL = "pod-security.kubernetes.io/enforce"


def check(namespace: Resource, _parameters: Parameters) -> Iterator[Finding]:
    level = block(block(namespace.properties, "metadata"), "labels").get(LABEL)
    if level != "restricted":
        yield Finding(f"metadata.labels.{LABEL}", shown(level), '"restricted"')


RULE = ResourceRule(
    id="K8S-002",
    name="kubernetes-namespace-pod-security",
    title="A namespace enforces the restricted pod security standard.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=("kubernetes:core/v1:Namespace",),
    check=check,
    remediation="Set the label pod-security.kubernetes.io/enforce of the namespace to restricted.",
    example="""kubernetes.core.v1.Namespace(
    "app",
    metadata={"labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
)""",
    source="https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    read=date(2026, 11, 28),
)
