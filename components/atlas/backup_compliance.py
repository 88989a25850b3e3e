"""A floor under the backups of an Atlas project that nobody can take away: not by mistake, not with stolen keys.

Makes: the backup compliance policy. Not here: the schedules, which may keep more and never less (atlas_cluster.py).
Checklist: automated backups; backups that outlive an attacker.

**Atlas lets nobody switch it off again**, whatever their role: only its support does, on request of the person named
here and after a check, or once no cluster and no kept snapshot is left. Until then `destroy` of the project fails
(CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY), retention cannot be shortened, and snapshots cannot be deleted.
Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/backup-compliance-policy/ (read 2026-11-24).
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.backup_retention import BackupRetention


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasBackupComplianceArgs:
    """The least that each cluster of the project keeps, and who may ask for a change."""

    project_id: Input[str]
    """`Output` of what must stand first: the cluster's schedule has to keep at least this when the policy comes."""
    least: BackupRetention
    """How long each kind of snapshot is kept at the least."""
    authorized_email: str
    """Of a person from security or the law, whom Atlas's support calls back."""
    authorized_first_name: str
    """Of that person."""
    authorized_last_name: str
    """Of that person."""
    acknowledge_irreversible: bool
    """Has to be True."""
    on_demand_days: int = 7
    """For snapshots that somebody takes by hand."""
    copies: bool = False
    """Each cluster must copy its snapshots to another region."""
    own_key: bool = False
    """Each cluster must be encrypted with the project's own key."""

    def __post_init__(self) -> None:
        if self.acknowledge_irreversible is not True:
            raise ValueError(
                "acknowledge_irreversible is not True; Atlas's support alone can undo a backup compliance "
                "policy: say so, or leave it out"
            )
        if "@" not in self.authorized_email.strip("@"):
            raise ValueError(f"authorized_email is {self.authorized_email!r}; give one person's address")
        for argument in ("authorized_first_name", "authorized_last_name"):
            if not getattr(self, argument).strip():
                raise ValueError(f"{argument} is empty; Atlas's support asks for this person")
        if self.on_demand_days < 1:
            raise ValueError(f"on_demand_days is {self.on_demand_days}; allowed is 1 or more")


class AtlasBackupCompliance(ComponentResource):
    """A policy for the whole project."""

    project_id: Output[str]
    """The project's id, known once the policy holds."""

    def __init__(self, name: str, args: AtlasBackupComplianceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasBackupCompliance", name, None, opts)
        policy = mongodbatlas.BackupCompliancePolicy(
            f"{name}-policy",
            project_id=args.project_id,
            authorized_email=args.authorized_email,
            authorized_user_first_name=args.authorized_first_name,
            authorized_user_last_name=args.authorized_last_name,
            copy_protection_enabled=args.copies,
            encryption_at_rest_enabled=args.own_key,
            pit_enabled=args.least.point_in_time_days is not None,
            on_demand_policy_item={
                "frequency_interval": 0,
                "retention_unit": "days",
                "retention_value": args.on_demand_days,
            },
            **args.least.policy(),
            opts=ResourceOptions(parent=self),
        )

        self.project_id = policy.project_id
        self.register_outputs({"project_id": self.project_id})
