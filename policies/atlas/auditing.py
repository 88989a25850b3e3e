"""ATL-009: an Atlas cluster logs authentication and changes to users and schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Indeterminate, Level, Parameters, Resource, Severity, Stack, StackRule, shown
from .clusters import CLUSTERS, of_project, project_in_other_stack, require_dedicated

AUDITING = "mongodbatlas:index/auditing:Auditing"


def check(cluster: Resource, stack: Stack, _parameters: Parameters) -> Iterator[Finding]:
    require_dedicated(cluster)
    audits = list(of_project(cluster, stack, (AUDITING,)))
    if not audits and project_in_other_stack(cluster):
        raise Indeterminate("its Atlas project is not in this stack, so the rule cannot see its auditing")
    if not audits:
        yield Finding("auditing of the project", "missing", "enabled")
    for audit in audits:
        if (enabled := audit.properties.get("enabled")) is not True:
            yield Finding(f"{audit.name}: enabled", shown(enabled), "true")


RULE = StackRule(
    id="ATL-009",
    name="atlas-auditing",
    title="An Atlas project has database auditing enabled.",
    item=ChecklistItem.LOGGING,
    severity=Severity.LOW,
    # Advisory: auditing adds 10 % to the price of every cluster of the project.
    level=Level.ADVISORY,
    applies_to=CLUSTERS,
    check=check,
    remediation="Add an Auditing resource with a filter for failed logins and for changes to users, roles and schema.",
    example="""mongodbatlas.Auditing(
    "audit",
    project_id=project.id,
    enabled=True,
    audit_filter='{"atype": "authenticate", "result": {"$ne": 0}}',
)""",
    source="https://www.mongodb.com/docs/atlas/database-auditing/",
    read=date(2026, 11, 24),
    unproven="The rule does not see whether anyone reads the audit log, nor which events the filter excludes.",
)
