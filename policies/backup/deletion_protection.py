"""BCK-004: a data store cannot be deleted by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity, shown

SWITCHES: Mapping[str, str] = {
    "aws:rds/instance:Instance": "deletionProtection",
    "aws:rds/cluster:Cluster": "deletionProtection",
    "aws:docdb/cluster:Cluster": "deletionProtection",
    "aws:neptune/cluster:Cluster": "deletionProtection",
    "aws:dynamodb/table:Table": "deletionProtectionEnabled",
}
"""By type, the switch with which AWS refuses the deletion. All are off by default."""


def check(store: Resource, _parameters: Parameters) -> Iterator[Finding]:
    switch = SWITCHES[store.type]
    if (value := store.properties.get(switch)) is not True:
        yield Finding(switch, shown(value), "true")
    if switch == "deletionProtection" and store.properties.get("skipFinalSnapshot") is True:
        yield Finding("skipFinalSnapshot", "true", "false, and a final_snapshot_identifier")


RULE = ResourceRule(
    id="BCK-004",
    name="store-deletion-protection",
    title="A database or table has deletion protection, and its deletion leaves a final snapshot.",
    item=ChecklistItem.BASELINE,
    severity=Severity.MEDIUM,
    # Advisory: a stack that is often destroyed has no deletion protection.
    level=Level.ADVISORY,
    applies_to=tuple(SWITCHES),
    check=check,
    remediation="Set deletion_protection (a table: deletion_protection_enabled), and leave skip_final_snapshot off.",
    example="""aws.rds.Instance(
    "accounts",
    deletion_protection=True,
    final_snapshot_identifier="accounts-last",
    # ...
)""",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether Pulumi protects them too: give the resource the option protect=True.",
)
