"""ATL-021: a database user belongs to the clusters it works with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Level, Parameters, Resource, ResourceRule, Severity
from .user_roles import USER


def check(user: Resource, _parameters: Parameters) -> Iterator[Finding]:
    if not user.properties.get("scopes"):
        yield Finding("scopes", "none: every cluster of the project, and those to come", "the clusters it works with")


RULE = ResourceRule(
    id="ATL-021",
    name="atlas-user-scoped",
    title="A database user can log in to named clusters only.",
    item=ChecklistItem.BASELINE,
    severity=Severity.LOW,
    # Advisory: in a project with one cluster it is a precaution against the second.
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
