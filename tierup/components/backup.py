"""AWS Backup: plans with a test of the restore."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.backup.plan import BackupCopy, BackupPlan, BackupPlanArgs, RecoveryPointRetention

__all__ = [
    "BackupCopy",
    "BackupPlan",
    "BackupPlanArgs",
    "RecoveryPointRetention",
]
