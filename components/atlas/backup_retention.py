"""How long the snapshots of a database are kept, and how Atlas is told."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupRetention:
    """How long snapshots are kept. The rarer kind is kept longer, or Atlas refuses the schedule."""

    daily_days: int = 7
    """How many days a daily snapshot is kept."""
    weekly_weeks: int = 4
    """How many weeks a weekly one is."""
    monthly_months: int = 12
    """How many months a monthly one is."""
    yearly_years: int | None = None
    """How many years a yearly one is; None takes none."""
    point_in_time_days: int | None = None
    """How far back any second can be restored; None turns it off. It rests on snapshots every six hours."""

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
                raise ValueError(f"{argument} comes to {kept} days; allowed is 1 or more: a backup must outlive a day")
        for (shorter, kept), (longer, kept_longer) in pairwise(days.items()):
            if kept > kept_longer:
                raise ValueError(
                    f"{shorter} ({kept} days) is more than {longer} ({kept_longer} days); Atlas wants the rarer "
                    "snapshots to be kept at least as long"
                )

    def policy(self) -> dict[str, Any]:
        """The arguments that a CloudBackupSchedule and a BackupCompliancePolicy share, by the names of both."""
        window, years = self.point_in_time_days, self.yearly_years
        # The first number of each is when: every 6 hours, every day, on Saturdays, on a month's last day, in December.
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
