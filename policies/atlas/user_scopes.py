"""ATL-021: a database user can log in only to the clusters that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity
from .user_roles import USER


def check(user: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not user.properties.get("scopes"):
        yield Finding("scopes", "none, which allows every cluster of the project", "the clusters that the user needs")


RULE = ResourceRule(
    id="ATL-021",
    name="atlas-user-scoped",
    title="A database user is scoped to specific clusters.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    # Advisory: a project with one cluster gains nothing from a scope.
    level=Level.ADVISORY,
    applies_to=(USER,),
    check=check,
    remediation="Name the cluster in the user's scopes.",
    example="""mongodbatlas.DatabaseUser(
    "app",
    scopes=[{"name": cluster.name, "type": "CLUSTER"}],
    # ...
)""",
    source="https://www.mongodb.com/docs/atlas/security-add-mongodb-users/",
    read=date(2026, 11, 24),
)
