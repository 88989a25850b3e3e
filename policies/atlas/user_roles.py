"""ATL-007: a database user has no role on every database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameter, Parameters, Resource, ResourceRule, Severity, items, shown

USER = "mongodbatlas:index/databaseUser:DatabaseUser"
ROLES = Parameter(
    name="forbiddenRoles",
    schema={"type": "array", "items": {"type": "string"}},
    default=(
        "atlasAdmin",
        "readWriteAnyDatabase",
        "dbAdminAnyDatabase",
        "userAdminAnyDatabase",
        "clusterAdmin",
        "root",
    ),
    what="The roles that no database user may have.",
)


def check(user: Resource, parameters: Parameters) -> Iterator[Finding]:
    for path, role in items(user.properties, "roles"):
        name = role.get("roleName")
        if name in parameters[ROLES.name]:
            yield Finding(f"{path}.roleName", shown(name), "a role on the one database that the user works with")


RULE = ResourceRule(
    id="ATL-007",
    name="atlas-user-roles",
    title="A database user has roles on specific databases only.",
    item=ChecklistItem.BASELINE,
    severity=Severity.HIGH,
    applies_to=(USER,),
    check=check,
    remediation="Give the user readWrite or read on its database, and administer the cluster through Atlas instead.",
    example="""mongodbatlas.DatabaseUser(
    "app",
    project_id=project.id,
    auth_database_name="admin",
    username="app",
    password=password,
    roles=[{"role_name": "readWrite", "database_name": "app"}],
    scopes=[{"name": cluster.name, "type": "CLUSTER"}],
)""",
    source="https://www.mongodb.com/docs/atlas/mongodb-users-roles-and-privileges/",
    read=date(2026, 11, 24),
    parameters=(ROLES,),
    unproven="The rule does not see what a custom role of the project allows.",
)
