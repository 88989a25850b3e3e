"""The minimum retention of a daily backup: one parameter, shared by all rules on it."""

from __future__ import annotations

from ..rule import Parameter

MINIMUM_BACKUP_DAYS = Parameter(
    name="minimumBackupDays",
    schema={"type": "integer", "minimum": 1, "maximum": 35},
    default=7,
    what="The minimum number of days for which a daily backup is kept.",
)
