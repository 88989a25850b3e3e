"""Snapshot retention of an Atlas cluster, and its form in the Atlas resources."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupRetention:
    """Retention per kind of snapshot. Atlas requires that a less frequent kind is kept at least as long."""

    daily_days: int = 7
    """Retention of daily snapshots in days; 1 or more."""
    weekly_weeks: int = 4
    """Retention of weekly snapshots in weeks; 1 or more."""
    monthly_months: int = 12
    """Retention of monthly snapshots in months; 1 or more."""
    yearly_years: int | None = None
    """Retention of yearly snapshots in years; None takes no yearly snapshots."""
    point_in_time_days: int | None = None
    """Restore window of point-in-time recovery in days; None disables it. It takes a snapshot every six hours."""

    def __post_init__(self) -> None:
        days = {
            "point_in_time_days": self.point_in_time_days if self.point_in_time_days is not None else 1,
            "daily_days": self.daily_days,
            "weekly_weeks": self.weekly_weeks * 7,
            "monthly_months": self.monthly_months * 30,
        }
        if self.yearly_years is not None:
            days["yearly_years"] = self.yearly_years * 365
        for argument, kept in days.items():
            if kept < 1:
                raise ValueError(f"{argument}: shorter than a day (got {kept} days). Give 1 or more.")
        for (shorter, kept), (longer, kept_longer) in pairwise(days.items()):
            if kept > kept_longer:
                raise ValueError(
                    f"{shorter}: longer than {longer}, {kept_longer} days (got {kept} days). Atlas requires that less "
                    "frequent snapshots are kept at least as long."
                )

    def policy(self) -> dict[str, Any]:
        """Return the arguments that CloudBackupSchedule and BackupCompliancePolicy have in common."""
        window, years = self.point_in_time_days, self.yearly_years
        # The frequency interval: every 6 hours, every day, on Saturday, on the last day of a month, in December.
        return {
            "restore_window_days": window,
            "policy_item_hourly": _item(6, "days", window) if window else None,
            "policy_item_daily": _item(1, "days", self.daily_days),
            "policy_item_weeklies": [_item(6, "weeks", self.weekly_weeks)],
            "policy_item_monthlies": [_item(40, "months", self.monthly_months)],
            "policy_item_yearlies": [_item(12, "years", years)] if years else None,
        }


def _item(frequency_interval: int, unit: str, kept: int) -> dict[str, Any]:
    return {"frequency_interval": frequency_interval, "retention_unit": unit, "retention_value": kept}
