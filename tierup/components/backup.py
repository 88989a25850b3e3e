"""AWS Backup: plans with a test of the restore."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.backup.plan import BackupPlan, BackupPlanArgs, RecoveryPointRetention

__all__ = [
    "BackupPlan",
    "BackupPlanArgs",
    "RecoveryPointRetention",
]
