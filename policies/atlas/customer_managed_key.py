"""ATL-016: an Atlas cluster encrypts its data with a customer managed key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown
from .clusters import CLUSTERS, require_dedicated


def check(cluster: Resource, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    provider = cluster.properties.get("encryptionAtRestProvider")
    if provider in (None, "NONE"):
        yield Finding("encryptionAtRestProvider", shown(provider), '"AWS", "AZURE" or "GCP"')


RULE = ResourceRule(
    id="ATL-016",
    name="atlas-customer-managed-key",
    title="An Atlas cluster is encrypted at rest with a customer managed key.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    # Advisory: Atlas encrypts every disk with a key of the cloud provider by default.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Configure EncryptionAtRest for the project, and set encryption_at_rest_provider on the cluster.",
    example="""mongodbatlas.AdvancedCluster(
    "database",
    encryption_at_rest_provider="AWS",
    # ...
)""",
    source="https://www.mongodb.com/docs/atlas/security-kms-encryption/",
    read=date(2026, 11, 24),
)
