"""One MongoDB Atlas project, which isolates the network, users and alerts of its clusters.

Creates the project and, on request, its maintenance window and database auditing. Other files create clusters,
customer managed encryption (encryption.py) and the Backup Compliance Policy. The organization and its API keys exist
beforehand.
Checklist: database performance monitoring (advisor, profiler and real-time panel stay on), audit log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.scheduling.maintenance_windows import MaintenanceStart

AUDIT_FILTER = {
    "$or": [
        {"atype": "authenticate", "result": {"$ne": 0}},
        {
            "atype": {
                "$in": [
                    *("createUser", "updateUser", "dropUser", "dropAllUsersFromDatabase"),
                    *("createRole", "updateRole", "dropRole", "dropAllRolesFromDatabase"),
                    *("grantRolesToUser", "revokeRolesFromUser", "grantRolesToRole", "revokeRolesFromRole"),
                    *("dropDatabase", "dropCollection", "dropIndex", "renameCollection", "shutdown"),
                ]
            }
        },
    ]
}
"""The audit filter: failed logins, changes of users and roles, and destructive operations. Auditing successful reads
and writes would hide these events and slow the cluster down.
Source: https://www.mongodb.com/docs/manual/reference/audit-message/mongo/ (read 2026-11-29)."""

_NAME = re.compile(r"[A-Za-z0-9 ()@&+:._',-]{1,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasProjectArgs:
    """Arguments of AtlasProject."""

    org_id: Input[str]
    """Id of the Atlas organization, 24 hexadecimal digits. A change replaces the project."""
    project_name: str
    """Name of the project, unique in the organization, 1 to 64 characters. It is updated in place."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    maintenance: MaintenanceStart | None = None
    """Start of the maintenance window; None lets Atlas choose it."""
    audit: bool = False
    """Whether databases are audited. Requires M10 or larger and adds 10 % to the clusters' price."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.project_name):
            raise ValueError(
                f"project_name: not accepted by Atlas (got {self.project_name!r}). Use 1 to 64 letters, digits, spaces "
                "and ()@&+:._',-."
            )


class AtlasProject(ComponentResource):
    """A project with Atlas's default alerts."""

    project_id: Output[str]
    """Id of the project, for clusters, networks, users and alerts."""

    def __init__(self, name: str, args: AtlasProjectArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasProject", name, None, opts)
        project = mongodbatlas.Project(
            f"{name}-project",
            name=args.project_name,
            org_id=args.org_id,
            with_default_alerts_settings=True,
            is_collect_database_specifics_statistics_enabled=True,
            is_performance_advisor_enabled=True,
            is_realtime_performance_panel_enabled=True,
            is_schema_advisor_enabled=True,
            # Enabled by default, it sends schemas, and queries typed into the web console, to a third-party model.
            is_data_explorer_gen_ai_features_enabled=False,
            tags={**args.tags, "Name": name},
            opts=ResourceOptions(parent=self),
        )

        if args.maintenance is not None:
            mongodbatlas.MaintenanceWindow(
                f"{name}-maintenance",
                project_id=project.id,
                day_of_week=args.maintenance.day_from_sunday,
                hour_of_day=args.maintenance.hour,
                # The provider updates the old project's window when the project changes.
                opts=ResourceOptions(parent=self, replace_on_changes=["projectId"]),
            )
        if args.audit:
            mongodbatlas.Auditing(
                f"{name}-audit",
                project_id=project.id,
                enabled=True,
                audit_filter=json.dumps(AUDIT_FILTER),
                audit_authorization_success=False,
                opts=ResourceOptions(parent=self),
            )

        self.project_id = project.id
        self.register_outputs({"project_id": self.project_id})
