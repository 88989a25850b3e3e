"""The Backup Compliance Policy of an Atlas project: the minimum retention that no user can reduce.

The backup schedules (cluster.py) may keep snapshots longer than the policy, never shorter.
Checklist: automated backups; backups that outlive an attacker.

**No user can disable the policy**, whatever their role. Only Atlas's support disables it, on request of the person
named here and after verification, or when the project has no cluster and no snapshot. Until then `destroy` of the
project fails (CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY), retention cannot be shortened, and snapshots cannot be deleted.
Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/backup-compliance-policy/ (read 2026-11-24).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.backup_retention import BackupRetention


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasBackupComplianceArgs:
    """Arguments of AtlasBackupCompliance."""

    project_id: Input[str]
    """Id of the Atlas project, as an output of the cluster's backup schedule: the schedule must meet the policy before
    the policy is created."""
    minimum: BackupRetention
    """The minimum retention of each kind of snapshot."""
    authorized_email: str
    """E-mail address of the security or legal representative whom Atlas's support contacts."""
    authorized_first_name: str
    """First name of the representative."""
    authorized_last_name: str
    """Last name of the representative."""
    acknowledge_irreversible: bool
    """Must be True, because only Atlas's support can disable the policy."""
    on_demand_days: int = 7
    """Retention of on-demand snapshots in days; 1 or more."""
    copies: bool = False
    """Whether each cluster must copy its snapshots to another region."""
    customer_managed_key: bool = False
    """Whether each cluster must be encrypted with the project's customer managed key."""

    def __post_init__(self) -> None:
        if self.acknowledge_irreversible is not True:
            raise ValueError(
                f"acknowledge_irreversible: not acknowledged (got {self.acknowledge_irreversible}). Set it to True to "
                "confirm that only Atlas's support can disable the policy, or remove the policy."
            )
        if "@" not in self.authorized_email.strip("@"):
            raise ValueError(
                f"authorized_email: not an e-mail address (got {self.authorized_email!r}). Give one person's address."
            )
        for argument in ("authorized_first_name", "authorized_last_name"):
            given: str = getattr(self, argument)
            if not given.strip():
                raise ValueError(
                    f"{argument}: must not be empty (got {given!r}). Atlas's support verifies this person's name."
                )
        if self.on_demand_days < 1:
            raise ValueError(f"on_demand_days: must be positive (got {self.on_demand_days}). Give 1 or more.")


class AtlasBackupCompliance(ComponentResource):
    """The Backup Compliance Policy of one project."""

    project_id: Output[str]
    """Id of the project, available once the policy exists."""

    def __init__(self, name: str, args: AtlasBackupComplianceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasBackupCompliance", name, None, opts)
        policy = mongodbatlas.BackupCompliancePolicy(
            f"{name}-policy",
            project_id=args.project_id,
            authorized_email=args.authorized_email,
            authorized_user_first_name=args.authorized_first_name,
            authorized_user_last_name=args.authorized_last_name,
            copy_protection_enabled=args.copies,
            encryption_at_rest_enabled=args.customer_managed_key,
            pit_enabled=args.minimum.point_in_time_days is not None,
            on_demand_policy_item={
                "frequency_interval": 0,
                "retention_unit": "days",
                "retention_value": args.on_demand_days,
            },
            **args.minimum.policy(),
            # The provider updates the old project's policy when the project changes.
            opts=ResourceOptions(parent=self, replace_on_changes=["projectId"]),
        )

        self.project_id = policy.project_id
        self.register_outputs({"project_id": self.project_id})
