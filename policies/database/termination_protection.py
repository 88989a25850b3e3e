"""ATL-005: nobody deletes an Atlas cluster by mistake."""

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
    title="Atlas refuses to delete a cluster until its protection is taken away.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    # Advisory: a stack that is rehearsed or torn down every night goes without.
    level=Level.ADVISORY,
    applies_to=(*CLUSTERS, FLEX_CLUSTER, SERVERLESS),
    check=check,
    remediation="Set termination_protection_enabled, at least in every stack with data that somebody would miss.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    termination_protection_enabled=True,
    # ...
)""",
    source="https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/",
    read=date(2026, 11, 24),
)
