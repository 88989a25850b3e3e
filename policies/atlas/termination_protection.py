"""ATL-005: an Atlas cluster cannot be deleted by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS, FLEX_CLUSTER, SERVERLESS


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    value = cluster.properties.get("terminationProtectionEnabled")
    if value is not True:
        yield Finding("terminationProtectionEnabled", shown(value), "true")


RULE = ResourceRule(
    id="ATL-005",
    name="atlas-termination-protection",
    title="An Atlas cluster has termination protection enabled.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    # Advisory: a stack that is destroyed regularly, such as a test stack, cannot have it.
    level=Level.ADVISORY,
    applies_to=(*CLUSTERS, FLEX_CLUSTER, SERVERLESS),
    check=check,
    remediation="Set termination_protection_enabled in every stack whose data must not be lost.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    termination_protection_enabled=True,
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/",
    read=date(2026, 11, 24),
)
