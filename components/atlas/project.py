"""One MongoDB Atlas project: the border of network, users and alerts of its clusters.

Makes: the project and, where asked for, its maintenance window and the audit of its databases. Not here: the
organisation, API keys, clusters, encryption with a key of one's own (atlas_encryption.py), the backup compliance
policy.
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

AUDITED = {
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
"""Failed logins, changes of users and roles, and what destroys. Successful reads and writes would drown them and slow
the cluster down.
Source: https://www.mongodb.com/docs/manual/reference/audit-message/ (from memory, to be checked)."""

_NAME = re.compile(r"[A-Za-z0-9 ()@&+:._',-]{1,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasProjectArgs:
    """What one project needs."""

    org_id: Input[str]
    """Of the Atlas organisation, 24 hexadecimal digits. A change makes another project."""
    project_name: str
    """Free in the organisation; it can be changed later."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    maintenance: MaintenanceStart | None = None
    """None: Atlas chooses the hour."""
    audit: bool = False
    """Of clusters from M10 on; Atlas adds a tenth to the clusters' price for it."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.project_name):
            raise ValueError(
                f"project_name is {self.project_name!r}; Atlas allows 1 to 64 letters, digits, spaces and ()@&+:._',-"
            )


class AtlasProject(ComponentResource):
    """A project with Atlas's own default alerts."""

    project_id: Output[str]
    """What clusters, networks, users and alerts are made in."""

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
            # On by Atlas's default, it hands schemas, and queries typed in the web console, to a third party's model.
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
                opts=ResourceOptions(parent=self),
            )
        if args.audit:
            mongodbatlas.Auditing(
                f"{name}-audit",
                project_id=project.id,
                enabled=True,
                audit_filter=json.dumps(AUDITED),
                audit_authorization_success=False,
                opts=ResourceOptions(parent=self),
            )

        self.project_id = project.id
        self.register_outputs({"project_id": self.project_id})
