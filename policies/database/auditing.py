"""ATL-009: who logged in to an Atlas cluster and changed users or schema is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Indeterminate, Level, Parameters, Resource, Severity, Stack, StackRule, shown
from .clusters import CLUSTERS, of_project, project_elsewhere, require_dedicated

AUDITING = "mongodbatlas:index/auditing:Auditing"


def check(cluster: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    audits = list(of_project(cluster, stack, (AUDITING,)))
    if not audits and project_elsewhere(cluster):
        raise Indeterminate("its Atlas project is not of this stack, so its auditing cannot be seen")
    if not audits:
        yield Finding("auditing of the project", "missing", "enabled")
    for audit in audits:
        if (enabled := audit.properties.get("enabled")) is not True:
            yield Finding(f"{audit.name}: enabled", shown(enabled), "true")


RULE = StackRule(
    id="ATL-009",
    name="atlas-auditing",
    title="An Atlas project writes an audit log.",
    item=ChecklistItem.LOGGING,
    severity=Severity.LOW,
    # Advisory: auditing adds a tenth to the price of every cluster of the project.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an Auditing with a filter for failed logins and changes of users, roles and schema.",
    example="""mongodbatlas.Auditing(
    "audit",
    project_id=project.id,
    enabled=True,
    audit_filter='{"atype": "authenticate", "result": {"$ne": 0}}',
)""",
    source="https://www.mongodb.com/docs/atlas/database-auditing/",
    read=date(2026, 11, 24),
    unproven="That somebody reads the audit log, and what its filter leaves out.",
)
