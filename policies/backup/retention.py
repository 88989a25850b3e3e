"""How long a daily backup is kept at the least: one parameter, which each rule on it carries."""

from __future__ import annotations

from ..rule import Parameter

MINIMUM_BACKUP_DAYS = Parameter(
    name="minimumBackupDays",
    schema={"type": "integer", "minimum": 1, "maximum": 35},
    default=7,
    what="The days that a daily backup is kept at the least.",
)
