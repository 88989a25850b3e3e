"""EKS-005: a cluster has a Kubernetes version in standard support, and does not enter extended support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Resource, ResourceRule, Severity, block, shown
from .clusters import CLUSTER

STANDARD_SUPPORT = ("1.34", "1.35", "1.36", "1.37")


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    version = cluster.properties.get("version")
    if version not in STANDARD_SUPPORT:
        yield Finding("version", shown(version), f"one of {', '.join(STANDARD_SUPPORT)}")
    support = block(cluster.properties, "upgradePolicy").get("supportType")
    if support != "STANDARD":
        yield Finding("upgradePolicy.supportType", shown(support), '"STANDARD"')


RULE = ResourceRule(
    id="EKS-005",
    name="cluster-supported-version",
    title="A cluster has a Kubernetes version in standard support, and does not enter extended support.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    applies_to=(CLUSTER,),
    check=check,
    remediation="Set version, one minor version higher at a time, and upgrade_policy with support_type STANDARD.",
    example='upgrade_policy = {"support_type": "STANDARD"}',
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-2",
    read=date(2026, 11, 28),
)
